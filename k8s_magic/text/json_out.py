"""JSON to the byte as Go's encoding/json writes it: sorted keys, HTML-safe escapes, Go's floats.

Source: Go's encoding/json (encode.go, indent.go); cli-runtime/pkg/printers/json.go
"""

from __future__ import annotations

from json.encoder import encode_basestring
from typing import Any

_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def dump(data: Any, indent: int = 4, *, sort: bool = True) -> str:
    """`kubectl -o json`, without the last line's end. `sort=False` keeps the dicts' own order (typed objects)."""
    out: list[str] = []
    _indented(data, "\n", " " * indent, sort, out.append)
    return "".join(out)


def compact(data: Any, *, sort: bool = True) -> str:
    """json.Marshal: one line, no spaces."""
    out: list[str] = []
    _compact(data, sort, out.append)
    return "".join(out)


def string(text: str) -> str:
    """One string in its quotes."""
    quoted = encode_basestring(text)
    return quoted if quoted.isalnum() else quoted.translate(_ESCAPES)


def number(value: float) -> str:
    """A float as encoding/json writes it: `1`, `0.1`, `1e-7`, `1e+21`.

    Raises: ValueError for a value that JSON cannot carry.
    """
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"json: unsupported value: {'NaN' if value != value else '+Inf' if value > 0 else '-Inf'}")
    size = abs(value)
    if size and (size < 1e-6 or size >= 1e21):
        return exponent_form(value, 1)
    return fixed_form(value)


def digits_of(value: float) -> tuple[str, str, int]:
    """The shortest digits that read back as a float: sign, digits d1d2…, exponent of 0.d1d2… × 10^exponent."""
    text = repr(value)
    sign = ""
    if text[0] == "-":
        sign, text = "-", text[1:]
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    point = len(whole) + int(exponent or 0)
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    return sign, stripped.rstrip("0"), point if stripped else 1


def fixed_form(value: float) -> str:
    """strconv.FormatFloat(value, 'f', -1, 64)."""
    sign, digits, point = digits_of(value)
    if not digits:
        return sign + "0"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return sign + digits + "0" * (point - len(digits))
    return f"{sign}{digits[:point]}.{digits[point:]}"


def exponent_form(value: float, exponent_digits: int = 2) -> str:
    """strconv.FormatFloat(value, 'e', -1, 64), the exponent with at least some digits."""
    sign, digits, point = digits_of(value)
    digits = digits or "0"
    exponent = point - 1
    mantissa = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return f"{sign}{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):0{exponent_digits}d}"


def shortest_form(value: float) -> str:
    """strconv.FormatFloat(value, 'g', -1, 64), which is also Go's %v: `0.5`, `1e+06`, `1.23456785e+07`."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    exponent = digits_of(value)[2] - 1
    return exponent_form(value) if exponent < -4 or exponent >= 6 else fixed_form(value)


def _scalar(value: Any) -> str | None:
    kind = type(value)
    if kind is str:
        return string(value)
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return number(value)
    if isinstance(value, str):
        return string(str(value))
    return None


def _indented(value: Any, break_: str, step: str, sort: bool, put: Any) -> None:
    text = _scalar(value)
    if text is not None:
        put(text)
    elif isinstance(value, dict):
        if not value:
            put("{}")
            return
        deeper = break_ + step
        lead = "{" + deeper
        for key, item in sorted(value.items()) if sort else value.items():
            text = _scalar(item)
            if text is not None:
                put(f"{lead}{string(key)}: {text}")
            else:
                put(f"{lead}{string(key)}: ")
                _indented(item, deeper, step, sort, put)
            lead = "," + deeper
        put(break_ + "}")
    elif isinstance(value, list | tuple):
        if not value:
            put("[]")
            return
        deeper = break_ + step
        lead = "[" + deeper
        for item in value:
            put(lead)
            _indented(item, deeper, step, sort, put)
            lead = "," + deeper
        put(break_ + "]")
    else:
        raise TypeError(f"json: unsupported type: {type(value).__name__}")


def _compact(value: Any, sort: bool, put: Any) -> None:
    text = _scalar(value)
    if text is not None:
        put(text)
    elif isinstance(value, dict):
        lead = "{"
        for key, item in sorted(value.items()) if sort else value.items():
            put(f"{lead}{string(key)}:")
            _compact(item, sort, put)
            lead = ","
        put("}" if value else "{}")
    elif isinstance(value, list | tuple):
        lead = "["
        for item in value:
            put(lead)
            _compact(item, sort, put)
            lead = ","
        put("]" if value else "[]")
    else:
        raise TypeError(f"json: unsupported type: {type(value).__name__}")
