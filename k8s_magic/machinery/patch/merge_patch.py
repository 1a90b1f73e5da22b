"""JSON merge patch (RFC 7396): apply, create, and kubectl's three-way form for kinds without a schema.

Source: evanphx/json-patch v4 merge.go, apimachinery/pkg/util/jsonmergepatch/patch.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.machinery.patch.errors import ConflictError
from k8s_magic.machinery.patch.values import same
from k8s_magic.text import yaml_out


def apply(doc: Any, patch: Any) -> Any:
    """The document with the patch merged in: null removes, an object merges, anything else replaces."""
    if not isinstance(patch, dict):
        return _without_nulls(patch)
    if not isinstance(doc, dict):
        return _without_nulls(patch)
    merged = dict(doc)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = apply(merged[key], value)
        elif isinstance(merged.get(key), dict):
            merged[key] = value
        else:
            merged[key] = _without_nulls(value)
    return merged


def _without_nulls(value: Any) -> Any:
    """Objects lose their nulls at every depth; arrays keep theirs."""
    if isinstance(value, dict):
        return {key: _without_nulls(held) for key, held in value.items() if held is not None}
    if isinstance(value, list):
        return [_without_nulls(held) for held in value]
    return value


def create(original: dict[str, Any], modified: dict[str, Any]) -> dict[str, Any]:
    """The patch that makes `modified` out of `original`."""
    patch: dict[str, Any] = {}
    for key, value in modified.items():
        if key not in original:
            patch[key] = value
            continue
        old = original[key]
        if isinstance(old, dict) and isinstance(value, dict):
            nested = create(old, value)
            if nested:
                patch[key] = nested
        elif not same(old, value):
            patch[key] = value
    for key in original:
        if key not in modified:
            patch[key] = None
    return patch


def create_three_way(original: dict[str, Any], modified: dict[str, Any], current: dict[str, Any]) -> dict[str, Any]:
    """Additions and changes from current to modified, deletions from original to modified.

    Raises: ConflictError where the two touch one field.
    """
    changes = _filtered(create(current, modified), keep_null=False)
    deletions = _filtered(create(original, modified), keep_null=True)
    if _conflict(changes, deletions):
        raise ConflictError(
            f"patch:\n{yaml_out.dump(changes)}\n"
            f"conflicts with changes made from original to current:\n{yaml_out.dump(deletions)}\n"
        )
    return _overlaid(deletions, changes)


def _overlaid(base: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in patch.items():
        held = merged.get(key)
        merged[key] = _overlaid(held, value) if isinstance(held, dict) and isinstance(value, dict) else value
    return merged


def _filtered(patch: dict[str, Any], *, keep_null: bool) -> dict[str, Any]:
    """Only the nulls of a patch, or all but them."""
    kept: dict[str, Any] = {}
    for key, value in patch.items():
        if value is None:
            if keep_null:
                kept[key] = None
        elif isinstance(value, dict) and value:
            nested = _filtered(value, keep_null=keep_null)
            if nested:
                kept[key] = nested
        elif not keep_null:
            kept[key] = value
    return kept


def _conflict(left: Any, right: Any) -> bool:
    if isinstance(left, dict):
        if not isinstance(right, dict):
            return True
        return any(key in right and _conflict(value, right[key]) for key, value in left.items())
    if isinstance(left, list):
        return not isinstance(right, list) or len(left) != len(right) or any(map(_conflict, left, right))
    return not same(left, right)
