"""Go's fmt verbs for JSON-shaped data: `%v` (map[a:1 b:[x y]]) and `%#v` (map[string]interface {}{"a":1}).

Source: Go's fmt; maps print in the order of their keys
"""

from __future__ import annotations

from typing import Any

from k8s_magic.text import json_out


def plain(value: Any) -> str:
    """`%v`, which is also fmt.Print's form of one value."""
    if isinstance(value, str):
        return value
    if value is None:
        return "<nil>"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, float):
        return json_out.shortest_form(value)
    if isinstance(value, dict):
        return "map[" + " ".join([f"{key}:{plain(value[key])}" for key in sorted(value)]) + "]"
    if isinstance(value, list | tuple):
        return "[" + " ".join([plain(item) for item in value]) + "]"
    return str(value)


def sharp(value: Any, keys: str = "string") -> str:
    """`%#v`: Go syntax. `keys` is the maps' key type (`interface {}` for what go-yaml itself reads)."""
    if isinstance(value, str):
        return quoted(value)
    if value is None:
        return "interface {}(nil)"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, float):
        return json_out.shortest_form(value)
    if isinstance(value, dict):
        items = ", ".join([f"{sharp(key, keys)}:{sharp(value[key], keys)}" for key in sorted(value)])
        return f"map[{keys}]interface {{}}{{{items}}}"
    if isinstance(value, list | tuple):
        return "[]interface {}{" + ", ".join([sharp(item, keys) for item in value]) + "}"
    return str(value)


_SHORT = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    '"': '\\"',
    "\\": "\\\\",
}


def quoted(text: str) -> str:
    """`%q`: strconv.Quote."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    parts = []
    for char in text:
        code = ord(char)
        if char in _SHORT:
            parts.append(_SHORT[char])
        elif char.isprintable():
            parts.append(char)
        elif code < 0x80:
            parts.append(f"\\x{code:02x}")
        elif code <= 0xFFFF:
            parts.append(f"\\u{code:04x}")
        else:
            parts.append(f"\\U{code:08x}")
    return '"' + "".join(parts) + '"'


def char_name(char: str) -> str:
    """`%#U`: a character's code point and, where it prints, itself: `U+0021 '!'`."""
    code = f"U+{ord(char):04X}"
    return f"{code} '{char}'" if char.isprintable() else code


def type_name(value: Any) -> str:
    """`%T` of data that came from JSON (integers are int64, as Kubernetes reads them)."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "string"
    if isinstance(value, int):
        return "int64"
    if isinstance(value, float):
        return "float64"
    if isinstance(value, dict):
        return "map[string]interface {}"
    return "[]interface {}"
