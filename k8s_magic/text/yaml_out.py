"""YAML to the byte as sigs.k8s.io/yaml writes it, which is what `kubectl -o yaml` prints.

Keys are sorted, a list stands at its key's own indentation, lines are folded at the first space beyond column 80,
and a string gets the quotes that go-yaml would give it.
Source: sigs.k8s.io/yaml v1.6 Marshal; go.yaml.in/yaml/v2 encode.go, emitterc.go; checked against kubectl 1.36.4
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from k8s_magic.text import json_out, yaml_scalars

# Characters that go-yaml's emitter does not print as they are: controls, tab, DEL, surrogates, BOM, all above U+FFFF.
_SPECIAL = re.compile("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_BREAK = re.compile("[\n\u2028\u2029]")
_SPACE_BREAK = re.compile(" [\n\u2028\u2029]")
_BREAK_SPACE = re.compile("[\n\u2028\u2029] ")
_LINE_START = re.compile("(^|[\n\u2028\u2029])(?![\n\u2028\u2029]|\\Z)")
_SIMPLE = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*")
_INDICATOR_FIRST = frozenset("#,[]{}&*!|>'\"%@`")
_LONGEST_SIMPLE_KEY = 128
_ESCAPED = re.compile(r"[^ !#-\[\]-~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
# What go-yaml refuses to read, and so to write: the object goes through JSON, read as YAML.
_REFUSED = re.compile("[\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# go-yaml folds a line at the first space beyond this column.
_BEST_WIDTH = 80
_ESCAPES = {
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
    '"': '\\"',
    "\\": "\\\\",
    "\x85": "\\N",
    "\xa0": "\\_",
    "\u2028": "\\L",
    "\u2029": "\\P",
}


def dump(data: Any) -> str:
    """The document, ending in a line's end; dicts with string keys, lists, strings, numbers, booleans, None.

    Raises: ValueError where go-yaml refuses (`yaml: control characters are not allowed`, NaN).
    """
    out: list[str] = []
    if isinstance(data, dict) and data:
        _mapping(data, "", "", out)
    elif isinstance(data, list | tuple) and data:
        _sequence(data, "", "", out)
    else:
        out.append(_leaf(data, 0, "") + "\n")
    return "".join(out)


def _mapping(data: dict[str, Any], indent: str, lead: str, out: list[str]) -> None:
    """Lines of a mapping; `lead` stands instead of the indentation before the first key."""
    deeper = indent + "  "
    for key in sorted(data):
        value = data[key]
        name = _key(key)
        if len(name) > _LONGEST_SIMPLE_KEY:
            _long_key(name, value, indent, lead, out)
        elif type(value) is str:
            out.append(f"{lead}{name}: {_string(value, len(lead) + len(name) + 2, deeper)}\n")
        elif isinstance(value, dict) and value:
            out.append(f"{lead}{name}:\n")
            _mapping(value, deeper, deeper, out)
        elif isinstance(value, list | tuple) and value:
            out.append(f"{lead}{name}:\n")
            _sequence(value, indent, indent, out)
        else:
            out.append(f"{lead}{name}: {_leaf(value, 0, deeper)}\n")
        lead = indent


def _long_key(name: str, value: Any, indent: str, lead: str, out: list[str]) -> None:
    """A key too long to be a simple one is written `? key`, its value `: value`."""
    deeper = indent + "  "
    out.append(f"{lead}? {name}\n")
    lead = indent + ": "
    if isinstance(value, dict) and value:
        _mapping(value, deeper, lead, out)
    elif isinstance(value, list | tuple) and value:
        _sequence(value, deeper, lead, out)
    else:
        out.append(f"{lead}{_leaf(value, len(lead), deeper)}\n")


def _sequence(data: Any, indent: str, lead: str, out: list[str]) -> None:
    deeper = indent + "  "
    for item in data:
        if isinstance(item, dict) and item:
            _mapping(item, deeper, lead + "- ", out)
        elif isinstance(item, list | tuple) and item:
            _sequence(item, deeper, lead + "- ", out)
        else:
            out.append(f"{lead}- {_leaf(item, len(lead) + 2, deeper)}\n")
        lead = indent


def _leaf(value: Any, column: int, indent: str) -> str:
    if isinstance(value, str):
        return _string(value, column, indent)
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list | tuple):
        return "[]"
    raise TypeError(f"json: unsupported type: {type(value).__name__}")


def _float(value: float) -> str:
    """A float goes through JSON first: what looks whole there comes back as an integer."""
    if value.is_integer() and abs(value) < 2**63:
        return str(int(value))
    json_out.number(value)
    return json_out.shortest_form(value)


@lru_cache(maxsize=4096)
def _key(key: str) -> str:
    if not key:
        return '""'
    if _BREAK.search(key):
        return _double_quoted(key)
    return _one_line(key)


def _string(text: str, column: int, indent: str) -> str:
    """A string that starts at a column; the lines after its first have an indentation."""
    if _SIMPLE.fullmatch(text) and not (len(text) <= 5 and yaml_scalars.needs_quotes(text)):
        return text
    if not text:
        return '""'
    if "\n" in text:
        quoted = _literal(text, indent)
        if quoted[0] == "|":
            return quoted
    elif _BREAK.search(text):
        quoted = _broken(text, indent)
        if quoted[0] == "'":
            return quoted
    else:
        quoted = _one_line(text)
    return quoted if column + len(quoted) <= _BEST_WIDTH else _folded(quoted, column, indent)


def _one_line(text: str) -> str:
    """Plain, else in double quotes where it would change its type, else in single quotes if it may."""
    if _SPECIAL.search(text) or yaml_scalars.needs_quotes(text):
        return _double_quoted(text)
    if _plain_allowed(text):
        return text
    return "'" + text.replace("'", "''") + "'"


def _plain_allowed(text: str) -> bool:
    first = text[0]
    if first in _INDICATOR_FIRST or first == " " or text[-1] == " ":
        return False
    if first in "?:-" and text[1:2] in ("", " "):
        return False
    if text.startswith(("---", "...")):
        return False
    return not (": " in text or text[-1] == ":" or " #" in text)


def _folded(text: str, column: int, indent: str) -> str:
    """A scalar of one line, quotes and all, broken at spaces beyond the best width.

    A run of spaces is only broken at its first, and only in double quotes, where the next space is escaped.
    """
    quote = text[0] if text[0] in "'\"" else ""
    double = quote == '"'
    parts: list[str] = []
    start = 0
    at = text.find(" ", max(_BEST_WIDTH + 1 - column, 1))
    while at != -1:
        run = at
        while text[run] == " ":
            run += 1
        first = text[at - 1] != " "
        inside = not quote or (at > 1 and at < len(text) - 2)
        if first and inside and (double or run == at + 1):
            parts.append(text[start:at])
            start = at + 1
            if double and run > at + 1:
                parts[-1] += "\n" + indent + "\\"
                at = text.find(" ", max(run, start + _BEST_WIDTH - len(indent)))
            else:
                parts[-1] += "\n" + indent
                at = text.find(" ", start + _BEST_WIDTH + 1 - len(indent))
        else:
            at = text.find(" ", run)
    parts.append(text[start:])
    return "".join(parts)


def _broken(text: str, indent: str) -> str:
    """Text with the odd line separators U+2028 and U+2029 only: single quotes, the rest of the line indented."""
    if _SPECIAL.search(text) or _SPACE_BREAK.search(text) or _BREAK_SPACE.search(text):
        return _double_quoted(text)
    quoted = text.replace("'", "''")
    return "'" + re.sub("([\u2028\u2029]+)(?=[^\u2028\u2029])", r"\1" + indent, quoted) + "'"


def _literal(text: str, indent: str) -> str:
    """A block scalar, where its characters allow one."""
    if text[-1] == " " or _SPACE_BREAK.search(text) or _SPECIAL.search(text):
        return _double_quoted(text)
    hint = "2" if text[0] in " \n\u2028\u2029" else ""
    if not _BREAK.match(text[-1]):
        hint += "-"
    elif len(text) == 1 or _BREAK.match(text[-2]):
        hint += "+"
    body = _LINE_START.sub(r"\1" + indent, text[:-1] if text[-1] == "\n" else text)
    return f"|{hint}\n{body}"


def _double_quoted(text: str) -> str:
    if _REFUSED.search(text):
        raise ValueError("yaml: control characters are not allowed")
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    known = _ESCAPES.get(char)
    if known is not None:
        return known
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
