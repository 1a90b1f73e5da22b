"""Tells kubelets how long they may keep Secrets and ConfigMaps: longer in larger clusters.

Source: pkg/controller/ttl/ttl_controller.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result
from k8s_magic.controllers import _writes
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import WatchType

COMPONENT = "ttl-controller"
ANNOTATION = "node.alpha.kubernetes.io/ttl"
# (fewest nodes, most nodes, seconds): a cluster moves to a neighbour when it leaves its own bounds.
BOUNDS = ((0, 100, 0), (90, 500, 15), (450, 1000, 30), (900, 2000, 60), (1800, None, 300))


class TtlController:
    def __init__(self, context: Context) -> None:
        self._transport = context.transport(COMPONENT)
        self._nodes = context.informer(names.NODES)
        self._step = 0
        self._count = 0
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._nodes, self._note_node)

    def _note_node(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        self._count += {"ADDED": 1, "DELETED": -1}.get(type, 0)
        least, most, _ = BOUNDS[self._step]
        if most is not None and self._count > most:
            self._step += 1
        elif self._count < least:
            self._step -= 1
        is_marked = meta.annotations_of(new).get(ANNOTATION) == str(BOUNDS[self._step][2])
        return () if type == "DELETED" or is_marked else (meta.key_of(new),)

    def reconcile(self, request: Request) -> Result | None:
        node = self._nodes.get("", request.name)
        wanted = str(BOUNDS[self._step][2])
        if node is None or meta.annotations_of(node).get(ANNOTATION) == wanted:
            return None
        patch = {"metadata": {"annotations": {ANNOTATION: wanted}}}
        self._transport.patch(names.NODES, "", request.name, patch, "strategic", options=_writes.AS_MANAGER)
        return None


def build(context: Context) -> Component:
    return TtlController(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
