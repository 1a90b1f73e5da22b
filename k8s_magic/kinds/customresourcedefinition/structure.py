"""Whether a schema is structural: types everywhere, and nothing in allOf, anyOf, oneOf and not but validation.

Source: apiextensions-apiserver/pkg/apiserver/schema/validation.go (ValidateStructural)
"""

from __future__ import annotations

import re
from typing import Any

from k8s_magic.kinds.validation import field
from k8s_magic.kinds.validation.field import Errors

Schema = dict[str, Any]
ROOT, ITEM, FIELD = "at the root", "for specified array items", "for specified object fields"
INT_OR_STRING = [{"type": "integer"}, {"type": "string"}]
EMPTY, UNDEFINED, FALSE = "must be empty to be structural", "must be undefined to be structural", "must be false"
# What may not stand in a junctor: (name, how it is said).
FORBIDDEN = (
    ("type", EMPTY),
    ("additionalProperties", UNDEFINED),
    ("default", UNDEFINED),
    ("title", EMPTY),
    ("description", EMPTY),
    ("nullable", f"{FALSE} to be structural"),
    ("x-kubernetes-preserve-unknown-fields", f"{FALSE} to be structural"),
    ("x-kubernetes-embedded-resource", f"{FALSE} to be structural"),
    ("x-kubernetes-int-or-string", f"{FALSE} to be structural"),
    ("x-kubernetes-list-map-keys", EMPTY),
    ("x-kubernetes-list-type", UNDEFINED),
    ("x-kubernetes-map-type", UNDEFINED),
    ("x-kubernetes-validations", EMPTY),
)


def check(schema: Schema, path: str) -> Errors:
    """In the order of their texts, as the server sorts them."""
    return sorted([*_invariants(schema, ROOT, path), *_complete(schema, path)], key=str)


def _invariants(schema: Schema, level: str, path: str) -> Errors:
    found: Errors = []
    type_, items = schema.get("type", ""), schema.get("items")
    properties = schema.get("properties") or {}
    rest = schema.get("additionalProperties")
    is_embedded = bool(schema.get("x-kubernetes-embedded-resource"))
    preserves = bool(schema.get("x-kubernetes-preserve-unknown-fields"))
    is_either = bool(schema.get("x-kubernetes-int-or-string"))
    if type_ == "array" and items is None:
        found.append(field.required(f"{path}.items", "must be specified"))
    if isinstance(items, dict):
        found += _invariants(items, ITEM, f"{path}.items")
    for name, each in properties.items():
        found += _invariants(each, FIELD, f"{path}.properties[{name}]")
    if rest is not None:
        if level == ROOT:
            found.append(field.forbidden(f"{path}.additionalProperties", "must not be used at the root"))
        if isinstance(rest, dict):
            found += _invariants(rest, FIELD, f"{path}.additionalProperties")
    for name, wrong in (("preserve-unknown-fields", preserves), ("embedded-resource", is_embedded)):
        if is_either and wrong:
            words = "must be false if x-kubernetes-int-or-string is true"
            found.append(field.invalid(f"{path}.x-kubernetes-{name}", True, words))
    all_of = schema.get("allOf") or []
    found += _validation(
        schema,
        path,
        skip_any=schema.get("anyOf") == INT_OR_STRING,
        skip_first_all=bool(all_of) and all_of[0].get("anyOf") == INT_OR_STRING,
    )
    found += _types(schema, level, path)
    if level == ROOT or is_embedded:
        for name in ("kind", "apiVersion"):
            given = (properties.get(name) or {}).get("type", "")
            if name in properties and given != "string":
                found.append(field.invalid(f"{path}.properties[{name}].type", given, "must be string"))
    if "metadata" in properties:
        found += _metadata(properties["metadata"], level, is_embedded, f"{path}.properties[metadata]")
    if is_embedded and not preserves and not properties:
        words = (
            "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields"
        )
        found.append(field.required(f"{path}.properties", words))
    return found


def _types(schema: Schema, level: str, path: str) -> Errors:
    found: Errors = []
    type_ = schema.get("type", "")
    is_embedded = bool(schema.get("x-kubernetes-embedded-resource"))
    if is_embedded and type_ != "object":
        words = "must be object if x-kubernetes-embedded-resource is true"
        found.append(field.invalid(f"{path}.type", type_, words) if type_ else field.required(f"{path}.type", words))
    elif not type_ and not (
        schema.get("x-kubernetes-int-or-string") or schema.get("x-kubernetes-preserve-unknown-fields")
    ):
        found.append(field.required(f"{path}.type", f"must not be empty {level}"))
    if is_embedded and schema.get("additionalProperties") is not None:
        words = "must not be used if x-kubernetes-embedded-resource is set"
        found.append(field.forbidden(f"{path}.additionalProperties", words))
    if level == ROOT and type_ and type_ != "object":
        found.append(field.invalid(f"{path}.type", type_, "must be object at the root"))
    return found


def _metadata(schema: Schema, level: str, is_embedded: bool, path: str) -> Errors:
    found: Errors = []
    if (level == ROOT or is_embedded) and schema.get("type", "") != "object":
        found.append(field.invalid(f"{path}.type", schema.get("type", ""), "must be object"))
    if level == ROOT:
        properties = set(schema.get("properties") or ())
        others = {name for name, each in schema.items() if each} - {"type", "default", "properties"}
        if others or not properties <= {"name", "generateName"}:
            words = "must not specify anything other than name and generateName, but metadata is implicitly specified"
            found.append(field.forbidden(path, words))
    return found


def _validation(schema: Schema, path: str, *, skip_any: bool = False, skip_first_all: bool = False) -> Errors:
    found: Errors = []
    if not skip_any:
        for position, each in enumerate(schema.get("anyOf") or ()):
            found += _nested(each, f"{path}.anyOf[{position}]")
    for position, each in enumerate(schema.get("allOf") or ()):
        found += _nested(each, f"{path}.allOf[{position}]", skip_any=skip_first_all and position == 0)
    for position, each in enumerate(schema.get("oneOf") or ()):
        found += _nested(each, f"{path}.oneOf[{position}]")
    if isinstance(schema.get("not"), dict):
        found += _nested(schema["not"], f"{path}.not")
    if pattern := schema.get("pattern"):
        try:
            re.compile(pattern.replace(r"\z", r"\Z"))
        except re.error as problem:
            words = f"must be a valid regular expression, but isn't: error parsing regexp: {problem.msg}"
            found.append(field.invalid(f"{path}.pattern", pattern, words))
    return found


def _nested(schema: Schema, path: str, *, skip_any: bool = False) -> Errors:
    found = _validation(schema, path, skip_any=skip_any)
    if isinstance(schema.get("items"), dict):
        found += _nested(schema["items"], f"{path}.items")
    for name, each in (schema.get("properties") or {}).items():
        found += _nested(each, f"{path}.properties[{name}]")
    found += [field.forbidden(f"{path}.{name}", words) for name, words in FORBIDDEN if schema.get(name)]
    if "metadata" in (schema.get("properties") or {}):
        words = "must not be specified in a nested context"
        found.append(field.forbidden(f"{path}.properties[metadata]", words))
    return found


def _complete(schema: Schema, path: str) -> Errors:
    """What is validated in a junctor must be specified outside of it.

    Source: apiserver/schema/complete.go
    """
    found: Errors = []
    for name in ("allOf", "anyOf", "oneOf"):
        for position, each in enumerate(schema.get(name) or ()):
            found += _specified(each, schema, f"{path}.{name}[{position}]", path)
    if isinstance(schema.get("not"), dict):
        found += _specified(schema["not"], schema, f"{path}.not", path)
    if isinstance(schema.get("items"), dict):
        found += _complete(schema["items"], f"{path}.items")
    for name, each in (schema.get("properties") or {}).items():
        found += _complete(each, f"{path}.properties[{name}]")
    if isinstance(schema.get("additionalProperties"), dict):
        found += _complete(schema["additionalProperties"], f"{path}.additionalProperties")
    return found


def _specified(nested: Schema, schema: Schema | None, path: str, outer: str) -> Errors:
    found: Errors = []
    because = f"because it is defined in {path}"
    for name in ("allOf", "anyOf", "oneOf"):
        for position, each in enumerate(nested.get(name) or ()):
            found += _specified(each, schema, f"{path}.{name}[{position}]", outer)
    if isinstance(nested.get("items"), dict):
        inner = (schema or {}).get("items")
        if not isinstance(inner, dict):
            found.append(field.required(f"{outer}.items", f"{because}.items"))
        else:
            found += _specified(nested["items"], inner, f"{path}.items", f"{outer}.items")
    for name, each in (nested.get("properties") or {}).items():
        known = ((schema or {}).get("properties") or {}).get(name)
        if known is None:
            found.append(field.required(f"{outer}.properties[{name}]", f"{because}.properties[{name}]"))
        else:
            found += _specified(each, known, f"{path}.properties[{name}]", f"{outer}.properties[{name}]")
    return found
