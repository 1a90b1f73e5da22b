"""PersistentVolumeClaim: a wish for storage."""

from __future__ import annotations

from k8s_magic.kinds.persistentvolumeclaim.data_source import normalize, prepare_update
from k8s_magic.kinds.record import Behaviour
from k8s_magic.machinery.meta import Object

BETA_CLASS = "volume.beta.kubernetes.io/storage-class"


def warnings(obj: Object, old: Object | None) -> list[str]:
    """Source: pkg/api/persistentvolumeclaim/util.go"""
    found = []
    if BETA_CLASS in (obj["metadata"].get("annotations") or {}):
        found.append(
            f'metadata.annotations[{BETA_CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead'
        )
    return found


KIND = Behaviour(
    "PersistentVolumeClaim",
    prepare_create=normalize,
    prepare_update=prepare_update,
    warnings=warnings,
)
