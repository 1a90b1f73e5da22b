"""Values as Go's json.Marshal writes them, inside complaints: structs in their fields' order, maps sorted."""

from __future__ import annotations

import json
from typing import Any

SELECTOR = ("matchLabels", "matchExpressions")


def ordered(value: Any) -> Any:
    """Internal structs (Go names) keep their order, label selectors have theirs, all else is a map."""
    if isinstance(value, list):
        return [ordered(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value and set(value) <= set(SELECTOR):
        names: Any = [name for name in SELECTOR if name in value]
    elif all(name[:1].isupper() for name in value):
        names = value
    else:
        names = sorted(value)
    return {name: ordered(value[name]) for name in names}


def _escaped(text: str) -> str:
    """encoding/json escapes what HTML minds; these stand in texts only."""
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def compact(value: Any) -> str:
    return as_given(ordered(value))


def as_given(value: Any) -> str:
    """json.Marshal of what is in Go's order already."""
    return _escaped(json.dumps(value, separators=(",", ":"), ensure_ascii=False))


def indented(value: Any) -> str:
    """json.MarshalIndent with one space; the value's order is kept."""
    return _escaped(json.dumps(value, indent=1, ensure_ascii=False))
