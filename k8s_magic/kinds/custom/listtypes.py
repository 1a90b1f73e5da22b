"""Lists that are sets or maps hold nothing twice.

Source: apiextensions-apiserver/pkg/apiserver/schema/listtype/validation.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds.custom.pruning import Schema, values_schema
from k8s_magic.kinds.validation import field, go_json
from k8s_magic.kinds.validation.field import Errors


def check(value: Any, schema: Schema | None, path: str = "") -> Errors:
    found: Errors = []
    if schema is None:
        return found
    if isinstance(value, dict):
        properties, rest = schema.get("properties") or {}, values_schema(schema)
        for key, each in value.items():
            if key in properties:
                found += check(each, properties[key], f"{path}.{key}" if path else key)
            elif rest is not None:
                found += check(each, rest, f"{path}[{key}]")
    elif isinstance(value, list):
        sort = schema.get("x-kubernetes-list-type")
        if sort == "set":
            found += _twice(value, path, value)
        elif sort == "map":
            found += _map(value, schema.get("x-kubernetes-list-map-keys") or [], path)
        for position, each in enumerate(value):
            found += check(each, schema.get("items"), f"{path}[{position}]")
    return found


def _map(value: list[Any], keys: list[str], path: str) -> Errors:
    for position, each in enumerate(value):
        if each is not None and not isinstance(each, dict):
            words = "must be an object for an array of list-type map"
            return [field.invalid(f"{path}[{position}]", each, words)]
    named = [{key: each[key] for key in keys if key in each} if each else {} for each in value]
    return _twice(named, path, named)


def _twice(values: list[Any], path: str, shown: list[Any]) -> Errors:
    """One complaint for each value that comes again, where it comes the second time."""
    seen: dict[str, int] = {}
    found: Errors = []
    for position, each in enumerate(values):
        text = f"{type(each).__name__} {go_json.compact(each)}"
        seen[text] = seen.get(text, 0) + 1
        if seen[text] == 2:
            found.append(field.duplicate(f"{path}[{position}]", shown[position]))
    return found
