"""What a plain YAML scalar means to go-yaml v2, which reads YAML 1.1 with a few choices of its own.

Both ways use it: the reader to know a value's type, the writer to know which strings need quotes.
Source: sigs.k8s.io/yaml v1.6 (go.yaml.in/yaml/v2 resolve.go); checked against kubectl 1.36.4
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
# A number that starts with its point is read as Go reads one, where underscores may only part digits.
_POINT_FLOAT = re.compile(r"\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?", re.ASCII)
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))", re.ASCII)
_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\.[0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2}))"
    r"|(?: ([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\.[0-9]+)?))?",
    re.ASCII,
)
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?", re.ASCII)
_FIRSTS = frozenset("+-.0123456789")

STRING, NULL, BOOL, INT, FLOAT, TIMESTAMP = "str", "null", "bool", "int", "float", "timestamp"


def resolve(text: str) -> tuple[str, Any]:
    """The type and the value of a plain scalar without a tag. A timestamp's value is its own text."""
    first = text[:1]
    if first not in _FIRSTS:
        if len(text) <= 5 and text in _WORDS:
            word = _WORDS[text]
            return (NULL if word is None else BOOL), word
        return STRING, text
    if text in _WORDS:
        return FLOAT, _WORDS[text]
    if first == ".":
        value = _go_float(text) if _POINT_FLOAT.fullmatch(text) else None
        return (STRING, text) if value is None else (FLOAT, value)
    if first not in "+-" and is_timestamp(text):
        return TIMESTAMP, text
    plain = text.replace("_", "")
    number = _integer(plain)
    if number is not None:
        return INT, number
    if _FLOAT.fullmatch(plain):
        value = _go_float(plain)
        if value is not None:
            return FLOAT, value
    return STRING, text


def needs_quotes(text: str) -> bool:
    """True where a string, written plainly, would read back as something else (or as a base-60 float)."""
    if resolve(text)[0] != STRING:
        return True
    return ":" in text and text[0] in "+-0123456789" and _BASE_60.fullmatch(text) is not None


def is_timestamp(text: str) -> bool:
    if len(text) < 6 or text[4:5] != "-":
        return False
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return False
    year, month, day, *clock = match.groups()
    hours = [int(part) for part in clock if part is not None]
    if hours and (hours[0] > 23 or hours[1] > 59 or hours[2] > 59):
        return False
    try:
        date(int(year) or 4, int(month), int(day))
    except ValueError:
        return False
    return True


def _integer(text: str) -> int | None:
    match = _INTEGER.fullmatch(text)
    if match is None:
        return None
    sign, hexadecimal, binary, octal, decimal = match.groups()
    if hexadecimal:
        value = int(hexadecimal, 16)
    elif binary:
        value = int(binary, 2)
    elif octal:
        value = int(octal, 8)
    else:
        value = int(decimal)
    if sign == "-":
        value = -value
    # An int64, or a uint64 where it has no sign; anything larger is a float to go-yaml.
    limit = 1 << 63 if sign else 1 << 64
    return value if -(1 << 63) <= value < limit else None


def _go_float(text: str) -> float | None:
    """strconv.ParseFloat of a well-formed number: no value where it is too large."""
    value = float(text)
    return None if value in (float("inf"), float("-inf")) else value
