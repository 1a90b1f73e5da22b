"""Objects as typed clients print them: fields in the order of their Go types.

Source: the field order of api/*/types.go, by way of the kinds' schemas
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from k8s_magic import kinds
from k8s_magic.kubectl.mapper import gvk_of
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.schema import Schema


def schema_for(obj: Object) -> Schema | None:
    """The schema of an object's kind; None for a kind that is not built in."""
    gvk = gvk_of(obj)
    return kinds.schema_of(gvk) if kinds.by_gvk(gvk) is not None else None


def in_order(obj: Object) -> Object:
    """The object with its fields in their type's order (for -o json), and those that are written even where empty."""
    schema = schema_for(obj)
    if schema is None:
        return obj
    with suppress(ApiError):  # a file with a value of a wrong type: it is printed as it is
        obj, _ = kinds.decode(obj, gvk_of(obj))
    ordered: Object = _ordered(obj, schema)
    return ordered


def _ordered(value: Any, schema: Schema | None) -> Any:
    if isinstance(value, dict):
        if schema is None or schema.is_map or not schema.properties:
            return dict(sorted(value.items()))
        known = [name for name in schema.properties if name in value]
        names = known + sorted(name for name in value if name not in schema.properties)
        return {name: _ordered(value[name], schema.field(name)) for name in names}
    if isinstance(value, list):
        item = schema.item if schema is not None else None
        return [_ordered(held, item) for held in value]
    return value
