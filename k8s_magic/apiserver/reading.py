"""get, list and watch, as objects or as the server's Table.

Lists are in the order of the keys in etcd (namespace/name). Our simplification: a continued list goes on from its
key in the present state, where the real server goes on in a snapshot.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

from k8s_magic.apiserver import managed, tabling
from k8s_magic.apiserver.core import Core
from k8s_magic.apiserver.selection import Selection, storage_order
from k8s_magic.apiserver.store import Watcher
from k8s_magic.machinery import errors
from k8s_magic.machinery.kind import Kind, Warn
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import ListOptions


class Reader:
    def __init__(self, core: Core) -> None:
        self._core = core

    def get(self, gvr: GroupVersionResource, namespace: str, name: str, options: ListOptions, warn: Warn) -> Object:
        core = self._core
        kind = core.kind(gvr, "get")
        if kind.warning:
            warn(kind.warning)
        entry = core.entry(gvr, namespace, name)
        if options.table:
            revision = entry.object["metadata"]["resourceVersion"]
            return tabling.table(core, kind, [entry.object], {"resourceVersion": revision}, options)
        if options.managed_fields:
            return managed.with_managed_fields(core.catalogue, kind, entry)
        return entry.object

    def list(self, gvr: GroupVersionResource, namespace: str, options: ListOptions, warn: Warn) -> Object:
        core = self._core
        kind = core.kind(gvr, "list")
        if kind.warning:
            warn(kind.warning)
        table = core.table(gvr)
        chosen = Selection(kind, options).select(table, namespace if kind.namespaced else "")
        metadata: Object = {"resourceVersion": str(core.store.revision)}
        if options.continue_:
            start = _start_of(options.continue_)
            chosen = [obj for obj in chosen if storage_order(obj) >= start]
        if options.limit and len(chosen) > options.limit:
            rest = chosen[options.limit :]
            chosen = chosen[: options.limit]
            metadata["continue"] = _continue_at(storage_order(rest[0]), core.store.revision)
            if not options.label_selector and not options.field_selector:
                metadata["remainingItemCount"] = len(rest)
        if options.table:
            return tabling.table(core, kind, chosen, metadata, options)
        if options.managed_fields:
            entries = table.entries
            keys = [(obj["metadata"].get("namespace", ""), obj["metadata"]["name"]) for obj in chosen]
            chosen = [managed.with_managed_fields(core.catalogue, kind, entries[key]) for key in keys]
        gvk = kind.gvk
        return {"kind": f"{gvk.kind}List", "apiVersion": gvk.api_version, "metadata": metadata, "items": chosen}

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
        render = self._renderer(kind, options) or shown
        watcher = Watcher(scope, selection.matches, render, lambda each: table.watchers.pop(each, None))
        since = options.resource_version
        if since in ("", "0"):
            for obj in selection.select(table, scope):
                watcher.pending.append(("ADDED", obj))
            table.watchers[watcher] = None
        else:
            core.store.watch(table, watcher, _revision(since))
        return watcher

    def _renderer(self, kind: Kind, options: ListOptions) -> Callable[[Object], Object] | None:
        core = self._core
        if not options.table:
            return None
        first = True

        def render(obj: Object) -> Object:
            nonlocal first
            metadata = {"resourceVersion": obj["metadata"]["resourceVersion"]}
            rendered = tabling.table(core, kind, [obj], metadata, options)
            if not first:
                # Columns are told once. Source: apiserver/pkg/endpoints/handlers/response.go
                rendered["columnDefinitions"] = None
            first = False
            return rendered

        return render

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


def _continue_at(key: str, revision: int) -> str:
    token = json.dumps({"v": "meta.k8s.io/v1", "rv": revision, "start": key}, separators=(",", ":"))
    return base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")


def _start_of(token: str) -> str:
    try:
        start = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))["start"]
    except (ValueError, KeyError, TypeError):
        start = None
    if not isinstance(start, str):
        raise errors.bad_request("continue key is not valid")
    return start
