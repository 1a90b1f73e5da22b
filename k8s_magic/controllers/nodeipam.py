"""Every node has a range of Pod addresses of its own.

Source: pkg/controller/nodeipam/ipam/range_allocator.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result
from k8s_magic.controllers import _writes
from k8s_magic.machinery import names
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType

COMPONENT = "node-ipam-controller"
# kubeadm's and flannel's habit: 10.244.0.0/16 in pieces of 256; what goes beyond takes the ranges above it.
FIRST = 10 << 24 | 244 << 16
PIECE_BITS = 8
MOST = (11 << 24) - FIRST >> PIECE_BITS


def _range(number: int) -> str:
    address = FIRST + (number << PIECE_BITS)
    return f"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.0/{32 - PIECE_BITS}"


class NodeIpam:
    """The lowest free range goes to the next node; a range is free again when its node is deleted."""

    def __init__(self, context: Context) -> None:
        self._transport = context.transport(COMPONENT)
        self._nodes = context.informer(names.NODES)
        self._taken: set[str] = set()
        self._next = 0  # no range below this number is free
        self._numbers: dict[str, int] = {}
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._nodes, self._note_node)

    def _note_node(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        held = new["spec"].get("podCIDR", "") if "spec" in new else ""
        if type == "DELETED":
            self._taken.discard(held)
            if held in self._numbers:
                self._next = min(self._next, self._numbers.pop(held))
            return ()
        if held:
            self._taken.add(held)
            return ()
        return (ObjectKey("", new["metadata"]["name"]),)

    def reconcile(self, request: Request) -> Result | None:
        node = self._nodes.get("", request.name)
        if node is None or (node.get("spec") or {}).get("podCIDR"):
            return None
        while _range(self._next) in self._taken:
            self._next += 1
            if self._next >= MOST:
                raise Unsupported("The simulation has no more Pod address ranges for nodes.")
        wanted = _range(self._next)
        self._numbers[wanted] = self._next
        patch = {"spec": {"podCIDR": wanted, "podCIDRs": [wanted]}}
        self._transport.patch(names.NODES, "", request.name, patch, "strategic", options=_writes.AS_MANAGER)
        return None


def build(context: Context) -> Component:
    return NodeIpam(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
