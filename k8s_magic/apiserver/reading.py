"""get, list and watch, as objects or as the server's Table. Lists are in the order of the keys in etcd."""

from __future__ import annotations

import bisect
from collections.abc import Callable
from typing import Any

from k8s_magic.apiserver import managed, pages, tabling
from k8s_magic.apiserver.core import Core
from k8s_magic.apiserver.selection import Selection, storage_order
from k8s_magic.apiserver.store import Entry, Table, Watcher
from k8s_magic.machinery import errors
from k8s_magic.machinery.kind import Kind, Warn
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import ListOptions

# So many objects with their managedFields are kept for whoever asks again.
KEPT = 1024
# So many lists that somebody reads in pieces are kept whole.
BEGUN = 4
Objects = list[Object]
Asked = tuple[GroupVersionResource, str, str, str, int]


class Reader:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._begun: dict[Asked, Objects] = {}
        # By identity: an object, the log of its writers and it with its managedFields.
        self._managed: dict[int, tuple[Object, list[list[Any]], Object]] = {}

    def get(self, gvr: GroupVersionResource, namespace: str, name: str, options: ListOptions, warn: Warn) -> Object:
        core = self._core
        kind = core.kind(gvr, "get")
        if kind.warning:
            warn(kind.warning)
        entry = core.entry(gvr, namespace, name)
        obj = self._managed_once(kind, entry, entry.object) if options.managed_fields else entry.object
        if options.table:
            return tabling.table(core, kind, [obj], {"resourceVersion": obj["metadata"]["resourceVersion"]}, options)
        return obj

    def list(self, gvr: GroupVersionResource, namespace: str, options: ListOptions, warn: Warn) -> Object:
        core = self._core
        kind = core.kind(gvr, "list")
        if kind.warning:
            warn(kind.warning)
        table = core.table(gvr)
        scope = namespace if kind.namespaced else ""
        selection = Selection(kind, options)
        start = pages.start_of(options)
        pages.check_reached(core.store, start)
        revision = start.revision or core.store.revision
        asked = (gvr, scope, options.label_selector, options.field_selector, revision)
        chosen = self._selected(table, selection, scope, start, asked)
        prefix = len(scope) + 1 if scope else 0
        begin = f"{scope}/{start.key}" if scope else start.key
        first = bisect.bisect_left(chosen, begin, key=storage_order) if start.key else 0
        end = first + options.limit if options.limit else len(chosen)
        rest = len(chosen) - end
        metadata: Object = {"resourceVersion": str(revision)}
        if rest > 0:
            self._begun.pop(asked, None)
            self._begun[asked] = chosen
            if len(self._begun) > BEGUN:
                del self._begun[next(iter(self._begun))]
            metadata["continue"] = pages.continue_after(storage_order(chosen[end - 1])[prefix:], revision)
            if not options.label_selector and not options.field_selector:
                metadata["remainingItemCount"] = rest
        if first or rest > 0:
            chosen = chosen[first:end]
        if options.managed_fields:
            chosen = [self._with_managers(kind, table, obj) for obj in chosen]
        if options.table:
            return tabling.table(core, kind, chosen, metadata, options)
        gvk = kind.gvk
        return {"kind": f"{gvk.kind}List", "apiVersion": gvk.api_version, "metadata": metadata, "items": chosen}

    def _selected(self, table: Table, selection: Selection, scope: str, start: pages.Start, asked: Asked) -> Objects:
        """What a list selects at its revision, in order. Raises: Expired."""
        if not start.revision:
            return selection.select(table, scope)
        pages.check_kept(table, start)
        if (begun := self._begun.get(asked)) is not None:
            return begun
        if start.revision == self._core.store.revision:
            return selection.select(table, scope)
        return selection.among(pages.past(table, start.revision), scope)

    def _with_managers(self, kind: Kind, table: Table, obj: Object) -> Object:
        metadata = obj["metadata"]
        entry = table.entries.get((metadata.get("namespace", ""), metadata["name"]))
        if entry is None or entry.object["metadata"]["uid"] != metadata["uid"]:
            return obj  # of a past state, and gone with who wrote it
        return self._managed_once(kind, entry, obj)

    def watch(
        self,
        gvr: GroupVersionResource,
        namespace: str,
        options: ListOptions,
        warn: Warn,
        shown: Callable[[Object], Object] | None = None,
    ) -> Watcher:
        """From a resourceVersion, what has happened since; without one, what is there and then what happens."""
        core = self._core
        kind = core.kind(gvr, "watch")
        if kind.warning:
            warn(kind.warning)
        table = core.table(gvr)
        selection = Selection(kind, options)
        scope = namespace if kind.namespaced else ""
        render = self._renderer(kind, options, shown)
        watcher = Watcher(scope, selection.matches, render, lambda each: table.watchers.pop(each, None))
        since = options.resource_version
        if since in ("", "0"):
            for obj in selection.select(table, scope):
                metadata = obj["metadata"]
                entry = table.entries[metadata.get("namespace", ""), metadata["name"]]
                watcher.pending.append(("ADDED", obj, entry))
            table.watchers[watcher] = None
        else:
            core.store.watch(table, watcher, _revision(since))
        return watcher

    def _renderer(
        self, kind: Kind, options: ListOptions, shown: Callable[[Object], Object] | None
    ) -> Callable[[Object, Entry], Object] | None:
        """What a watch makes of each object. None: it is told as it is."""
        if not (options.table or options.managed_fields or shown):
            return None
        core, first = self._core, True

        def render(obj: Object, entry: Entry) -> Object:
            nonlocal first
            if options.managed_fields:
                obj = self._managed_once(kind, entry, obj)
            if not options.table:
                return obj if shown is None else shown(obj)
            metadata = {"resourceVersion": obj["metadata"]["resourceVersion"]}
            rendered = tabling.table(core, kind, [obj], metadata, options)
            if not first:
                # Columns are told once. Source: apiserver/pkg/endpoints/handlers/response.go
                rendered["columnDefinitions"] = None
            first = False
            return rendered

        return render

    def _managed_once(self, kind: Kind, entry: Entry, obj: Object) -> Object:
        """Whoever asks for the same gets the very same object, so that it is worked out and written out once."""
        found = self._managed.get(id(obj))
        if found is None or found[0] is not obj or found[1] is not entry.log:
            if len(self._managed) >= KEPT:
                self._managed.clear()
            rendered = managed.with_managed_fields(self._core.catalogue, kind, entry, obj)
            found = self._managed[id(obj)] = (obj, entry.log, rendered)
        return found[2]

    def bookmark(self, gvr: GroupVersionResource) -> Object:
        """The object of a BOOKMARK: only its kind and the revision up to which nothing is missing."""
        kind = self._core.kind(gvr)
        metadata = {"resourceVersion": str(self._core.store.revision), "creationTimestamp": None}
        return {"kind": kind.gvk.kind, "apiVersion": kind.gvk.api_version, "metadata": metadata}


def _revision(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise errors.bad_request(f'invalid resource version "{text}"') from None
