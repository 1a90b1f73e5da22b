"""The columns of IPAddresses.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

# The row has a third cell, the age, that has no column. Source: printIPAddress
COLUMNS = (printing.NAME, Column("ParentRef"))


def row(obj: Object, clock: Clock) -> list[Any]:
    parent = (obj.get("spec") or {}).get("parentRef")
    shown = "<none>"
    if parent:
        group = parent.get("group")
        shown = f"{parent.get('resource', '')}{'.' + group if group else ''}".lower()
        if parent.get("namespace"):
            shown += f"/{parent['namespace']}"
        shown += f"/{parent['name']}"
    return [obj["metadata"]["name"], shown, printing.age(obj, clock)]
