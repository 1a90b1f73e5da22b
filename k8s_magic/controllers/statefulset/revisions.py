"""The revisions of a StatefulSet: the one its Pods come from and the one they go to.

Source: pkg/controller/statefulset/stateful_set_control.go getStatefulSetRevisions, truncateHistory (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from k8s_magic.controllers._history import History, by_revision, revision_of, snapshot
from k8s_magic.controllers._template_hash import compute
from k8s_magic.controllers.statefulset import pods as stateful_pods
from k8s_magic.machinery import meta, selectors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.text import json_out

# Source: pkg/controller/history ControllerRevisionHashLabel
HASH = "controller.kubernetes.io/hash"
LONGEST_PREFIX = 223


class Found(NamedTuple):
    """`held` are the revisions there were, the oldest first."""

    current: Object
    update: Object
    collisions: int
    held: list[Object]


def template_of(revision: Object) -> Object:
    template: Object = revision["data"]["spec"]["template"]
    return {name: value for name, value in template.items() if name != "$patch"}


def hash_of(data: Object, collisions: int) -> str:
    """Source: pkg/controller/history HashControllerRevision: FNV-1 of the JSON and the count."""
    state = compute.OFFSET
    for byte in json_out.compact(data).encode() + str(collisions).encode():
        state = ((state * compute.PRIME) & 0xFFFFFFFF) ^ byte
    return compute.safe_encode(str(state))


class Revisions:
    def __init__(self, history: History) -> None:
        self._history = history

    def adopt(self, owner: Object) -> None:
        self._history.adopt(owner, selectors.from_label_selector(owner["spec"]["selector"]))

    def find(self, owner: Object) -> Found:
        selector = selectors.from_label_selector(owner["spec"]["selector"])
        held = [found for found in self._history.of(owner) if selector.matches(meta.labels_of(found))]
        held.sort(key=by_revision)
        status = owner.get("status") or {}
        collisions: int = status.get("collisionCount", 0)
        data = snapshot(owner["spec"]["template"])
        equal = [found for found in held if found.get("data") == data]
        if equal and equal[-1] is held[-1]:
            update = held[-1]
        else:
            number = revision_of(held[-1]) + 1 if held else 1
            if equal:
                update = self._history.renumber(equal[-1], number)
            else:
                update, collisions = self._create(owner, data, number, collisions)
        named = (found for found in held if meta.name_of(found) == status.get("currentRevision"))
        return Found(next(named, update), update, collisions, held)

    def _create(self, owner: Object, data: Object, number: int, collisions: int) -> tuple[Object, int]:
        source = owner["spec"]["template"].get("metadata") or {}
        metadata = {"labels": {**(source.get("labels") or {}), HASH: hash_of(data, collisions)}}
        if meta.annotations_of(owner):
            metadata["annotations"] = meta.annotations_of(owner)
        while True:
            name = f"{meta.name_of(owner)[:LONGEST_PREFIX]}-{hash_of(data, collisions)}"
            try:
                return self._history.create(owner, name, metadata, data, number), collisions
            except ApiError as error:
                held = self._history.informer.get(meta.namespace_of(owner), name)
                if not error.is_already_exists or held is None:
                    raise
                if held.get("data") == data:
                    return held, collisions
                collisions += 1

    def truncate(self, owner: Object, found: Found, pods: Iterable[Object]) -> None:
        """The oldest revisions beyond the limit go, but for those in use."""
        live = {meta.name_of(found.current), meta.name_of(found.update), *map(stateful_pods.revision_of, pods)}
        past = [history for history in found.held if meta.name_of(history) not in live]
        for history in past[: max(0, len(past) - owner["spec"]["revisionHistoryLimit"])]:
            self._history.delete(history)
