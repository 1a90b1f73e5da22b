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
# the writer and before admission, where that differs from what was stored.
MANAGER, SUBRESOURCE, TIME, BEFORE, GIVEN = range(5)
LONGEST = 16


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
    log.append([manager, subresource, time, before, given])


def entries(catalogue: Catalogue, kind: Kind, entry: Entry) -> list[dict[str, Any]]:
    """metadata.managedFields of an object, as it is now."""
    log = entry.log
    found: list[dict[str, Any]] = []
    schema = catalogue.schema_of(kind.gvk)
    for at, record in enumerate(log):
        manager = record[MANAGER]
        if manager is None:
            found = record[BEFORE]
            continue
        after = record[GIVEN]
        if after is None:
            after = log[at + 1][BEFORE] if at + 1 < len(log) else entry.object
        if manager:
            found = managed_fields.update(
                record[BEFORE],
                after,
                schema,
                found,
                manager=manager,
                time=record[TIME],
                subresource=record[SUBRESOURCE],
            )
    if len(log) > LONGEST:
        rebase(entry, found)
    return found


def rebase(entry: Entry, base: list[dict[str, Any]]) -> None:
    """From here on the log starts with known entries."""
    entry.log = [[None, "", "", base, None]]


def fold(catalogue: Catalogue, kind: Kind, entry: Entry) -> None:
    """Keeps the log of an object with many alternating writers short."""
    if len(entry.log) > LONGEST:
        entries(catalogue, kind, entry)


def with_managed_fields(catalogue: Catalogue, kind: Kind, entry: Entry) -> Object:
    obj = entry.object
    found = entries(catalogue, kind, entry)
    return {**obj, "metadata": {**obj["metadata"], "managedFields": found}} if found else obj
