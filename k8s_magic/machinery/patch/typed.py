"""Objects seen through their schema: which fields one has, how two differ, merging and removing by fields.

Lists are atomic unless their schema says set or map; maps and structs are granular unless it says atomic.

Source: structured-merge-diff typed/{tofieldset,compare,merge,remove,helpers}.go
"""

from __future__ import annotations

from typing import Any, NamedTuple

from k8s_magic.machinery.patch import fields_v1
from k8s_magic.machinery.patch.errors import PatchError
from k8s_magic.machinery.patch.fields_v1 import Set
from k8s_magic.machinery.patch.values import same
from k8s_magic.machinery.schema import Schema

_ABSENT: Any = object()


class Comparison(NamedTuple):
    removed: Set
    modified: Set
    added: Set

    def without_trees(self, ignored: Set) -> Comparison:
        return Comparison(*(fields_v1.without_trees(each, ignored) for each in self)) if ignored else self


def _is_keyed(schema: Schema | None) -> bool:
    return schema is not None and schema.list_type in ("map", "set")


def _is_atomic(schema: Schema | None) -> bool:
    return schema is not None and schema.map_type == "atomic"


def _below(schema: Schema | None, name: str) -> Schema | None:
    return schema.field(name) if schema is not None else None


def _is_named(schema: Schema | None, name: str) -> bool:
    return schema is not None and not schema.is_map and name in schema.properties


def element_of(schema: Schema, item: Any) -> str:
    """The path element of an item of a set or keyed list. Raises: PatchError where it has no identity."""
    if schema.list_type == "set":
        if isinstance(item, dict):
            raise PatchError("associative list without keys has an element that's a map type", "BadRequest")
        if isinstance(item, list):
            raise PatchError("not supported: associative list with lists as elements", "BadRequest")
        if item is None:
            raise PatchError("associative list without keys has an element that's an explicit null", "BadRequest")
        return fields_v1.by_value(item)
    if not isinstance(item, dict):
        what = "a null element" if item is None else "non-map elements"
        raise PatchError(f"associative list with keys may not have {what}", "BadRequest")
    keys: dict[str, Any] = {}
    for name in schema.list_map_keys:
        if name in item:
            keys[name] = item[name]
            continue
        inner = _below(schema.item, name)
        if inner is not None and inner.default is not None:
            keys[name] = inner.default
    if not keys:
        names = "[" + " ".join(f'"{name}"' for name in schema.list_map_keys) + "]"
        raise PatchError(
            f"associative list with keys has an element that omits all key fields {names} "
            "(and doesn't have default values for any key fields)",
            "BadRequest",
        )
    return fields_v1.by_keys(keys)


def _elements(schema: Schema, items: list[Any]) -> dict[str, Any]:
    """Items by path element; of equal ones the first."""
    found: dict[str, Any] = {}
    for item in items:
        found.setdefault(element_of(schema, item), item)
    return found


# --- The set of an object's fields -----------------------------------------------------------------------------


def to_set(value: Any, schema: Schema | None) -> Set:
    """Every leaf, map entry and list item of an object."""
    return fields_v1.children(_to_node(value, schema)[1])


def _to_node(value: Any, schema: Schema | None) -> tuple[bool, Set]:
    """Whether the value is a leaf in itself, and the set below it."""
    if isinstance(value, dict):
        if _is_atomic(schema):
            return True, {}
        below: Set = {}
        for name, held in value.items():
            leaf, inner = _to_node(held, _below(schema, name))
            empty = held is None or held == {}
            kept = fields_v1.node(leaf or empty or not _is_named(schema, name), inner)
            if kept is not None:
                below[fields_v1.field(name)] = kept
        return False, below
    if isinstance(value, list):
        if schema is None or not _is_keyed(schema):
            return True, {}
        below = {}
        for item in value:
            element = element_of(schema, item)
            if element in below:
                below[element] = {}
                continue
            below[element] = fields_v1.node(True, _to_node(item, schema.item)[1])
        return False, below
    return value is not None, {}


# --- Comparing -------------------------------------------------------------------------------------------------


def compare(old: Any, new: Any, schema: Schema | None) -> Comparison:
    """What `new` removed, modified and added. Objects that are the same one cost nothing."""
    if old is new:
        return Comparison({}, {}, {})
    nodes = _compare(old, new, schema)
    return Comparison(*(fields_v1.children(held or {}) for held in nodes))


_Nodes = tuple[Set | None, Set | None, Set | None]
_NOTHING: _Nodes = (None, None, None)


def _compare(old: Any, new: Any, schema: Schema | None) -> _Nodes:
    """(removed, modified, added) nodes, each with the value's own path where that is in the set."""
    if old is new:
        return _NOTHING
    sample = new if new is not _ABSENT and new is not None else old
    if isinstance(sample, dict):
        leaf = _is_atomic(schema) or not ((_given(old, dict)) or _given(new, dict))
    elif isinstance(sample, list):
        leaf = not _is_keyed(schema) or not (_given(old, list) or _given(new, list))
    else:
        leaf = True
    if leaf:
        if old is _ABSENT:
            return None, None, {}
        if new is _ABSENT:
            return {}, None, None
        return _NOTHING if same(old, new) else (None, {}, None)

    removed: Set = {}
    modified: Set = {}
    added: Set = {}
    if isinstance(sample, dict):
        left, right = _as(old, dict, {}), _as(new, dict, {})
        pairs = [
            (fields_v1.field(name), left.get(name, _ABSENT), right.get(name, _ABSENT), _below(schema, name))
            for name in {**left, **right}
        ]
    else:
        assert schema is not None
        lefts, rights = _elements(schema, _as(old, list, [])), _elements(schema, _as(new, list, []))
        pairs = [
            (element, lefts.get(element, _ABSENT), rights.get(element, _ABSENT), schema.item)
            for element in {**lefts, **rights}
        ]
    for element, before, after, inner in pairs:
        for into, found in zip((removed, modified, added), _compare(before, after, inner), strict=True):
            if found is not None:
                into[element] = found
    return (
        fields_v1.node(new is _ABSENT, removed),
        fields_v1.node(False, modified),
        fields_v1.node(old is _ABSENT, added),
    )


def _given(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and bool(value)


def _as(value: Any, kind: type, otherwise: Any) -> Any:
    return value if isinstance(value, kind) else otherwise


# --- Merging ---------------------------------------------------------------------------------------------------


def merge(live: Any, applied: Any, schema: Schema | None) -> Any:
    """The live value with all that is applied; nothing is removed."""
    if live is applied:
        return live
    if isinstance(live, dict) and isinstance(applied, dict) and (live or applied) and not _is_atomic(schema):
        merged = dict(live)
        for name, value in applied.items():
            merged[name] = merge(live[name], value, _below(schema, name)) if name in live else value
        return merged
    if isinstance(live, list) and isinstance(applied, list) and (live or applied) and schema and _is_keyed(schema):
        return _merge_lists(live, applied, schema)
    return applied


def _merge_lists(live: list[Any], applied: list[Any], schema: Schema) -> list[Any]:
    """The applied items in their order, the live ones between them as they stood."""
    right: dict[str, Any] = {}
    for item in applied:
        element = element_of(schema, item)
        if element in right:
            shown = fields_v1.path_text((element,))
            raise PatchError(f"failed to merge config: duplicate entries for key {shown}", "BadRequest")
        right[element] = item
    left = [(element_of(schema, item), item) for item in live]
    left_items = _elements(schema, live)
    shared = [element for element in right if element in left_items]
    order = list(right)
    merged: list[Any] = []
    done: set[str] = set()
    i = j = 0

    def take(element: str) -> None:
        done.add(element)
        if element in shared and shared[0] == element:
            shared.pop(0)
        wanted = right[element]
        merged.append(merge(left_items[element], wanted, schema.item) if element in left_items else wanted)

    while i < len(left) or j < len(order):
        if i < len(left) and j < len(order):
            element = left[i][0]
            if element == order[j]:
                take(element)
                i, j = i + 1, j + 1
                continue
            if element in right and shared and shared[0] != element:
                i += 1
                continue
        if i < len(left):
            element, item = left[i]
            if element not in right:
                merged.append(item)
                i += 1
                continue
            if element in done:
                i += 1
        if j < len(order):
            take(order[j])
            j += 1
    return merged


# --- Removing --------------------------------------------------------------------------------------------------


def remove(value: Any, gone: Set, schema: Schema | None) -> Any:
    """The value without some fields and items; containers left empty become None, as upstream leaves them."""
    if not gone:
        return value
    if isinstance(value, dict):
        if not value or _is_atomic(schema):
            return None
        kept = {}
        for name, held in value.items():
            below = gone.get(fields_v1.field(name))
            if below is None:
                kept[name] = held
            elif not fields_v1.is_member(below):
                kept[name] = remove(held, fields_v1.children(below), _below(schema, name))
        return kept or None
    if isinstance(value, list):
        if not value or schema is None or not _is_keyed(schema):
            return None
        items = []
        for item in value:
            below = gone.get(element_of(schema, item))
            if below is None:
                items.append(item)
            elif not fields_v1.is_member(below):
                items.append(remove(item, fields_v1.children(below), schema.item))
        return items or None
    return value


def with_named_fields(held: Set, schema: Schema | None) -> Set:
    """The set with the struct fields on the way to its paths as members too (EnsureNamedFieldsAreMembers)."""
    widened: Set = {}
    for element, child in held.items():
        member, inner = fields_v1.is_member(child), fields_v1.children(child)
        below: Schema | None = None
        if element.startswith("f:"):
            below = _below(schema, element[2:])
            member = member or _is_named(schema, element[2:])
        elif schema is not None:
            below = schema.item
        kept = fields_v1.node(member, with_named_fields(inner, below))
        widened[element] = kept if kept is not None else {}
    return widened
