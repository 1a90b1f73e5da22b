"""KYAML: YAML's flow style with quoted strings and trailing commas.

Source: sigs.k8s.io/yaml/kyaml as kubectl 1.36 prints it (observed)
"""

from __future__ import annotations

import re
from typing import Any

from k8s_magic.text import json_out, yaml_scalars

_SAFE_KEY = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_./-]*[A-Za-z0-9_])?")
# What Go reads as a boolean or a number and YAML 1.1 may not.
_AMBIGUOUS = re.compile(r"[tf]|inf|infinity|nan|0[box][0-9a-f_]+|[0-9][0-9_]*", re.IGNORECASE)
_STEP = "  "


def dump(data: Any, *, sort: bool = True) -> str:
    """One document with its separator."""
    out: list[str] = ["---\n"]
    _value(data, "", sort, out)
    out.append("\n")
    return "".join(out)


def _value(value: Any, indent: str, sort: bool, out: list[str]) -> None:
    if isinstance(value, dict):
        _mapping(value, indent, sort, out)
    elif isinstance(value, list | tuple):
        _sequence(value, indent, sort, out)
    elif isinstance(value, str):
        out.append(_string(value, indent))
    else:
        out.append(json_out.compact(value))


def _mapping(data: dict[str, Any], indent: str, sort: bool, out: list[str]) -> None:
    if not data:
        out.append("{}")
        return
    inner = indent + _STEP
    out.append("{\n")
    for key in sorted(data) if sort else data:
        out.append(f"{inner}{_key(key)}: ")
        _value(data[key], inner, sort, out)
        out.append(",\n")
    out.append(indent + "}")


def _sequence(data: Any, indent: str, sort: bool, out: list[str]) -> None:
    """Maps and lists hug the brackets; scalars have a line each."""
    if not data:
        out.append("[]")
        return
    if all(isinstance(item, dict | list) and item for item in data):
        out.append("[")
        for position, item in enumerate(data):
            if position:
                out.append(", ")
            _value(item, indent, sort, out)
        out.append("]")
        return
    inner = indent + _STEP
    out.append("[\n")
    for item in data:
        out.append(inner)
        _value(item, inner, sort, out)
        out.append(",\n")
    out.append(indent + "]")


def _key(key: str) -> str:
    is_safe = _SAFE_KEY.fullmatch(key) is not None and _AMBIGUOUS.fullmatch(key) is None
    return key if is_safe and not yaml_scalars.needs_quotes(key) else _quoted(key)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r").replace("\x1b", "\\e") + '"'


def _string(text: str, indent: str) -> str:
    if "\n" not in text:
        return _quoted(text)
    inner = indent + _STEP
    lines = _quoted(text)[1:-1].split("\n")
    last = lines.pop()
    out = ['"\\\n']
    for line in lines:
        out.append(f"{inner}{_lead(line)}{line}\\n\\\n")
    if last:
        out.append(f"{inner}{_lead(last)}{last}\\\n")
    out.append(f'{inner}"')
    return "".join(out)


def _lead(line: str) -> str:
    """Blanks at a line's start only count after a backslash."""
    return "\\" if line[:1] in (" ", "\t") else " "
