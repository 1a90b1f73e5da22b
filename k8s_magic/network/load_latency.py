"""How long answers take: a spread around what an image takes, counted in buckets, and the percentiles of the counts.

Whole numbers only, so that the counts are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from k8s_magic.network.load_sampling import Shares
from k8s_magic.sim.time import MICROSECOND, MILLISECOND, SimTime

# What a small page takes inside the container. Our guesses, of the order of what such servers take.
SERVICE_TIMES: Mapping[str, SimTime] = {
    "nginx": 400 * MICROSECOND,
    "nginx-slim": 400 * MICROSECOND,
    "httpd": 700 * MICROSECOND,
    "hello-app": 300 * MICROSECOND,
    "agnhost": 500 * MICROSECOND,
    "echoserver": 600 * MICROSECOND,
    "kubernetes-bootcamp": 2 * MILLISECOND,
    "hpa-example": 12 * MILLISECOND,
}
OTHERS: SimTime = 1 * MILLISECOND

# The spread: thousandths of the middle value, and how many of a thousand requests take that long. A log-normal curve
# of sigma 0.45 with the long tail that servers have. A guess.
SPREAD = (
    (420, 25), (510, 45), (590, 65), (670, 85), (750, 95), (830, 95), (920, 95), (1000, 90), (1090, 85), (1200, 80),
    (1330, 70), (1480, 50), (1660, 40), (1880, 30), (2150, 20), (2600, 14), (3400, 9), (5200, 5), (9000, 2),
)  # fmt: skip
# Between two of them so many steps more, so that the curve has no teeth.
_STEPS = 4


def _curve() -> list[tuple[int, int]]:
    found = []
    for (low, here), (high, there) in pairwise(SPREAD):
        for step in range(_STEPS):
            found.append((low + (high - low) * step // _STEPS, here * (_STEPS - step) + there * step))
    return [*found, (SPREAD[-1][0], SPREAD[-1][1] * _STEPS)]


CURVE = _curve()

# Each doubling is divided into so many buckets: figures are true to 5 %.
_BITS = 3


def bucket_of(value: int) -> int:
    """The bucket that counts a value in microseconds."""
    shift = max(0, value.bit_length() - _BITS - 1)
    return (shift << _BITS) + (value >> shift)


def lower_edge(bucket: int) -> int:
    shift = max(0, (bucket >> _BITS) - 1)
    return (bucket - (shift << _BITS)) << shift


def service_time(image: str) -> SimTime:
    """By the last part of an image's name, without its tag."""
    name = image.rpartition("/")[2].partition("@")[0].partition(":")[0]
    return SERVICE_TIMES.get(name, OTHERS)


class Spread:
    """The buckets that answers with a way of `travel` and a middle service time of `middle` fall into.

    Shape: `buckets` belong to the weights of `shares`; of `whole` answers `late` would come after the timeout.
    """

    __slots__ = ("buckets", "late", "mean", "shares", "whole")

    def __init__(self, travel: SimTime, middle: SimTime, timeout: SimTime) -> None:
        times = [(travel + middle * factor // 1000, weight) for factor, weight in CURVE]
        weights: dict[int, int] = {}
        for time, weight in times:
            if time <= timeout:
                bucket = bucket_of(time)
                weights[bucket] = weights.get(bucket, 0) + weight
        self.whole = sum(weight for _, weight in times)
        self.late = self.whole - sum(weights.values())
        self.buckets = list(weights)
        self.shares = Shares(list(weights.values()))
        self.mean: SimTime = sum(time * weight for time, weight in times) // self.whole


class Histogram:
    """Counts by bucket."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        self.total = 0

    def add(self, bucket: int, count: int) -> None:
        self.counts[bucket] = self.counts.get(bucket, 0) + count
        self.total += count

    def percentile(self, percent: int) -> SimTime | None:
        """The time within which so many of a hundred were answered: the middle of its bucket. None without answers."""
        wanted, seen = -(-self.total * percent // 100), 0
        for bucket in sorted(self.counts):
            seen += self.counts[bucket]
            if seen >= wanted and seen:
                return (lower_edge(bucket) + lower_edge(bucket + 1)) // 2
        return None
