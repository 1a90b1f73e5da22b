"""The columns of PriorityClasses.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (
    printing.NAME,
    printing.number("Value"),
    printing.flag("Global-Default"),
    printing.AGE,
    Column("PreemptionPolicy"),
)


def row(obj: Object, clock: Clock) -> list[Any]:
    return [
        obj["metadata"]["name"],
        obj.get("value", 0),
        bool(obj.get("globalDefault")),
        printing.age(obj, clock),
        obj.get("preemptionPolicy") or "",
    ]
