"""--overrides: inline JSON put over a generated object. Source: kubectl/pkg/cmd/util/override_options.go"""

from __future__ import annotations

from typing import Any

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.writing import typed
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.patch import PatchError, json_patch, merge_patch, strategic
from k8s_magic.text import yaml_in

_TYPES = ("json", "merge", "strategic")


def flags(default: str) -> tuple[Flag, ...]:
    return (
        Flag("overrides", help="JSON (or YAML) to put over the generated object."),
        Flag("override-type", default=default, help="How to put it over.", candidates=",".join(_TYPES)),
    )


def apply(call: Call, obj: Object) -> Object:
    """Raises: KubectlError."""
    text = call.text("overrides")
    if not text:
        return obj
    kind = call.text("override-type")
    if kind not in _TYPES:
        raise KubectlError(f"invalid override type: {kind}")
    try:
        patch: Any = yaml_in.load(text)
    except yaml_in.YamlError as error:
        raise KubectlError(f"invalid override: {error}") from None
    try:
        if kind == "json":
            changed = json_patch.apply(obj, patch)
        elif kind == "merge":
            changed = merge_patch.apply(obj, patch)
        else:
            changed = strategic.apply(obj, patch, typed.schema_for(obj))
    except PatchError as error:
        raise KubectlError(str(error)) from None
    return typed.in_order(changed)
