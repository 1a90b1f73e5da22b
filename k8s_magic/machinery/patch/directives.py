"""What steers a strategic merge patch: directives in the patch, strategies and merge keys in the schema.

Source: apimachinery/pkg/util/strategicpatch/{patch,meta}.go, util/mergepatch/errors.go
"""

from __future__ import annotations

from typing import Any, NamedTuple

from k8s_magic.machinery.patch import values
from k8s_magic.machinery.patch.errors import PatchError
from k8s_magic.machinery.schema import Schema

PATCH = "$patch"
DELETE, REPLACE, MERGE = "delete", "replace", "merge"
RETAIN_KEYS = "$retainKeys"
DELETE_FROM_LIST = "$deleteFromPrimitiveList"
ELEMENT_ORDER = "$setElementOrder"


class Field(NamedTuple):
    """How patches treat one field. `schema` is of the value, for a list of its items; None where nothing is known."""

    schema: Schema | None
    strategy: str = ""
    merge_key: str = ""
    retain_keys: bool = False


def lookup(schema: Schema | None, name: str, *, items: bool) -> Field:
    """The patch metadata of a field. Raises: PatchError where the schema has no such field."""
    if schema is None:
        return Field(None)
    found = schema.field(name)
    if found is None:
        if not schema.type and not schema.properties:  # anything may stand here
            return Field(None)
        raise PatchError(f'unable to find api field in struct {schema.ref} for the json field "{name}"')
    strategies = found.patch_strategy
    others = [strategy for strategy in strategies if strategy and strategy != "retainKeys"]
    if len(others) > 1:
        raise PatchError(f"unexpected patch strategy: {values.text(list(strategies))}")
    inner = found.item if items else found
    return Field(inner, others[0] if others else "", found.patch_merge_key, "retainKeys" in strategies)


def no_merge_key(item: Any, merge_key: str) -> PatchError:
    return PatchError(f"map: {values.text(item)} does not contain declared merge key: {merge_key}")


def bad_type(expected: Any, actual: Any) -> PatchError:
    return PatchError(f"expected a {values.type_name(expected)}, but received a {values.type_name(actual)}")


def bad_order_list() -> PatchError:
    return PatchError("invalid patch format of setElementOrder list", "BadRequest")


def bad_deletion_list() -> PatchError:
    return PatchError("invalid patch format of primitive list", "BadRequest")


def bad_retain_keys() -> PatchError:
    return PatchError("invalid patch format of retainKeys", "BadRequest")


def target_of(key: str, prefix: str) -> str:
    """The field that a directive like `$setElementOrder/containers` is about."""
    head, slash, name = key.partition("/")
    if not slash or head != prefix:
        raise bad_order_list() if prefix == ELEMENT_ORDER else bad_deletion_list()
    return name


def element_type(*lists: list[Any]) -> type:
    """The one type of all elements of some lists. Raises: PatchError for none, several, or lists of lists."""
    found: type | None = None
    for elements in lists:
        for element in elements:
            if found is None:
                found = type(element)
                if found is list:
                    raise PatchError("lists of lists are not supported", "Invalid")
            elif type(element) is not found:
                shown = "".join(values.text(each) for each in lists)
                raise PatchError(f"list element types are not identical: {shown}")
    if found is None:
        raise PatchError("no elements in any of the given slices")
    return found


def merge_key_of(item: Any, merge_key: str) -> Any:
    if not isinstance(item, dict):
        raise bad_type({}, item)
    if merge_key not in item:
        raise no_merge_key(item, merge_key)
    return item[merge_key]


def without_directives(value: Any) -> tuple[Any, bool]:
    """The value as it may be stored, and whether it is to be kept at all."""
    if isinstance(value, dict):
        if PATCH in value:
            return None, False
        kept = {}
        for name, held in value.items():
            held, keep = without_directives(held)
            if keep:
                kept[name] = held
        return kept, True
    if isinstance(value, list):
        return [held for held, keep in map(without_directives, value) if keep], True
    return value, True


def without_nulls(value: Any) -> Any:
    """Objects lose their nulls at every depth; the value itself where it has none."""
    if isinstance(value, dict):
        return {name: without_nulls(held) for name, held in value.items() if held is not None}
    if isinstance(value, list):
        return [without_nulls(held) for held in value]
    return value
