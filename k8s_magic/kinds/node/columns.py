"""The columns of nodes.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (
    printing.NAME,
    Column("Status"),
    Column("Roles"),
    printing.AGE,
    Column("Version"),
    printing.wide("Internal-IP"),
    printing.wide("External-IP"),
    printing.wide("OS-Image"),
    printing.wide("Kernel-Version"),
    printing.wide("Container-Runtime"),
)

_ROLE_PREFIX = "node-role.kubernetes.io/"
_ROLE = "kubernetes.io/role"


def row(obj: Object, clock: Clock) -> list[Any]:
    status = obj.get("status") or {}
    info = status.get("nodeInfo") or {}
    words = [
        "Ready" if each.get("status") == "True" else "NotReady"
        for each in status.get("conditions") or ()
        if each["type"] == "Ready"
    ][-1:] or ["Unknown"]
    if (obj.get("spec") or {}).get("unschedulable"):
        words.append("SchedulingDisabled")
    kernel = info.get("kernelVersion") or "<unknown>"
    if info.get("architecture"):
        kernel += f" ({info['architecture']})"
    return [
        obj["metadata"]["name"],
        ",".join(words),
        ",".join(roles(obj)) or "<none>",
        printing.age(obj, clock),
        info.get("kubeletVersion", ""),
        _address(status, "InternalIP"),
        _address(status, "ExternalIP"),
        info.get("osImage") or "<unknown>",
        kernel,
        info.get("containerRuntimeVersion") or "<unknown>",
    ]


def roles(obj: Object) -> list[str]:
    """The roles that a node's labels give it, sorted."""
    found = set()
    for key, value in (obj["metadata"].get("labels") or {}).items():
        if key.startswith(_ROLE_PREFIX):
            found.add(key[len(_ROLE_PREFIX) :])
        elif key == _ROLE:
            found.add(value)
    return sorted(found - {""})


def _address(status: Object, type: str) -> str:
    for each in status.get("addresses") or ():
        if each["type"] == type:
            address: str = each["address"]
            return address
    return "<none>"
