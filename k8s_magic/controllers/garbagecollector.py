"""What has lost its owners goes; owners that wait for their dependents, or let go of them, are helped along.

Works by the changes themselves: every object's owner references are noted as they come, so that nothing is scanned.

Source: pkg/controller/garbagecollector/{garbagecollector,graph_builder}.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.workqueue import WorkQueue
from k8s_magic.controllers import _writes
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import CUSTOM_RESOURCE_DEFINITIONS, GroupVersionResource
from k8s_magic.machinery.protocols import DeleteOptions, Informer, WatchType

COMPONENT = "generic-garbage-collector"
# Source: apimachinery/pkg/apis/meta/v1 FinalizerOrphanDependents, FinalizerDeleteDependents
ORPHAN, FOREGROUND = "orphan", "foregroundDeletion"
# Events have no dependents and are not collected. Source: garbagecollector/config ignoredResources
IGNORED = frozenset({"events"})


class Item(NamedTuple):
    resource: GroupVersionResource
    namespace: str
    name: str


class GarbageCollector:
    def __init__(self, context: Context) -> None:
        self._transport = context.transport(COMPONENT)
        self._informers: dict[GroupVersionResource, Informer] = {}
        self._by_kind: dict[tuple[str, str], tuple[GroupVersionResource, bool]] = {}
        self._informer = context.informer
        self._discover()
        self._dependents: dict[str, dict[Item, None]] = {}  # by the owner's uid
        self._is_running = False
        self._queue: WorkQueue[Item] = WorkQueue(context.kernel, self._work)

    def start(self) -> None:
        self._is_running = True
        for resource, informer in self._informers.items():
            informer.add_handler(self._noting(resource))
        if CUSTOM_RESOURCE_DEFINITIONS in self._informers:
            self._informers[CUSTOM_RESOURCE_DEFINITIONS].add_handler(self._note_definition)

    def stop(self) -> None:
        self._is_running = False
        self._queue.stop()

    def _discover(self) -> list[GroupVersionResource]:
        """Look up what is served. Returns the resources that were not known before."""
        found = []
        for entry in self._transport.resources():
            gvr = GroupVersionResource(entry["group"], entry["version"], entry["name"])
            verbs = entry["verbs"]
            if gvr.resource in IGNORED or gvr in self._informers or "delete" not in verbs or "list" not in verbs:
                continue
            informer = self._informer(gvr)
            if not any(informer is known for known in self._informers.values()):
                found.append(gvr)  # else another version of what is heard already
            self._informers[gvr] = informer
            self._by_kind[gvr.api_version, entry["kind"]] = (gvr, entry["namespaced"])
        return found

    # What is heard

    def _note_definition(self, type: WatchType, new: Object, old: Object | None) -> None:
        """A definition has changed: its kinds are looked up a moment later.

        Our simplification: the real one looks every 30 seconds.
        """
        if self._is_running:
            self._queue.add(_item(CUSTOM_RESOURCE_DEFINITIONS, new))

    def _noting(self, resource: GroupVersionResource) -> Callable[[WatchType, Object, Object | None], None]:
        def note(type: WatchType, new: Object, old: Object | None) -> None:
            if self._is_running:
                self._note(resource, type, new, old)

        return note

    def _note(self, resource: GroupVersionResource, type: WatchType, new: Object, old: Object | None) -> None:
        metadata = new["metadata"]
        references = metadata.get("ownerReferences")
        before = old["metadata"].get("ownerReferences") if old is not None else None
        if type == "DELETED":
            self._note_deleted(_item(resource, new), new)
            return
        if references is not before and references != before:
            item = _item(resource, new)
            now = _owners(references)
            for uid in _owners(before):
                if uid not in now:
                    self._forget(uid, item)
            for reference in references or ():
                self._dependents.setdefault(reference["uid"], {})[item] = None
            if any(not self._is_there(reference, item.namespace) for reference in references or ()):
                self._queue.add(item)
        if "deletionTimestamp" in metadata:
            finalizers = metadata.get("finalizers") or ()
            if ORPHAN in finalizers or FOREGROUND in finalizers:
                self._note_waiting(_item(resource, new), new, old)

    def _note_deleted(self, item: Item, obj: Object) -> None:
        for uid in _owners(obj["metadata"].get("ownerReferences")):
            self._forget(uid, item)
        for dependent in self._dependents.pop(meta.uid_of(obj), ()):
            self._queue.add(dependent)
        for reference in obj["metadata"].get("ownerReferences") or ():
            self._ask_for_waiting(reference, item.namespace)

    def _note_waiting(self, item: Item, new: Object, old: Object | None) -> None:
        was_waiting = old is not None and meta.is_deleting(old)
        same = was_waiting and old is not None and old["metadata"].get("finalizers") == new["metadata"]["finalizers"]
        if not same:
            if FOREGROUND in new["metadata"]["finalizers"]:
                for dependent in self._dependents.get(meta.uid_of(new), ()):
                    self._queue.add(dependent)
            self._queue.add(item)

    def _ask_for_waiting(self, reference: Object, namespace: str) -> None:
        """A dependent has gone or changed: its owner may have waited for that."""
        owner = self._owner(reference, namespace)
        if owner is not None and _is_foreground(owner):
            place = self._by_kind[reference["apiVersion"], reference["kind"]]
            self._queue.add(_item(place[0], owner))

    def _forget(self, uid: str, item: Item) -> None:
        held = self._dependents.get(uid)
        if held is not None and held.pop(item, 0) is None and not held:
            del self._dependents[uid]

    def _owner(self, reference: Object, namespace: str) -> Object | None:
        place = self._by_kind.get((reference["apiVersion"], reference["kind"]))
        if place is None:
            return None
        resource, namespaced = place
        found = self._informers[resource].get(namespace if namespaced else "", reference["name"])
        return found if found is not None and meta.uid_of(found) == reference["uid"] else None

    def _is_there(self, reference: Object, namespace: str) -> bool:
        """Owners of kinds that are not served are taken to be there: nothing is known of them."""
        known = (reference["apiVersion"], reference["kind"]) in self._by_kind
        return not known or self._owner(reference, namespace) is not None

    # What is done

    def _work(self, item: Item) -> None:
        if item.resource == CUSTOM_RESOURCE_DEFINITIONS:
            for resource in self._discover():
                self._informers[resource].add_handler(self._noting(resource))
                # Owners of the new kind can be told to be there or not from now on.
                for dependents in self._dependents.values():
                    for dependent in dependents:
                        self._queue.add(dependent)
        obj = self._informers[item.resource].get(item.namespace, item.name)
        if obj is None:
            self._queue.forget(item)
            return
        try:
            self._attend(item, obj)
        except ApiError as error:
            if not error.is_not_found:
                self._queue.add_rate_limited(item)
                return
        self._queue.forget(item)

    def _attend(self, item: Item, obj: Object) -> None:
        finalizers = obj["metadata"].get("finalizers") or ()
        if meta.is_deleting(obj):
            if ORPHAN in finalizers:
                self._let_go(item, obj)
            elif FOREGROUND in finalizers:
                self._finish_foreground(item, obj)
            return
        references = obj["metadata"].get("ownerReferences") or []
        if not references:
            return
        absent = [found for found in references if not self._is_there(found, item.namespace)]
        waiting = [found for found in references if self._is_waiting(found, item.namespace)]
        if len(absent) + len(waiting) < len(references):
            if absent or waiting:
                self._drop_owners(item, obj, [found["uid"] for found in [*absent, *waiting]])
        elif waiting and self._dependents.get(meta.uid_of(obj)):
            self._unblock_circle(obj)
            self._delete(item, obj, "Foreground")
        else:
            self._delete(item, obj, _own_policy(finalizers))

    def _is_waiting(self, reference: Object, namespace: str) -> bool:
        owner = self._owner(reference, namespace)
        return owner is not None and _is_foreground(owner)

    def _delete(self, item: Item, obj: Object, policy: str) -> None:
        options = DeleteOptions(propagation=policy, uid=meta.uid_of(obj))
        self._transport.delete(item.resource, item.namespace, item.name, options=options)

    def _dependents_of(self, obj: Object) -> list[tuple[Item, Object]]:
        found = []
        for item in list(self._dependents.get(meta.uid_of(obj), ())):
            dependent = self._informers[item.resource].get(item.namespace, item.name)
            if dependent is not None:
                found.append((item, dependent))
        return found

    def _finish_foreground(self, item: Item, obj: Object) -> None:
        """Gone when none of the dependents that block it is left."""
        uid = meta.uid_of(obj)
        blocking = [
            (found, dependent)
            for found, dependent in self._dependents_of(obj)
            if any(
                reference["uid"] == uid and reference.get("blockOwnerDeletion")
                for reference in dependent["metadata"]["ownerReferences"]
            )
        ]
        if not blocking:
            self._remove_finalizer(item, obj, FOREGROUND)
            return
        for found, dependent in blocking:
            if not meta.is_deleting(dependent):
                self._queue.add(found)

    def _unblock_circle(self, obj: Object) -> None:
        """A dependent that itself waits in the foreground could wait for this one for ever."""
        references = [{**reference, "blockOwnerDeletion": False} for reference in obj["metadata"]["ownerReferences"]]
        if any(_is_foreground(dependent) for _, dependent in self._dependents_of(obj)):
            place = self._by_kind[obj["apiVersion"], obj["kind"]]
            self._patch(_item(place[0], obj), {"metadata": {"ownerReferences": references}})

    def _let_go(self, item: Item, obj: Object) -> None:
        uid = meta.uid_of(obj)
        for found, dependent in self._dependents_of(obj):
            self._drop_owners(found, dependent, [uid])
        self._remove_finalizer(item, obj, ORPHAN)

    def _drop_owners(self, item: Item, obj: Object, uids: list[str]) -> None:
        left = [found for found in obj["metadata"]["ownerReferences"] if found["uid"] not in uids]
        try:
            self._patch(item, {"metadata": {"ownerReferences": left or None, "uid": meta.uid_of(obj)}})
        except ApiError as error:
            if not error.is_not_found:
                raise

    def _remove_finalizer(self, item: Item, obj: Object, name: str) -> None:
        left = [found for found in obj["metadata"]["finalizers"] if found != name]
        version = obj["metadata"]["resourceVersion"]
        self._patch(item, {"metadata": {"resourceVersion": version, "finalizers": left or None}})

    def _patch(self, item: Item, patch: dict[str, Any]) -> None:
        self._transport.patch(item.resource, item.namespace, item.name, patch, "merge", options=_writes.AS_MANAGER)


def _item(resource: GroupVersionResource, obj: Object) -> Item:
    return Item(resource, meta.namespace_of(obj), meta.name_of(obj))


def _owners(references: Iterable[Object] | None) -> list[str]:
    return [reference["uid"] for reference in references or ()]


def _is_foreground(obj: Object) -> bool:
    return meta.is_deleting(obj) and FOREGROUND in (obj["metadata"].get("finalizers") or ())


def _own_policy(finalizers: Iterable[str]) -> str:
    if ORPHAN in finalizers:
        return "Orphan"
    return "Foreground" if FOREGROUND in finalizers else "Background"


def build(context: Context) -> Component:
    return GarbageCollector(context)


CONTROLLER = ComponentRecord(COMPONENT, build)
