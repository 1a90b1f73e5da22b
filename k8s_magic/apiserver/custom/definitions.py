"""What becomes of CustomResourceDefinitions: names, establishing, serving, and going with all their objects.

The real server does this in loops of its own a moment after the write; here it is done before the write's caller goes
on, so a defined kind can be used at once. One table holds the objects of all versions of a kind, in the stored version;
the others are the same objects under another apiVersion (conversion strategy None).

Our simplification: an object written in another version is validated by the stored version's schema as well.
Source: apiextensions-apiserver/pkg/{apiserver/customresource_handler.go,controller/{status,establish,finalizer}}
"""

from __future__ import annotations

from typing import Any

from k8s_magic.apiserver import managed
from k8s_magic.apiserver.core import Core
from k8s_magic.apiserver.custom.catalogue import CustomCatalogue
from k8s_magic.apiserver.custom.records import Record, record
from k8s_magic.apiserver.deletion import CLEANUP, Deleter
from k8s_magic.apiserver.store import Entry, Table
from k8s_magic.apiserver.versions import Alias
from k8s_magic.kinds import custom
from k8s_magic.kinds.custom import naming
from k8s_magic.kinds.custom.pruning import Schema
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.kind import Kind
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import CUSTOM_RESOURCE_DEFINITIONS, GroupVersionKind, GroupVersionResource
from k8s_magic.machinery.protocols import DELETE, WatchType
from k8s_magic.sim.time import SECOND, SimTime

# As what the server writes to its own API.
SERVER = "kube-apiserver"
# How often what is left is counted, and how long until that is told. Source: controller/finalizer/crd_finalizer.go
POLL: SimTime = 5 * SECOND
PATIENCE: SimTime = 60 * SECOND

Aliases = dict[GroupVersionResource, Alias]


class Definitions:
    """`due` are the names of definitions that something has happened to since they were last settled."""

    def __init__(self, core: Core, deleter: Deleter, aliases: Aliases) -> None:
        self.due: dict[str, None] = {}
        self.records: tuple[Record, ...] = ()
        self._core = core
        self._deleter = deleter
        self._aliases = aliases
        self._builtin = core.kinds
        self._base = core.catalogue
        self._served: dict[str, Object] = {}  # by name, the definition as it is served
        self._tables: dict[tuple[str, str], Table] = {}  # by group and plural; kept, since watchers may hold them
        self._clearing: dict[str, SimTime] = {}  # by name, since when its objects are waited for
        self._is_settling = False
        self._definitions: Table | None = None
        if CUSTOM_RESOURCE_DEFINITIONS in core.kinds:
            self._definitions = core.table(CUSTOM_RESOURCE_DEFINITIONS)
            self._definitions.add_handler(self._changed)

    def _changed(self, type: WatchType, new: Object, old: Object | None) -> None:
        self.due[new["metadata"]["name"]] = None

    def settle(self) -> None:
        """Bring the status of what is due, and what is served, up to date."""
        if self._is_settling:
            return
        self._is_settling = True
        try:
            while self.due:
                name = next(iter(self.due))
                del self.due[name]
                self._attend(name)
        finally:
            self._is_settling = False

    def _attend(self, name: str) -> None:
        table = self._definitions
        assert table is not None
        entry = table.entries.get(("", name))
        if entry is None:
            gone = self._served.pop(name, None)
            self._clearing.pop(name, None)
            self._serve()
            if gone is not None:
                self._reconsider(name, gone["spec"]["group"])
            return
        if entry.object["metadata"].get("deletionTimestamp") is not None:
            self._clear(name, entry)
        else:
            now = self._core.now_text()
            others = [
                each for each in self._of_group(entry.object["spec"]["group"]) if each["metadata"]["name"] != name
            ]
            self._write(entry, naming.named(entry.object, others, now))
            self._write(entry, naming.established(entry.object, now))
        self._note(name, entry.object)

    def _note(self, name: str, definition: Object) -> None:
        served = self._served.get(name)
        if not naming.is_true(definition, "Established"):
            return
        parts = ("spec",)
        same = served is not None and all(served[part] is definition[part] for part in parts)
        same = same and served is not None and _names(served) == _names(definition)
        self._served[name] = definition
        is_going = definition["metadata"].get("deletionTimestamp") is not None
        resource = (definition["spec"]["group"], _names(definition)["plural"])
        if is_going:
            self._core.closed.add(resource)
        else:
            self._core.closed.discard(resource)
        if not same:
            self._serve()

    def _of_group(self, group: str) -> list[Object]:
        table = self._definitions
        return [] if table is None else [each for each in table.list() if each["spec"]["group"] == group]

    def _reconsider(self, name: str, group: str) -> None:
        """Names may have come free."""
        for each in self._of_group(group):
            if each["metadata"]["name"] != name:
                self.due[each["metadata"]["name"]] = None

    def _write(self, entry: Entry, new: Object) -> None:
        core, table = self._core, self._definitions
        old = entry.object
        if new is old or table is None:
            return
        core.store.replace(table, entry, {**new, "metadata": {**new["metadata"]}})
        managed.note(entry, SERVER, "status", core.now_text(), old)

    # Going ----------------------------------------------------------------------------------------------------

    def _clear(self, name: str, entry: Entry) -> None:
        """Delete a definition's objects; when none is left, let the definition go."""
        if CLEANUP not in (entry.object["metadata"].get("finalizers") or ()) or name in self._clearing:
            return
        core, now = self._core, self._core.now_text()
        words = ("True", "InstanceDeletionInProgress", "CustomResource deletion is in progress")
        self._write(entry, naming.with_condition(entry.object, now, "Terminating", *words))
        if not naming.is_true(entry.object, "Established"):
            self._let_go(entry, "NeverEstablished", "resource was never established")
            return
        self._clearing[name] = core.kernel.now
        for obj in self._objects(entry.object):
            metadata = obj["metadata"]
            try:
                gvr = self._stored(entry.object)
                self._deleter.delete(SERVER, gvr, metadata.get("namespace", ""), metadata["name"], DELETE)
            except ApiError as problem:
                if not problem.is_not_found:
                    raise
        self._count(name)

    def _count(self, name: str) -> None:
        table = self._definitions
        entry = table.entries.get(("", name)) if table is not None else None
        since = self._clearing.get(name)
        if entry is None or since is None:
            return
        core = self._core
        if not self._objects(entry.object):
            self._let_go(entry, "InstanceDeletionCompleted", "removed all instances")
            self.settle()
            return
        if core.kernel.now - since >= PATIENCE:
            words = "could not confirm zero CustomResources remaining: context deadline exceeded"
            condition = ("Terminating", "True", "InstanceDeletionCheck", words)
            self._write(entry, naming.with_condition(entry.object, core.now_text(), *condition))
            self._clearing[name] = core.kernel.now
        core.kernel.call_after(POLL, self._count, name)

    def _let_go(self, entry: Entry, reason: str, message: str) -> None:
        core, table = self._core, self._definitions
        assert table is not None
        new = naming.with_condition(entry.object, core.now_text(), "Terminating", "False", reason, message)
        left = [each for each in new["metadata"].get("finalizers") or () if each != CLEANUP]
        metadata = {**new["metadata"], "finalizers": left}
        if left:
            self._write(entry, {**new, "metadata": metadata})
            return
        del metadata["finalizers"]
        entry.object = {**new, "metadata": metadata}
        core.store.remove(table, entry)

    def _objects(self, definition: Object) -> list[Object]:
        table = self._tables.get((definition["spec"]["group"], _names(definition).get("plural", "")))
        return table.list() if table is not None else []

    # Serving --------------------------------------------------------------------------------------------------

    def _stored(self, definition: Object) -> GroupVersionResource:
        """The version whose form the objects are held in: the storage version, where it is served."""
        versions = [each for each in definition["spec"]["versions"] if each.get("served")]
        stored = [each["name"] for each in versions if each.get("storage")]
        name = stored[0] if stored else custom.newest_first(each["name"] for each in versions)[0]
        return GroupVersionResource(definition["spec"]["group"], name, _names(definition)["plural"])

    def _serve(self) -> None:
        """Make kinds, tables, aliases and the catalogue follow the established definitions."""
        core = self._core
        for gvr in [gvr for gvr, kind in core.kinds.items() if kind.custom]:
            core.unserve(gvr)
            self._aliases.pop(gvr, None)
        kinds: dict[GroupVersionResource, Kind] = {}
        schemas: dict[GroupVersionKind, Schema] = {}
        records: list[Record] = []
        for definition, version in self._versions():
            kind = custom.build(definition, version)
            if kind.gvr in self._builtin:
                continue
            kinds[kind.gvr] = kind
            schemas[kind.gvk] = custom.schema_of(version)
            records.append(record(kind, _names(definition), schemas[kind.gvk]))
            stored = self._stored(definition)
            core.serve(kind.gvr, self._table(stored))
            if kind.gvr != stored:
                has_webhook = (definition["spec"].get("conversion") or {}).get("strategy") == "Webhook"
                self._aliases[kind.gvr] = _alias(kind.gvr, stored, has_webhook)
        core.kinds = {**self._builtin, **kinds} if kinds else self._builtin
        core.catalogue = CustomCatalogue(self._base, kinds, schemas) if kinds else self._base
        self.records = tuple(records)

    def _versions(self) -> list[tuple[Object, Object]]:
        """(definition, version) of all that is served, in the order of discovery."""
        found: dict[tuple[str, str], list[tuple[Object, Object]]] = {}
        for definition in sorted(self._served.values(), key=lambda each: each["metadata"]["name"]):
            for version in definition["spec"]["versions"]:
                if version.get("served"):
                    found.setdefault((definition["spec"]["group"], version["name"]), []).append((definition, version))
        groups = sorted({group for group, _ in found})
        return [
            each
            for group in groups
            for version in custom.newest_first(name for held, name in found if held == group)
            for each in found[group, version]
        ]

    def _table(self, stored: GroupVersionResource) -> Table:
        place = (stored.group, stored.resource)
        table = self._tables.get(place)
        if table is None:
            table = self._tables[place] = self._core.store.table(stored)
        elif table.gvr != stored:
            # Another version is stored from now on: the objects are shown in it without being written again.
            table.gvr = stored
            for entry in table.entries.values():
                entry.object = {**entry.object, "apiVersion": stored.api_version}
        return table


def _names(definition: Object) -> dict[str, Any]:
    found: dict[str, Any] = (definition.get("status") or {}).get("acceptedNames") or {}
    return found


def _alias(gvr: GroupVersionResource, stored: GroupVersionResource, has_webhook: bool) -> Alias:
    """One version's objects as another's: only the apiVersion changes."""

    def converted(obj: Object, to: GroupVersionResource) -> Object:
        if has_webhook:
            raise Unsupported(
                f"{gvr.qualified} are converted between versions by a webhook, which is not simulated; "
                f"use {stored.api_version}."
            )
        return {**obj, "apiVersion": to.api_version}

    return Alias(stored, lambda obj: converted(obj, stored), lambda obj: converted(obj, gvr), {}, shares_table=True)
