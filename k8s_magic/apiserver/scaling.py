"""The scale subresource: replicas of whatever has them, as autoscaling/v1 Scale."""

from __future__ import annotations

from typing import Any

from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import FieldError
from k8s_magic.machinery.kind import Kind
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionKind

SCALE = GroupVersionKind("autoscaling", "v1", "Scale")


def scale_of(kind: Kind, obj: Object) -> Object:
    """Raises: NotFound for a kind without scale."""
    if kind.scale is None:
        raise errors.resource_missing()
    metadata = obj["metadata"]
    shown = {
        key: metadata[key]
        for key in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
        if key in metadata
    }
    status: Object = {"replicas": _at(obj, kind.scale.status_replicas) or 0}
    if kind.scale.selector is not None and (selector := kind.scale.selector(obj)):
        status["selector"] = selector
    replicas = _at(obj, kind.scale.spec_replicas)
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": shown,
        "spec": {"replicas": replicas} if replicas else {},
        "status": status,
    }


def scaled(kind: Kind, obj: Object, scale: Any) -> Object:
    """The object with a Scale's replicas. Raises: BadRequest, Invalid."""
    if kind.scale is None:
        raise errors.resource_missing()
    name = obj["metadata"]["name"]
    if not isinstance(scale, dict) or scale.get("kind", "Scale") != "Scale":
        raise errors.bad_request(f"expected input object type to be Scale, but {type(scale).__name__}")
    given = scale.get("metadata") or {}
    replicas = (scale.get("spec") or {}).get("replicas") or 0
    if not isinstance(replicas, int) or isinstance(replicas, bool):
        raise errors.bad_request(
            'Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal '
            f"{'string' if isinstance(replicas, str) else 'number'} into Go struct field "
            "ScaleSpec.spec.replicas of type int32"
        )
    if replicas < 0:
        detail = f"Invalid value: {replicas}: must be greater than or equal to 0"
        raise errors.invalid(SCALE, name, [FieldError("FieldValueInvalid", "spec.replicas", detail)])
    metadata = {**obj["metadata"]}
    if given.get("resourceVersion"):
        metadata["resourceVersion"] = given["resourceVersion"]
    if given.get("uid"):
        metadata["uid"] = given["uid"]
    return {**_with(obj, kind.scale.spec_replicas, replicas), "metadata": metadata}


def _at(obj: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        obj = (obj or {}).get(key)
    return obj


def _with(obj: Object, path: tuple[str, ...], value: Any) -> Object:
    first, *rest = path
    held = _with(obj.get(first) or {}, tuple(rest), value) if rest else value
    return {**obj, first: held}
