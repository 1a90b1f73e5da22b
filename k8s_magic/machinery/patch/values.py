"""JSON values as Go compares, types and prints them: `1` is not `true`, and `1` is not `1.0`."""

from __future__ import annotations

from typing import Any

_GO_TYPES = {
    dict: "map[string]interface {}",
    list: "[]interface {}",
    str: "string",
    bool: "bool",
    int: "int64",
    float: "float64",
    type(None): "<nil>",
}


def same(left: Any, right: Any) -> bool:
    """reflect.DeepEqual of two JSON values."""
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def key(value: Any) -> Any:
    """A hashable that is equal for scalars that Go holds equal."""
    if isinstance(value, dict | list):
        return ("text", text(value))
    return (type(value), value)


def text(value: Any) -> str:
    """Go's %v."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "map[" + " ".join(f"{name}:{text(held)}" for name, held in sorted(value.items())) + "]"
    if isinstance(value, list):
        return "[" + " ".join(map(text, value)) + "]"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return str(value)


def type_name(value: Any) -> str:
    """Go's type of a decoded JSON value."""
    return _GO_TYPES.get(type(value), type(value).__name__)
