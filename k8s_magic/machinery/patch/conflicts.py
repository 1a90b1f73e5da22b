"""Whether two strategic merge patches set one field to different values.

Source: apimachinery/pkg/util/strategicpatch/patch.go MergingMapsHaveConflicts
"""

from __future__ import annotations

from typing import Any

from k8s_magic.machinery.patch import values
from k8s_magic.machinery.patch.directives import MERGE, PATCH, REPLACE, RETAIN_KEYS, Field, element_type, lookup
from k8s_magic.machinery.patch.errors import PatchError
from k8s_magic.machinery.schema import Schema


def exist(left: Any, right: Any, schema: Schema | None) -> bool:
    return _differ(left, right, Field(schema))


def _differ(left: Any, right: Any, field: Field) -> bool:
    if isinstance(left, dict):
        if not isinstance(right, dict):
            return True
        if left.get(PATCH) != right.get(PATCH):
            return True
        return field.strategy != REPLACE and _maps_differ(left, right, field.schema)
    if isinstance(left, list):
        return not isinstance(right, list) or _lists_differ(left, right, field)
    return not values.same(left, right)


def _maps_differ(left: dict[str, Any], right: dict[str, Any], schema: Schema | None) -> bool:
    for key, value in left.items():
        if key in (PATCH, RETAIN_KEYS) or key not in right:
            continue
        field = Field(None)
        if isinstance(value, dict | list) and not key.startswith("$"):
            field = lookup(schema, key, items=isinstance(value, list))
        if _differ(value, right[key], field):
            return True
    return False


def _lists_differ(left: list[Any], right: list[Any], field: Field) -> bool:
    kind = element_type(left, right)
    if field.strategy == MERGE:
        if kind is not dict:
            return False
        theirs = _by_key(right, field.merge_key)
        return any(
            key in theirs and _differ(item, theirs[key], Field(field.schema))
            for key, item in _by_key(left, field.merge_key).items()
        )
    if len(left) != len(right):
        return True
    if kind is not dict:
        left, right = sorted(left, key=values.text), sorted(right, key=values.text)
    return any(_differ(ours, others, Field(field.schema)) for ours, others in zip(left, right, strict=True))


def _by_key(items: list[Any], merge_key: str) -> dict[str, Any]:
    found = {}
    for item in items:
        if merge_key not in item:
            raise PatchError(f"cannot find merge key `{merge_key}` in merging list element:{values.text(item)}")
        found[values.text(item[merge_key])] = item
    return found
