"""The diff in the complaint about a forbidden change: objects in the server's internal form, as unified diff.

Source: apimachinery/pkg/util/diff (JSON with one space of indent), pkg/apis/core/types.go (the internal form)
"""

from __future__ import annotations

import difflib
import json
from functools import cache
from typing import Any

from k8s_magic.kinds import tables
from k8s_magic.kinds.validation import go_json
from k8s_magic.machinery.meta import Object

# Plain types that are written even when they were not given.
ZERO: dict[str, Any] = {
    "string": "",
    "bool": False,
    "int32": 0,
    "int64": 0,
    "int": 0,
    "Quantity": "0",
    "IntOrString": 0,
}


@cache
def _shapes() -> dict[str, Any]:
    shapes: dict[str, Any] = json.loads((tables.GENERATED / "internal.json").read_text(encoding="utf-8"))
    return shapes


def of_specs(before: Object, after: Object) -> str:
    """Of two Pod specs."""
    return _diff("PodSpec", before, after)


def of_claims(before: Object, after: Object) -> str:
    """Of two specs of a persistent volume claim."""
    return _diff("PersistentVolumeClaimSpec", before, after)


def of_ephemeral_containers(before: Object, after: Object) -> str:
    """Of two ephemeral containers; "" where they are the same."""
    forms = [internal("EphemeralContainer", one, one) for one in (before, after)]
    return "" if forms[0] == forms[1] else _diff("EphemeralContainer", before, after)


def _diff(type: str, before: Object, after: Object) -> str:
    old, new = (go_json.indented(internal(type, spec, spec)).splitlines(keepends=True) for spec in (before, after))
    old[-1] += "\n"
    new[-1] += "\n"
    return "".join(list(difflib.unified_diff(old, new, n=3))[2:])


def internal(type: str, value: Any, outer: Object) -> Any:
    """A value in the server's internal form: every field, by its Go name."""
    if type.startswith("*"):
        return None if value is None else internal(type[1:], value, outer)
    if type.startswith("[]"):
        return [internal(type[2:], item, outer) for item in value] if value else None
    if type.startswith("map:"):
        return {key: internal(type[4:], value[key], outer) for key in sorted(value)} if value else None
    shape = _shapes().get(type)
    if isinstance(shape, str):
        return internal(shape, value, outer)
    if shape is None:
        return _plain(type, value)
    given = value or {}
    if type == "PodSpec":
        outer = given
    shown: dict[str, Any] = {}
    for name, wire, inner in shape:
        if not name:
            shown |= given.get(wire) or {}
        elif wire.startswith("^"):
            shown[name] = internal(inner, outer.get(wire[1:]), outer)
        else:
            shown[name] = internal(inner, given.get(wire), outer)
    return shown


def _plain(type: str, value: Any) -> Any:
    if value is None:
        return ZERO.get(type, "" if type.startswith("types.") else None)
    return go_json.ordered(value)


def compact(type: str, value: Any) -> str:
    """One value in the internal form on one line."""
    return go_json.compact(internal(type, value, value))
