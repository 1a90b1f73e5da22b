"""Whether a node takes a Pod that was bound to it: the last word is the kubelet's.

Source: pkg/kubelet/lifecycle/predicate.go, pkg/scheduler/eventhandlers.go (AdmissionCheck), 1.36
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from k8s_magic.kubelet import probe
from k8s_magic.machinery import meta, node_match, quantity
from k8s_magic.machinery.meta import Object

if TYPE_CHECKING:
    from k8s_magic.kubelet.node import NodeKubelet
    from k8s_magic.kubelet.worker import PodWorker


class Rejection(NamedTuple):
    reason: str
    message: str


def _predicate(name: str, why: str) -> Rejection:
    return Rejection(name, f"Predicate {name} failed: {why}")


def _short(resource: str, requested: int, used: int, capacity: int) -> Rejection:
    return Rejection(
        f"OutOf{resource}",
        f"Node didn't have enough resource: {resource}, requested: {requested}, used: {used}, capacity: {capacity}",
    )


def mapped_ports(pod: Object) -> dict[tuple[str, int], tuple[str, int]]:
    """(protocol, port of the node) -> (protocol, port of the container)."""
    found = {}
    for container in pod["spec"]["containers"]:
        for port in container.get("ports") or ():
            if port.get("hostPort"):
                protocol = port.get("protocol") or "TCP"
                found[protocol, port["hostPort"]] = (protocol, port["containerPort"])
    return found


def host_ports(pod: Object) -> list[tuple[str, int]]:
    spec = pod["spec"]
    found = []
    for container in (*(spec.get("initContainers") or ()), *spec["containers"]):
        for port in container.get("ports") or ():
            number = port.get("hostPort") or (port["containerPort"] if spec.get("hostNetwork") else 0)
            if number:
                found.append((port.get("protocol") or "TCP", number))
    return found


def amounts(worker: PodWorker) -> tuple[int, int]:
    """Units: millicores and bytes that a Pod asks for."""
    allocated = worker.allocated
    if not allocated:
        return 0, 0
    return quantity.cpu_milli(allocated.get("cpu", 0)), quantity.as_bytes(allocated.get("memory", 0))


def check(
    kubelet: NodeKubelet, worker: PodWorker, others: Iterable[PodWorker], node: Object | None
) -> Rejection | None:
    pod = worker.pod
    sentence = probe.unsupported(pod)
    if sentence:
        return Rejection("Unsupported", sentence)
    if worker.is_static or node is None:
        return None
    allocatable = (node.get("status") or {}).get("allocatable") or {}
    pods = quantity.as_bytes(allocatable.get("pods", 0))
    if kubelet.active + 1 > pods:
        return _short("pods", 1, kubelet.active, pods)
    cpu, memory = amounts(worker)
    if cpu:
        capacity = quantity.cpu_milli(allocatable.get("cpu", 0))
        if cpu > capacity - kubelet.used_cpu:
            return _short("cpu", cpu, kubelet.used_cpu, capacity)
    if memory:
        capacity = quantity.as_bytes(allocatable.get("memory", 0))
        if memory > capacity - kubelet.used_memory:
            return _short("memory", memory, kubelet.used_memory, capacity)
    return _by_properties(worker, others, node)


def _by_properties(worker: PodWorker, others: Iterable[PodWorker], node: Object) -> Rejection | None:
    pod = worker.pod
    spec = pod["spec"]
    affinity = ((spec.get("affinity") or {}).get("nodeAffinity") or {}).get(
        "requiredDuringSchedulingIgnoredDuringExecution"
    )
    selector = spec.get("nodeSelector") or {}
    if (selector or affinity) and not node_match.required_matches(
        selector, affinity, meta.labels_of(node), meta.name_of(node)
    ):
        return _predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector")
    wanted = host_ports(pod)
    if wanted:
        taken = {
            port for other in others if other is not worker and not other.is_over for port in host_ports(other.pod)
        }
        if taken.intersection(wanted):
            return _predicate("NodePorts", "node(s) didn't have free ports for the requested pod ports")
    taints = (node.get("spec") or {}).get("taints") or ()
    if taints and node_match.has_untolerated(taints, spec.get("tolerations") or (), ("NoExecute",)):
        return _predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate")
    return None
