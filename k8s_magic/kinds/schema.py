"""machinery.schema.Schema on the generated tables."""

from __future__ import annotations

from functools import cache
from typing import Any

from k8s_magic.kinds import tables
from k8s_magic.machinery.schema import Schema

_NO_FIELD: dict[str, Any] = {}


class TypeSchema:
    """One place of an object: a Go type, and what its field's markers say."""

    __slots__ = ("_children", "_field", "_type", "format", "go_type", "type")

    def __init__(self, go_type: str, field: dict[str, Any] | None = None) -> None:
        self.go_type = go_type
        self._field = _NO_FIELD if field is None else field
        self._type = tables.take_apart(go_type)
        self._children: dict[str, Schema] | None = None
        sort = self._type.sort
        if sort == "plain":
            self.type, self.format = tables.PLAIN[self._type.key]
        else:
            self.type, self.format = ("array" if sort == "list" else "object"), ""

    @property
    def ref(self) -> str:
        return self._type.key.rpartition(".")[2] if self._type.sort == "struct" else ""

    @property
    def key(self) -> str:
        """The tables' key of a struct, `core.v1.PodSpec`; "" for other types."""
        return self._type.key if self._type.sort == "struct" else ""

    @property
    def is_map(self) -> bool:
        return self._type.sort == "map"

    @property
    def properties(self) -> dict[str, Schema]:
        if self._children is None:
            fields = tables.struct(self._type.key)["f"] if self._type.sort == "struct" else {}
            self._children = {name: TypeSchema(field["t"], field) for name, field in fields.items()}
        return self._children

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(tables.struct(self._type.key).get("r", ())) if self._type.sort == "struct" else ()

    @property
    def enum(self) -> tuple[str, ...]:
        return tuple(self._field.get("e", ()))

    @property
    def default(self) -> Any:
        return self._field.get("d")

    @property
    def item(self) -> Schema | None:
        return self._inner() if self._type.sort == "list" else None

    @property
    def patch_strategy(self) -> tuple[str, ...]:
        text = self._field.get("s", "")
        return tuple(text.split(",")) if text else ()

    @property
    def patch_merge_key(self) -> str:
        key: str = self._field.get("k", "")
        return key

    @property
    def list_type(self) -> str:
        text: str = self._field.get("l", "")
        return text

    @property
    def list_map_keys(self) -> tuple[str, ...]:
        return tuple(self._field.get("m", ()))

    @property
    def map_type(self) -> str:
        text: str = self._field.get("a", "")
        if not text and self._type.sort == "struct":
            text = tables.struct(self._type.key).get("a", "")
        return text

    def field(self, name: str) -> Schema | None:
        if self._type.sort == "map":
            return self._inner()
        return self.properties.get(name)

    def _inner(self) -> Schema:
        if self._children is None:
            enum = {"e": self._field["e"]} if "e" in self._field else None
            self._children = {"": TypeSchema(self._type.inner, enum)}
        return self._children[""]


@cache
def of_type(key: str) -> TypeSchema:
    """The schema of a type by its key, `core.v1.Pod`; trees are made as they are walked."""
    return TypeSchema(key)
