"""The columns of CSIStorageCapacities.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (printing.NAME, Column("StorageClassName"), Column("Capacity"))


def row(obj: Object, clock: Clock) -> list[Any]:
    return [obj["metadata"]["name"], obj.get("storageClassName", ""), obj.get("capacity") or "<unset>"]
