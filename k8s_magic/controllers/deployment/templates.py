"""Pod templates compared and labelled, sharing what they have in common."""

from __future__ import annotations

from typing import Any

from k8s_magic.machinery.meta import Object

# Source: apps/v1 DefaultDeploymentUniqueLabelKey
HASH_LABEL = "pod-template-hash"


def labeled(template: Object, name: str, value: str) -> Object:
    """The template with one more label; its spec is the same object."""
    metadata = template.get("metadata") or {}
    return {**template, "metadata": {**metadata, "labels": {**(metadata.get("labels") or {}), name: value}}}


def equal(one: Object, other: Object) -> bool:
    """Whether two templates are the same but for the hash label.

    Source: pkg/controller/deployment/util/deployment_util.go EqualIgnoreHash
    """
    if one["spec"] is not other["spec"] and one["spec"] != other["spec"]:
        return False
    return _metadata(one) == _metadata(other)


def _metadata(template: Object) -> dict[str, Any]:
    """Without the hash, and with nothing for what is empty."""
    metadata = dict(template.get("metadata") or {})
    labels = {name: value for name, value in (metadata.get("labels") or {}).items() if name != HASH_LABEL}
    return {name: value for name, value in {**metadata, "labels": labels}.items() if value}
