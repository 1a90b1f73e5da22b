"""pods/NAME/ephemeralcontainers: an update of the whole Pod by rules of its own.

Source: pkg/registry/core/pod/storage/storage.go (EphemeralContainersREST)
"""

from __future__ import annotations

from dataclasses import replace

from k8s_magic.kinds.pod import ephemeral
from k8s_magic.machinery.kind import Kind
from k8s_magic.machinery.names import PODS, GroupVersionResource


def is_meant(resource: GroupVersionResource, subresource: str) -> bool:
    return resource == PODS and subresource == ephemeral.SUBRESOURCE


def ruled(kind: Kind, subresource: str) -> Kind:
    """The kind by whose rules a subresource is written: Pods have others for their ephemeral containers."""
    if not is_meant(kind.gvr, subresource):
        return kind
    return replace(kind, prepare_status_update=ephemeral.prepare, validate_update=ephemeral.validate)
