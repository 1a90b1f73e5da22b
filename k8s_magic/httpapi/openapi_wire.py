"""The older OpenAPI document as protobuf, the only form in which kubectl reads it.

Source: gnostic openapiv2/OpenAPIv2.proto (Document, Schema, NamedSchema, NamedAny), kube-openapi/pkg/util/proto
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

_TEXTS = {"$ref": 1, "format": 2, "title": 3, "description": 4}
DEFAULT, REQUIRED, ENUM, ADDITIONAL, TYPE, ITEMS, ALL_OF, PROPERTIES, EXTENSION = 5, 19, 20, 21, 22, 23, 24, 25, 31


def document(data: Mapping[str, Any]) -> bytes:
    info = data["info"]
    return b"".join(
        (
            _text(1, data["swagger"]),
            _field(2, _text(1, info["title"]) + _text(2, info["version"])),
            _field(8, b""),
            _field(9, _named(data["definitions"])),
        )
    )


def _named(schemas: Mapping[str, Any]) -> bytes:
    return b"".join(_field(1, _text(1, name) + _field(2, _schema(each))) for name, each in schemas.items())


def _schema(schema: Mapping[str, Any]) -> bytes:
    parts = [_text(number, schema[name]) for name, number in _TEXTS.items() if name in schema]
    if "default" in schema:
        parts.append(_field(DEFAULT, _any(schema["default"])))
    parts += [_text(REQUIRED, name) for name in schema.get("required") or ()]
    parts += [_field(ENUM, _any(value)) for value in schema.get("enum") or ()]
    additional = schema.get("additionalProperties")
    if isinstance(additional, Mapping):
        parts.append(_field(ADDITIONAL, _field(1, _schema(additional))))
    if "type" in schema:
        parts.append(_field(TYPE, _text(1, schema["type"])))
    if isinstance(schema.get("items"), Mapping):
        parts.append(_field(ITEMS, _field(1, _schema(schema["items"]))))
    parts += [_field(ALL_OF, _schema(each)) for each in schema.get("allOf") or ()]
    if schema.get("properties"):
        parts.append(_field(PROPERTIES, _named(schema["properties"])))
    parts += _extensions(schema)
    return b"".join(parts)


def _extensions(schema: Mapping[str, Any]) -> Iterable[bytes]:
    for name, value in schema.items():
        if name.startswith("x-"):
            yield _field(EXTENSION, _text(1, name) + _field(2, _any(value)))


def _any(value: Any) -> bytes:
    """A free value is carried as YAML, and JSON is that too."""
    return _text(2, json.dumps(value, separators=(",", ":")))


def _text(number: int, text: str) -> bytes:
    return _field(number, text.encode())


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
