"""Reading of plain values as Go's types read them from JSON. A reader answers the wire form or raises Mismatch."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from k8s_magic.machinery import quantity

Reader = Callable[[Any], Any]


class Mismatch(Exception):
    """A value of the wrong type. `message` is set where the type has its own words; else json's are used."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


def value_word(value: Any) -> str:
    """A JSON value's sort as encoding/json names it in errors."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def read_string(value: Any) -> str:
    if type(value) is str:
        return value
    raise Mismatch


def read_bool(value: Any) -> bool:
    if type(value) is bool:
        return value
    raise Mismatch


def _integer(bits: int) -> Reader:
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1

    def read(value: Any) -> int:
        if type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is int and low <= value <= high:
            return value
        raise Mismatch

    return read


def read_float(value: Any) -> int | float:
    if type(value) is float or type(value) is int:
        return value
    raise Mismatch


_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/\r\n]")


def read_bytes(value: Any) -> str:
    """[]byte: standard base64 with padding; Go's words for the first byte that is wrong."""
    if type(value) is not str:
        raise Mismatch
    try:
        return b64encode(b64decode(value, validate=True)).decode()
    except ValueError:
        plain = value.replace("\n", "").replace("\r", "")
        try:
            return b64encode(b64decode(plain, validate=True)).decode()
        except ValueError:
            raise Mismatch(f"illegal base64 data at input byte {_first_illegal(value)}") from None


def _first_illegal(text: str) -> int:
    """Where Go's decoder stops. Source: encoding/base64 decodeQuantum"""
    raw = text.encode()
    quantum = 0
    position = 0
    while position < len(raw):
        char = chr(raw[position])
        position += 1
        if char in "\r\n":
            continue
        if char == "=":
            if quantum < 2:
                return position - 1
            if quantum == 2:
                while position < len(raw) and chr(raw[position]) in "\r\n":
                    position += 1
                if position == len(raw):
                    return len(raw)
                if chr(raw[position]) != "=":
                    return position - 1
                position += 1
            while position < len(raw) and chr(raw[position]) in "\r\n":
                position += 1
            return position
        if _NOT_BASE64.match(char):
            return position - 1
        quantum = (quantum + 1) % 4
    return len(raw) - quantum


def read_quantity(value: Any) -> str:
    try:
        return str(quantity.parse(value))
    except quantity.QuantityError as error:
        raise Mismatch(str(error)) from None


def read_int_or_string(value: Any) -> int | str:
    if type(value) is str:
        return value
    if type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is int and -(2**31) <= value < 2**31:
        return value
    number = f" {value}" if value_word(value) == "number" else ""
    raise Mismatch(f"json: cannot unmarshal {value_word(value)}{number} into Go value of type int32")


# Go's time.Parse takes an hour of one digit.
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{1,2}:\d{2}:\d{2}(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})")


def _instant(value: Any, layout: str) -> tuple[datetime, str]:
    if type(value) is not str:
        number = f" {value}" if value_word(value) == "number" else ""
        raise Mismatch(f"json: cannot unmarshal {value_word(value)}{number} into Go value of type string")
    match = _TIME.fullmatch(value)
    try:
        if match is None:
            raise ValueError
        text = value.replace("Z", "+00:00")
        if text[12] == ":":
            text = f"{text[:11]}0{text[11:]}"
        if match[1]:
            text = text.replace("." + match[1], "", 1)
        return datetime.fromisoformat(text).astimezone(UTC), match[1] or ""
    except ValueError:
        raise Mismatch(f'parsing time "{value}" as "{layout}": cannot parse "{value}" as "2006"') from None


def read_time(value: Any) -> str | None:
    if value == "":
        return None
    return _instant(value, "2006-01-02T15:04:05Z07:00")[0].strftime("%Y-%m-%dT%H:%M:%SZ")


def read_micro_time(value: Any) -> str:
    instant, fraction = _instant(value, "2006-01-02T15:04:05.000000Z07:00")
    return f"{instant.strftime('%Y-%m-%dT%H:%M:%S')}.{fraction[:6]:0<6}Z"


def read_any(value: Any) -> Any:
    return value


READERS: dict[str, Reader] = {
    "string": read_string,
    "types.UID": read_string,
    "types.NodeName": read_string,
    "meta.v1.Duration": read_string,
    "bool": read_bool,
    "int": _integer(64),
    "int32": _integer(32),
    "int64": _integer(64),
    "uint32": _integer(64),
    "uint64": _integer(64),
    "float64": read_float,
    "[]byte": read_bytes,
    "Quantity": read_quantity,
    "IntOrString": read_int_or_string,
    "meta.v1.Time": read_time,
    "meta.v1.MicroTime": read_micro_time,
    "meta.v1.FieldsV1": read_any,
    "RawExtension": read_any,
    "apiextensions.v1.JSON": read_any,
    "apiextensions.v1.JSONSchemaPropsOrArray": read_any,
    "apiextensions.v1.JSONSchemaPropsOrBool": read_any,
    "apiextensions.v1.JSONSchemaPropsOrStringArray": read_any,
}
# What Go shows for a value that was not given and is not left out.
ZERO: dict[str, Any] = {
    "string": "",
    "types.UID": "",
    "types.NodeName": "",
    "meta.v1.Duration": "0s",
    "bool": False,
    "int": 0,
    "int32": 0,
    "int64": 0,
    "uint32": 0,
    "uint64": 0,
    "float64": 0,
    "Quantity": "0",
    "IntOrString": 0,
}
