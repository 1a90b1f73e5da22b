"""What the API server must know of kinds: the facade of `kinds`, as a protocol, so that a test may serve its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from k8s_magic.machinery.kind import Kind
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionKind, GroupVersionResource
from k8s_magic.machinery.schema import Schema


class Catalogue(Protocol):
    def all_kinds(self) -> Sequence[Kind]: ...

    def by_resource(self, gvr: GroupVersionResource, /) -> Kind | None: ...

    def schema_of(self, gvk: GroupVersionKind, /) -> Schema: ...

    def decode(self, data: Any, gvk: GroupVersionKind, /) -> tuple[Object, list[str]]:
        """The object as the server's decoder leaves it (fresh all through), and its strict errors."""
