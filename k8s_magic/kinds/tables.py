"""The generated tables of API types, read one Go package at a time when a type is first asked for.

A type's key is `<group>.<version>.<Name>` (`core.v1.PodSpec`); what a table holds is told in generators/schema.py.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

GENERATED = Path(__file__).parent / "generated"

# Go's plain types as OpenAPI spells them: (type, format).
PLAIN: dict[str, tuple[str, str]] = {
    "string": ("string", ""),
    "bool": ("boolean", ""),
    "int": ("integer", "int32"),
    "int32": ("integer", "int32"),
    "int64": ("integer", "int64"),
    "uint32": ("integer", "int64"),
    "uint64": ("integer", "int64"),
    "float64": ("number", "double"),
    "[]byte": ("string", "byte"),
    "types.UID": ("string", ""),
    "types.NodeName": ("string", ""),
    "meta.v1.Time": ("string", "date-time"),
    "meta.v1.MicroTime": ("string", "date-time"),
    "meta.v1.Duration": ("string", ""),
    "meta.v1.FieldsV1": ("object", ""),
    "Quantity": ("string", "quantity"),
    "IntOrString": ("string", "int-or-string"),
    "RawExtension": ("object", ""),
    "apiextensions.v1.JSON": ("", ""),
    "apiextensions.v1.JSONSchemaPropsOrArray": ("", ""),
    "apiextensions.v1.JSONSchemaPropsOrBool": ("", ""),
    "apiextensions.v1.JSONSchemaPropsOrStringArray": ("", ""),
}


class Type(NamedTuple):
    """A Go type taken apart: what kind of value it is, and what is inside."""

    sort: str  # struct, list, map, plain
    key: str  # the struct's key or the plain type
    inner: str = ""  # the Go type of items or values
    is_pointer: bool = False


@cache
def package(name: str) -> dict[str, Any]:
    path = GENERATED / "types" / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def discovery() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((GENERATED / "discovery.json").read_text(encoding="utf-8"))
    return found


def lookup(key: str) -> dict[str, Any] | str:
    """A type's table, or the Go type that it is another name of."""
    name, _, short = key.rpartition(".")
    found: dict[str, Any] | str = package(name)[short]
    return found


def has(key: str) -> bool:
    name, _, short = key.rpartition(".")
    return (GENERATED / "types" / f"{name}.json").exists() and short in package(name)


@cache
def take_apart(go_type: str) -> Type:
    """The structure of a Go type, named types looked through."""
    if go_type.startswith("*"):
        return take_apart(go_type[1:])._replace(is_pointer=True)
    if go_type in PLAIN:
        return Type("plain", go_type)
    if go_type.startswith("[]"):
        return Type("list", go_type, go_type[2:])
    if go_type.startswith("map:"):
        return Type("map", go_type, go_type[4:])
    found = lookup(go_type)
    if isinstance(found, str):
        return take_apart(found)
    return Type("struct", go_type)


def struct(key: str) -> dict[str, Any]:
    """The table of a struct."""
    found = lookup(key)
    assert isinstance(found, dict), key
    return found


def type_key(group: str, version: str, kind: str) -> str:
    """The key of a kind's Go type: the first word of the group names the package."""
    return f"{group.partition('.')[0] or 'core'}.{version}.{kind}"


@cache
def go_name(go_type: str) -> str:
    """A type as Go's reflection prints it: `[]v1.Container`, `map[string]string`, `v1.Protocol`."""
    if go_type.startswith("*"):
        return go_name(go_type[1:])
    if go_type.startswith("[]"):
        return "[]uint8" if go_type == "[]byte" else "[]" + go_name(go_type[2:])
    if go_type.startswith("map:"):
        return "map[string]" + go_name(go_type[4:])
    if go_type == "Quantity":
        return "resource.Quantity"
    if go_type == "IntOrString":
        return "intstr.IntOrString"
    if go_type == "RawExtension":
        return "runtime.RawExtension"
    return ".".join(go_type.split(".")[-2:])
