"""explain's older page (`--output=plaintext-openapiv2`) from the schemas of OpenAPI version 2.

Source: kubectl/pkg/explain/{field_lookup,model_printer,fields_printer,recursive_fields_printer,typename,formatter}.go;
kube-openapi/pkg/util/proto/document.go
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from k8s_magic.kinds.openapi import Schema
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.machinery.names import GroupVersionKind

# How wide a line is with its indent, and how far texts and fields stand in.
WIDTH = 80
TEXT_INDENT, FIELD_INDENT, FIELD_TEXT_INDENT = 5, 3, 5
_BULLET = re.compile(r"(\d+\.?|-|\*)\s")


class Page:
    """`untold`: what is said in place of the texts where they cannot be had; "" where they can."""

    def __init__(
        self, prefix: str, schemas: Mapping[str, Schema], gvk: GroupVersionKind, *, recursive: bool, untold: str = ""
    ) -> None:
        self._prefix = prefix
        self._schemas = schemas
        self._gvk = gvk
        self._recursive = recursive
        self._untold = untold

    def of(self, schema: Schema, path: list[str]) -> str:
        """Raises: KubectlError where there is no such field. Below what may be anything, everything is that."""
        for name in path:
            holder = self._element(schema)
            if "properties" not in holder:
                schema = holder
                break
            if name not in holder["properties"]:
                raise KubectlError(f'field "{name}" does not exist')
            schema = holder["properties"][name]
        return self._place(path[-1] if path else "", schema)

    def _place(self, name: str, schema: Schema) -> str:
        texts = [each.get("description", "") for each in self._layers(schema)]
        found = self._element(schema)
        text = f"KIND:     {self._gvk.kind}\nVERSION:  {self._gvk.api_version}\n\n"
        is_object = "properties" in found
        if is_object and name:
            text += f"RESOURCE: {name} <{self._type_name(schema)}>\n\n"
        elif not is_object and found.get("type"):
            text += f"FIELD:    {name} <{self._type_name(schema)}>\n\n"
        text += "DESCRIPTION:\n"
        for position, each in enumerate(texts):
            if each:
                text += "\n" * (position > 0) + _wrapped(each, TEXT_INDENT)
        if not any(texts):
            text += _wrapped(self._untold or "<empty>", TEXT_INDENT)
        if is_object:
            text += "\nFIELDS:\n"
            text += self._deep(found, FIELD_INDENT, frozenset()) if self._recursive else self._fields(found)
        return text

    def _fields(self, schema: Schema) -> str:
        text = ""
        for name, field in sorted(schema["properties"].items()):
            is_required = name in (schema.get("required") or ())
            text += f"{' ' * FIELD_INDENT}{name}\t<{self._type_name(field)}>{' -required-' * is_required}\n"
            text += _wrapped(field.get("description", ""), FIELD_TEXT_INDENT) + "\n"
        return text

    def _deep(self, schema: Schema, indent: int, above: frozenset[str]) -> str:
        text = ""
        for name, field in sorted(schema["properties"].items()):
            text += f"{' ' * indent}{name}\t<{self._type_name(field)}>\n"
            refs = [ref for layer in self._layers(field) if (ref := layer.get("$ref", ""))]
            found = self._element(field)
            if "properties" in found and above.isdisjoint(refs):
                text += self._deep(found, indent + FIELD_INDENT, above.union(refs))
        return text

    def _layers(self, schema: Schema) -> Iterator[Schema]:
        """A place, and what it leads to through references, lists and maps, to what these hold in the end."""
        while True:
            yield schema
            inner = self._inside(schema)
            if inner is None:
                return
            schema = inner

    def _element(self, schema: Schema) -> Schema:
        return list(self._layers(schema))[-1]

    def _inside(self, schema: Schema) -> Schema | None:
        if "$ref" in schema:
            return self._schemas[schema["$ref"].removeprefix(self._prefix)]
        if schema.get("type") == "array":
            return schema.get("items") or {}
        if schema.get("type") == "object" and "properties" not in schema:
            values = schema.get("additionalProperties")
            return values if isinstance(values, dict) else {"description": schema.get("description", "")}
        return None

    def _type_name(self, schema: Schema) -> str:
        """A type's own name is not told, and of what may be anything nothing."""
        inner = self._inside(schema)
        if inner is None:
            return "Object" if "properties" in schema else schema.get("type", "")
        name = self._type_name(inner)
        if "$ref" in schema:
            return name
        return f"[]{name}" if schema["type"] == "array" else f"map[string]{name}"


def _wrapped(text: str, indent: int) -> str:
    """Paragraphs are filled anew; lists, indented lines and what follows a colon keep their lines."""
    width = WIDTH - indent
    lines: list[str] = []
    words: list[str] = []
    last = ""

    def flush() -> None:
        nonlocal last
        if words:
            lines.append(" ".join(words))
            words.clear()
            last = ""

    for line in text.split("\n"):
        bare = line.strip()
        if line.startswith("    "):
            flush()
            lines.append(line)
            continue
        if lines and not bare:
            flush()
            lines.append("")
            continue
        if last.endswith(":") or not bare or _BULLET.match(bare):
            flush()
        for word in bare.split():
            last = word
            if words and len(" ".join([*words, word]).encode()) > width:
                flush()
            words.append(word)
    flush()
    return "".join(f"{' ' * indent}{line}\n" if line else "\n" for line in lines)
