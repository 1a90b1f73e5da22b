"""How `kubectl describe resourcequota` tells of a ResourceQuota.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, name_lines
from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.quantity import Quantity

_HELP = {
    "Terminating": (
        "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being "
        "actively terminated by the system."
    ),
    "NotTerminating": (
        "Matches all pods that do not have an active deadline. These pods usually include long running pods whose "
        "container command is not expected to terminate."
    ),
    "BestEffort": (
        "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service."
    ),
    "NotBestEffort": (
        "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed "
        "quality of service."
    ),
}


def describe(obj: Object, context: DescribeContext) -> str:
    w = Writer()
    name_lines(w, obj)
    scope_lines(w, obj, 0, " * ")
    w(0, "Resource\tUsed\tHard")
    w(0, "--------\t----\t----")
    status = obj.get("status") or {}
    used, hard = status.get("used") or {}, status.get("hard") or {}
    for name in sorted(hard):
        whole = quantity.parse(hard[name])
        part = quantity.parse(used.get(name, "0"))
        if part.format != whole.format:
            part = Quantity(part.value * quantity.NANO, whole.format)
        w(0, f"{name}\t{part}\t{whole}")
    return w.text()


def scope_lines(w: Writer, obj: Object, level: int, bullet: str) -> None:
    scopes = sorted((obj.get("spec") or {}).get("scopes") or ())
    if scopes:
        w(level, f"Scopes:\t{', '.join(scopes)}")
        for scope in scopes:
            if scope in _HELP:
                w(level, bullet + _HELP[scope])
