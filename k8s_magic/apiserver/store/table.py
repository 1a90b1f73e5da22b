"""One resource's objects with their indexes, history and listeners. It is the Informer that components see.

Objects are references to what was written: never changed, only replaced. Every write updates the indexes, notes
itself in the bounded history and tells handlers and watchers, in that order, before it returns. An Entry stands
for an object through all its versions, so that an index is touched only when what it indexes has changed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from k8s_magic.apiserver.store.watcher import Watcher
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import EVENTS, PODS, GroupVersionResource
from k8s_magic.machinery.protocols import WatchType

Key = tuple[str, str]
Handler = Callable[[WatchType, Object, "Object | None"], None]
Change = tuple[int, WatchType, Object, "Object | None", "Entry"]
"""(revision, type, new, old, entry); for DELETED `new` is the last state with the deletion's revision."""

# Our simplification: the real watch cache grows from 100 to 102,400 entries so as to hold 75 seconds.
# Source: apiserver/pkg/storage/cacher/watch_cache.go
HISTORY = 1_000

Bucket = dict["Entry", None]
Objects = list[Object]


def _node_name(obj: Object) -> str:
    name: str = obj["spec"].get("nodeName") or ""
    return name


def _involved_name(obj: Object) -> str:
    name: str = (obj.get("involvedObject") or {}).get("name") or ""
    return name


# The field that a resource is looked up by besides its name: (field selector, reader).
INDEXED_FIELD: dict[GroupVersionResource, tuple[str, Callable[[Object], str]]] = {
    PODS: ("spec.nodeName", _node_name),
    EVENTS: ("involvedObject.name", _involved_name),
}


class Entry:
    """An object's place in its table. `log` is managed.py's; `expires` is expiry.py's."""

    __slots__ = ("expires", "key", "log", "object")

    def __init__(self, key: Key, obj: Object) -> None:
        self.key = key
        self.object = obj
        self.log: list[list[Any]] = []
        self.expires = 0


class Table:
    """Shape: `entries` is in order of creation; `namespaces` maps a namespace to its names' entries."""

    def __init__(self, gvr: GroupVersionResource, first_revision: int) -> None:
        self.gvr = gvr
        self.entries: dict[Key, Entry] = {}
        self.namespaces: dict[str, Bucket] = {}
        self.history: deque[Change] = deque(maxlen=HISTORY)
        self.watchers: dict[Watcher, None] = {}
        self.forgotten = first_revision  # every change after this revision is in the history
        self._handlers: list[Handler] = []
        self._owners: dict[str, Bucket] = {}
        self._labels: dict[tuple[str, str, str], Bucket] = {}
        self._fields: dict[str, Bucket] = {}
        indexed = INDEXED_FIELD.get(gvr)
        self.indexed_field = indexed[0] if indexed else ""
        self._read_field = indexed[1] if indexed else None

    # Informer -----------------------------------------------------------------------------------------------

    def add_handler(self, handler: Handler) -> None:
        self._handlers = [*self._handlers, handler]
        for entry in list(self.entries.values()):
            handler("ADDED", entry.object, None)

    def remove_handler(self, handler: Handler) -> None:
        """The handler hears nothing more, not even of the write that is being told."""
        self._handlers = [known for known in self._handlers if known != handler]

    def get(self, namespace: str, name: str) -> Object | None:
        entry = self.entries.get((namespace, name))
        return None if entry is None else entry.object

    def list(self, namespace: str = "") -> Objects:
        if not namespace:
            return [entry.object for entry in self.entries.values()]
        return [entry.object for entry in self.namespaces.get(namespace, ())]

    def by_owner(self, uid: str) -> Objects:
        return [entry.object for entry in self._owners.get(uid, ())]

    def by_node(self, node: str) -> Objects:
        if self.indexed_field != "spec.nodeName":
            return []
        return [entry.object for entry in self._fields.get(node, ())]

    def by_field(self, value: str) -> Objects:
        """Objects by the table's indexed field (`INDEXED_FIELD`)."""
        return [entry.object for entry in self._fields.get(value, ())]

    def by_label(self, namespace: str, key: str, value: str) -> Objects:
        return [entry.object for entry in self._labels.get((namespace, key, value), ())]

    def select(self, namespace: str, match_labels: Mapping[str, str]) -> Objects:
        if not match_labels:
            return self.list(namespace)
        smallest: Bucket | None = None
        for key, value in match_labels.items():
            bucket = self._labels.get((namespace, key, value))
            if bucket is None:
                return []
            if smallest is None or len(bucket) < len(smallest):
                smallest = bucket
        found = [entry.object for entry in smallest or ()]
        if len(match_labels) == 1:
            return found
        wanted = match_labels.items()
        return [obj for obj in found if wanted <= obj["metadata"]["labels"].items()]

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Object]:
        for entry in list(self.entries.values()):
            yield entry.object

    # Writes: only the store calls these ---------------------------------------------------------------------

    def add(self, entry: Entry, revision: int) -> None:
        obj, key = entry.object, entry.key
        namespace = key[0]
        self.entries[key] = entry
        if namespace:
            bucket = self.namespaces.get(namespace)
            if bucket is None:
                bucket = self.namespaces[namespace] = {}
            bucket[entry] = None
        metadata = obj["metadata"]
        if labels := metadata.get("labels"):
            self._index_labels(entry, namespace, labels)
        if owners := metadata.get("ownerReferences"):
            self._index_owners(entry, owners)
        if self._read_field is not None:
            self._put(self._fields, self._read_field(obj), entry)
        self._tell(revision, "ADDED", obj, None, entry)

    def replace(self, entry: Entry, new: Object, revision: int) -> None:
        old = entry.object
        entry.object = new
        before, after = old["metadata"], new["metadata"]
        labels_before, labels_after = before.get("labels"), after.get("labels")
        if labels_before is not labels_after and labels_before != labels_after:
            namespace = entry.key[0]
            for key, value in (labels_before or {}).items():
                self._drop(self._labels, (namespace, key, value), entry)
            self._index_labels(entry, namespace, labels_after or {})
        owners_before, owners_after = before.get("ownerReferences"), after.get("ownerReferences")
        if owners_before is not owners_after and owners_before != owners_after:
            for owner in owners_before or ():
                self._drop(self._owners, owner["uid"], entry)
            self._index_owners(entry, owners_after or ())
        if self._read_field is not None and old.get("spec") is not new.get("spec"):
            was, is_now = self._read_field(old), self._read_field(new)
            if was != is_now:
                self._drop(self._fields, was, entry)
                self._put(self._fields, is_now, entry)
        self._tell(revision, "MODIFIED", new, old, entry)

    def remove(self, entry: Entry, last: Object, revision: int) -> None:
        """`last` is the final state as watchers see it: the stored object with the deletion's revision."""
        old, key = entry.object, entry.key
        entry.object = last
        del self.entries[key]
        if key[0]:
            self._drop(self.namespaces, key[0], entry)
        metadata = old["metadata"]
        for name, value in (metadata.get("labels") or {}).items():
            self._drop(self._labels, (key[0], name, value), entry)
        for owner in metadata.get("ownerReferences") or ():
            self._drop(self._owners, owner["uid"], entry)
        if self._read_field is not None:
            self._drop(self._fields, self._read_field(old), entry)
        self._tell(revision, "DELETED", last, old, entry)

    def _tell(self, revision: int, type: WatchType, new: Object, old: Object | None, entry: Entry) -> None:
        history = self.history
        if len(history) == HISTORY:
            self.forgotten = history[0][0]
        history.append((revision, type, new, old, entry))
        for handler in self._handlers:
            handler(type, new, old)
        if self.watchers:
            for watcher in list(self.watchers):
                watcher.offer(type, new, old, entry)

    def _index_labels(self, entry: Entry, namespace: str, labels: Mapping[str, str]) -> None:
        for name, value in labels.items():
            self._put(self._labels, (namespace, name, value), entry)

    def _index_owners(self, entry: Entry, owners: Any) -> None:
        for owner in owners:
            self._put(self._owners, owner["uid"], entry)

    @staticmethod
    def _put(index: dict[Any, Bucket], key: Any, entry: Entry) -> None:
        bucket = index.get(key)
        if bucket is None:
            index[key] = {entry: None}
        else:
            bucket[entry] = None

    @staticmethod
    def _drop(index: dict[Any, Bucket], key: Any, entry: Entry) -> None:
        bucket = index.get(key)
        if bucket is not None:
            bucket.pop(entry, None)
            if not bucket:
                del index[key]
