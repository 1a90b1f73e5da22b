"""One sync of a DaemonSet: record the template, make and delete Pods node by node, roll on, tell the status.

Only nodes at which something changed are looked at; a rollout under way looks at all.
Source: pkg/controller/daemon/daemon_controller.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result
from k8s_magic.controllers import _pods, _writes
from k8s_magic.controllers._history import HASH_LABEL, History
from k8s_magic.controllers._orphans import Orphans
from k8s_magic.controllers._replicas.pod_control import PodControl
from k8s_magic.controllers.daemonset import placement
from k8s_magic.controllers.daemonset.failed_pods import FailedPods
from k8s_magic.controllers.daemonset.placement import PodMaker
from k8s_magic.controllers.daemonset.revisions import Revisions
from k8s_magic.controllers.daemonset.rolling import Rolling, Step, allows_surge
from k8s_magic.controllers.daemonset.survey import Counts, OwnedPods, Survey
from k8s_magic.machinery import meta, names, selectors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.sim.time import SECOND

COMPONENT = "daemonset-controller"
# Source: pkg/controller/daemon/daemon_controller.go BurstReplicas
BURST = 250
# Shape: status field -> the count; those that the wire form leaves out at zero are OPTIONAL.
FIELDS = {
    "currentNumberScheduled": "current",
    "numberMisscheduled": "misscheduled",
    "desiredNumberScheduled": "desired",
    "numberReady": "ready",
    "updatedNumberScheduled": "updated",
    "numberAvailable": "available",
}
OPTIONAL = ("updatedNumberScheduled", "numberAvailable", "numberUnavailable")


class DaemonSetController:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._transport = context.transport(COMPONENT)
        self._sets = context.informer(names.DAEMON_SETS)
        self._nodes = context.informer(names.NODES)
        self._recorder = context.recorder(COMPONENT)
        self._control = PodControl(self._transport, self._recorder)
        self._history = History(context, self._transport, "DaemonSet", self._sets)
        self._revisions = Revisions(self._history, self._transport)
        self._owned = OwnedPods()
        self._orphans = Orphans()
        self._surveys: dict[str, Survey] = {}
        self._failed = FailedPods()
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._sets, self._note_set)
        self.controller.watch(self._history.informer, self._history.note)
        self.controller.watch(context.informer(names.PODS), self._note_pod)
        self.controller.watch(self._nodes, self._note_node)

    def _survey(self, uid: str) -> Survey:
        return self._surveys.get(uid) or self._surveys.setdefault(uid, Survey())

    def _note_set(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        if type == "DELETED":
            self._surveys.pop(meta.uid_of(new), None)
            return ()
        return (meta.key_of(new),)

    def _note_pod(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        namespace = meta.namespace_of(new)
        requests = []
        for uid, name, node in self._owned.note(type, new, old):
            owner = self._sets.get(namespace, name)
            if owner is not None and meta.uid_of(owner) == uid:
                self._survey(uid).note(node)
                requests.append(ObjectKey(namespace, name))
        if self._orphans.note(type, new):
            labels = meta.labels_of(new)
            for owner in self._sets.list(namespace):
                if selectors.from_label_selector(owner["spec"]["selector"]).matches(labels):
                    requests.append(meta.key_of(owner))
        return requests

    def _note_node(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        """Ask for the DaemonSets for which the node now counts otherwise. One that is gone is noted only."""
        if old is not None and type != "DELETED" and _as_seen(old) == _as_seen(new):
            return ()
        name, requests = meta.name_of(new), []
        for owner in self._sets.list():
            uid = meta.uid_of(owner)
            survey = self._survey(uid)
            survey.note(name)
            if type == "DELETED" or survey.placement is None:
                continue
            should_run, may_stay = survey.should_run(new)
            has_pods = any(pod["spec"].get("nodeName") for pod in self._owned.on(uid, name))
            is_off = has_pods and (not may_stay or (owner.get("status") or {}).get("numberMisscheduled", 0) > 0)
            if is_off or (should_run and not has_pods):
                requests.append(meta.key_of(owner))
        return requests

    def reconcile(self, request: Request) -> Result | None:
        owner = self._sets.get(request.namespace, request.name)
        if owner is None or meta.is_deleting(owner):
            return None
        uid = meta.uid_of(owner)
        current, old = self._revisions.construct(owner, self._all_pods(uid))
        survey = self._survey(uid)
        survey.renew(owner, meta.labels_of(current)[HASH_LABEL], map(meta.name_of, self._nodes.list()))
        looked_at, survey.changed = survey.changed, {}
        waits: list[int] = []
        failure = None
        try:
            self._claim(owner, looked_at)
            failure = self._act(owner, survey, looked_at, waits)
            if failure is None:
                self._revisions.clean_up(owner, old, self._all_pods(uid))
        except ApiError as error:
            failure = error
        self._tell(owner, survey, {**looked_at, **survey.changed})
        if failure is not None:
            survey.changed = {**looked_at, **survey.changed}
            raise failure
        if survey.totals.ready != survey.totals.available:
            waits.append((owner["spec"].get("minReadySeconds") or 0) * SECOND)
        return Result(requeue_after=min(waits)) if waits else None

    def _all_pods(self, uid: str) -> Iterable[Object]:
        return (pod for pods in self._owned.of(uid).values() for pod in pods.values())

    def _claim(self, owner: Object, looked_at: Iterable[str]) -> None:
        selector = selectors.from_label_selector(owner["spec"]["selector"])
        places = self._owned.of(meta.uid_of(owner))
        strays = [
            pod
            for node in looked_at
            for pod in places.get(node, {}).values()
            if not selector.matches(meta.labels_of(pod))
        ]
        self._control.claim([*strays, *self._orphans.of(meta.namespace_of(owner))], owner, selector)

    def _act(self, owner: Object, survey: Survey, looked_at: Iterable[str], waits: list[int]) -> ApiError | None:
        step = Step()
        for name in looked_at:
            self._look(owner, survey, name, step, waits)
        is_rolling = owner["spec"]["updateStrategy"]["type"] == "RollingUpdate"
        if not step.nodes and not step.pods and is_rolling:
            self._count(owner, survey, looked_at)
            if survey.totals.outdated:
                step = self._roll(owner, survey)
        if not step.nodes and not step.pods:
            return None
        for node in [*step.nodes[BURST:], *map(placement.target_of, step.pods[BURST:])]:
            survey.note(node)
        maker = PodMaker(owner, survey.hash)
        _, created = self._control.create_each(map(maker.pod_for, step.nodes[:BURST]), owner)
        return self._control.delete(step.pods[:BURST], owner) or created

    def _look(self, owner: Object, survey: Survey, name: str, step: Step, waits: list[int]) -> None:
        """What one node needs. Source: podsShouldBeOnNode"""
        node, pods = self._nodes.get("", name), self._owned.on(meta.uid_of(owner), name)
        if node is None:
            # Nobody else would delete them: they are never bound.
            if name:
                step.pods += [pod for pod in pods if not pod["spec"].get("nodeName")]
            return
        should_run, may_stay = survey.should_run(node)
        if should_run and not pods:
            step.nodes.append(name)
            return
        pods = [pod for pod in pods if not meta.is_deleting(pod)]
        if not may_stay:
            step.pods += pods
            return
        running = [pod for pod in pods if not self._has_ended(owner, name, pod, step, waits)]
        running.sort(key=placement.by_age)
        if not allows_surge(owner):
            step.pods += running[1:]
        elif running:
            self._prune(owner, survey, running, step)
        elif should_run:
            step.nodes.append(name)

    def _has_ended(self, owner: Object, node: str, pod: Object, step: Step, waits: list[int]) -> bool:
        phase = _pods.phase(pod)
        if phase not in _pods.ENDED:
            return False
        place = f"daemon pod {meta.namespace_of(pod)}/{meta.name_of(pod)} on node {node}, will try to"
        if phase == "Succeeded":
            self._recorder.event(owner, "Normal", "SucceededDaemonPod", f"Found succeeded {place} delete it")
        else:
            observed = (owner.get("status") or {}).get("observedGeneration", 0)
            wait = self._failed.wait((meta.uid_of(owner), observed, node), self._context.kernel.now)
            if wait:
                self._survey(meta.uid_of(owner)).note(node)
                waits.append(wait)
                return True
            self._recorder.event(owner, "Warning", "FailedDaemonPod", f"Found failed {place} kill it")
        step.pods.append(pod)
        return True

    def _prune(self, owner: Object, survey: Survey, running: list[Object], step: Step) -> None:
        """While surging a node may have one old and one new Pod, until the new one is available."""
        new: Object | None = None
        old: Object | None = None
        for pod in running:
            if new is None and meta.labels_of(pod).get(HASH_LABEL) == survey.hash:
                new = pod
            elif old is None and meta.labels_of(pod).get(HASH_LABEL) != survey.hash:
                old = pod
            else:
                step.pods.append(pod)
        if new is not None and old is not None and (not _pods.is_ready(old) or self._is_available(owner, new)):
            step.pods.append(old)

    def _is_available(self, owner: Object, pod: Object) -> bool:
        seconds = owner["spec"].get("minReadySeconds") or 0
        return _pods.unavailable_for(pod, seconds, self._context.kernel.now, self._context.times) == 0

    def _roll(self, owner: Object, survey: Survey) -> Step:
        uid = meta.uid_of(owner)
        on_node = {}
        for node in self._nodes.list():
            name = meta.name_of(node)
            pods = self._owned.on(uid, name)
            if pods or survey.should_run(node)[0]:
                on_node[name] = pods

        def should_run(name: str) -> bool:
            node = self._nodes.get("", name)
            return node is not None and survey.should_run(node)[0]

        rolling = Rolling(on_node, survey.is_updated, lambda pod: self._is_available(owner, pod), should_run)
        return rolling.next(owner, survey.totals.desired)

    def _count(self, owner: Object, survey: Survey, looked_at: Iterable[str]) -> Counts:
        uid, now, times = meta.uid_of(owner), self._context.kernel.now, self._context.times
        for name in looked_at:
            survey.count(name, self._nodes.get("", name), self._owned.on(uid, name), now, times)
        return survey.totals

    def _tell(self, owner: Object, survey: Survey, looked_at: Iterable[str]) -> None:
        counts = self._count(owner, survey, looked_at)
        held = owner.get("status") or {}
        wanted = {field: getattr(counts, name) for field, name in FIELDS.items()}
        wanted["numberUnavailable"] = counts.desired - counts.available
        generation = owner["metadata"].get("generation", 0)
        is_told = all(held.get(field, 0) == count for field, count in wanted.items())
        if is_told and held.get("observedGeneration", 0) >= generation:
            return
        status = {field: value for field, value in held.items() if field not in wanted}
        status |= {field: count for field, count in wanted.items() if count or field not in OPTIONAL}
        status["observedGeneration"] = generation
        self._transport.update(
            names.DAEMON_SETS,
            meta.namespace_of(owner),
            meta.name_of(owner),
            meta.with_status(owner, status),
            subresource="status",
            options=_writes.AS_MANAGER,
        )


def _as_seen(node: Object) -> tuple[object, object]:
    return meta.labels_of(node), node["spec"].get("taints") or []


def build(context: Context) -> Component:
    return DaemonSetController(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
