"""Counts of each owner's Pods, kept up to date by every change in constant time.

A set of a thousand Pods that become ready one by one is told of by a thousand changes; counting them anew each time
would be a million looks. What is counted can always be rebuilt from the Pods.
"""

from __future__ import annotations

from k8s_magic.controllers import _pods
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import WatchType

Labels = tuple[tuple[str, str], ...]


class Tally:
    """Counts of one owner's Pods; `labels` counts the active ones by their labels."""

    __slots__ = ("active", "labels", "ready", "terminating")

    def __init__(self) -> None:
        self.active = 0
        self.ready = 0  # active and ready
        self.terminating = 0
        self.labels: dict[Labels, int] = {}

    @property
    def is_empty(self) -> bool:
        return not (self.active or self.terminating)


def _owner(pod: Object, kind: str) -> tuple[str, str] | None:
    """(uid, name) of the controller if it is of a kind."""
    for reference in pod["metadata"].get("ownerReferences") or ():
        if reference.get("controller") and reference["kind"] == kind:
            return reference["uid"], reference["name"]
    return None


class Tallies:
    """The tallies of all owners of one kind."""

    __slots__ = ("_kind", "_tallies")

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._tallies: dict[str, Tally] = {}

    def of(self, uid: str) -> Tally:
        return self._tallies.get(uid) or Tally()

    def note(self, type: WatchType, new: Object, old: Object | None) -> list[str]:
        """Count a change; answers the names of the owners whose counts changed."""
        after = None if type == "DELETED" else self._place(new)
        before = self._place(old) if old is not None else (self._place(new) if type == "DELETED" else None)
        if before == after:
            return []
        names = []
        if before is not None:
            self._add(before, -1)
            names.append(before[0][1])
        if after is not None:
            self._add(after, 1)
            if after[0][1] not in names:
                names.append(after[0][1])
        return names

    def _place(self, pod: Object) -> tuple[tuple[str, str], str, Labels] | None:
        owner = _owner(pod, self._kind)
        if owner is None:
            return None
        if _pods.is_active(pod):
            labels = pod["metadata"].get("labels")
            return owner, "ready" if _pods.is_ready(pod) else "active", tuple(labels.items()) if labels else ()
        return owner, "terminating" if _pods.is_terminating(pod) else "ended", ()

    def _add(self, place: tuple[tuple[str, str], str, Labels], step: int) -> None:
        (uid, _), standing, labels = place
        tally = self._tallies.get(uid)
        if tally is None:
            tally = self._tallies[uid] = Tally()
        if standing == "terminating":
            tally.terminating += step
        elif standing != "ended":
            tally.active += step
            if standing == "ready":
                tally.ready += step
            count = tally.labels.get(labels, 0) + step
            if count:
                tally.labels[labels] = count
            else:
                del tally.labels[labels]
        if tally.is_empty:
            del self._tallies[uid]
