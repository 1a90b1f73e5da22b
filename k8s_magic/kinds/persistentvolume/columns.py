"""The columns of PersistentVolumes.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (
    printing.NAME,
    Column("Capacity"),
    Column("Access Modes"),
    Column("Reclaim Policy"),
    Column("Status"),
    Column("Claim"),
    Column("StorageClass"),
    Column("VolumeAttributesClass"),
    Column("Reason"),
    printing.AGE,
    printing.wide("VolumeMode"),
)

_CLASS = "volume.beta.kubernetes.io/storage-class"


def row(obj: Object, clock: Clock) -> list[Any]:
    metadata, spec, status = obj["metadata"], obj["spec"], obj.get("status") or {}
    claim = spec.get("claimRef")
    return [
        metadata["name"],
        str((spec.get("capacity") or {}).get("storage", "0")),
        printing.access_modes(spec.get("accessModes")),
        spec.get("persistentVolumeReclaimPolicy", ""),
        "Terminating" if metadata.get("deletionTimestamp") else status.get("phase", ""),
        f"{claim.get('namespace', '')}/{claim.get('name', '')}" if claim else "",
        (metadata.get("annotations") or {}).get(_CLASS, spec.get("storageClassName", "")),
        spec.get("volumeAttributesClassName") or "<unset>",
        status.get("reason", ""),
        printing.age(obj, clock),
        spec.get("volumeMode") or "<unset>",
    ]
