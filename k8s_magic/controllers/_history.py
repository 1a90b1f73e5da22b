"""ControllerRevisions: the recorded states of a DaemonSet or StatefulSet, which it owns.

Source: pkg/controller/history/controller_history.go, controller_ref_manager.go ControllerRevisionControllerRefManager
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from k8s_magic.client.context import Context
from k8s_magic.client.controller import Request
from k8s_magic.controllers import _writes
from k8s_magic.controllers._orphans import Orphans
from k8s_magic.machinery import meta, names, selectors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import Informer, Transport, WatchType
from k8s_magic.machinery.selectors import Selector

# Source: apps/v1 ControllerRevisionHashLabelKey
HASH_LABEL = "controller-revision-hash"


def snapshot(template: Object) -> Object:
    """The data of a revision: the patch that brings back a template."""
    return {"spec": {"template": {**template, "$patch": "replace"}}}


def revision_of(history: Object) -> int:
    number: int = history.get("revision", 0)
    return number


def by_revision(history: Object) -> tuple[int, str, str]:
    """Sort key: the oldest first."""
    return revision_of(history), history["metadata"].get("creationTimestamp") or "", meta.name_of(history)


class History:
    """The revisions of the owners of one kind."""

    def __init__(self, context: Context, transport: Transport, kind: str, owners: Informer) -> None:
        self.informer = context.informer(names.CONTROLLER_REVISIONS)
        self._transport = transport
        self._kind = kind
        self._owners = owners
        self._orphans = Orphans()

    def note(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        """Whom a change of a revision concerns: its owner unless it made it just now, or who may adopt it."""
        namespace = meta.namespace_of(new)
        found = []
        for state in (old, None if type == "ADDED" else new):
            reference = None if state is None else meta.controller_of(state)
            if reference is not None and reference["kind"] == self._kind:
                request = ObjectKey(namespace, reference["name"])
                if request not in found:
                    found.append(request)
        if self._orphans.note(type, new):
            labels = meta.labels_of(new)
            for owner in self._owners.list(namespace):
                if selectors.from_label_selector(owner["spec"]["selector"]).matches(labels):
                    found.append(meta.key_of(owner))
        return found

    def of(self, owner: Object) -> list[Object]:
        """The revisions that an owner controls, in order of creation."""
        return [found for found in self.informer.by_owner(meta.uid_of(owner)) if _controls(owner, found)]

    def adopt(self, owner: Object, selector: Selector) -> None:
        if meta.is_deleting(owner):
            return
        for orphan in self._orphans.of(meta.namespace_of(owner)):
            if selector.matches(meta.labels_of(orphan)) and not meta.is_deleting(orphan):
                self._patch(orphan, _writes.adopting(owner, meta.uid_of(orphan)))

    def claim(self, owner: Object, selector: Selector) -> list[Object]:
        """The owner's revisions, after orphans that match were adopted and own ones that do not were released."""
        self.adopt(owner, selector)
        claimed = []
        for history in self.of(owner):
            if selector.matches(meta.labels_of(history)):
                claimed.append(history)
            else:
                self._patch(history, _writes.releasing(owner, meta.uid_of(history)))
        return claimed

    def _patch(self, history: Object, patch: Object) -> None:
        """A revision that is gone or no longer fits the patch is no failure."""
        try:
            self._transport.patch(
                names.CONTROLLER_REVISIONS,
                meta.namespace_of(history),
                meta.name_of(history),
                patch,
                "strategic",
                options=_writes.AS_MANAGER,
            )
        except ApiError as error:
            if not error.is_not_found and error.reason != "Invalid":
                raise

    def create(self, owner: Object, name: str, metadata: dict[str, Any], data: Object, revision: int) -> Object:
        """Raises: ApiError already_exists among others."""
        body = {
            "apiVersion": "apps/v1",
            "kind": "ControllerRevision",
            "metadata": {"name": name, **metadata, "ownerReferences": [meta.owner_reference(owner)]},
            "data": data,
            "revision": revision,
        }
        namespace = meta.namespace_of(owner)
        return self._transport.create(names.CONTROLLER_REVISIONS, namespace, body, options=_writes.AS_MANAGER)

    def renumber(self, history: Object, revision: int) -> Object:
        return self.update({**history, "revision": revision})

    def update(self, history: Object) -> Object:
        return self._transport.update(
            names.CONTROLLER_REVISIONS,
            meta.namespace_of(history),
            meta.name_of(history),
            history,
            options=_writes.AS_MANAGER,
        )

    def delete(self, history: Object) -> None:
        self._transport.delete(names.CONTROLLER_REVISIONS, meta.namespace_of(history), meta.name_of(history))


def _controls(owner: Object, history: Object) -> bool:
    reference = meta.controller_of(history)
    return reference is not None and reference["uid"] == meta.uid_of(owner)
