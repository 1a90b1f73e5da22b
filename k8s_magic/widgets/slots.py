"""Places for life: the lowest free slot for each that comes; one that is given back rests before it is used again."""

from __future__ import annotations

import heapq

from k8s_magic.sim.time import SECOND, SimTime

# How long the place of a Pod that is gone stays empty, so that a replacement is seen to be another Pod.
GHOST: SimTime = 1 * SECOND


class Slots:
    __slots__ = ("_free", "_next", "_resting")

    def __init__(self) -> None:
        self._free: list[int] = []
        self._resting: list[tuple[SimTime, int]] = []
        self._next = 0

    def take(self, now: SimTime) -> int:
        while self._resting and self._resting[0][0] <= now:
            heapq.heappush(self._free, heapq.heappop(self._resting)[1])
        if self._free:
            return heapq.heappop(self._free)
        self._next += 1
        return self._next - 1

    def give_back(self, slot: int, now: SimTime) -> None:
        heapq.heappush(self._resting, (now + GHOST, slot))
