"""The columns of ResourceSlices.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (printing.NAME, Column("Node"), Column("Driver"), Column("Pool"), printing.AGE)


def row(obj: Object, clock: Clock) -> list[Any]:
    spec = obj["spec"]
    pool = (spec.get("pool") or {}).get("name", "")
    return [
        obj["metadata"]["name"],
        spec.get("nodeName") or "",
        spec.get("driver", ""),
        pool,
        printing.age(obj, clock),
    ]
