"""The catalogue with custom kinds: what the built-in one does not know is looked up here.

It stands in only while there are custom kinds, so that nothing else pays for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from k8s_magic.apiserver.catalogue import Catalogue
from k8s_magic.kinds import custom
from k8s_magic.kinds.custom.pruning import Schema as Structural
from k8s_magic.machinery.kind import Kind
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionKind, GroupVersionResource
from k8s_magic.machinery.schema import Schema


class CustomCatalogue:
    def __init__(
        self, base: Catalogue, kinds: dict[GroupVersionResource, Kind], schemas: dict[GroupVersionKind, Structural]
    ) -> None:
        self._base = base
        self._kinds = kinds
        self._schemas = schemas
        self._trees: dict[GroupVersionKind, Schema] = {}

    def all_kinds(self) -> Sequence[Kind]:
        return (*self._base.all_kinds(), *self._kinds.values())

    def by_resource(self, gvr: GroupVersionResource) -> Kind | None:
        return self._base.by_resource(gvr) or self._kinds.get(gvr)

    def schema_of(self, gvk: GroupVersionKind) -> Schema:
        structural = self._schemas.get(gvk)
        if structural is None:
            return self._base.schema_of(gvk)
        tree = self._trees.get(gvk)
        if tree is None:
            tree = self._trees[gvk] = custom.CustomSchema(structural, root=gvk.kind)
        return tree

    def decode(self, data: Any, gvk: GroupVersionKind) -> tuple[Object, list[str]]:
        structural = self._schemas.get(gvk)
        if structural is None:
            return self._base.decode(data, gvk)
        return custom.decode(data, gvk, structural)
