"""Defaulting and validation of a Pod's spec apart from its metadata, so that the answers for a spec can be kept."""

from __future__ import annotations

from k8s_magic.kinds import defaults
from k8s_magic.machinery.errors import FieldError
from k8s_magic.machinery.meta import Object


def default_spec(spec: Object) -> None:
    """All that Pod defaulting changes, which is in the spec only (in place on the caller's copy)."""
    defaults.default({"metadata": {}, "spec": spec, "status": {}}, "core.v1.Pod")


def validate_spec(spec: Object) -> list[FieldError]:
    """The complaints about a new Pod's spec that depend on nothing but the spec."""
    from k8s_magic.kinds.pod import spec as pod_spec
    from k8s_magic.kinds.pod import validation

    return pod_spec.validate(spec, "spec", is_pod=True) + validation.only_spec(spec)


def validate_metadata(obj: Object) -> list[FieldError]:
    """The complaints about a new Pod's metadata (and what it says of the spec); come before those of the spec."""
    from k8s_magic.kinds.pod import validation

    return validation.validate_metadata(obj)
