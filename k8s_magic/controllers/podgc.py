"""Pods whose node is gone are deleted after a while.

The count of ended Pods at which the real one begins to delete those too (12,500) is not modelled.
Source: pkg/controller/podgc/gc_controller.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result
from k8s_magic.controllers import _pods, _writes
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import DeleteOptions, WatchType
from k8s_magic.sim.time import SECOND, SimTime

COMPONENT = "pod-garbage-collector"
# Source: gc_controller.go gcCheckPeriod, quarantineTime
CHECK_PERIOD: SimTime = 20 * SECOND
QUARANTINE: SimTime = 40 * SECOND


class PodGc:
    """A node that is missed is in quarantine from the next check on; the first check after it deletes its Pods."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._transport = context.transport(COMPONENT)
        self._nodes = context.informer(names.NODES)
        self._pods = context.informer(names.PODS)
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._nodes, self._note_node)
        self.controller.watch(self._pods, self._note_pod)

    def _note_node(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        if type == "DELETED":
            self._miss(meta.name_of(new))
        return ()

    def _note_pod(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        node = new["spec"].get("nodeName")
        is_new_there = node and type != "DELETED" and (old is None or not old["spec"].get("nodeName"))
        if is_new_there and self._nodes.get("", node) is None:
            self._miss(node)
        return ()

    def _miss(self, node: str) -> None:
        now = self._context.kernel.now
        noticed = (now // CHECK_PERIOD + 1) * CHECK_PERIOD
        released = noticed + QUARANTINE
        self.controller.queue.add_after(ObjectKey("", node), -(-released // CHECK_PERIOD) * CHECK_PERIOD - now)

    def reconcile(self, request: Request) -> Result | None:
        if self._nodes.get("", request.name) is not None:
            return None
        for pod in list(self._pods.by_node(request.name)):
            try:
                self._fail(pod)
                self._transport.delete(
                    names.PODS,
                    meta.namespace_of(pod),
                    meta.name_of(pod),
                    options=DeleteOptions(grace_period_seconds=0),
                )
            except ApiError as error:
                if not error.is_not_found:
                    raise
        return None

    def _fail(self, pod: Object) -> None:
        status = pod.get("status") or {}
        if status.get("phase") in _pods.ENDED:
            return
        condition = {
            "type": "DisruptionTarget",
            "status": "True",
            "lastProbeTime": None,
            "lastTransitionTime": self._context.now_text(),
            "reason": "DeletionByPodGC",
            "message": "PodGC: node no longer exists",
        }
        others = [found for found in status.get("conditions") or () if found["type"] != "DisruptionTarget"]
        self._transport.update(
            names.PODS,
            meta.namespace_of(pod),
            meta.name_of(pod),
            meta.with_status(pod, {**status, "phase": "Failed", "conditions": [*others, condition]}),
            subresource="status",
            options=_writes.AS_MANAGER,
        )


def build(context: Context) -> Component:
    return PodGc(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
