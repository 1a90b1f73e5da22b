"""Volumes and claims are born with a finalizer, so that none goes while it is in use.

Source: plugin/pkg/admission/storage/storageobjectinuseprotection, pkg/registry/core/persistentvolume/strategy.go
"""

from __future__ import annotations

from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, GroupVersionResource

# Source: pkg/volume/util/finalizer.go
FINALIZERS: dict[GroupVersionResource, str] = {
    PERSISTENT_VOLUME_CLAIMS: "kubernetes.io/pvc-protection",
    PERSISTENT_VOLUMES: "kubernetes.io/pv-protection",
}


def protect(gvr: GroupVersionResource, obj: Object) -> None:
    """Add the finalizer, in place."""
    finalizer = FINALIZERS[gvr]
    metadata = obj["metadata"]
    held = metadata.get("finalizers") or []
    if finalizer not in held:
        metadata["finalizers"] = [*held, finalizer]
