"""Go's words for text that is no JSON object. Source: encoding/json scanner.go (the commonest complaints)"""

from __future__ import annotations

import json


def object_error(text: str) -> str:
    """ "" for a JSON object; else what json.Unmarshal into a map says."""
    if not text.strip():
        return "unexpected end of JSON input"
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        position = error.pos
        if position >= len(text.rstrip()):
            return "unexpected end of JSON input"
        char = text[position]
        shown = repr(char) if char != "'" else "'\\''"
        return f"invalid character {shown} {_where(text, position, error.msg)}"
    if isinstance(value, dict) or value is None:
        return ""
    word = "array" if isinstance(value, list) else "string" if isinstance(value, str) else "number"
    if isinstance(value, bool):
        word = "bool"
    return f"json: cannot unmarshal {word} into Go value of type map[string]interface {{}}"


def _where(text: str, position: int, message: str) -> str:
    before = text[:position].rstrip()
    if message.startswith("Extra data"):
        return "after top-level value"
    if message.startswith("Expecting property name"):
        return "looking for beginning of object key string"
    if message.startswith("Expecting ':'"):
        return "after object key"
    if message.startswith("Expecting ','"):
        opened = before.rfind("{") > before.rfind("[")
        return "after object key:value pair" if opened else "after array element"
    return "looking for beginning of value"
