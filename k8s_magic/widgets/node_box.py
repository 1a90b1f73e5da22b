"""What a view says of one node, read from its object: roles, zone, taints, pressure, and how long its Pods may stay."""

from __future__ import annotations

from typing import Any

from k8s_magic.apiserver import metrics
from k8s_magic.machinery import meta, node_match, quantity
from k8s_magic.machinery.meta import Object
from k8s_magic.sim.time import SECOND, SimTime
from k8s_magic.widgets import pod_state
from k8s_magic.widgets.node_loads import Load
from k8s_magic.widgets.records import NodeBox

_ROLE = "node-role.kubernetes.io/"
_ZONE = "topology.kubernetes.io/zone"
# Conditions that are false on a healthy node. Source: staging/src/k8s.io/api/core/v1/types.go NodeConditionType
_PRESSURE = ("MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable")


def read(node: Object, load: Load, evicts_at: SimTime) -> NodeBox:
    """`load` is what its Pods request and use, to which comes what a node that reports uses itself."""
    spec, labels = node.get("spec", {}), meta.labels_of(node)
    allocatable = node.get("status", {}).get("allocatable", {})
    roles = [key.removeprefix(_ROLE) for key in labels if key.startswith(_ROLE)]
    is_ready = pod_state.is_true(node, "Ready")
    own_cpu, own_memory = (metrics.NODE_CPU, metrics.NODE_MEMORY * 1024) if is_ready else (0, 0)
    return NodeBox(
        name=node["metadata"]["name"],
        roles=",".join(sorted(roles)),
        is_ready=is_ready,
        is_cordoned=bool(spec.get("unschedulable")),
        taints=tuple(_taint(taint) for taint in spec.get("taints") or ()),
        cpu=(load.cpu, quantity.cpu_milli(allocatable.get("cpu", "0")), load.used_cpu + own_cpu),
        memory=(load.memory, quantity.as_bytes(allocatable.get("memory", "0")), load.used_memory + own_memory),
        pods=(load.pods, int(allocatable.get("pods", "0"))),
        pressure=tuple(each for each in _PRESSURE if pod_state.is_true(node, each)),
        zone=labels.get(_ZONE, ""),
        evicts_at=evicts_at,
    )


def _taint(taint: dict[str, Any]) -> str:
    value = taint.get("value")
    return f"{taint['key']}={value}:{taint['effect']}" if value else f"{taint['key']}:{taint['effect']}"


def evicting_taints(node: Object | None) -> list[dict[str, Any]]:
    """Those that drive Pods away that are there already."""
    taints = ((node or {}).get("spec") or {}).get("taints") or ()
    return [taint for taint in taints if taint.get("effect") == "NoExecute"]


def stay(pod: Object, taints: list[dict[str, Any]]) -> SimTime | None:
    """How long a Pod may stay on a node with these taints; None for ever.

    Source: pkg/controller/tainteviction/taint_eviction.go getMinTolerationTime
    """
    shortest: SimTime | None = None
    for taint in taints:
        tolerations = pod["spec"].get("tolerations") or ()
        used = next((each for each in tolerations if node_match.tolerates(each, taint)), None)
        if used is None:
            return 0
        seconds = used.get("tolerationSeconds")
        if seconds is not None:
            span = max(0, seconds) * SECOND
            shortest = span if shortest is None else min(shortest, span)
    return shortest
