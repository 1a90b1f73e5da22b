"""Go's quoted strings and fmt.Sprintf for the values of templates.

Source: Go's strconv.Unquote, fmt
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from k8s_magic.text import go_values, json_out

_ESCAPE = re.compile(
    r"""\\(?:([abfnrtv\\"'])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))|(\\)""", re.DOTALL
)
_NAMED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_VERB = re.compile(r"%([-+# 0]*)(\d*)(?:\.(\d*))?([a-zA-Z%]|$)")


class Int(int):
    """A Go int: what a template itself counts or writes. Whole numbers of the data are int64."""


def type_of(value: Any) -> str:
    """`%T`."""
    return "int" if isinstance(value, Int) else go_values.type_name(value)


def unquote(text: str) -> str:
    """The value of a quoted string, raw string or character constant.

    Raises: ValueError.
    """
    quote, body = text[0], text[1:-1]
    if quote == "`":
        return body.replace("\r", "")

    def value(match: re.Match[str]) -> str:
        named, two, four, eight, octal, bad = match.groups()
        if bad or (named in ("'", '"') and named != quote):
            raise ValueError(text)
        if named:
            return _NAMED.get(named, named)
        code = two or four or eight
        return chr(int(code, 16)) if code else chr(int(octal, 8))

    return _ESCAPE.sub(value, body)


def sprint(values: Sequence[Any]) -> str:
    """fmt.Sprint: a space between operands when neither is a string."""
    parts: list[str] = []
    for index, value in enumerate(values):
        if index and not isinstance(value, str) and not isinstance(values[index - 1], str):
            parts.append(" ")
        parts.append(go_values.plain(value))
    return "".join(parts)


def sprintln(values: Sequence[Any]) -> str:
    return " ".join([go_values.plain(value) for value in values]) + "\n"


def sprintf(form: str, values: Sequence[Any]) -> str:
    parts: list[str] = []
    at = used = 0
    for match in _VERB.finditer(form):
        parts.append(form[at : match.start()])
        at = match.end()
        flags, width, precision, verb = match.groups()
        if verb == "%":
            parts.append("%")
        elif not verb:
            parts.append("%!(NOVERB)")
        elif used >= len(values):
            parts.append(f"%!{verb}(MISSING)")
        else:
            text = _formatted(values[used], verb, flags, precision)
            used += 1
            parts.append(_padded(text, flags, int(width or 0), verb))
    parts.append(form[at:])
    if used < len(values):
        extra = ["<nil>" if value is None else f"{type_of(value)}={go_values.plain(value)}" for value in values[used:]]
        parts.append(f"%!(EXTRA {', '.join(extra)})")
    return "".join(parts)


def _padded(text: str, flags: str, width: int, verb: str) -> str:
    if len(text) >= width:
        return text
    if "-" in flags:
        return text.ljust(width)
    if "0" in flags and verb not in "sqvT":
        sign = text[0] if text[:1] in ("-", "+") else ""
        return sign + text[len(sign) :].rjust(width - len(sign), "0")
    return text.rjust(width)


def _formatted(value: Any, verb: str, flags: str, precision: str | None) -> str:
    digits = None if precision is None else int(precision or 0)
    if verb == "v":
        return go_values.sharp(value) if "#" in flags else go_values.plain(value)
    if verb == "T":
        return type_of(value)
    if value is None:
        return f"%!{verb}(<nil>)"
    text: str | None = None
    if isinstance(value, bool):
        text = go_values.plain(value) if verb == "t" else None
    elif isinstance(value, str):
        text = _text(value, verb, digits)
    elif isinstance(value, int):
        text = _whole(value, verb, flags)
    elif isinstance(value, float):
        text = _real(value, verb, digits, flags)
    elif isinstance(value, dict):
        items = [
            f"{_formatted(key, verb, flags, precision)}:{_formatted(value[key], verb, flags, precision)}"
            for key in sorted(value)
        ]
        text = "map[" + " ".join(items) + "]"
    else:
        text = "[" + " ".join([_formatted(item, verb, flags, precision) for item in value]) + "]"
    return f"%!{verb}({type_of(value)}={go_values.plain(value)})" if text is None else text


def _text(value: str, verb: str, digits: int | None) -> str | None:
    value = value if digits is None else value[:digits]
    if verb == "s":
        return value
    if verb == "q":
        return go_values.quoted(value)
    if verb in "xX":
        encoded = value.encode().hex()
        return encoded.upper() if verb == "X" else encoded
    return None


def _whole(value: int, verb: str, flags: str) -> str | None:
    sign = "+" if "+" in flags and value >= 0 else " " if " " in flags and value >= 0 else ""
    if verb == "d":
        return sign + str(value)
    if verb in "xXob":
        return sign + format(value, verb)
    if verb == "c":
        return chr(value)
    if verb == "U":
        return f"U+{value:04X}"
    if verb == "q":
        return f"'{chr(value)}'"
    return None


def _real(value: float, verb: str, digits: int | None, flags: str) -> str | None:
    sign = "+" if "+" in flags and value >= 0 else ""
    if verb in "fF":
        return sign + f"{value:.{6 if digits is None else digits}f}"
    if verb in "eE":
        return sign + f"{value:.{6 if digits is None else digits}{verb}}"
    if verb in "gG":
        if digits is None:
            return sign + json_out.shortest_form(value)
        return sign + f"{value:.{max(digits, 1)}{verb}}"
    return None
