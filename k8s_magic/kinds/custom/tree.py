"""machinery.schema.Schema on a structural schema: what server-side apply and `kubectl explain` walk."""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds.custom.pruning import Schema as Structural
from k8s_magic.kinds.custom.pruning import has_values, values_schema
from k8s_magic.kinds.schema import of_type
from k8s_magic.machinery.schema import Schema

OBJECT_META = "meta.v1.ObjectMeta"


class CustomSchema:
    """One place of a custom resource. `root` adds what every object has: apiVersion, kind, metadata."""

    __slots__ = ("_item", "_properties", "_schema", "root")

    def __init__(self, schema: Structural, *, root: str = "") -> None:
        self._schema = schema
        self.root = root
        self._properties: dict[str, Schema] | None = None
        self._item: Schema | None = None

    @property
    def type(self) -> str:
        found: str = self._schema.get("type") or ""
        return found

    @property
    def format(self) -> str:
        if self._schema.get("x-kubernetes-int-or-string"):
            return "int-or-string"
        found: str = self._schema.get("format") or ""
        return found

    @property
    def ref(self) -> str:
        return self.root

    @property
    def description(self) -> str:
        """Whoever wrote the definition says what the field is: it may be shown."""
        found: str = self._schema.get("description") or ""
        return found

    @property
    def is_map(self) -> bool:
        return has_values(self._schema) and not self._schema.get("properties")

    @property
    def properties(self) -> dict[str, Schema]:
        if self._properties is None:
            given = self._schema.get("properties") or {}
            self._properties = {name: CustomSchema(each) for name, each in given.items()}
            if self.root or self._schema.get("x-kubernetes-embedded-resource"):
                for name in ("apiVersion", "kind"):
                    self._properties.setdefault(name, CustomSchema({"type": "string"}))
                self._properties["metadata"] = of_type(OBJECT_META)
        return self._properties

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(self._schema.get("required") or ())

    @property
    def enum(self) -> tuple[str, ...]:
        return tuple(str(each) for each in self._schema.get("enum") or ())

    @property
    def default(self) -> Any:
        return self._schema.get("default")

    @property
    def item(self) -> Schema | None:
        if self._item is None and isinstance(self._schema.get("items"), dict):
            self._item = CustomSchema(self._schema["items"])
        return self._item

    @property
    def patch_strategy(self) -> tuple[str, ...]:
        return ()

    @property
    def patch_merge_key(self) -> str:
        return ""

    @property
    def list_type(self) -> str:
        found: str = self._schema.get("x-kubernetes-list-type") or ""
        return found

    @property
    def list_map_keys(self) -> tuple[str, ...]:
        return tuple(self._schema.get("x-kubernetes-list-map-keys") or ())

    @property
    def map_type(self) -> str:
        found: str = self._schema.get("x-kubernetes-map-type") or ""
        return found

    def field(self, name: str) -> Schema | None:
        if self.is_map:
            if self._item is None:
                self._item = CustomSchema(values_schema(self._schema) or {})
            return self._item
        return self.properties.get(name)
