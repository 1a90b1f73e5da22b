"""CustomResourceDefinition: a kind that users add.

Source: apiextensions-apiserver/pkg/registry/customresourcedefinition/strategy.go
"""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour
from k8s_magic.machinery.meta import Object


def prepare_create(obj: Object) -> None:
    obj["status"] = _with_stored_version(obj, obj["status"])


def prepare_update(new: Object, old: Object) -> None:
    if status := new.get("status"):
        new["status"] = _with_stored_version(new, status)


def _with_stored_version(obj: Object, status: Object) -> Object:
    """The versions that objects have been stored in, with the present one."""
    stored = list(status.get("storedVersions") or ())
    for version in obj["spec"].get("versions") or ():
        if version.get("storage") and version["name"] not in stored:
            stored.append(version["name"])
    return {**status, "storedVersions": stored or None}


KIND = Behaviour(
    "CustomResourceDefinition",
    "apiextensions.k8s.io",
    generation=("spec",),
    prepare_create=prepare_create,
    prepare_update=prepare_update,
)
