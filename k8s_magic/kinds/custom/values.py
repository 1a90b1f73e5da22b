"""Whether values are as their schema says, in the server's words.

A custom resource's schema is checked by kube-openapi's validator, whose complaints name the place twice: as the field
(`spec.replicas`) and in the sentence (`spec.replicas in body should be …`). On an update, what has not changed is not
looked at again (ratcheting). Formats that are not in `formats.py` are taken as they come.

Source: kube-openapi/pkg/validation/{validate,errors}, apiextensions-apiserver/pkg/apiserver/validation/validation.go
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from k8s_magic.kinds.custom import formats
from k8s_magic.kinds.custom.pruning import Schema, values_schema
from k8s_magic.kinds.validation import field
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.errors import FieldError, Unsupported

NOWHERE = "<nil>"
ABSENT: Any = object()
INT32 = 2**31
# What upstream calls the format of a number that is not of the wanted type.
GO_FORMATS = {"integer": "int64", "number": "float64"}


class Check:
    """One object's check. `prefix` is where its root stands (`status`, for a status on its own)."""

    def __init__(self, prefix: str = "") -> None:
        self.found: Errors = []
        self._prefix = prefix

    def value(self, value: Any, schema: Schema, path: str = "", old: Any = ABSENT) -> None:
        if old is not ABSENT and value == old and type(value) is type(old):
            return
        types = _types(schema)
        if value is None:
            if types and not schema.get("nullable"):
                self._wrong_type(path, ",".join(types), "null")
            self._enum(value, schema, path)
            return
        kind = type_of(value)
        if types and not _fits(kind, value, types):
            given = formats.of_schema(schema)
            if not given or (kind in ("string", "array") and {"number", "integer"} & set(types)):
                self._wrong_type(path, ",".join(types), kind)
            elif kind not in ("string", "array"):
                # A format stands for its type; texts and lists under one are let through, as upstream does.
                self._wrong_type(path, given, GO_FORMATS.get(kind, ""))
        self._junctors(value, schema, path)
        if isinstance(value, str):
            self._text(value, schema, path)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self._number(value, schema, path)
        elif isinstance(value, list):
            self._list(value, schema, path, old)
        self._enum(value, schema, path)
        if isinstance(value, dict):
            self._object(value, schema, path, old)

    # One sort of value each -----------------------------------------------------------------------------------

    def _text(self, value: str, schema: Schema, path: str) -> None:
        most, least, pattern = schema.get("maxLength"), schema.get("minLength"), schema.get("pattern")
        if most is not None and len(value) > most:
            self._add(field.too_long(self._at(path), most))
            return
        if least is not None and len(value) < least:
            self._say(path, value, f"should be at least {least} chars long")
            return
        if pattern and _compiled(pattern).search(value) is None:
            self._say(path, value, f"should match '{pattern}'")
        given = formats.of_schema(schema)
        if given and not formats.is_valid(given, value):
            detail = f"{_named(path)} must be of type {given}: {field.shown(value)}"
            self._add(FieldError("FieldValueTypeInvalid", self._at(path), _shown(value, detail)))

    def _number(self, value: float, schema: Schema, path: str) -> None:
        multiple, most, least = schema.get("multipleOf"), schema.get("maximum"), schema.get("minimum")
        if isinstance(value, int):
            # Whole numbers are compared with whole limits.
            most, least = (None if each is None else int(each) for each in (most, least))
            if formats.of_schema(schema) == "int32" and not -INT32 <= value < INT32:
                self._whole(f"Checked value must be of type integer with format int32 in {path}")
        if multiple and (value / multiple) % 1:
            self._say(path, value, f"should be a multiple of {_go(multiple)}")
        if most is not None and (value >= most if schema.get("exclusiveMaximum") else value > most):
            words = "less than" if schema.get("exclusiveMaximum") else "less than or equal to"
            self._say(path, value, f"should be {words} {_go(most)}")
        if least is not None and (value <= least if schema.get("exclusiveMinimum") else value < least):
            words = "greater than" if schema.get("exclusiveMinimum") else "greater than or equal to"
            self._say(path, value, f"should be {words} {_go(least)}")

    def _list(self, value: list[Any], schema: Schema, path: str, old: Any) -> None:
        inner = schema.get("items")
        if isinstance(inner, dict):
            before = _old_items(schema, old)
            for position, each in enumerate(value):
                self.value(each, inner, f"{path}[{position}]", before(each))
        least, most = schema.get("minItems"), schema.get("maxItems")
        if least is not None and len(value) < least:
            self._say(path, len(value), f"should have at least {least} items")
        if most is not None and len(value) > most:
            self._add(field.too_many(self._at(path), len(value), most))

    def _object(self, value: dict[str, Any], schema: Schema, path: str, old: Any) -> None:
        least, most = schema.get("minProperties"), schema.get("maxProperties")
        if least is not None and len(value) < least:
            self._say(path, len(value), f"should have at least {least} properties")
            return
        if most is not None and len(value) > most:
            self._add(field.too_many(self._at(path), len(value), most))
            return
        before = old if isinstance(old, dict) else {}
        properties, rest = schema.get("properties") or {}, values_schema(schema)
        for key, each in value.items():
            inner = properties.get(key, rest)
            if inner is not None:
                self.value(each, inner, _child(path, key), before.get(key, ABSENT))
        for key in schema.get("required") or ():
            if key not in value:
                self._add(field.required(self._at(_child(path, key))))

    def _enum(self, value: Any, schema: Schema, path: str) -> None:
        allowed = schema.get("enum")
        if allowed and not any(value == each and type(value) is type(each) for each in allowed):
            names = [each if isinstance(each, str) else field.shown(each) for each in allowed]
            self._add(field.unsupported(self._at(path), "null" if value is None else value, names))

    def _junctors(self, value: Any, schema: Schema, path: str) -> None:
        """allOf, anyOf, oneOf, not. What failed in the branches is told too, for the first of them."""
        if branches := schema.get("anyOf"):
            failures = [self._tried(value, branch, path) for branch in branches]
            if all(failures):
                self._whole(f"{_quoted(path)} must validate at least one schema (anyOf)")
                self.found += failures[0]
        if branches := schema.get("oneOf"):
            failures = [self._tried(value, branch, path) for branch in branches]
            valid = sum(not each for each in failures)
            if valid != 1:
                why = f"Found {valid} valid alternatives" if valid else "Found none valid"
                self._whole(f"{_quoted(path)} must validate one and only one schema (oneOf). {why}")
                if not valid:
                    self.found += failures[0]
        if branches := schema.get("allOf"):
            failures = [self._tried(value, branch, path) for branch in branches]
            for each in failures:
                self.found += each
            if any(failures):
                why = "" if not all(failures) else ". None validated"
                self._whole(f"{_quoted(path)} must validate all the schemas (allOf){why}")
        branch = schema.get("not")
        if branch is not None and not self._tried(value, branch, path):
            self._whole(f"{_quoted(path)} must not validate the schema (not)")

    # Words ----------------------------------------------------------------------------------------------------

    def _tried(self, value: Any, schema: Schema, path: str) -> Errors:
        check = Check(self._prefix)
        check.value(value, schema, path)
        return check.found

    def _at(self, path: str) -> str:
        return ".".join(each for each in (self._prefix, path) if each) or NOWHERE

    def _add(self, error: FieldError) -> None:
        self.found.append(error)

    def _say(self, path: str, value: Any, words: str) -> None:
        self._add(field.invalid(self._at(path), value, f"{_named(path)} {words}"))

    def _whole(self, words: str) -> None:
        self._add(field.invalid(self._prefix or NOWHERE, "", words))

    def _wrong_type(self, path: str, wanted: str, given: str) -> None:
        detail = f'{_named(path)} must be of type {wanted}: "{given}"'
        self._add(FieldError("FieldValueTypeInvalid", self._at(path), _shown(given, detail)))


def type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def _types(schema: Schema) -> tuple[str, ...]:
    if schema.get("x-kubernetes-int-or-string"):
        return ("integer", "string")
    given = schema.get("type")
    return (given,) if given else ()


def _fits(kind: str, value: Any, types: tuple[str, ...]) -> bool:
    if kind in types or (kind == "integer" and "number" in types):
        return True
    return kind == "number" and "integer" in types and float(value).is_integer()


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern.replace(r"\z", r"\Z"), re.ASCII)
    except re.error:
        raise Unsupported(f"The pattern {pattern} of a custom resource's schema is not understood here.") from None


def _old_items(schema: Schema, old: Any) -> Callable[[Any], Any]:
    """How to find an item's former state: only lists of type map tell which one it was."""
    keys = schema.get("x-kubernetes-list-map-keys")
    if schema.get("x-kubernetes-list-type") != "map" or not keys or not isinstance(old, list):
        return lambda item: ABSENT

    def identity(item: Any) -> tuple[Any, ...]:
        return tuple(item.get(key) for key in keys) if isinstance(item, dict) else ()

    known = [(identity(each), each) for each in old]
    return lambda item: next((each for one, each in known if one == identity(item)), ABSENT)


def _child(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _named(path: str) -> str:
    return f"{path} in body"


def _quoted(path: str) -> str:
    return field.shown(path)


def _shown(value: Any, detail: str) -> str:
    return f"Invalid value: {field.shown(value)}: {detail}"


def _go(number: float) -> str:
    """Go's %v of a float64."""
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e21 else repr(float(number))
