"""Objects without a controller, by namespace: the few that a controller might adopt."""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import WatchType


class Orphans:
    """Kept up to date by `note`, which answers whether the change is one of an orphan that may now be claimed."""

    __slots__ = ("_by_namespace",)

    def __init__(self) -> None:
        self._by_namespace: dict[str, dict[str, Object]] = {}

    def note(self, type: WatchType, new: Object) -> bool:
        metadata = new["metadata"]
        namespace, name = metadata.get("namespace", ""), metadata["name"]
        held = self._by_namespace.get(namespace)
        if type == "DELETED" or (metadata.get("ownerReferences") and meta.controller_of(new) is not None):
            if held is not None and held.pop(name, None) is not None and not held:
                del self._by_namespace[namespace]
            return False
        if held is None:
            held = self._by_namespace[namespace] = {}
        before = held.get(name)
        held[name] = new
        return before is None or meta.labels_of(before) != meta.labels_of(new)

    def of(self, namespace: str) -> Iterable[Object]:
        held = self._by_namespace.get(namespace)
        return list(held.values()) if held else ()
