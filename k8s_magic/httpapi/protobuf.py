"""Bodies in protobuf, as client-go's typed clients send them: read into the JSON form of the same object.

Answers are never written in it: a client that prefers protobuf takes JSON as well.
Source: apimachinery/pkg/runtime/serializer/protobuf, the field numbers of the API types (generated/wire.json)
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from k8s_magic.machinery import errors

MEDIA = "application/vnd.kubernetes.protobuf"
MAGIC = b"k8s\x00"
GENERATED = Path(__file__).parent / "generated"
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
DEEPEST = 64
_INTEGERS = ("int", "int32", "int64", "uint32", "uint64")
_TEXTS = ("string", "types.UID", "types.NodeName")
# Named lists that are messages of their own on the wire.
_LISTS = ("ExtraValue", "Verbs")
_TIMES = ("meta.v1.Time", "meta.v1.MicroTime")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Value = int | bytes


class _Malformed(Exception):
    """The bytes are no message."""


@cache
def _types() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GENERATED / "wire.json").read_text(encoding="utf-8"))
    return found


def decode(content: bytes) -> Any:
    """The object of a body, with its apiVersion and kind. Raises: BadRequest."""
    try:
        if not content.startswith(MAGIC):
            raise _Malformed("it does not begin as one")
        envelope = {number: value for number, _, value in _fields(content[len(MAGIC) :])}
        marks = {number: _text(value) for number, _, value in _fields(_bytes(envelope.get(1, b"")))}
        api_version, kind = marks.get(1, ""), marks.get(2, "")
        obj = _message(_type_of(api_version, kind), _bytes(envelope.get(2, b"")), 0)
    except (_Malformed, KeyError, UnicodeDecodeError, OverflowError, struct.error) as problem:
        raise errors.bad_request(f"the body is no protobuf message that can be read: {problem}") from None
    return {"kind": kind, "apiVersion": api_version, **obj}


def _type_of(api_version: str, kind: str) -> str:
    if kind == "DeleteOptions":
        return "meta.v1.DeleteOptions"
    group, _, version = api_version.rpartition("/")
    key = f"{group.partition('.')[0] or 'core'}.{version}.{kind}"
    if key not in _types():
        raise _Malformed(f'no kind "{kind}" is registered for version "{api_version}"')
    return key


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise _Malformed("a number does not end")
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if not byte & 0x80:
            return value, at
        shift += 7


def _fields(data: bytes) -> Iterator[tuple[int, int, Value]]:
    """(number, wire type, value) of each field."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        wire = tag & 7
        value: Value
        if wire == VARINT:
            value, at = _varint(data, at)
        else:
            if wire == BYTES:
                size, at = _varint(data, at)
            elif wire in (FIXED64, FIXED32):
                size = 8 if wire == FIXED64 else 4
            else:
                raise _Malformed(f"wire type {wire}")
            if at + size > len(data):
                raise _Malformed("it ends too early")
            value, at = data[at : at + size], at + size
        yield tag >> 3, wire, value


def _bytes(value: Value) -> bytes:
    if isinstance(value, int):
        raise _Malformed("a number where a message is expected")
    return value


def _text(value: Value) -> str:
    return _bytes(value).decode()


def _signed(value: Value) -> int:
    if isinstance(value, bytes):
        return int.from_bytes(value, "little", signed=True)
    return value - (1 << 64) if value >> 63 else value


def _message(key: str, data: bytes, depth: int) -> dict[str, Any]:
    """A struct. What Go's JSON encoder would leave out is left out."""
    if depth > DEEPEST:
        raise _Malformed("it is nested too deep")
    table = _types()[key]
    found: dict[str, Any] = {}
    for number, wire, value in _fields(data):
        field = table.get(str(number))
        if field is None:
            continue
        name, go_type, omitted = field[0], field[1], len(field) > 2
        if not name:
            found.update(_message(go_type.lstrip("*"), _bytes(value), depth + 1))
            continue
        go_type = _resolved(go_type)
        if go_type.startswith("[]") and go_type != "[]byte":
            found.setdefault(name, []).extend(_items(go_type[2:], wire, value, depth))
        elif go_type.startswith("map:"):
            entry = {each: inner for each, _, inner in _fields(_bytes(value))}
            inner_type = go_type[4:]
            inner = entry.get(2)
            content = _empty(inner_type) if inner is None else _value(inner_type, inner, depth)
            found.setdefault(name, {})[_text(entry.get(1, b""))] = content
        else:
            content = _value(go_type, value, depth)
            if content is None or (omitted and not go_type.startswith("*") and content in ("", 0, False)):
                continue
            found[name] = content
    return found


@cache
def _resolved(go_type: str) -> str:
    """Named plain types looked through; a named list that is a message of its own keeps its name."""
    declared = _types().get(go_type)
    if isinstance(declared, str) and go_type.rpartition(".")[2] not in _LISTS:
        return _resolved(declared)
    return go_type


def _items(go_type: str, wire: int, value: Value, depth: int) -> list[Any]:
    plain = _resolved(go_type.lstrip("*"))
    if wire == BYTES and (plain in _INTEGERS or plain == "bool"):  # packed
        data, at, numbers = _bytes(value), 0, []
        while at < len(data):
            number, at = _varint(data, at)
            numbers.append(bool(number) if plain == "bool" else _signed(number))
        return numbers
    return [_value(go_type, value, depth)]


def _empty(go_type: str) -> Any:
    plain = _resolved(go_type)
    return "" if plain in (*_TEXTS, "[]byte") else "0" if plain == "Quantity" else 0 if plain in _INTEGERS else {}


def _value(go_type: str, value: Value, depth: int) -> Any:
    plain = _resolved(go_type.lstrip("*"))
    if plain in _TEXTS:
        return _text(value)
    if plain == "bool":
        return bool(value)
    if plain in _INTEGERS:
        return _signed(value)
    if plain == "float64":
        return struct.unpack("<d", _bytes(value))[0]
    if plain == "[]byte":
        return base64.b64encode(_bytes(value)).decode()
    if plain.rpartition(".")[2] in _LISTS:
        return [_text(inner) for _, _, inner in _fields(_bytes(value))]
    if plain in _SPECIAL or plain in _TIMES:
        return _special(plain, {number: inner for number, _, inner in _fields(_bytes(value))})
    if plain.startswith("map:"):
        raise _Malformed("a map of maps")
    return _message(plain, _bytes(value), depth + 1)


_SPECIAL = (
    "Quantity", "IntOrString", "RawExtension", "meta.v1.FieldsV1", "meta.v1.Duration", "apiextensions.v1.JSON",
)  # fmt: skip


def _special(plain: str, fields: dict[int, Value]) -> Any:
    """Types that write themselves in JSON. None stands for what is not given."""
    first = fields.get(1)
    if plain == "Quantity":
        return _text(first) if first is not None else "0"
    if plain == "IntOrString":
        return _text(fields.get(3, b"")) if first else _signed(fields.get(2, 0))
    if plain in _TIMES:
        if not fields:
            return None
        nanos = _signed(fields.get(2, 0))
        instant = _EPOCH + timedelta(seconds=_signed(fields.get(1, 0)), microseconds=nanos // 1000)
        form = "%Y-%m-%dT%H:%M:%SZ" if plain == "meta.v1.Time" else "%Y-%m-%dT%H:%M:%S.%fZ"
        return instant.strftime(form)
    if plain == "meta.v1.Duration":
        return f"{_signed(fields.get(1, 0)) / 1e9:g}s"
    text = _bytes(first) if first is not None else b""
    try:
        return json.loads(text) if text else None
    except ValueError:
        raise _Malformed("what it carries is no JSON") from None
