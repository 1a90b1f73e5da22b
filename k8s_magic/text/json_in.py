"""JSON as Go's encoding/json reads it, with its words for what is wrong.

Source: Go's encoding/json (scanner.go, stream.go)
"""

from __future__ import annotations

import re
from json.decoder import JSONDecoder
from typing import Any

from k8s_magic.text import go_values

_INT64 = 1 << 63
DEEPEST = 10_000
_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


EARLY_END = "unexpected EOF"


class JsonError(Exception):
    """A syntax error. `offset` counts bytes as Go does (after the character it names); `at` is the index."""

    def __init__(self, message: str, offset: int, at: int) -> None:
        super().__init__(message)
        self.offset = offset
        self.at = at


def loads(text: str) -> Any:
    """json.Unmarshal: one value and nothing after it.

    Raises: JsonError.
    """
    try:
        ended = read(text, 0)
    except JsonError as error:
        if str(error) == EARLY_END:
            raise _unexpected_end(text) from None
        raise
    if ended is None:
        raise _unexpected_end(text)
    value, _, at = ended
    at = _skip(text, at)
    if at < len(text):
        raise _invalid(text, at, "after top-level value")
    return value


def read(text: str, at: int) -> tuple[Any, int, int] | None:
    """The next value of a stream, where it begins and where it ended; None at the stream's end.

    Raises: JsonError.
    """
    begin = _skip(text, at)
    if begin == len(text):
        return None
    try:
        value, end = _DECODER.raw_decode(text, begin)
    except (ValueError, RecursionError):
        _complain(text, begin)
        raise JsonError("exceeded max depth", _bytes(text, begin), begin) from None
    return value, begin, end


def _whole(text: str) -> int | float:
    value = int(text)
    return value if -_INT64 <= value < _INT64 else float(text)


def _real(text: str) -> int | float:
    # apimachinery turns a number into an int64 only where its text is one.
    return float(text)


def _refuse(text: str) -> Any:
    raise ValueError(text)


_DECODER = JSONDecoder(parse_int=_whole, parse_float=_real, parse_constant=_refuse)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _bytes(text: str, at: int) -> int:
    return len(text[:at].encode("utf-8", "surrogatepass"))


def _unexpected_end(text: str) -> JsonError:
    return JsonError("unexpected end of JSON input", _bytes(text, len(text)), len(text))


def _invalid(text: str, at: int, where: str) -> JsonError:
    if at >= len(text):
        return JsonError(EARLY_END, _bytes(text, at), at)
    return JsonError(f"invalid character {_shown(text[at])} {where}", _bytes(text, at + 1), at)


def _shown(char: str) -> str:
    if char == "'":
        return "'\\''"
    if char == '"':
        return "'\"'"
    return "'" + go_values.quoted(char)[1:-1] + "'"


def _complain(text: str, at: int) -> int:
    """Walk a value by Go's scanner states and raise at the first character that cannot stand there."""
    expects: list[str] = []  # for each open container: "}" or "]"
    while True:
        at = _skip(text, at)
        char = text[at : at + 1]
        if char == "{":
            at = _skip(text, at + 1)
            if text[at : at + 1] == "}":
                at += 1
            else:
                expects.append("}")
                at = _name(text, at, "looking for beginning of object key string")
                continue
        elif char == "[":
            at = _skip(text, at + 1)
            if text[at : at + 1] != "]":
                expects.append("]")
                continue
            at += 1
        else:
            at = _plain(text, at)
        while True:
            if not expects:
                return at
            at = _skip(text, at)
            char = text[at : at + 1]
            if char == expects[-1]:
                expects.pop()
                at += 1
                continue
            if char != ",":
                what = "object key:value pair" if expects[-1] == "}" else "array element"
                raise _invalid(text, at, f"after {what}")
            at = _skip(text, at + 1)
            if expects[-1] == "}":
                at = _name(text, at, "looking for beginning of object key string")
            break


def _name(text: str, at: int, where: str) -> int:
    if text[at : at + 1] != '"':
        raise _invalid(text, at, where)
    at = _skip(text, _string(text, at))
    if text[at : at + 1] != ":":
        raise _invalid(text, at, "after object key")
    return at + 1


def _plain(text: str, at: int) -> int:
    char = text[at : at + 1]
    if char == '"':
        return _string(text, at)
    for word in ("true", "false", "null"):
        if char and word.startswith(char):
            for index, expected in enumerate(word):
                if text[at + index : at + index + 1] != expected:
                    raise _invalid(text, at + index, f"in literal {word} (expecting '{expected}')")
            return at + len(word)
    if char == "-" or char.isdigit():
        return _numeral(text, at)
    raise _invalid(text, at, "looking for beginning of value")


def _numeral(text: str, at: int) -> int:
    match = _NUMBER.match(text, at)
    if match is None:
        raise _invalid(text, at + 1, "in numeric literal")
    end = match.end()
    following = text[end : end + 1]
    if following == "." and "." not in match.group():
        raise _invalid(text, end + 1, "after decimal point in numeric literal")
    if following in ("e", "E"):
        signed = end + 1 + (text[end + 1 : end + 2] in ("+", "-"))
        raise _invalid(text, signed, "in exponent of numeric literal")
    return end


def _string(text: str, at: int) -> int:
    match = _STRING.match(text, at)
    if match is not None:
        return match.end()
    at += 1
    while at < len(text):
        char = text[at]
        if char == "\\":
            escape = text[at + 1 : at + 2]
            if escape == "u":
                for index in range(at + 2, at + 6):
                    if text[index : index + 1] not in tuple("0123456789abcdefABCDEF"):
                        raise _invalid(text, index, "in \\u hexadecimal character escape")
                at += 6
                continue
            if not escape or escape not in '"\\/bfnrt':
                raise _invalid(text, at + 1, "in string escape code")
            at += 2
            continue
        if char < " ":
            raise _invalid(text, at, "in string literal")
        at += 1
    raise _invalid(text, at, "in string literal")
