"""Which Pods of older templates give way next, and which nodes get a second Pod meanwhile.

Source: pkg/controller/daemon/update.go rollingUpdate (v1.36)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object


@dataclass(slots=True)
class Step:
    """`nodes` get a Pod, `pods` are deleted."""

    nodes: list[str] = field(default_factory=list)
    pods: list[Object] = field(default_factory=list)


def limit(daemon_set: Object, name: str, desired: int) -> int:
    """maxSurge or maxUnavailable as a count, rounded up; 0 where the strategy is no rolling update."""
    strategy = daemon_set["spec"]["updateStrategy"]
    if strategy["type"] != "RollingUpdate":
        return 0
    value: Any = (strategy.get("rollingUpdate") or {}).get(name) or 0
    return -(-int(value.removesuffix("%")) * desired // 100) if isinstance(value, str) else int(value)


def allows_surge(daemon_set: Object) -> bool:
    return limit(daemon_set, "maxSurge", 1) > 0


class Rolling:
    """`on_node` has the Pods of every node that has or should have some, in the order of the nodes."""

    def __init__(
        self,
        on_node: Mapping[str, list[Object]],
        is_updated: Callable[[Object], bool],
        is_available: Callable[[Object], bool],
        should_run: Callable[[str], bool],
    ) -> None:
        self._on_node = on_node
        self._is_updated = is_updated
        self._is_available = is_available
        self._should_run = should_run

    def next(self, daemon_set: Object, desired: int) -> Step:
        surge, unavailable = (limit(daemon_set, name, desired) for name in ("maxSurge", "maxUnavailable"))
        if surge:
            return self._surging(surge, desired)
        return self._replacing(unavailable or int(desired > 0))

    def _split(self, pods: Iterable[Object]) -> tuple[Object | None, Object | None] | None:
        """The new and the old Pod of a node; None where there are several of one sort."""
        new: Object | None = None
        old: Object | None = None
        for pod in pods:
            if meta.is_deleting(pod):
                continue
            if self._is_updated(pod):
                if new is not None:
                    return None
                new = pod
            elif old is not None:
                return None
            else:
                old = pod
        return new, old

    def _replacing(self, most: int) -> Step:
        missing, broken, candidates = 0, [], []
        for pods in self._on_node.values():
            split = self._split(pods)
            if split is None or (split[0] is None) == (split[1] is None):
                missing += 1
            elif split[0] is not None:
                missing += not self._is_available(split[0])
            elif split[1] is not None:
                if not self._is_available(split[1]):
                    broken.append(split[1])
                    missing += 1
                elif missing < most:
                    candidates.append(split[1])
        return Step(pods=broken + candidates[: max(0, most - missing)])

    def _surging(self, most: int, desired: int) -> Step:
        step, misplaced, candidates = Step(), [], []
        surging = available = 0
        for name, pods in self._on_node.items():
            split = self._split(pods)
            if split is None:
                surging += 1
                continue
            new, old = split
            first = old or new
            available += first is not None and self._is_available(first)
            if old is None:
                continue
            if new is not None:
                if self._is_available(new):
                    step.pods.append(old)
                else:
                    surging += 1
            elif not self._is_available(old):
                if self._should_run(name):
                    step.nodes.append(name)
                else:
                    step.pods.append(old)
            elif not self._should_run(name):
                misplaced.append(old)
            elif surging < most:
                candidates.append(name)
        step.pods += misplaced[: max(0, available - desired)]
        step.nodes += candidates[: max(0, most - surging)]
        return step
