"""Which taints a node's conditions ask for, and lists of taints with some added and some removed.

Source: pkg/controller/nodelifecycle/node_lifecycle_controller.go, pkg/util/taints (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from k8s_magic.machinery.meta import Object

Taint = dict[str, Any]
NOT_READY = "node.kubernetes.io/not-ready"
UNREACHABLE = "node.kubernetes.io/unreachable"
UNSCHEDULABLE = "node.kubernetes.io/unschedulable"
NO_SCHEDULE, NO_EXECUTE = "NoSchedule", "NoExecute"
# (condition, status) -> key
BY_CONDITION = {
    ("Ready", "False"): NOT_READY,
    ("Ready", "Unknown"): UNREACHABLE,
    ("MemoryPressure", "True"): "node.kubernetes.io/memory-pressure",
    ("DiskPressure", "True"): "node.kubernetes.io/disk-pressure",
    ("NetworkUnavailable", "True"): "node.kubernetes.io/network-unavailable",
    ("PIDPressure", "True"): "node.kubernetes.io/pid-pressure",
}
OWN_KEYS = frozenset({*BY_CONDITION.values(), UNSCHEDULABLE})


def of(node: Object) -> list[Taint]:
    held: list[Taint] = (node.get("spec") or {}).get("taints") or []
    return held


def has(node: Object, key: str, effect: str) -> bool:
    return any(taint["key"] == key and taint["effect"] == effect for taint in of(node))


def wanted_no_schedule(node: Object) -> list[str]:
    """Keys, in the order of the conditions."""
    keys = []
    for found in (node.get("status") or {}).get("conditions") or ():
        key = BY_CONDITION.get((found["type"], found["status"]))
        if key is not None:
            keys.append(key)
    if (node.get("spec") or {}).get("unschedulable"):
        keys.append(UNSCHEDULABLE)
    return keys


def held_no_schedule(node: Object) -> list[str]:
    return [taint["key"] for taint in of(node) if taint["effect"] == NO_SCHEDULE and taint["key"] in OWN_KEYS]


def added(taints: Iterable[Taint], keys: Iterable[str], effect: str, now: str) -> list[Taint]:
    """One that is there already keeps its place and gets the new time."""
    result = list(taints)
    for key in keys:
        new = {"key": key, "effect": effect, "timeAdded": now}
        for position, taint in enumerate(result):
            if taint["key"] == key and taint["effect"] == effect:
                result[position] = new
                break
        else:
            result.append(new)
    return result


def removed(taints: Iterable[Taint], keys: Iterable[str], effect: str) -> list[Taint]:
    gone = set(keys)
    return [taint for taint in taints if not (taint["key"] in gone and taint["effect"] == effect)]
