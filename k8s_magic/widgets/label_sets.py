"""The label sets that Pods have in common, each under a small number; one that no Pod has any more is forgotten."""

from __future__ import annotations

import heapq

_Key = tuple[tuple[str, str], ...]


class LabelSets:
    """Counts who has which. Shape: `live` is the set behind each number in use; a number that is free is used again."""

    __slots__ = ("_counts", "_free", "_numbers", "live")

    def __init__(self) -> None:
        self.live: dict[int, dict[str, str]] = {}
        self._numbers: dict[_Key, int] = {}
        self._counts: dict[int, int] = {}
        self._free: list[int] = []

    def take(self, labels: dict[str, str]) -> tuple[int, bool]:
        """The number of a set that one more has, and whether nobody had it before."""
        key = _key(labels)
        number = self._numbers.get(key)
        if number is not None:
            self._counts[number] += 1
            return number, False
        number = heapq.heappop(self._free) if self._free else len(self.live)
        self._numbers[key], self._counts[number], self.live[number] = number, 1, labels
        return number, True

    def give_back(self, number: int) -> bool:
        """One has it no more. Answers whether it was the last."""
        self._counts[number] -= 1
        if self._counts[number]:
            return False
        del self._numbers[_key(self.live.pop(number))], self._counts[number]
        heapq.heappush(self._free, number)
        return True


def _key(labels: dict[str, str]) -> _Key:
    return tuple(sorted(labels.items()))
