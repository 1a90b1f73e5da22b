"""One running watch: what was written since a revision, as its selectors see it.

An object that comes to match is ADDED, one that ceases to match is DELETED: the stream is that of a table that
holds matching objects only. Source: apiserver/pkg/storage/cacher/cache_watcher.go (convertToWatchEvent)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import WatchEvent, WatchType

if TYPE_CHECKING:
    from k8s_magic.apiserver.store.table import Entry

Matches = Callable[[Object], bool]
Render = Callable[[Object, "Entry"], Object]


class Watcher:
    """Events wait in `pending` until they are taken. `render` makes what the client wants of an object."""

    __slots__ = ("_detach", "_matches", "_namespace", "_render", "closed", "pending")

    def __init__(
        self,
        namespace: str,
        matches: Matches | None,
        render: Render | None,
        detach: Callable[[Watcher], None],
    ) -> None:
        self.pending: deque[tuple[WatchType, Object, Entry]] = deque()
        self.closed = False
        self._namespace = namespace
        self._matches = matches
        self._render = render
        self._detach = detach

    def offer(self, type: WatchType, new: Object, old: Object | None, entry: Entry) -> None:
        """A write has happened."""
        if self._namespace and new["metadata"].get("namespace") != self._namespace:
            return
        matches = self._matches
        if matches is not None:
            had = old is not None and matches(old)
            has = type != "DELETED" and matches(new)
            told: WatchType
            if has:
                told = "MODIFIED" if had else "ADDED"
            elif had:
                if type != "DELETED":
                    # What leaves the selection is told in its last matching state, at the new revision.
                    assert old is not None
                    revision = new["metadata"]["resourceVersion"]
                    new = {**old, "metadata": {**old["metadata"], "resourceVersion": revision}}
                told = "DELETED"
            else:
                return
            self.pending.append((told, new, entry))
        else:
            self.pending.append((type, new, entry))

    def take(self) -> WatchEvent | None:
        """The next event, if one waits."""
        if not self.pending:
            return None
        told, obj, entry = self.pending.popleft()
        if self._render is not None:
            obj = self._render(obj, entry)
        return WatchEvent(told, obj)

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.pending.clear()
            self._detach(self)
