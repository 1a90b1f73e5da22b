"""Sets of fields as managedFields holds them (FieldsV1), worked on in their wire form.

A set is a dict of path elements to sets: `f:name` a field, `k:{"name":"web"}` a list item by its keys, `v:"a"` a
list item by its value, `i:0` by position. A path is in the set where its node is empty or has the key `.`.

Source: structured-merge-diff fieldpath/{set,element,serialize-pe}.go
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from k8s_magic.text import json_out

Set = dict[str, Any]
Path = tuple[str, ...]
SELF = "."
_ORDER = {"f": 0, "k": 1, "v": 2, "i": 3}


def field(name: str) -> str:
    return f"f:{name}"


def by_keys(keys: dict[str, Any]) -> str:
    return f"k:{json_out.compact(keys)}"


def by_value(value: Any) -> str:
    return f"v:{json_out.compact(value)}"


def is_member(node: Set) -> bool:
    """Whether the node's own path is in the set."""
    return not node or SELF in node


def node(member: bool, children: Set) -> Set | None:
    """A node, or None where nothing is left of it."""
    if not children:
        return {} if member else None
    return {SELF: {}, **children} if member else children


def children(held: Set) -> Set:
    if SELF in held:
        return {element: child for element, child in held.items() if element != SELF}
    return held


def union(left: Set, right: Set) -> Set:
    merged = dict(left)
    for element, theirs in right.items():
        ours = merged.get(element)
        if ours is None:
            merged[element] = theirs
        elif element != SELF:
            both = node(is_member(ours) or is_member(theirs), union(children(ours), children(theirs)))
            merged[element] = both if both is not None else {}
    return merged


def intersection(left: Set, right: Set) -> Set:
    common: Set = {}
    for element, ours in left.items():
        theirs = right.get(element)
        if theirs is None or element == SELF:
            continue
        both = node(is_member(ours) and is_member(theirs), intersection(children(ours), children(theirs)))
        if both is not None:
            common[element] = both
    return common


def difference(left: Set, right: Set) -> Set:
    """Paths of `left` that are not in `right`; a parent in `right` takes no children away."""
    rest: Set = {}
    for element, ours in left.items():
        theirs = right.get(element)
        if theirs is None:
            rest[element] = ours
            continue
        kept = node(is_member(ours) and not is_member(theirs), difference(children(ours), children(theirs)))
        if kept is not None:
            rest[element] = kept
    return rest


def without_trees(left: Set, right: Set) -> Set:
    """Paths of `left` that are neither in `right` nor below a path of it."""
    rest: Set = {}
    for element, ours in left.items():
        theirs = right.get(element)
        if theirs is None:
            rest[element] = ours
        elif not is_member(theirs):
            kept = node(is_member(ours), without_trees(children(ours), children(theirs)))
            if kept is not None:
                rest[element] = kept
    return rest


def has(held: Set, path: Path) -> bool:
    here = held
    for element in path:
        child = here.get(element)
        if child is None:
            return False
        here = child
    return bool(path) and is_member(here)


def paths(held: Set, prefix: Path = ()) -> Iterator[Path]:
    """All paths: those of a level first, then those below, as conflicts are listed."""
    elements = sorted((element for element in held if element != SELF), key=_order)
    for element in elements:
        if is_member(held[element]):
            yield (*prefix, element)
    for element in elements:
        yield from paths(children(held[element]), (*prefix, element))


def _order(element: str) -> tuple[int, Any]:
    kind = _ORDER.get(element[:1], 9)
    return (kind, f"{int(element[2:]):012}") if kind == 3 else (kind, element[2:])


def path_text(path: Path) -> str:
    """`.spec.containers[name="web"].image`, `.metadata.finalizers[="a"]`."""
    return "".join(map(_element_text, path))


def _element_text(element: str) -> str:
    kind, content = element[0], element[2:]
    if kind == "f":
        return f".{content}"
    if kind == "k":
        keys = json.loads(content)
        return "[" + ",".join(f"{name}={_plain(value)}" for name, value in sorted(keys.items())) + "]"
    if kind == "v":
        return f"[={_plain(json.loads(content))}]"
    return f"[{content}]"


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
