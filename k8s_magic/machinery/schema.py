"""One place in a kind's OpenAPI tree, as patches, decoding and explain see it."""

from __future__ import annotations

from typing import Any, Protocol


class Schema(Protocol):
    """What may stand at one place of an object.

    `type` is object, array, string, integer, number, boolean or "" (anything). `format` is OpenAPI's, or
    `int-or-string`, `quantity`. For an object, `field(name)` answers the property's schema (a map answers its
    values' schema for every name), None where there is no such field.
    Source: the server's OpenAPI v3 documents and their x-kubernetes extensions.
    """

    @property
    def type(self) -> str: ...
    @property
    def format(self) -> str: ...
    @property
    def ref(self) -> str:
        """The Go type's short name, e.g. `PodSpec`; "" for plain types."""

    @property
    def is_map(self) -> bool: ...
    @property
    def properties(self) -> dict[str, Schema]: ...
    @property
    def required(self) -> tuple[str, ...]: ...
    @property
    def enum(self) -> tuple[str, ...]: ...
    @property
    def default(self) -> Any: ...
    @property
    def item(self) -> Schema | None:
        """The schema of an array's items."""

    @property
    def patch_strategy(self) -> tuple[str, ...]:
        """merge, replace, retainKeys."""

    @property
    def patch_merge_key(self) -> str: ...
    @property
    def list_type(self) -> str:
        """atomic, set, map or ""."""

    @property
    def list_map_keys(self) -> tuple[str, ...]: ...
    @property
    def map_type(self) -> str:
        """atomic, granular or ""."""

    def field(self, name: str) -> Schema | None: ...
