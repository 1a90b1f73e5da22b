"""The functions of Go templates and kubectl's own two.

A function gets its arguments' values and answers a value, or raises Failure with Go's words. `and` and `or` are
not here: they do not evaluate all their arguments.
Source: Go's text/template/funcs.go; cli-runtime/pkg/printers/template.go
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from k8s_magic.text.gotemplate.printf import Int, sprint, sprintf, sprintln, type_of


class Failure(Exception):
    """A function's error."""


def truth(value: Any) -> bool:
    """Go's idea of empty: false, 0, nil, and what has no length."""
    return bool(value)


def _kind(value: Any) -> str:
    for kind, types in (("bool", bool), ("int", int), ("float", float), ("string", str)):
        if isinstance(value, types):
            return kind
    return "invalid"


def _equal(value: Any, *others: Any) -> bool:
    if not others:
        raise Failure("missing argument for comparison")
    for other in others:
        kind, other_kind = _kind(value), _kind(other)
        if kind != other_kind:
            if value is not None and other is not None:
                raise Failure(_incompatible(value, other))
        elif isinstance(value, dict | list) or isinstance(other, dict | list):
            if value is not None and other is not None:
                raise Failure(f"non-comparable type {sprintf('%s', [value])}: {type_of(value)}")
        elif value == other:
            return True
    return False


def _incompatible(value: Any, other: Any) -> str:
    return f"incompatible types for comparison: {type_of(value)} and {type_of(other)}"


def _less(value: Any, other: Any) -> bool:
    kind, other_kind = _kind(value), _kind(other)
    if "invalid" in (kind, other_kind):
        raise Failure("invalid type for comparison")
    if kind != other_kind:
        raise Failure(_incompatible(value, other))
    if kind == "bool":
        raise Failure("invalid type for comparison")
    return bool(value < other)


def _length(value: Any) -> int:
    if value is None:
        raise Failure("reflect: call of reflect.Value.Type on zero Value")
    if isinstance(value, str):
        return Int(len(value.encode()))
    if isinstance(value, dict | list):
        return Int(len(value))
    raise Failure(f"len of type {type_of(value)}")


def _position(index: Any, size: int, *, inclusive: bool = False) -> int:
    if index is None:
        raise Failure("cannot index slice/array with nil")
    if _kind(index) != "int":
        raise Failure(f"cannot index slice/array with type {type_of(index)}")
    if index < 0 or index > size or (index == size and not inclusive):
        raise Failure(f"index out of range: {index}")
    return int(index)


def _index(value: Any, *indexes: Any) -> Any:
    if value is None:
        raise Failure("index of untyped nil" if not indexes else "index of nil pointer")
    for index in indexes:
        if isinstance(value, list):
            value = value[_position(index, len(value))]
        elif isinstance(value, str):
            encoded = value.encode()
            value = encoded[_position(index, len(encoded))]
        elif isinstance(value, dict):
            if index is None:
                raise Failure("value is nil; should be of type string")
            if not isinstance(index, str):
                raise Failure(f"value has type {type_of(index)}; should be string")
            value = value.get(index)
        elif value is None:
            raise Failure("index of nil pointer")
        else:
            raise Failure(f"can't index item of type {type_of(value)}")
    return value


def _slice(value: Any, *indexes: Any) -> Any:
    if value is None:
        raise Failure("slice of untyped nil")
    if len(indexes) > 3:
        raise Failure(f"too many slice indexes: {len(indexes)}")
    if not isinstance(value, list | str):
        raise Failure(f"can't slice item of type {type_of(value)}")
    if isinstance(value, str) and len(indexes) == 3:
        raise Failure("cannot 3-index slice a string")
    data: Any = value.encode() if isinstance(value, str) else value
    bounds = [_position(index, len(data), inclusive=True) for index in indexes]
    start = bounds[0] if bounds else 0
    end = bounds[1] if len(bounds) > 1 else len(data)
    if start > end:
        raise Failure(f"invalid slice index: {start} > {end}")
    piece = data[start:end]
    return piece.decode(errors="replace") if isinstance(value, str) else piece


_HTML = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&#34;", "'": "&#39;", "\0": "\ufffd"}
_JS = {
    "\\": "\\\\",
    "'": "\\'",
    '"': '\\"',
    "<": "\\u003C",
    ">": "\\u003E",
    "&": "\\u0026",
    "=": "\\u003D",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}


def _texts(values: tuple[Any, ...]) -> str:
    return values[0] if len(values) == 1 and isinstance(values[0], str) else sprint(values)


def _html(*values: Any) -> str:
    return re.sub("[<>&\"'\0]", lambda match: _HTML[match.group()], _texts(values))


def _js(*values: Any) -> str:
    def escaped(char: str) -> str:
        known = _JS.get(char)
        if known is not None:
            return known
        return char if char.isprintable() else f"\\u{ord(char):04X}"

    return "".join([escaped(char) for char in _texts(values)])


def _urlquery(*values: Any) -> str:
    return quote_plus(_texts(values), safe="~").replace("%7E", "~")


def _printf(form: str, *values: Any) -> str:
    return sprintf(form, values)


def _exists(value: Any, *indexes: Any) -> bool:
    for index in indexes:
        if isinstance(value, dict):
            if not isinstance(index, str):
                return False
            value = value.get(index)
        elif isinstance(value, list | str):
            size = len(value)
            if _kind(index) != "int" or not 0 <= index < size:
                return False
            value = value[index]
        else:
            return False
    return value is not None


def _base64decode(value: str) -> str:
    text = value.replace("\n", "").replace("\r", "")
    try:
        return base64.b64decode(text, validate=True).decode(errors="replace")
    except (binascii.Error, ValueError):
        match = re.match(r"[A-Za-z0-9+/]*", value)
        at = match.end() if match else 0
        if at == len(value) or value[at] == "=":
            at = at if value.endswith("=") else len(value) // 4 * 4
        raise Failure(f"base64 decode failed: illegal base64 data at input byte {at}") from None


def _never(*values: Any) -> Any:
    raise AssertionError("and, or and call are the executor's own")


# name -> function, fewest and most arguments (-1: any number)
_TABLE: dict[str, tuple[Callable[..., Any], int, int]] = {
    "and": (_never, 1, -1),
    "or": (_never, 1, -1),
    "not": (lambda value: not truth(value), 1, 1),
    "eq": (_equal, 1, -1),
    "ne": (lambda value, other: not _equal(value, other), 2, 2),
    "lt": (_less, 2, 2),
    "le": (lambda value, other: _less(value, other) or _equal(value, other), 2, 2),
    "gt": (lambda value, other: not (_less(value, other) or _equal(value, other)), 2, 2),
    "ge": (lambda value, other: not _less(value, other), 2, 2),
    "len": (_length, 1, 1),
    "index": (_index, 1, -1),
    "slice": (_slice, 1, -1),
    "print": (lambda *values: sprint(values), 0, -1),
    "println": (lambda *values: sprintln(values), 0, -1),
    "printf": (_printf, 1, -1),
    "html": (_html, 0, -1),
    "js": (_js, 0, -1),
    "urlquery": (_urlquery, 0, -1),
    "call": (_never, 1, -1),
    "exists": (_exists, 1, -1),
    "base64decode": (_base64decode, 1, 1),
}


def is_known(name: str) -> bool:
    return name in _TABLE


def call(name: str, values: list[Any]) -> Any:
    """Raises: Failure."""
    return _TABLE[name][0](*values)


def arity_failure(name: str, count: int) -> str:
    """Go's words where a function has the wrong number of arguments; "" where it is right."""
    _, fewest, most = _TABLE[name]
    if most < 0:
        return f"wrong number of args for {name}: want at least {fewest} got {count}" if count < fewest else ""
    return f"wrong number of args for {name}: want {fewest} got {count}" if count != fewest else ""
