"""A custom object as the server's decoder leaves it: typed metadata, and the rest pruned to the schema.

Source: apiextensions-apiserver/pkg/apiserver/customresource_handler.go (schemaCoercingDecoder)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import decoding
from k8s_magic.kinds.custom import pruning
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionKind

# A built-in kind with the plainest body: its decoder reads the metadata.
PLAIN = GroupVersionKind("", "v1", "ConfigMap")


def decode(data: Any, gvk: GroupVersionKind, schema: pruning.Schema) -> tuple[Object, list[str]]:
    """The object (fresh all through) and its strict errors. Raises: BadRequest."""
    if not isinstance(data, dict):
        raise errors.bad_request(
            f'{gvk.kind} in version "{gvk.version}" cannot be handled as a {gvk.kind}: '
            f"json: cannot unmarshal {_sort(data)} into Go value of type map[string]interface {{}}"
        )
    obj: Object = pruning.copied({key: each for key, each in data.items() if key != "metadata"})
    complaints: list[str] = []
    given = data.get("metadata")
    if given is not None:
        try:
            typed, complaints = decoding.decode({"metadata": given}, PLAIN)
        except ApiError as problem:
            words = problem.message.replace("ConfigMap", gvk.kind).replace('"v1"', f'"{gvk.version}"', 1)
            raise errors.bad_request(words) from None
        obj["metadata"] = typed["metadata"]
    complaints = complaints + [f'unknown field "{path}"' for path in pruning.prune(obj, schema)]
    return obj, complaints


def _sort(data: Any) -> str:
    if isinstance(data, bool):
        return "bool"
    if isinstance(data, int | float):
        return "number"
    return "string" if isinstance(data, str) else "array"
