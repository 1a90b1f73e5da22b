"""Accessors for the metadata of wire-form objects. Stored objects are never changed: these only read or copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Object = dict[str, Any]
"""An API object in wire form: apiVersion, kind, metadata, and what its kind has."""


class ObjectKey(NamedTuple):
    """What a name is unique within. `namespace` is "" for cluster-scoped objects."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


def key_of(obj: Mapping[str, Any]) -> ObjectKey:
    metadata = obj["metadata"]
    return ObjectKey(metadata.get("namespace", ""), metadata["name"])


def name_of(obj: Mapping[str, Any]) -> str:
    name: str = obj["metadata"].get("name", "")
    return name


def namespace_of(obj: Mapping[str, Any]) -> str:
    namespace: str = obj["metadata"].get("namespace", "")
    return namespace


def uid_of(obj: Mapping[str, Any]) -> str:
    uid: str = obj["metadata"].get("uid", "")
    return uid


def labels_of(obj: Mapping[str, Any]) -> dict[str, str]:
    return obj["metadata"].get("labels") or {}


def annotations_of(obj: Mapping[str, Any]) -> dict[str, str]:
    return obj["metadata"].get("annotations") or {}


def controller_of(obj: Mapping[str, Any]) -> dict[str, Any] | None:
    """The owner reference of the managing controller, if any."""
    for reference in obj["metadata"].get("ownerReferences") or ():
        if reference.get("controller"):
            found: dict[str, Any] = reference
            return found
    return None


def is_deleting(obj: Mapping[str, Any]) -> bool:
    return obj["metadata"].get("deletionTimestamp") is not None


def with_status(obj: Object, status: Mapping[str, Any]) -> Object:
    """The object with another status; everything else is shared."""
    return {**obj, "status": status}


def with_metadata(obj: Object, **changes: Any) -> Object:
    """The object with changed metadata keys (None removes a key); everything else is shared."""
    metadata = {**obj["metadata"], **changes}
    for name, value in changes.items():
        if value is None:
            del metadata[name]
    return {**obj, "metadata": metadata}


def owner_reference(owner: Object, *, controller: bool = True, block_owner_deletion: bool = True) -> Object:
    """metav1.NewControllerRef for an object that carries its apiVersion and kind."""
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": controller,
        "blockOwnerDeletion": block_owner_deletion,
    }
