"""Filling in what a manifest leaves open, type by type, outer types first.

Owns the functions of each API group (`TYPES`: a type's key -> its function) and the walk over an object that calls
them. Each function changes the caller's own copy. Structs are there already: decoding puts them in.
Source: pkg/apis/*/v1/defaults.go and zz_generated.defaults.go
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from k8s_magic.kinds import tables
from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object

Fill = Callable[[Any], None]

# Which module has the functions of a group's types. Loaded when the group's first type is met.
MODULE_OF = {
    "admissionregistration": "admissionregistration",
    "apps": "apps",
    "autoscaling": "autoscaling",
    "batch": "batch",
    "core": "core",
    "apiextensions": "extensions",
    "apiregistration": "extensions",
    "flowcontrol": "flowcontrol",
    "authentication": "policies",
    "discovery": "policies",
    "networking": "policies",
    "rbac": "policies",
    "resource": "policies",
    "scheduling": "policies",
    "storage": "policies",
}
# Schemas of custom resources contain themselves and have no defaults of their own.
RECURSIVE = {"apiextensions.v1.JSONSchemaProps"}


def default(obj: Object, key: str) -> None:
    """Fill defaults into an object of a type (in place)."""
    fill = filler(key)
    if fill is not None:
        fill(obj)


def own(key: str) -> Fill | None:
    """A type's own function, without those of the types inside."""
    module = MODULE_OF.get(key.partition(".")[0])
    if module is None:
        return None
    types: dict[str, Fill] = import_module(f"{__name__}.{module}").TYPES
    return types.get(key)


@cache
def filler(go_type: str) -> Fill | None:
    """The walk over one type; None where nothing inside has a default."""
    type_ = tables.take_apart(go_type)
    if go_type.removeprefix("*") == "core.v1.ResourceList":
        return round_up
    if type_.sort in ("list", "map"):
        inner = filler(type_.inner)
        return None if inner is None else _each(inner, type_.sort == "map")
    if type_.sort != "struct" or type_.key in RECURSIVE:
        return None
    first = own(type_.key)
    declared: list[tuple[str, Any]] = []
    below: list[tuple[str, Fill]] = []
    for name, field in tables.struct(type_.key)["f"].items():
        value = field.get("d")
        if value or (value is not None and field["t"].startswith("*")):
            declared.append((name, value))
        inner = filler(field["t"])
        if inner is not None:
            below.append((name, inner))
    if first is None and not declared and not below:
        return None
    return _struct(first, declared, below)


def _each(fill: Fill, is_map: bool) -> Fill:
    def walk(values: Any) -> None:
        for value in values.values() if is_map else values:
            fill(value)

    return walk


def _struct(first: Fill | None, declared: list[tuple[str, Any]], below: list[tuple[str, Fill]]) -> Fill:
    def walk(obj: Object) -> None:
        if first is not None:
            first(obj)
        for name, value in declared:
            if obj.get(name) is None or obj[name] == "":
                obj[name] = value
        for name, fill in below:
            inside = obj.get(name)
            if inside or (inside is not None and not isinstance(inside, list)):
                fill(inside)

    return walk


def round_up(amounts: dict[str, str]) -> None:
    """Amounts finer than a thousandth are rounded up."""
    for name, text in amounts.items():
        if text.endswith(("n", "u")):
            parsed = quantity.parse(text)
            amounts[name] = str(quantity.Quantity(parsed.milli * 10**6, parsed.format))
