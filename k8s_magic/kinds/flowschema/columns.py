"""The columns of FlowSchemas.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (
    printing.NAME,
    Column("PriorityLevel"),
    Column("MatchingPrecedence"),
    Column("DistinguisherMethod"),
    printing.AGE,
    Column("MissingPL"),
)


def row(obj: Object, clock: Clock) -> list[Any]:
    spec = obj["spec"]
    dangling = "?"
    for each in (obj.get("status") or {}).get("conditions") or ():
        if each["type"] == "Dangling":
            dangling = each.get("status", "")
            break
    return [
        obj["metadata"]["name"],
        spec["priorityLevelConfiguration"]["name"],
        spec.get("matchingPrecedence", 0),
        (spec.get("distinguisherMethod") or {}).get("type") or "<none>",
        printing.age(obj, clock),
        dangling,
    ]
