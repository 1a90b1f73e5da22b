"""The columns of ComponentStatuses.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (printing.NAME, Column("Status"), Column("Message"), Column("Error"))


def row(obj: Object, clock: Clock) -> list[Any]:
    for each in obj.get("conditions") or ():
        if each["type"] == "Healthy":
            word = "Healthy" if each.get("status") == "True" else "Unhealthy"
            return [obj["metadata"]["name"], word, each.get("message", ""), each.get("error", "")]
    return [obj["metadata"]["name"], "Unknown", "", ""]
