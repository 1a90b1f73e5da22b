"""Events live for an hour. They share leases, as in etcd, so that one timer serves many.

Source: kube-apiserver --event-ttl (1h), apiserver/pkg/storage/etcd3/lease_manager.go
"""

from __future__ import annotations

from k8s_magic.apiserver.core import Core
from k8s_magic.apiserver.store import Entry, Table
from k8s_magic.sim.time import HOUR, MINUTE, SECOND, SimTime

EVENT_TTL: SimTime = HOUR
REUSE: SimTime = MINUTE  # a lease is given to all that is written within this span
MOST_OF_A_LEASE = 1_000


class Expiry:
    def __init__(self, core: Core, table: Table) -> None:
        self._core = core
        self._table = table
        self._lease: list[Entry] = []
        self._lease_end: SimTime = 0

    def keep(self, entry: Entry) -> None:
        """The entry was written: it lives for another hour, and up to a minute more."""
        now = self._core.kernel.now
        if now + EVENT_TTL > self._lease_end or len(self._lease) >= MOST_OF_A_LEASE:
            self._lease = []
            self._lease_end = (now + EVENT_TTL + REUSE) // SECOND * SECOND
            self._core.kernel.call_at(self._lease_end, self._end, self._lease, self._lease_end)
        if entry.expires != self._lease_end:
            entry.expires = self._lease_end
        self._lease.append(entry)

    def _end(self, lease: list[Entry], end: SimTime) -> None:
        entries = self._table.entries
        for entry in lease:
            if entry.expires == end and entries.get(entry.key) is entry:
                self._core.store.remove(self._table, entry)
