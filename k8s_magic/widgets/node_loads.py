"""What the Pods of each node request and use, kept up to date Pod by Pod."""

from __future__ import annotations

from typing import NamedTuple

from k8s_magic.apiserver import metrics
from k8s_magic.kinds import describe_requests
from k8s_magic.machinery.meta import Object


class Load(NamedTuple):
    """Units: CPU millicores, memory bytes. `used` is what the metrics API tells, without the node's own."""

    cpu: int = 0
    memory: int = 0
    used_cpu: int = 0
    used_memory: int = 0
    pods: int = 0

    def plus(self, other: Load, sign: int) -> Load:
        return Load(*(own + sign * more for own, more in zip(self, other, strict=True)))


_NOTHING = Load()


class NodeLoads:
    def __init__(self) -> None:
        self._pods: dict[str, tuple[str, Load]] = {}  # uid -> node and what the Pod puts on it
        self._nodes: dict[str, Load] = {}

    def of(self, node: str) -> Load:
        return self._nodes.get(node, _NOTHING)

    def put(self, uid: str, pod: Object) -> set[str]:
        """Count a Pod where it is now; the nodes whose load has changed by it."""
        node = pod["spec"].get("nodeName", "")
        if pod.get("status", {}).get("phase") in ("Succeeded", "Failed"):
            return self.drop(uid)
        load = of_pod(pod)
        before = self._pods.get(uid)
        if before == (node, load):
            return set()
        changed = self.drop(uid)
        self._pods[uid] = node, load
        self._nodes[node] = self.of(node).plus(load, 1)
        return {*changed, node}

    def drop(self, uid: str) -> set[str]:
        """Forget a Pod; the node that it was on."""
        before = self._pods.pop(uid, None)
        if before is None:
            return set()
        node, load = before
        self._nodes[node] = self.of(node).plus(load, -1)
        return {node}


def of_pod(pod: Object) -> Load:
    asked = describe_requests.requests(pod)
    cpu = asked["cpu"].milli if "cpu" in asked else 0
    memory = asked["memory"].value if "memory" in asked else 0
    used_cpu = used_memory = 0
    for own_cpu, own_memory in metrics.uses(pod).values():
        used_cpu, used_memory = used_cpu + own_cpu, used_memory + own_memory * 1024
    return Load(cpu, memory, used_cpu, used_memory, 1)
