"""PersistentVolume: a piece of storage."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour
from k8s_magic.machinery.meta import Object

BETA_CLASS = "volume.beta.kubernetes.io/storage-class"
GONE = {
    "photonPersistentDisk": "deprecated in v1.11, non-functional in v1.16+",
    "scaleIO": "deprecated in v1.16, non-functional in v1.22+",
    "storageos": "deprecated in v1.22, non-functional in v1.25+",
    "glusterfs": "deprecated in v1.25, non-functional in v1.26+",
    "rbd": "deprecated in v1.28, non-functional in v1.31+",
    "cephfs": "deprecated in v1.28, non-functional in v1.31+",
}


def warnings(obj: Object, old: Object | None) -> list[str]:
    """Source: pkg/api/persistentvolume/util.go"""
    found = []
    spec = obj["spec"]
    if BETA_CLASS in (obj["metadata"].get("annotations") or {}):
        found.append(
            f'metadata.annotations[{BETA_CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead'
        )
    if spec.get("persistentVolumeReclaimPolicy") == "Recycle":
        found.append(
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. "
            "Instead, the recommended approach is to use dynamic provisioning."
        )
    return found + [f"spec.{name}: {words}" for name, words in GONE.items() if name in spec]


KIND = Behaviour("PersistentVolume", warnings=warnings)
