"""The columns of PersistentVolumeClaims.

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
    Column("Volume"),
    Column("Capacity"),
    Column("Access Modes"),
    Column("StorageClass"),
    Column("VolumeAttributesClass"),
    printing.AGE,
    printing.wide("VolumeMode"),
)

_CLASS = "volume.beta.kubernetes.io/storage-class"


def row(obj: Object, clock: Clock) -> list[Any]:
    metadata, spec, status = obj["metadata"], obj["spec"], obj.get("status") or {}
    volume = spec.get("volumeName", "")
    return [
        metadata["name"],
        "Terminating" if metadata.get("deletionTimestamp") else status.get("phase", ""),
        volume,
        str((status.get("capacity") or {}).get("storage", "0")) if volume else "",
        printing.access_modes(status.get("accessModes")) if volume else "",
        (metadata.get("annotations") or {}).get(_CLASS, spec.get("storageClassName") or ""),
        spec.get("volumeAttributesClassName") or "<unset>",
        printing.age(obj, clock),
        spec.get("volumeMode") or "<unset>",
    ]
