"""Making a strategic merge patch out of two states of an object.

Source: apimachinery/pkg/util/strategicpatch/patch.go diffMaps, diffLists
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from k8s_magic.machinery.patch import ordering, values
from k8s_magic.machinery.patch.directives import (
    DELETE,
    DELETE_FROM_LIST,
    ELEMENT_ORDER,
    MERGE,
    PATCH,
    REPLACE,
    RETAIN_KEYS,
    element_type,
    lookup,
    merge_key_of,
)
from k8s_magic.machinery.patch.errors import PatchError
from k8s_magic.machinery.schema import Schema

Map = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Options:
    """`changes` and `deletions`: which of the two the patch is to tell. `order`: whether it directs list order."""

    changes: bool = True
    deletions: bool = True
    order: bool = False
    retain_keys: bool = False


def diff_maps(original: Map, modified: Map, schema: Schema | None, options: Options) -> Map:
    patch: Map = {}
    for key, value in modified.items():
        if key not in original:
            if options.changes:
                patch[key] = value
            continue
        old = original[key]
        if key == PATCH:
            if not isinstance(old, str) or not isinstance(value, str):
                raise PatchError(f"invalid value for special key: {PATCH}")
            if old != value:
                patch[PATCH] = value
        elif type(old) is not type(value):
            if options.changes:
                patch[key] = value
        elif isinstance(value, dict):
            _diff_field(key, old, value, patch, schema, options)
        elif isinstance(value, list):
            _diff_list_field(key, old, value, patch, schema, options)
        elif options.changes and old != value:
            patch[key] = value
    if options.deletions:
        for key in original:
            if key not in modified:
                patch[key] = None
    if options.retain_keys:
        retained = [key for key, value in modified.items() if value is not None]
        extra = any(value is not None and key not in modified for key, value in original.items())
        if retained and (patch or extra):
            patch[RETAIN_KEYS] = sorted(retained)
    return patch


def _diff_field(key: str, old: Map, new: Map, patch: Map, schema: Schema | None, options: Options) -> None:
    if values.same(old, new):
        # The answer would be empty either way; only a replace strategy repeats the value, as upstream does.
        if schema is not None and options.changes:
            found = schema.field(key)
            if found is not None and REPLACE in found.patch_strategy:
                patch[key] = new
        return
    field = lookup(schema, key, items=False)
    if field.strategy == REPLACE:
        if options.changes:
            patch[key] = new
        return
    nested = diff_maps(old, new, field.schema, replace(options, retain_keys=field.retain_keys))
    if nested:
        patch[key] = nested


def _diff_list_field(
    key: str, old: list[Any], new: list[Any], patch: Map, schema: Schema | None, options: Options
) -> None:
    if values.same(old, new):
        return
    field = lookup(schema, key, items=True)
    if field.strategy != MERGE:
        if options.changes:
            patch[key] = new
        return
    options = replace(options, retain_keys=field.retain_keys)
    changed, deleted, order = _diff_lists(old, new, field.schema, field.merge_key, options)
    if changed:
        patch[key] = changed
    if deleted:
        patch[f"{DELETE_FROM_LIST}/{key}"] = deleted
    if order:
        patch[f"{ELEMENT_ORDER}/{key}"] = order


def _diff_lists(
    old: list[Any], new: list[Any], schema: Schema | None, merge_key: str, options: Options
) -> tuple[list[Any], list[Any], list[Any]]:
    """(elements to merge, scalars to delete, order)."""
    if not old:
        return (new if options.changes else []), [], []
    if element_type(old, new) is not dict:
        added, deleted = _diff_scalars(old, new, options)
        added = ordering.sort_by(added, new, merge_key)
        ordered = options.order and ((options.deletions and deleted) or options.changes)
        return added, deleted, (new if ordered else [])
    changed, gone = _diff_items(old, new, schema, merge_key, options)
    changed = ordering.sort_by(changed, new, merge_key) + gone
    same_order = len(old) == len(new) and all(
        values.same(merge_key_of(left, merge_key), merge_key_of(right, merge_key))
        for left, right in zip(old, new, strict=True)
    )
    directed = options.order and ((options.changes and (changed or not same_order)) or (options.deletions and changed))
    order = [{merge_key: item.get(merge_key)} for item in new] if directed else []
    return changed, [], order


def _diff_scalars(old: list[Any], new: list[Any], options: Options) -> tuple[list[Any], list[Any]]:
    added: list[Any] = []
    deleted: list[Any] = []
    left, right = sorted(old, key=values.text), sorted(new, key=values.text)
    i = j = 0
    while i < len(left) or j < len(right):
        before = values.text(left[i]) if i < len(left) else None
        after = values.text(right[j]) if j < len(right) else None
        if before == after:
            i, j = i + 1, j + 1
        elif before is None or (after is not None and before > after):
            if options.changes:
                added.append(right[j])
            j += 1
        else:
            if options.deletions:
                deleted.append(left[i])
            i += 1
    return added, list({values.key(item): item for item in deleted}.values())


def _by_merge_key(items: list[Any], merge_key: str) -> list[tuple[str, Any]]:
    """Sorted by the key's text; of equal keys the last comes first, as upstream's sort leaves them."""
    element_type(items)
    keyed = [(values.text(merge_key_of(item, merge_key)), item) for item in reversed(items)]
    return sorted(keyed, key=lambda pair: pair[0])


def _diff_items(
    old: list[Any], new: list[Any], schema: Schema | None, merge_key: str, options: Options
) -> tuple[list[Any], list[Any]]:
    """(elements added or changed, delete directives)."""
    changed: list[Any] = []
    gone: list[Any] = []
    left = _by_merge_key(old, merge_key) if old else []
    right = _by_merge_key(new, merge_key) if new else []
    i = j = 0
    while i < len(left) or j < len(right):
        before = left[i][0] if i < len(left) else None
        after = right[j][0] if j < len(right) else None
        if before is not None and before == after:
            patch = diff_maps(left[i][1], right[j][1], schema, options)
            if patch:
                patch[merge_key] = right[j][1][merge_key]
                changed.append(patch)
            i, j = i + 1, j + 1
        elif before is None or (after is not None and before > after):
            if options.changes:
                changed.append(right[j][1])
            j += 1
        else:
            if options.deletions:
                gone.append({merge_key: left[i][1][merge_key], PATCH: DELETE})
            i += 1
    return changed, gone
