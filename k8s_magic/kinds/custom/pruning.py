"""What a structural schema does not name is taken out; where it has a default, it is filled in.

All of it changes objects in place: they are the caller's own copies.
Source: apiextensions-apiserver/pkg/apiserver/schema/{pruning,defaulting}/algorithm.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.machinery.meta import Object

Schema = dict[str, Any]
META = ("apiVersion", "kind", "metadata")


def copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: copied(each) for key, each in value.items()}
    return [copied(each) for each in value] if isinstance(value, list) else value


def values_schema(schema: Schema) -> Schema | None:
    """The schema of a map's values; None where any value may stand, or no further key."""
    found = schema.get("additionalProperties")
    return found if isinstance(found, dict) else None


def has_values(schema: Schema) -> bool:
    return schema.get("additionalProperties") is not None


def prune(obj: Object, schema: Schema) -> list[str]:
    """Take out of a whole object what is not in the schema. Returns the paths of it, sorted."""
    found: list[str] = []
    _prune(obj, {**schema, "x-kubernetes-embedded-resource": True}, "", found)
    return sorted(found)


def _prune(value: Any, schema: Schema | None, path: str, found: list[str]) -> None:
    preserves = schema is not None and bool(schema.get("x-kubernetes-preserve-unknown-fields"))
    if isinstance(value, dict):
        properties = (schema or {}).get("properties") or {}
        for key in list(value):
            if schema is not None and key in META and schema.get("x-kubernetes-embedded-resource"):
                continue
            here = f"{path}.{key}" if path else key
            if key in properties:
                _prune(value[key], properties[key], here, found)
            elif schema is not None and has_values(schema):
                _prune_any(value[key], values_schema(schema), here, found, preserves)
            elif not preserves:
                if path or key not in META:
                    found.append(here)
                del value[key]
    elif isinstance(value, list):
        for position, each in enumerate(value):
            _prune_any(each, (schema or {}).get("items"), f"{path}[{position}]", found, preserves)


def _prune_any(value: Any, schema: Schema | None, path: str, found: list[str], preserves: bool) -> None:
    """What has no schema of its own is kept below a place that preserves unknown fields, else emptied."""
    if schema is not None or not preserves:
        _prune(value, schema, path, found)


def default(value: Any, schema: Schema | None) -> None:
    """Fill in defaults; nulls that may not be null count as missing."""
    if schema is None:
        return
    if isinstance(value, dict):
        properties = schema.get("properties") or {}
        for key, inner in properties.items():
            given = inner.get("default")
            if given is not None and (key not in value or (value[key] is None and not inner.get("nullable"))):
                value[key] = copied(given)
        rest = values_schema(schema)
        for key, each in value.items():
            if key in properties:
                default(each, properties[key])
            elif rest is not None:
                if each is None and not rest.get("nullable") and rest.get("default") is not None:
                    value[key] = copied(rest["default"])
                default(value[key], rest)
    elif isinstance(value, list):
        inner = schema.get("items")
        for position, each in enumerate(value):
            if inner is not None and each is None and not inner.get("nullable") and inner.get("default") is not None:
                value[position] = copied(inner["default"])
            default(value[position], inner)


def drop_nulls(value: Any, schema: Schema | None) -> None:
    """Take out nulls that may not be null and have no default."""
    if schema is None:
        return
    if isinstance(value, dict):
        properties, rest = schema.get("properties") or {}, values_schema(schema)
        for key in list(value):
            inner = properties.get(key, rest)
            if inner is None:
                continue
            if value[key] is None and not inner.get("nullable") and inner.get("default") is None:
                del value[key]
            else:
                drop_nulls(value[key], inner)
    elif isinstance(value, list):
        for each in value:
            drop_nulls(each, schema.get("items"))
