"""What is wrong with JSON data for a Go type, in the words of sigs.k8s.io/json.

Keys are looked at in sorted order, as they stand in the JSON that kubectl sends.
Source: sigs.k8s.io/json/internal/golang/encoding/json/decode.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import tables
from k8s_magic.kinds.scalar import READERS, Mismatch, value_word


def unknown_fields(data: Any, go_type: str) -> list[str]:
    """`unknown field "spec.template.spec.container"` for each field that the type does not have."""
    found: list[str] = []
    _walk_unknown(data, go_type, "", found)
    return found


def _walk_unknown(data: Any, go_type: str, path: str, found: list[str]) -> None:
    type_ = tables.take_apart(go_type)
    if type_.sort == "struct" and isinstance(data, dict):
        fields = tables.struct(type_.key)["f"]
        for name in sorted(data):
            below = f"{path}.{name}" if path else name
            if name not in fields:
                found.append(f'unknown field "{below}"')
            else:
                _walk_unknown(data[name], fields[name]["t"], below, found)
    elif type_.sort == "list" and isinstance(data, list):
        for position, item in enumerate(data):
            _walk_unknown(item, type_.inner, f"{path}[{position}]", found)
    elif type_.sort == "map" and isinstance(data, dict):
        for name in sorted(data):
            _walk_unknown(data[name], type_.inner, f"{path}.{name}", found)


def mismatch(data: Any, go_type: str) -> str:
    """json's words for the first value of the wrong type."""
    return _walk_mismatch(data, go_type, "", ()) or "json: cannot unmarshal"


def _walk_mismatch(data: Any, go_type: str, struct: str, path: tuple[str, ...]) -> str:
    if data is None:
        return ""
    type_ = tables.take_apart(go_type)
    if type_.sort == "plain":
        try:
            READERS[type_.key](data)
        except Mismatch as error:
            return error.message or _words(data, go_type, struct, path)
        return ""
    if type_.sort == "list":
        if not isinstance(data, list):
            return _words(data, go_type, struct, path)
        below = [(item, type_.inner, struct, path) for item in data]
    elif not isinstance(data, dict):
        return _words(data, go_type, struct, path)
    elif type_.sort == "map":
        below = [(data[name], type_.inner, struct, path) for name in sorted(data)]
    else:
        fields = tables.struct(type_.key)["f"]
        short = type_.key.rpartition(".")[2]
        below = [(data[name], fields[name]["t"], short, (*path, name)) for name in sorted(data) if name in fields]
    for each in below:
        words = _walk_mismatch(*each)
        if words:
            return words
    return ""


def _words(data: Any, go_type: str, struct: str, path: tuple[str, ...]) -> str:
    word = value_word(data)
    if word == "number" and tables.take_apart(go_type).key.startswith(("int", "uint")):
        word = f"number {data}"
    name = tables.go_name(go_type)
    if not path:
        return f"json: cannot unmarshal {word} into Go value of type {name}"
    return f"json: cannot unmarshal {word} into Go struct field {struct}.{'.'.join(path)} of type {name}"
