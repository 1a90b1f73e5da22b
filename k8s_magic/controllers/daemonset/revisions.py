"""The recorded templates of a DaemonSet: the present one and those before it.

Source: pkg/controller/daemon/update.go constructHistory, snapshot, dedupCurHistories, cleanupHistory (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.controllers import _writes
from k8s_magic.controllers._history import HASH_LABEL, History, by_revision, revision_of, snapshot
from k8s_magic.controllers._template_hash import TemplateHashes
from k8s_magic.machinery import meta, names, selectors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport


class Revisions:
    def __init__(self, history: History, transport: Transport) -> None:
        self._history = history
        self._transport = transport
        self._hashes = TemplateHashes()

    def construct(self, owner: Object, pods: Iterable[Object]) -> tuple[Object, list[Object]]:
        """The revision of the present template, made if there is none, and the older ones."""
        data = snapshot(owner["spec"]["template"])
        current: list[Object] = []
        old: list[Object] = []
        for history in self._history.claim(owner, selectors.from_label_selector(owner["spec"]["selector"])):
            labels = meta.labels_of(history)
            if HASH_LABEL not in labels:
                named = {**labels, HASH_LABEL: meta.name_of(history)}
                history = self._history.update(meta.with_metadata(history, labels=named))
            (current if history.get("data") == data else old).append(history)
        number = max(map(revision_of, old), default=0) + 1
        if not current:
            return self._snapshot(owner, data, number), old
        kept = self._deduplicated(current, pods)
        if revision_of(kept) < number:
            kept = self._history.renumber(kept, number)
        return kept, old

    def _snapshot(self, owner: Object, data: Object, number: int) -> Object:
        status = owner.get("status") or {}
        template = owner["spec"]["template"]
        label = self._hashes.hash_of(template, status.get("collisionCount"))
        name = f"{meta.name_of(owner)}-{label}"
        metadata = {"labels": {**((template.get("metadata") or {}).get("labels") or {}), HASH_LABEL: label}}
        if meta.annotations_of(owner):
            metadata["annotations"] = meta.annotations_of(owner)
        try:
            return self._history.create(owner, name, metadata, data, number)
        except ApiError as error:
            if not error.is_already_exists:
                raise
            held = self._history.informer.get(meta.namespace_of(owner), name)
            if held is not None and held.get("data") == data:
                return held
            collided = {**status, "collisionCount": status.get("collisionCount", 0) + 1}
            self._transport.update(
                names.DAEMON_SETS,
                meta.namespace_of(owner),
                meta.name_of(owner),
                meta.with_status(owner, collided),
                subresource="status",
                options=_writes.AS_MANAGER,
            )
            raise

    def _deduplicated(self, current: list[Object], pods: Iterable[Object]) -> Object:
        """The newest of equal revisions; the others go, after their Pods were labelled with it."""
        kept = max(reversed(current), key=revision_of)
        if len(current) == 1:
            return kept
        label = meta.labels_of(kept)[HASH_LABEL]
        patch = {"metadata": {"labels": {HASH_LABEL: label}}}
        for pod in list(pods):
            if meta.labels_of(pod).get(HASH_LABEL) != label:
                self._transport.patch(
                    names.PODS, meta.namespace_of(pod), meta.name_of(pod), patch, "merge", options=_writes.AS_MANAGER
                )
        for history in current:
            if history is not kept:
                self._history.delete(history)
        return kept

    def clean_up(self, owner: Object, old: list[Object], pods: Iterable[Object]) -> None:
        """The oldest revisions beyond the limit go, but for those of which there are Pods."""
        surplus = len(old) - owner["spec"]["revisionHistoryLimit"]
        if surplus <= 0:
            return
        live = {meta.labels_of(pod).get(HASH_LABEL) for pod in pods}
        for history in sorted(old, key=by_revision):
            if surplus > 0 and meta.labels_of(history)[HASH_LABEL] not in live:
                self._history.delete(history)
                surplus -= 1
