"""Who wrote what: metadata.managedFields, worked out only when somebody asks.

Every write notes its writer in the entry's log; a run of writes by one writer is one record. A record keeps the state
before its first write, so the fields that it set follow from the difference to the next record's. A log that grows
long is folded into the entries it stands for, which then come first in it.
"""

from __future__ import annotations

from typing import Any

from k8s_magic.apiserver.catalogue import Catalogue
from k8s_magic.apiserver.store import Entry
from k8s_magic.machinery.kind import Kind
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.patch import managed_fields

# A record. The first may be a base: manager None, and managedFields entries under BEFORE. GIVEN is the state after
# the writer and before admission, where that differs from what was stored. OWNED are the entries as they were before
# the record, once somebody has asked: what came before it changes no more.
MANAGER, SUBRESOURCE, TIME, BEFORE, GIVEN, OWNED = range(6)
LONGEST = 16
# So much of a long log is kept, for those who are told of older versions.
KEPT = 8
Entries = list[dict[str, Any]]


def note(
    entry: Entry,
    manager: str,
    subresource: str,
    time: str,
    before: Object | None,
    given: Object | None = None,
) -> None:
    """A write has happened. An empty manager stands for writes that leave no trace (bindings, deletions)."""
    log = entry.log
    if log:
        last = log[-1]
        if last[MANAGER] == manager and last[SUBRESOURCE] == subresource and last[GIVEN] is None:
            last[TIME] = time
            return
    log.append([manager, subresource, time, before, given, None])


class _Log:
    """An entry's log, read with the kind's schema."""

    def __init__(self, catalogue: Catalogue, kind: Kind, log: list[list[Any]]) -> None:
        self._schema = catalogue.schema_of(kind.gvk)
        self._log = log

    def before(self, at: int) -> Entries:
        """The entries before a record."""
        if at == 0:
            return []
        record = self._log[at]
        if record[OWNED] is None:
            record[OWNED] = self.after(at - 1, record[BEFORE])
        found: Entries = record[OWNED]
        return found

    def after(self, at: int, obj: Object) -> Entries:
        """The entries after a record whose writes led to a state of the object."""
        record = self._log[at]
        if record[MANAGER] is None:
            base: Entries = record[BEFORE]
            return base
        if not record[MANAGER]:
            return self.before(at)
        return managed_fields.update(
            record[BEFORE],
            obj if record[GIVEN] is None else record[GIVEN],
            self._schema,
            self.before(at),
            manager=record[MANAGER],
            time=record[TIME],
            subresource=record[SUBRESOURCE],
        )


def entries(catalogue: Catalogue, kind: Kind, entry: Entry, obj: Object | None = None) -> Entries:
    """metadata.managedFields of an object as it is now, or of a version of it (as far as the log goes back)."""
    log = entry.log
    if not log:
        return []
    reader, at = _Log(catalogue, kind, log), len(log) - 1
    if obj is None or obj is entry.object:
        found = reader.after(at, entry.object)
        if len(log) > LONGEST:
            first = len(log) - KEPT
            base = reader.before(first)
            entry.log = [[None, "", "", base, None, None], *log[first:]]
        return found
    revision = _revision(obj)
    while at > 0 and log[at][MANAGER] is not None and _revision(log[at][BEFORE]) >= revision:
        at -= 1
    return reader.after(at, obj)


def _revision(obj: Object) -> int:
    return int(obj["metadata"]["resourceVersion"])


def rebase(entry: Entry, base: Entries) -> None:
    """From here on the log starts with known entries."""
    entry.log = [[None, "", "", base, None, None]]


def fold(catalogue: Catalogue, kind: Kind, entry: Entry) -> None:
    """Keeps the log of an object with many alternating writers short."""
    if len(entry.log) > LONGEST:
        entries(catalogue, kind, entry)


def with_managed_fields(catalogue: Catalogue, kind: Kind, entry: Entry, obj: Object | None = None) -> Object:
    """The object, or a version of it, with its managedFields."""
    found = entries(catalogue, kind, entry, obj)
    obj = entry.object if obj is None else obj
    return {**obj, "metadata": {**obj["metadata"], "managedFields": found}} if found else obj
