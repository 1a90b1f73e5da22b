"""The rollouts of all Deployments, kept up to date by the API's changes and handed out as small deltas.

Counts are noted at the simulated instant of every change, so that the stream over time does not depend on when
somebody looked.

Shape of a frame's keys (see `frames`): `rollouts` are entries as `entry` makes them, each with all its points where
`fresh`, else with those that are new; `goneRollouts` are uids.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from k8s_magic.client.context import Context
from k8s_magic.kinds.deployment import rollout
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.sim.time import SimTime
from k8s_magic.widgets import pod_state
from k8s_magic.widgets.rollout_track import Counts, Leaving, Point, Track

_SYSTEM = "kube-system"
_REVISION = "deployment.kubernetes.io/revision"
_Group = Literal["ready", "unready", "failing", "terminating"]


class Side(NamedTuple):
    """One end of the bar. `revision` is "1", or "1, 2" where several old ones still have Pods."""

    revision: str
    images: tuple[str, ...]
    pods: int


class Reason(NamedTuple):
    """Why some Pods are not ready; `message` is that of one of them."""

    reason: str
    pods: int
    message: str


@dataclass(frozen=True, slots=True)
class Bar:
    """All there is to say of one rollout at one instant. `failing` and `old_failing` are among the not ready."""

    uid: str
    namespace: str
    name: str
    counts: Counts
    failing: int
    old_failing: int
    terminating: int
    old: Side | None
    new: Side | None
    is_paused: bool
    sentence: str
    is_done: bool
    is_stuck: bool
    stuck: str
    reasons: tuple[Reason, ...]
    start: SimTime
    end: SimTime | None
    points: tuple[Point, ...]
    marks: tuple[tuple[SimTime, str], ...]
    leavings: tuple[Leaving, ...]


@dataclass(slots=True)
class _Set:
    """A ReplicaSet's Pods by group, and the unready ones themselves."""

    owner: str
    counts: Counter[_Group] = field(default_factory=Counter)
    waiting: dict[str, tuple[str, Object]] = field(default_factory=dict)  # uid -> reason, Pod
    object: Object | None = None

    @property
    def revision(self) -> int:
        text = meta.annotations_of(self.object).get(_REVISION, "0") if self.object else "0"
        return int(text) if text.isdigit() else 0

    @property
    def unready(self) -> int:
        return self.counts["unready"] + self.counts["failing"]

    @property
    def pods(self) -> int:
        return self.counts["ready"] + self.unready


@dataclass(slots=True)
class _Rollout:
    deployment: Object
    sets: dict[str, _Set] = field(default_factory=dict)
    track: Track = field(default_factory=Track)

    @property
    def newest(self) -> _Set | None:
        return max(self.sets.values(), key=lambda found: found.revision, default=None)


class RolloutScene:
    """Follows Deployments, their ReplicaSets and Pods."""

    def __init__(self, context: Context) -> None:
        self._kernel = context.kernel
        self._rollouts: dict[str, _Rollout] = {}
        self._sets: dict[str, _Set] = {}
        self._pods: dict[str, tuple[str, _Group]] = {}  # uid -> its ReplicaSet's uid, group
        self._dirty: dict[str, None] = {}
        self._gone: dict[str, None] = {}
        self._handlers = [
            (context.informer(names.DEPLOYMENTS), self._on_deployment),
            (context.informer(names.REPLICA_SETS), self._on_replica_set),
            (context.informer(names.PODS), self._on_pod),
        ]
        for informer, handler in self._handlers:
            informer.add_handler(handler)
        # What was there before is no beginning of anything, and what was done then is.
        for found in self._rollouts.values():
            found.track.marks.clear()
            if rollout.progress(found.deployment).is_done:
                found.track.done(self._kernel.now)

    def close(self) -> None:
        """Hear nothing more."""
        for informer, handler in self._handlers:
            informer.remove_handler(handler)
        self._handlers.clear()

    # Handlers run inside writes: they count, and note what changed.

    def _on_deployment(self, type: WatchType, deployment: Object, old: Object | None) -> None:
        uid = meta.uid_of(deployment)
        if type == "DELETED":
            self._rollouts.pop(uid, None)
            self._dirty.pop(uid, None)
            self._gone[uid] = None
            return
        found = self._rollouts.get(uid)
        now = self._kernel.now
        if found is None:
            found = self._rollouts[uid] = _Rollout(deployment)
        found.deployment = deployment
        was, is_ = bool(old and old["spec"].get("paused")), bool(deployment["spec"].get("paused"))
        if old is not None and was != is_:
            found.track.mark(now, "paused" if is_ else "resumed", wakes=False)
        self._note(uid)
        if rollout.progress(deployment).is_done:
            found.track.done(now)
        self._dirty[uid] = None

    def _on_replica_set(self, type: WatchType, replica_set: Object, old: Object | None) -> None:
        uid, owner = meta.uid_of(replica_set), meta.controller_of(replica_set)
        if type == "DELETED" or owner is None or owner["kind"] != "Deployment":
            gone = self._sets.pop(uid, None)
            if gone is not None and gone.owner in self._rollouts:
                self._rollouts[gone.owner].sets.pop(uid, None)
                self._note(gone.owner)
            return
        found = self._sets.get(uid)
        parent = self._rollouts.get(owner["uid"])
        if found is None:
            found = self._sets[uid] = _Set(owner["uid"])
        before = found.revision
        found.object = replica_set
        if parent is None:
            return
        newest = parent.newest
        parent.sets[uid] = found
        if found.revision != before and (newest is None or found.revision > newest.revision or newest is found):
            parent.track.mark(self._kernel.now, f"revision {found.revision}", wakes=True)
        self._note(owner["uid"])

    def _on_pod(self, type: WatchType, pod: Object, old: Object | None) -> None:
        uid = meta.uid_of(pod)
        owner = meta.controller_of(pod)
        after, reason = None, ""
        if type != "DELETED" and owner is not None and owner["uid"] in self._sets:
            group, reason = _group(pod)
            after = (owner["uid"], group) if group else None
        before = self._pods.get(uid)
        if after is not None and after[1] in ("unready", "failing"):
            self._sets[after[0]].waiting[uid] = (reason, pod)
            self._dirty[self._sets[after[0]].owner] = None
        if before == after:
            return
        for place, step in ((before, -1), (after, 1)):
            found = self._sets.get(place[0]) if place else None
            if place is not None and found is not None:
                found.counts[place[1]] += step
        if before is not None and (after is None or after[1] in ("ready", "terminating")) and before[0] in self._sets:
            self._sets[before[0]].waiting.pop(uid, None)
        if after is None:
            self._pods.pop(uid, None)
        else:
            self._pods[uid] = after
        for owner_uid in {
            self._sets[place[0]].owner: None for place in (before, after) if place and place[0] in self._sets
        }:
            self._note(owner_uid)

    def _note(self, uid: str) -> None:
        found = self._rollouts.get(uid)
        if found is None:
            return
        found.track.put(self._kernel.now, _counts(found))
        self._dirty[uid] = None

    # What is handed out

    def bars(self, namespace: str = "", wanted: tuple[str, ...] = ()) -> list[Bar]:
        """The rollouts of these Deployments, by namespace and name; where none is named all but the system's own."""

        def is_wanted(deployment: Object) -> bool:
            place = meta.namespace_of(deployment)
            if place != namespace if namespace else place == _SYSTEM and not wanted:
                return False
            return not wanted or meta.name_of(deployment) in wanted

        chosen = [self.bar(uid) for uid, found in self._rollouts.items() if is_wanted(found.deployment)]
        return sorted(chosen, key=lambda bar: (bar.namespace, bar.name))

    def bar(self, uid: str) -> Bar:
        found = self._rollouts[uid]
        deployment, track, newest = found.deployment, found.track, found.newest
        track.settle(self._kernel.now)
        progress = rollout.progress(deployment)
        older = [one for one in found.sets.values() if one is not newest]
        failure = pod_state.condition(deployment, "ReplicaFailure")
        late = pod_state.condition(deployment, "Progressing") if progress.has_failed else None
        trouble = [f"{one['reason']}: {one['message']}" for one in (late, failure) if one is not None]
        return Bar(
            uid=uid,
            namespace=meta.namespace_of(deployment),
            name=meta.name_of(deployment),
            counts=track.now,
            failing=newest.counts["failing"] if newest else 0,
            old_failing=sum(one.counts["failing"] for one in older),
            terminating=sum(one.counts["terminating"] for one in found.sets.values()),
            old=_side(older),
            new=_side([newest]) if newest else None,
            is_paused=bool(deployment["spec"].get("paused")),
            sentence=progress.text,
            is_done=progress.is_done,
            is_stuck=bool(trouble),
            stuck="; ".join(trouble),
            reasons=_reasons(found),
            start=track.start,
            end=track.end,
            points=tuple(track.points),
            marks=tuple(track.marks),
            leavings=tuple(track.leavings),
        )

    def frame(self, key: bool) -> dict[str, Any]:
        """Source.frame."""
        now = self._kernel.now
        for uid, found in self._rollouts.items():
            if found.track.settle(now):
                self._dirty[uid] = None
        dirty = self._rollouts if key else self._dirty
        answer: dict[str, Any] = {}
        entries = [entry(self.bar(uid), self._fresh(uid, key)) for uid in dirty if uid in self._rollouts]
        if entries or key:
            answer["rollouts"] = entries
        if self._gone and not key:
            answer["goneRollouts"] = list(self._gone)
        self._dirty, self._gone = {}, {}
        return answer

    def _fresh(self, uid: str, key: bool) -> int:
        """How many points the page has already."""
        track = self._rollouts[uid].track
        known = 0 if key else track.taken
        track.taken = len(track.points)
        return known


def entry(bar: Bar, known: int = 0) -> dict[str, Any]:
    """A rollout as the page gets it; points are [time, old ready, …] in the order of Counts."""
    return {
        "uid": bar.uid,
        "namespace": bar.namespace,
        "name": bar.name,
        "counts": list(bar.counts),
        "failing": bar.failing,
        "oldFailing": bar.old_failing,
        "terminating": bar.terminating,
        "old": bar.old and bar.old._asdict(),
        "new": bar.new and bar.new._asdict(),
        "paused": bar.is_paused,
        "sentence": bar.sentence,
        "done": bar.is_done,
        "isStuck": bar.is_stuck,
        "stuck": bar.stuck,
        "reasons": [list(one) for one in bar.reasons],
        "end": bar.end,
        "fresh": known == 0,
        "points": [[point.time, *point.counts] for point in bar.points[known:]],
        "marks": [list(one) for one in bar.marks],
        "leavings": [list(one) for one in bar.leavings],
    }


def _group(pod: Object) -> tuple[_Group | None, str]:
    """None for a Pod that has ended: it is no replica any more. With the reason why it is not ready."""
    if pod.get("status", {}).get("phase") in ("Succeeded", "Failed"):
        return None, ""
    if meta.is_deleting(pod):
        return "terminating", ""
    if pod_state.is_true(pod, "Ready"):
        return "ready", ""
    state, reason = pod_state.classify(pod)
    return "failing" if state == "error" else "unready", "Running, not ready" if state == "running" else reason


def _counts(found: _Rollout) -> Counts:
    deployment, newest = found.deployment, found.newest
    desired = rollout.replicas(deployment)
    surge, unavailable = 0, desired
    if rollout.is_rolling(deployment):
        surge, unavailable = rollout.fenceposts(deployment)
    old_ready = old_unready = 0
    for one in found.sets.values():
        if one is not newest:
            old_ready += one.counts["ready"]
            old_unready += one.unready
    ready = newest.counts["ready"] if newest else 0
    # Without minReadySeconds a Pod is available as soon as it is ready; with it, the controller's own word counts.
    available = old_ready + ready
    if deployment["spec"].get("minReadySeconds"):
        available = min(available, (deployment.get("status") or {}).get("availableReplicas", 0))
    return Counts(
        old_ready=old_ready,
        old_unready=old_unready,
        new_unready=newest.unready if newest else 0,
        new_ready=ready,
        available=available,
        desired=desired,
        minimum=max(0, desired - unavailable),
        maximum=desired + surge,
    )


def _side(sets: list[_Set]) -> Side | None:
    """The revisions that still have Pods; where none has, the last one."""
    known = sorted((one for one in sets if one.object is not None), key=lambda one: one.revision)
    shown = [one for one in known if one.pods] or known[-1:]
    if not shown:
        return None
    images: dict[str, None] = {}
    for one in shown:
        assert one.object is not None
        images |= {box.get("image", ""): None for box in one.object["spec"]["template"]["spec"]["containers"]}
    return Side(", ".join(str(one.revision) for one in shown), tuple(images), sum(one.pods for one in shown))


def _reasons(found: _Rollout) -> tuple[Reason, ...]:
    """The commonest first; of those equally common the first met."""
    waiting = [pair for one in found.sets.values() for pair in one.waiting.values()]
    counts = Counter(reason for reason, _ in waiting)
    messages: dict[str, str] = {}
    for reason, pod in waiting:
        if reason not in messages:
            messages[reason] = _message(pod)
    return tuple(Reason(reason, count, messages[reason]) for reason, count in counts.most_common())


def _message(pod: Object) -> str:
    if not pod["spec"].get("nodeName"):
        return str((pod_state.condition(pod, "PodScheduled") or {}).get("message", ""))
    status = pod.get("status", {})
    for container in (*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())):
        message: str = ((container.get("state") or {}).get("waiting") or {}).get("message", "")
        if message:
            return message
    return ""
