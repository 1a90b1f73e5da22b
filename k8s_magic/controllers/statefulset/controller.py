"""The loop around a StatefulSet: claim its Pods, find its revisions, take one step, tell the status.

Source: pkg/controller/statefulset/stateful_set.go, stateful_set_control.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result, controller_owner, itself
from k8s_magic.controllers import _writes
from k8s_magic.controllers._history import History
from k8s_magic.controllers._orphans import Orphans
from k8s_magic.controllers._replicas.pod_control import PodControl
from k8s_magic.controllers.statefulset import pods as stateful_pods
from k8s_magic.controllers.statefulset.claims import CLAIMS, Claims
from k8s_magic.controllers.statefulset.pods import Standing
from k8s_magic.controllers.statefulset.revisions import Revisions
from k8s_magic.controllers.statefulset.sync import COUNTS, PodWriter, Step
from k8s_magic.machinery import meta, names, selectors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.sim.time import SECOND, SimTime

COMPONENT = "statefulset-controller"
OPTIONAL = ("readyReplicas", "currentReplicas", "updatedReplicas")


class StatefulSetController:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._transport = context.transport(COMPONENT)
        self._sets = context.informer(names.STATEFUL_SETS)
        self._pods = context.informer(names.PODS)
        recorder = context.recorder(COMPONENT)
        self._control = PodControl(self._transport, recorder)
        claims = Claims(self._transport, context.informer(CLAIMS), recorder)
        self._writer = PodWriter(self._transport, recorder, claims)
        self._history = History(context, self._transport, "StatefulSet", self._sets)
        self._revisions = Revisions(self._history)
        self._orphans = Orphans()
        self._owner = controller_owner("StatefulSet")
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._sets, itself)
        self.controller.watch(self._history.informer, self._note_history)
        self.controller.watch(self._pods, self._note_pod)

    def _note_history(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        """The real controller does not watch revisions; this keeps track of orphans."""
        self._history.note(type, new, old)
        return ()

    def _note_pod(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        requests = list(self._owner(type, new, old))
        if self._orphans.note(type, new):
            labels = meta.labels_of(new)
            for owner in self._sets.list(meta.namespace_of(new)):
                if selectors.from_label_selector(owner["spec"]["selector"]).matches(labels):
                    requests.append(meta.key_of(owner))
        return requests

    def reconcile(self, request: Request) -> Result | None:
        owner = self._sets.get(request.namespace, request.name)
        if owner is None:
            return None
        self._revisions.adopt(owner)
        pods = self._claimed(owner)
        found = self._revisions.find(owner)
        standing = Standing(owner, self._context.kernel.now, self._context.times)
        step = Step(owner, found, pods, standing, self._writer)
        failure = step.run()
        self._tell(owner, step.status)
        self._revisions.truncate(owner, found, pods)
        if failure is not None:
            raise failure
        return self._next_look(owner, step, pods)

    def _claimed(self, owner: Object) -> list[Object]:
        orphans = self._orphans.of(meta.namespace_of(owner))
        name = meta.name_of(owner)
        members = [pod for pod in orphans if stateful_pods.parent_and_ordinal(pod)[0] == name]
        selector = selectors.from_label_selector(owner["spec"]["selector"])
        claimed = self._control.claim([*self._pods.by_owner(meta.uid_of(owner)), *members], owner, selector)
        fresh = (self._pods.get(meta.namespace_of(pod), meta.name_of(pod)) for pod in claimed)
        return [pod for pod in fresh if pod is not None]

    def _tell(self, owner: Object, status: dict[str, Any]) -> None:
        held, wanted = owner.get("status") or {}, owner["spec"]["replicas"]
        is_rolling = owner["spec"]["updateStrategy"]["type"] == "RollingUpdate"
        if is_rolling and all(status[field] == wanted for field in ("updatedReplicas", "readyReplicas", "replicas")):
            status["currentReplicas"] = status["updatedReplicas"]
            status["currentRevision"] = status["updateRevision"]
        is_told = (
            status["observedGeneration"] <= held.get("observedGeneration", 0)
            and all(status[field] == held.get(field, 0) for field in COUNTS)
            and all(status[field] == held.get(field) for field in ("currentRevision", "updateRevision"))
        )
        if is_told:
            return
        told = {name: value for name, value in status.items() if value or name not in OPTIONAL}
        self._transport.update(
            names.STATEFUL_SETS,
            meta.namespace_of(owner),
            meta.name_of(owner),
            meta.with_status(owner, told),
            subresource="status",
            options=_writes.AS_MANAGER,
        )

    def _next_look(self, owner: Object, step: Step, pods: list[Object]) -> Result | None:
        seconds = owner["spec"].get("minReadySeconds") or 0
        if not seconds or step.status["readyReplicas"] == step.status["availableReplicas"]:
            return None
        waits: list[SimTime] = [wait for pod in pods if (wait := step.standing.wait(pod))]
        return Result(requeue_after=min(waits, default=seconds * SECOND))


def build(context: Context) -> Component:
    return StatefulSetController(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
