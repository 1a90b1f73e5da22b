"""What became of a load's requests: by endpoint, by version, by cause. `sent` is always the sum of all the rest."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from k8s_magic.sim.time import SECOND, SimTime

# How a request fails, in the order in which views stack them.
CAUSES = ("refused", "reset", "timeout", "5xx", "no_route", "unknown_host")
# "Now" is the last second, in ticks.
WINDOW = 10
# A Pod that is gone keeps its own bar for so long, then its counts stand with the other earlier Pods of its version.
LINGER: SimTime = 10 * SECOND
# Losses of one Pod and cause are one entry while no more than this lies between them.
TOGETHER: SimTime = 1 * SECOND
MAX_LOSSES = 200
# Seconds of the past that a view can draw.
SERIES = 120


@dataclass(frozen=True, slots=True)
class Version:
    """A Pod template: its hash (or revision) and image. Without either: requests that no endpoint took."""

    hash: str
    image: str


NOBODY = Version("", "")


@dataclass(slots=True, eq=False)
class Tally:
    """One endpoint's counts. `expected` is in thousandths: what an even choice among the ready would have sent."""

    pod: str
    node: str
    version: Version
    sent: int = 0
    expected: int = 0
    in_flight: int = 0  # on its way to an answer
    waiting: int = 0  # on its way to a timeout
    errors: dict[str, int] = field(default_factory=dict)
    marks: deque[tuple[int, int]] = field(default_factory=lambda: deque([(0, 0)], WINDOW + 1))  # sent, failed
    gone_at: SimTime | None = None
    status: int = 0  # what it answered when last asked in earnest; 0: not yet
    trouble: str = ""  # how that request failed
    extra: SimTime = 0  # how long it said that it took
    sampled_at: SimTime = -SECOND

    @property
    def failed(self) -> int:
        return sum(self.errors.values())

    @property
    def answered(self) -> int:
        return self.sent - self.in_flight - self.waiting - self.failed

    def fail(self, cause: str, count: int) -> None:
        self.errors[cause] = self.errors.get(cause, 0) + count

    def mark(self) -> None:
        self.marks.append((self.sent, self.failed))

    def recent(self) -> tuple[int, int]:
        """Sent and failed within the last second."""
        before = self.marks[0]
        return self.sent - before[0], self.failed - before[1]


@dataclass(slots=True)
class Loss:
    """Requests that were lost: from when to when, with which Pod ("": none took them), how and why."""

    first: SimTime
    last: SimTime
    pod: str
    cause: str
    why: str
    count: int


class Losses:
    """The last MAX_LOSSES of them."""

    __slots__ = ("_open", "entries")

    def __init__(self) -> None:
        self.entries: deque[Loss] = deque(maxlen=MAX_LOSSES)
        self._open: dict[tuple[str, str, str], Loss] = {}

    def add(self, now: SimTime, since: SimTime, pod: str, cause: str, why: str, count: int) -> None:
        held = self._open.get((pod, cause, why))
        if held is not None and since - held.last <= TOGETHER:
            held.last, held.count = now, held.count + count
            return
        loss = self._open[pod, cause, why] = Loss(since, now, pod, cause, why, count)
        self.entries.append(loss)
        if len(self._open) > MAX_LOSSES:
            self._open = {key: one for key, one in self._open.items() if now - one.last <= TOGETHER}


class Series:
    """Sent and failed in each whole second of simulated time, the latest SERIES of them."""

    __slots__ = ("_failed", "_sent", "seconds")

    def __init__(self) -> None:
        self.seconds: deque[tuple[int, int, int]] = deque(maxlen=SERIES)  # second, sent, failed
        self._sent = self._failed = 0

    def add(self, now: SimTime, sent: int, failed: int) -> None:
        """The totals at an instant."""
        second = (now - 1) // SECOND
        new, lost = sent - self._sent, failed - self._failed
        self._sent, self._failed = sent, failed
        if self.seconds and self.seconds[-1][0] == second:
            _, before, dropped = self.seconds.pop()
            new, lost = new + before, lost + dropped
        self.seconds.append((second, new, lost))
