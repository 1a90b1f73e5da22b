"""The columns of ResourceClaims.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (printing.NAME, Column("State"), printing.AGE)


def row(obj: Object, clock: Clock) -> list[Any]:
    return [obj["metadata"]["name"], _state(obj), printing.age(obj, clock)]


def _state(obj: Object) -> str:
    status = obj.get("status") or {}
    states = ["deleted"] if obj["metadata"].get("deletionTimestamp") else []
    if status.get("allocation"):
        states.append("allocated")
        if status.get("reservedFor"):
            states.append("reserved")
    elif not states:
        states.append("pending")
    return ",".join(states)
