"""Which Pod is next. Three waiting rooms, as in kube-scheduler.

- active: by priority, then by how long a Pod has waited
- backoff: asked to be tried again too soon after a failure (1 s, 2 s, 4 s, … 10 s since it); tried earlier when
  nothing is active (SchedulerPopFromBackoffQ)
- unschedulable: waits for an event that can help, at most five minutes

Source: pkg/scheduler/backend/queue/{scheduling_queue,backoff_queue}.go (1.36)
"""

from __future__ import annotations

import heapq

from k8s_magic.machinery.meta import ObjectKey
from k8s_magic.scheduler.template import Template
from k8s_magic.sim.time import MINUTE, SECOND, SimTime

INITIAL_BACKOFF: SimTime = SECOND  # DefaultPodInitialBackoffDuration
MAX_BACKOFF: SimTime = 10 * SECOND  # DefaultPodMaxBackoffDuration
LEFTOVER_AFTER: SimTime = 5 * MINUTE  # DefaultPodMaxInUnschedulablePodsDuration
LEFTOVER_PERIOD: SimTime = 30 * SECOND  # flushUnschedulablePodsLeftover


class QueuedPod:
    """A Pod without a node. `plugins` are those that refused it last."""

    __slots__ = ("attempts", "is_error", "key", "plugins", "since", "template", "tried_at", "uid", "where")

    def __init__(self, key: ObjectKey, uid: str, template: Template, since: SimTime) -> None:
        self.key = key
        self.uid = uid
        self.template = template
        self.since = since
        self.attempts = 0
        self.tried_at: SimTime = 0
        self.plugins: frozenset[str] = frozenset()
        self.is_error = False  # failed for another reason than a lack of room
        self.where = ""

    @property
    def ready_at(self) -> SimTime:
        if not self.attempts:
            return self.since
        return self.tried_at + min(INITIAL_BACKOFF << min(self.attempts - 1, 8), MAX_BACKOFF)


class SchedulingQueue:
    def __init__(self) -> None:
        self.pods: dict[str, QueuedPod] = {}
        self._active: list[tuple[int, SimTime, int, QueuedPod]] = []
        self._backoff: list[tuple[SimTime, int, QueuedPod]] = []
        self._unschedulable: dict[str, QueuedPod] = {}
        self._counter = 0

    def __len__(self) -> int:
        return len(self.pods)

    @property
    def unschedulable(self) -> list[QueuedPod]:
        return list(self._unschedulable.values())

    def add(self, pod: QueuedPod) -> None:
        self.pods[pod.uid] = pod
        self._activate(pod)

    def remove(self, uid: str) -> None:
        pod = self.pods.pop(uid, None)
        if pod is not None:
            pod.where = ""
            self._unschedulable.pop(uid, None)

    def _activate(self, pod: QueuedPod) -> None:
        self._unschedulable.pop(pod.uid, None)
        pod.where = "active"
        self._counter += 1
        heapq.heappush(self._active, (-pod.template.priority, pod.since, self._counter, pod))

    def park(self, pod: QueuedPod, now: SimTime) -> None:
        """It found no node: wait for an event that can help."""
        pod.attempts += 1
        pod.tried_at = now
        pod.where = "unschedulable"
        self._unschedulable[pod.uid] = pod

    def retry(self, pod: QueuedPod, now: SimTime) -> None:
        """It found a node but could not be bound: try again after the backoff, whatever happens."""
        pod.attempts += 1
        pod.tried_at = now
        pod.is_error = True
        self._back_off(pod)

    def _back_off(self, pod: QueuedPod) -> None:
        self._unschedulable.pop(pod.uid, None)
        pod.where = "backoff"
        self._counter += 1
        heapq.heappush(self._backoff, (pod.ready_at, self._counter, pod))

    def move(self, pod: QueuedPod, now: SimTime) -> None:
        """Something happened that may help an unschedulable Pod."""
        if pod.where != "unschedulable":
            return
        if pod.ready_at > now:
            self._back_off(pod)
        else:
            self._activate(pod)

    def flush_leftover(self, now: SimTime) -> bool:
        """Move what has waited for five minutes; whether anything was moved."""
        late = [pod for pod in self._unschedulable.values() if now - pod.tried_at > LEFTOVER_AFTER]
        for pod in late:
            self.move(pod, now)
        return bool(late)

    def pop(self, now: SimTime) -> QueuedPod | None:
        while self._backoff and (self._backoff[0][0] <= now or self._backoff[0][2].where != "backoff"):
            pod = heapq.heappop(self._backoff)[2]
            if pod.where == "backoff":
                self._activate(pod)
        while self._active:
            pod = heapq.heappop(self._active)[3]
            if pod.where == "active":
                pod.where, pod.is_error = "taken", False
                return pod
        early = [item for item in self._backoff if item[2].where == "backoff" and not item[2].is_error]
        if early:
            item = min(early, key=lambda waiting: waiting[:2])
            self._backoff.remove(item)
            heapq.heapify(self._backoff)
            item[2].where = "taken"
            return item[2]
        return None

    def next_time(self) -> SimTime | None:
        """When the earliest backoff ends."""
        while self._backoff and self._backoff[0][2].where != "backoff":
            heapq.heappop(self._backoff)
        return self._backoff[0][0] if self._backoff else None
