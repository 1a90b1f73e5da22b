"""Merging a strategic merge patch into an object, or two patches into one.

Source: apimachinery/pkg/util/strategicpatch/patch.go mergeMap, mergeSlice, mergePatchIntoOriginal
"""

from __future__ import annotations

from typing import Any, NamedTuple

from k8s_magic.machinery.patch import ordering, values
from k8s_magic.machinery.patch.directives import (
    DELETE,
    DELETE_FROM_LIST,
    ELEMENT_ORDER,
    MERGE,
    PATCH,
    REPLACE,
    RETAIN_KEYS,
    Field,
    bad_order_list,
    bad_retain_keys,
    bad_type,
    element_type,
    lookup,
    merge_key_of,
    no_merge_key,
    target_of,
    without_directives,
    without_nulls,
)
from k8s_magic.machinery.patch.errors import PatchError
from k8s_magic.machinery.schema import Schema


class Mode(NamedTuple):
    """`into_object`: directives act and nulls of absent fields vanish; else both stay, for the patch being made."""

    into_object: bool


Map = dict[str, Any]


def merge_maps(original: Map, patch: Map, schema: Schema | None, mode: Mode) -> Map:
    if PATCH in patch:
        return _whole(patch)
    original, patch = dict(original), dict(patch)
    _retain_keys(original, patch, mode)
    _ordered_lists(original, patch, schema, mode)
    for key, value in patch.items():
        deleting = False
        if key.startswith(DELETE_FROM_LIST):
            if not mode.into_object:
                original[key] = value
                continue
            key, deleting = target_of(key, DELETE_FROM_LIST), True
        if value is None:
            original.pop(key, None)
            if mode.into_object:
                continue
        if key not in original or type(original[key]) is not type(value):
            if not deleting:
                _take(original, key, value, mode)
            continue
        held = original[key]
        if isinstance(value, dict):
            field = lookup(schema, key, items=False)
            original[key] = value if field.strategy == REPLACE else merge_maps(held, value, field.schema, mode)
        elif isinstance(value, list):
            original[key] = _merge_list(held, value, lookup(schema, key, items=True), mode, deleting)
        else:
            original[key] = value
    return original


def _whole(patch: Map) -> Map:
    directive = patch[PATCH]
    if directive == REPLACE:
        return {key: value for key, value in patch.items() if key != PATCH}
    if directive == DELETE:
        return {}
    raise PatchError(f"unknown patch type: {values.text(directive)} in map: {values.text(patch)}")


def _take(original: Map, key: str, value: Any, mode: Mode) -> None:
    """A value that the original has not, or has in another type."""
    kept, keep = without_directives(without_nulls(value) if mode.into_object else value)
    if keep:
        original[key] = kept
    else:
        original.pop(key, None)


def _retain_keys(original: Map, patch: Map, mode: Mode) -> None:
    if RETAIN_KEYS not in patch:
        return
    directive = patch.pop(RETAIN_KEYS)
    if not mode.into_object:
        held = original.setdefault(RETAIN_KEYS, directive)
        if not values.same(held, directive):
            raise PatchError(
                f"{values.text(held)} and {values.text(directive)} are not deep equal: "
                "this may happen when calculating the 3-way diff patch"
            )
        return
    if not isinstance(directive, list):
        raise bad_retain_keys()
    for key, value in patch.items():
        steers = key.startswith((DELETE_FROM_LIST, ELEMENT_ORDER))
        if value is not None and not steers and key not in directive:
            raise bad_retain_keys()
    for key in [key for key in original if key not in directive]:
        del original[key]


def _ordered_lists(original: Map, patch: Map, schema: Schema | None, mode: Mode) -> None:
    """Merges the lists that have an order directive, and takes both out of the patch."""
    for directive in [key for key in patch if key.startswith(ELEMENT_ORDER)]:
        order = patch.pop(directive)
        if not mode.into_object and not values.same(original.setdefault(directive, order), order):
            raise bad_order_list()
        if not isinstance(order, list):
            raise bad_type([], order)
        key = target_of(directive, ELEMENT_ORDER)
        held, wanted = original.get(key, []), patch.get(key, [])
        if not isinstance(held, list):
            raise bad_type([], held)
        if not isinstance(wanted, list):
            raise bad_type([], wanted)
        field = lookup(schema, key, items=True)
        _check_order(wanted, order, field.merge_key)
        if key in original and key in patch:
            merged = _merge_list(held, wanted, field, mode, False)
        elif key in original:
            merged = held
        elif key in patch:
            merged = without_directives(wanted)[0]
        else:
            continue
        theirs, ours = ordering.partition(merged, order, field.merge_key)
        element_type(held, wanted)
        original[key] = ordering.normalize(theirs, ours, order, held, field.merge_key)
        patch.pop(key, None)


def _check_order(wanted: list[Any], order: list[Any], merge_key: str) -> None:
    """The patch's elements must all be in the order directive, and in its order."""
    if not order or not wanted:
        return
    kept = wanted
    if merge_key:
        for item in wanted:
            if not isinstance(item, dict):
                raise bad_type({}, item)
        kept = [item for item in wanted if PATCH not in item]
    position = 0
    for entry in order:
        if position == len(kept):
            return
        if merge_key:
            left, right = merge_key_of(kept[position], merge_key), merge_key_of(entry, merge_key)
        else:
            left, right = kept[position], entry
        if values.same(left, right):
            position += 1
    if position < len(kept):
        raise PatchError(
            f"The order in patch list:\n{values.text(wanted)}\n doesn't match {ELEMENT_ORDER} list:\n"
            f"{values.text(order)}\n"
        )


def _merge_list(original: list[Any], patch: list[Any], field: Field, mode: Mode, deleting: bool) -> list[Any]:
    if field.strategy != MERGE and not deleting:
        return patch
    if not original and not patch:
        return original
    merge_key = field.merge_key
    if element_type(original, patch) is not dict:
        if deleting:
            gone = {values.key(item) for item in patch}
            return [item for item in original if values.key(item) not in gone]
        merged = list({values.key(item): item for item in (*original, *patch)}.values())
        merge_key = ""
    else:
        if not merge_key:
            name = field.schema.ref if field.schema is not None else ""
            raise PatchError(f"cannot merge lists without merge key for {name or 'struct'}")
        original, patch = _special_items(original, patch, merge_key)
        merged = _merge_items(original, patch, merge_key, field.schema, mode)
    theirs, ours = ordering.partition(merged, patch, merge_key)
    return ordering.normalize(theirs, ours, patch, original, merge_key)


def _special_items(original: list[Any], patch: list[Any], merge_key: str) -> tuple[list[Any], list[Any]]:
    """Obeys the elements that carry a directive."""
    plain, replace = [], False
    for item in patch:
        directive = item.get(PATCH)
        if PATCH not in item:
            plain.append(item)
        elif directive == DELETE:
            if merge_key not in item:
                raise no_merge_key(item, merge_key)
            gone = values.key(item[merge_key])
            for position, held in enumerate(original):
                if not isinstance(held, dict):
                    raise PatchError(f"value for key {position} is not a map")
            original = [held for held in original if merge_key not in held or values.key(held[merge_key]) != gone]
        elif directive == REPLACE:
            replace = True
        elif directive == MERGE:
            raise PatchError("merging lists cannot yet be specified in the patch")
        else:
            raise PatchError(f"unknown patch type: {values.text(directive)} in map: {values.text(item)}")
    return (plain, []) if replace else (original, plain)


def _merge_items(original: list[Any], patch: list[Any], merge_key: str, schema: Schema | None, mode: Mode) -> list[Any]:
    merged = list(original)
    places: dict[Any, int] = {}
    for position, item in enumerate(merged):
        if not isinstance(item, dict):
            raise PatchError(f"value for key {position} is not a map")
        if merge_key in item:
            places.setdefault(values.key(item[merge_key]), position)
    for item in patch:
        if merge_key not in item:
            raise no_merge_key(item, merge_key)
        place = places.get(values.key(item[merge_key]))
        if place is not None:
            merged[place] = merge_maps(merged[place], item, schema, mode)
        else:
            places[values.key(item[merge_key])] = len(merged)
            merged.append(item)
    return merged
