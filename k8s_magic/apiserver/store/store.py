"""All tables and the one revision counter. A write is whole or has not happened.

`create`, `replace` and `remove` take objects that are ready but for the revision, which they fill into a copy of the
metadata; what they return is stored and will never change.
"""

from __future__ import annotations

from k8s_magic.apiserver.store.table import Entry, Table
from k8s_magic.apiserver.store.watcher import Watcher
from k8s_magic.machinery import errors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource


class Store:
    """`revision` is that of the last write; `writes` counts them (for benchmarks)."""

    def __init__(self) -> None:
        self.revision = 1
        self.writes = 0
        self._tables: dict[GroupVersionResource, Table] = {}

    def table(self, gvr: GroupVersionResource) -> Table:
        table = self._tables.get(gvr)
        if table is None:
            table = self._tables[gvr] = Table(gvr, self.revision)
        return table

    def tables(self) -> list[Table]:
        return list(self._tables.values())

    def create(self, table: Table, obj: Object) -> Entry:
        """Store a new object. Its metadata must be the caller's own dict: the revision is written into it."""
        metadata = obj["metadata"]
        revision = self._next()
        metadata["resourceVersion"] = str(revision)
        entry = Entry((metadata.get("namespace", ""), metadata["name"]), obj)
        table.add(entry, revision)
        return entry

    def replace(self, table: Table, entry: Entry, obj: Object) -> Object:
        """Store a new version. Its metadata must be the caller's own dict: the revision is written into it."""
        revision = self._next()
        obj["metadata"]["resourceVersion"] = str(revision)
        table.replace(entry, obj, revision)
        return obj

    def remove(self, table: Table, entry: Entry) -> Object:
        """Take an object away. Returns its last state, which carries the revision of the removal."""
        revision = self._next()
        obj = entry.object
        last = {**obj, "metadata": {**obj["metadata"], "resourceVersion": str(revision)}}
        table.remove(entry, last, revision)
        return last

    def watch(self, table: Table, watcher: Watcher, since: int) -> None:
        """Attach a watcher after what has happened since a revision.

        Raises: Expired when the history does not reach back so far.
        """
        if since < table.forgotten:
            raise errors.expired(f"too old resource version: {since} ({table.forgotten})")
        for revision, told, new, old, entry in table.history:
            if revision > since:
                watcher.offer(told, new, old, entry)
        table.watchers[watcher] = None

    def _next(self) -> int:
        self.writes += 1
        self.revision += 1
        return self.revision
