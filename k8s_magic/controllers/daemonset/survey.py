"""What one DaemonSet has on each node, kept up to date by changes: only nodes that changed are looked at anew.

A cluster of a thousand nodes tells of thousands of changes while a DaemonSet comes up; counting all nodes at each
would be millions of looks. What is counted can always be rebuilt from the nodes and Pods.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from k8s_magic.controllers import _pods
from k8s_magic.controllers.daemonset import placement
from k8s_magic.controllers.daemonset.placement import Placement
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.sim.time import SimTime, TimeFormatter

Pods = dict[str, Object]


class Counts(NamedTuple):
    """Of one node, or the sums of all. `outdated`: with a Pod of an older template that is not being deleted."""

    desired: int = 0
    current: int = 0
    misscheduled: int = 0
    ready: int = 0
    updated: int = 0
    available: int = 0
    outdated: int = 0


class OwnedPods:
    """The Pods of all DaemonSets by uid and node."""

    def __init__(self) -> None:
        self._by_owner: dict[str, dict[str, Pods]] = {}

    def note(self, type: WatchType, new: Object, old: Object | None) -> list[tuple[str, str, str]]:
        """Keep a change; answers (uid, name, node) of the places that it concerns."""
        after = None if type == "DELETED" else _place(new)
        before = _place(old if old is not None else new) if type != "ADDED" else None
        name = meta.name_of(new)
        if before is not None and before != after:
            nodes = self._by_owner.get(before[0], {})
            pods = nodes.get(before[2], {})
            if pods.pop(name, None) is not None and not pods:
                del nodes[before[2]]
                if not nodes:
                    del self._by_owner[before[0]]
        if after is not None:
            self._by_owner.setdefault(after[0], {}).setdefault(after[2], {})[name] = new
        return [place for place in (before, after if after != before else None) if place is not None]

    def of(self, uid: str) -> dict[str, Pods]:
        return self._by_owner.get(uid, {})

    def on(self, uid: str, node: str) -> list[Object]:
        """What counts of a DaemonSet's Pods for a node: not those that have ended and are being deleted."""
        pods = self._by_owner.get(uid, {}).get(node)
        if not pods:
            return []
        return [pod for pod in pods.values() if not (meta.is_deleting(pod) and _pods.phase(pod) in _pods.ENDED)]


def _place(pod: Object) -> tuple[str, str, str] | None:
    for reference in pod["metadata"].get("ownerReferences") or ():
        if reference.get("controller"):
            if reference["kind"] != "DaemonSet":
                return None
            return reference["uid"], reference["name"], placement.target_of(pod)
    return None


class Survey:
    """One DaemonSet's counts. `changed` are the nodes to look at (an ordered set)."""

    def __init__(self) -> None:
        self.changed: dict[str, None] = {}
        self.totals = Counts()
        self.hash = ""
        self.placement: Placement | None = None
        self._spec: Object | None = None
        self._number: str | None = None
        self._nodes: dict[str, Counts] = {}
        self._waiting: dict[str, None] = {}  # ready, not yet available

    def note(self, node: str) -> None:
        self.changed[node] = None

    def renew(self, daemon_set: Object, hash: str, nodes: Iterable[str]) -> None:
        """Look at all nodes if the DaemonSet changed, else at those where time may have changed something too."""
        spec, number = daemon_set["spec"], placement.generation(daemon_set)
        if hash == self.hash and number == self._number and (self._spec is spec or self._spec == spec):
            self.changed.update(self._waiting)
            return
        self._spec, self.hash, self._number = spec, hash, number
        self.placement = Placement(spec["template"])
        self.changed.update(dict.fromkeys(self._nodes))
        self.changed.update(dict.fromkeys(nodes))

    def is_updated(self, pod: Object) -> bool:
        return placement.is_updated(pod, self.hash, self._number)

    def should_run(self, node: Object) -> tuple[bool, bool]:
        assert self.placement is not None
        return self.placement.suits(node)

    def count(self, name: str, node: Object | None, pods: list[Object], now: SimTime, times: TimeFormatter) -> None:
        self._waiting.pop(name, None)
        before = self._nodes.pop(name, None) or Counts()
        after = Counts() if node is None and not pods else self._counts(name, node, pods, now, times)
        if node is not None or pods:
            self._nodes[name] = after
        if before != after:
            changes = zip(self.totals, before, after, strict=True)
            self.totals = Counts(*[total - was + now_is for total, was, now_is in changes])

    def _counts(self, name: str, node: Object | None, pods: list[Object], now: SimTime, times: TimeFormatter) -> Counts:
        outdated = int(any(not meta.is_deleting(pod) and not self.is_updated(pod) for pod in pods))
        if node is None:
            return Counts(outdated=outdated)
        if not self.should_run(node)[0]:
            return Counts(misscheduled=int(bool(pods)), outdated=outdated)
        if not pods:
            return Counts(desired=1)
        assert self._spec is not None
        first = min(pods, key=placement.by_age)
        wait = _pods.unavailable_for(first, self._spec.get("minReadySeconds") or 0, now, times)
        if any(_pods.unavailable_for(pod, self._spec.get("minReadySeconds") or 0, now, times) for pod in pods):
            self._waiting[name] = None
        return Counts(
            desired=1,
            current=1,
            ready=int(wait is not None),
            updated=int(self.is_updated(first)),
            available=int(wait == 0),
            outdated=outdated,
        )
