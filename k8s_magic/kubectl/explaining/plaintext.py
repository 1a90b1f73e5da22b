"""explain's page from the schemas of OpenAPI version 3.

Source: kubectl/pkg/explain/v2/templates/plaintext.tmpl, …/v2/funcs.go; github.com/mitchellh/go-wordwrap
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from k8s_magic.kinds.openapi import Schema
from k8s_magic.text import go_values

# How many values of an enumeration a list of fields shows, and how wide a text is before it is indented.
ENUM_LIMIT = 4
WIDTH = 76
NO_TEXT = "<no description>"
EMPTY = "<empty>"
# A space that does not break is part of a word.
_WORDS = re.compile("([^\\S\u00a0]*)([\\S\u00a0]*)")

History = frozenset[str]


class Page:
    """`untold`: what is said in place of the texts where they cannot be had; "" where they can."""

    def __init__(self, prefix: str, schemas: Mapping[str, Schema], *, recursive: bool, untold: str = "") -> None:
        self._prefix = prefix
        self._schemas = schemas
        self._recursive = recursive
        self._untold = untold

    def of(self, schema: Schema, path: list[str], history: History = frozenset()) -> str:
        """From a place of a schema down the path; "" where it leads nowhere."""
        ref = schema.get("$ref", "")
        found = self._resolved(schema)
        if not path:
            return self._place(found)
        if ref in history:
            return ""
        deeper = history | {ref} if ref else history
        field = (found.get("properties") or {}).get(path[0])
        if field:
            head = ""
            if len(path) == 1:
                head = f"FIELD: {path[0]} <{self.type_name(field)}>\n{_long_enum(field)}\n\n"
            rest = self.of(field, path[1:])
            return head + rest if rest else ""
        for name in ("items", "additionalProperties"):
            if _is_schema(found.get(name)):
                return self.of(found[name], path, deeper)
        return next((text for each in found.get("allOf") or () if (text := self.of(each, path, deeper))), "")

    def type_name(self, schema: Schema) -> str:
        """`[]Container`, `map[string]string`, `IntOrString`: a type that is no object goes by its plain name."""
        if _is_schema(schema.get("items")):
            return "[]" + self.type_name(schema["items"])
        if _is_schema(schema.get("additionalProperties")):
            return "map[string]" + self.type_name(schema["additionalProperties"])
        every = schema.get("allOf") or []
        if len(every) == 1 and not schema.get("properties"):
            return self.type_name(every[0])
        ref = schema.get("$ref", "")
        plain: str = self._resolved(schema).get("type", "")
        if plain in ("", "object"):
            return ref.rpartition(".")[2] or "Object"
        return plain

    def _resolved(self, schema: Schema) -> Schema:
        return self._schemas.get(schema.get("$ref", "").removeprefix(self._prefix)) or schema

    def _place(self, schema: Schema) -> str:
        told = "".join(f"{text}\n" for text in self._texts(schema))
        if not told:
            told = f"{self._untold}\n" if self._untold else EMPTY
        text = f"DESCRIPTION:\n{_indented(wrapped(told, WIDTH), 4)}\n"
        if schema.get("externalDocs"):
            text += "\nEXTERNAL DOCS:\n" + _external(schema["externalDocs"], 4)
        fields = self._fields(schema, 1)
        return text + (f"FIELDS:\n{fields}" if fields else "")

    def _texts(self, schema: Schema) -> Iterator[str]:
        """What is said of a place, of the type that is there, and of what that holds."""
        found = self._resolved(schema)
        if found.get("description"):
            yield found["description"]
        for each in found.get("allOf") or ():
            yield from self._texts(each)
        for name in ("items", "additionalProperties"):
            if _is_schema(found.get(name)):
                yield from self._texts(found[name])

    def _fields(self, schema: Schema, level: int, history: History = frozenset()) -> str:
        ref = schema.get("$ref", "")
        if ref in history:
            return ""
        deeper = history | {ref} if ref else history
        found = self._resolved(schema)
        text = ""
        for name, field in sorted((found.get("properties") or {}).items()):
            text += self._field(name, field, 2 * level, name in (found.get("required") or ()))
            if self._recursive:
                text += self._fields(field, level + 1, deeper)
        inside = list(found.get("allOf") or ())
        inside += [found[name] for name in ("items", "additionalProperties") if _is_schema(found.get(name))]
        return text + "".join(self._fields(each, level, deeper) for each in inside)

    def _field(self, name: str, field: Schema, indent: int, is_required: bool) -> str:
        text = f"{' ' * indent}{name}\t<{self.type_name(field)}>{' -required-' * is_required}"
        text += _short_enum(field, indent) + "\n"
        if self._recursive or self._untold:
            return text
        text += _indented(wrapped(field.get("description") or NO_TEXT, WIDTH + 2 - indent), indent + 2) + "\n"
        if field.get("externalDocs"):
            text += f"\n{' ' * (indent + 2)}EXTERNAL DOCS:\n" + _external(field["externalDocs"], indent + 4)
        return text + "\n"


def wrapped(text: str, width: int) -> str:
    """Broken between words into lines of so many characters; a word that is longer stays whole."""
    return "\n".join(_wrapped_line(line, width) for line in text.split("\n"))


def _wrapped_line(line: str, width: int) -> str:
    found, at = "", 0
    for space, word in _WORDS.findall(line):
        if not word:
            return found + (space if at + len(space) <= width else "")
        if at + len(space) + min(len(word), width - 1) > width:
            found, at, space = found + "\n", 0, ""
        found += space + word
        at += len(space) + len(word)
    return found


def _indented(text: str, indent: int) -> str:
    pad = " " * indent
    return pad + text.replace("\n", f"\n{pad}")


def _external(told: Mapping[str, Any], indent: int) -> str:
    text = ""
    if told.get("description"):
        text += _indented(wrapped(told["description"], WIDTH + 4 - indent), indent) + "\n"
    if told.get("url"):
        text += f"{' ' * indent}URL: {told['url']}\n"
    return text


def _is_schema(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value)


def _short_enum(field: Schema, indent: int) -> str:
    values = [_value(each) for each in field.get("enum") or ()]
    if not values:
        return ""
    return f"\n{' ' * indent}enum: {', '.join(values[:ENUM_LIMIT])}" + (", ...." if len(values) > ENUM_LIMIT else "")


def _long_enum(field: Schema) -> str:
    values = [_value(each) for each in field.get("enum") or ()]
    return "ENUM:" + "".join(f"\n    {value}" for value in values) if values else ""


def _value(value: Any) -> str:
    """Numbers are Go's float64, as JSON is read into anything."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    return '""' if value == "" else go_values.plain(value)
