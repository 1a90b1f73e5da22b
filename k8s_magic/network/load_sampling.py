"""How many of so many go where: exact draws at a cost that does not grow with their number.

Only whole numbers, the stream's own bits, and operations that IEEE 754 rounds the same everywhere: the results are the
same on every machine, with numpy or without.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol

# From this variance on the normal curve is taken for the binomial one: their distribution functions then differ by less
# than 2 % (Berry and Esseen). Our choice.
_NORMAL = 400
# The number of ones among so many random bits is the normal curve we use: its standard deviation is a power of two.
_BITS = 1_024
_DEVIATION = 16


class Bits(Protocol):
    """What is needed of a stream (sim.streams)."""

    def random(self) -> float: ...

    def getrandbits(self, k: int, /) -> int: ...


def binomial(stream: Bits, count: int, part: int, whole: int) -> int:
    """How many of `count` trials succeed where each does with the probability part/whole."""
    if count <= 0 or part <= 0:
        return 0
    if part >= whole:
        return count
    scaled = count * part * (whole - part)
    if scaled > _NORMAL * whole * whole:
        ones = stream.getrandbits(_BITS).bit_count() - _BITS // 2
        distance = (ones + stream.random() - 0.5) / _DEVIATION
        drawn = round(count * part / whole + math.sqrt(scaled) / whole * distance)
        return min(count, max(0, drawn))
    # Every trial draws a number bit by bit, all at once, until each is known to be below part/whole or not.
    taken, rest = 0, part
    while count and rest:
        ones = stream.getrandbits(count).bit_count()
        rest *= 2
        if rest >= whole:
            rest -= whole
            taken += count - ones
            count = ones
        else:
            count -= ones
    return taken


class Shares:
    """Fixed weights among which counts are divided at random: `draw` is a multinomial sample."""

    __slots__ = ("_sums", "size", "total")

    def __init__(self, weights: Sequence[int]) -> None:
        self._sums = [0, *accumulate(weights)]
        self.size = len(weights)
        self.total = self._sums[-1]

    def draw(self, stream: Bits, count: int) -> list[int]:
        """One count a weight; their sum is `count` (0 where there is no weight at all)."""
        found = [0] * self.size
        if count > 0 and self.total > 0:
            sums = self._sums
            waiting = [(0, self.size, count)]
            while waiting:
                first, last, number = waiting.pop()
                if last - first == 1:
                    found[first] = number
                    continue
                middle = (first + last) // 2
                base = sums[first]
                left = binomial(stream, number, sums[middle] - base, sums[last] - base)
                if number > left:
                    waiting.append((middle, last, number - left))
                if left:
                    waiting.append((first, middle, left))
        return found
