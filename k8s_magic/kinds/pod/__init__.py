"""Pod: containers that run together on one node."""

from __future__ import annotations

from k8s_magic.kinds.pod import birth, parts, warning
from k8s_magic.kinds.record import Behaviour, flag_at, text_at
from k8s_magic.machinery.meta import Object

__all__ = ["KIND", "default_spec", "validate_metadata", "validate_spec"]

default_spec = parts.default_spec
validate_metadata = parts.validate_metadata
validate_spec = parts.validate_spec


def pod_ip(obj: Object) -> str:
    addresses = obj["status"].get("podIPs") or ()
    ip: str = addresses[0].get("ip", "") if addresses else ""
    return ip


def own_labels(obj: Object) -> str:
    """A Pod selects itself by its labels, as `kubectl expose pod` does."""
    labels = obj["metadata"].get("labels") or {}
    return ",".join(f"{key}={labels[key]}" for key in sorted(labels))


KIND = Behaviour(
    "Pod",
    generation=("spec",),
    selectable_fields={
        "spec.nodeName": text_at("spec", "nodeName"),
        "spec.restartPolicy": text_at("spec", "restartPolicy"),
        "spec.schedulerName": text_at("spec", "schedulerName"),
        "spec.serviceAccountName": text_at("spec", "serviceAccountName"),
        "spec.hostNetwork": flag_at("spec", "hostNetwork"),
        "status.phase": text_at("status", "phase"),
        "status.podIP": pod_ip,
        "status.podIPs": pod_ip,
        "status.nominatedNodeName": text_at("status", "nominatedNodeName"),
    },
    prepare_create=birth.prepare,
    prepare_status_update=birth.prepare_status,
    pod_selector=own_labels,
    warnings=warning.warnings,
)
