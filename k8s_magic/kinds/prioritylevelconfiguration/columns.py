"""The columns of PriorityLevelConfigurations.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (
    printing.NAME,
    Column("Type"),
    Column("NominalConcurrencyShares"),
    Column("Queues"),
    Column("HandSize"),
    Column("QueueLengthLimit"),
    printing.AGE,
)


def row(obj: Object, clock: Clock) -> list[Any]:
    spec = obj["spec"]
    limited = spec.get("limited") or {}
    queuing = (limited.get("limitResponse") or {}).get("queuing") or {}
    return [
        obj["metadata"]["name"],
        spec.get("type", ""),
        limited.get("nominalConcurrencyShares", "<none>"),
        queuing.get("queues", "<none>"),
        queuing.get("handSize", "<none>"),
        queuing.get("queueLengthLimit", "<none>"),
        printing.age(obj, clock),
    ]
