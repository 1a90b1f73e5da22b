"""One Deployment's Pods over simulated time: how many are old and new, ready and not, and whether the band was kept.

A stretch of the record begins with the first change after a quiet time and grows until the rollout is done; what was
before it is forgotten, so that the record of a rollout stays to be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from k8s_magic.sim.time import SECOND, SimTime

# A change that comes this long after a rollout was done begins a new stretch. Our figure.
QUIET: SimTime = 5 * SECOND
# A stretch starts this long before its first change, so that the state before it is seen. Our figure.
LEAD: SimTime = 1 * SECOND
# More points than pixels help nobody.
LIMIT = 800


class Counts(NamedTuple):
    """Pods at one instant; those that terminate are not among them.

    `desired` is what the Deployment asks for, `minimum` how many must be available, `maximum` how many may be.
    """

    old_ready: int = 0
    old_unready: int = 0
    new_unready: int = 0
    new_ready: int = 0
    available: int = 0
    desired: int = 0
    minimum: int = 0
    maximum: int = 0

    @property
    def total(self) -> int:
        return self.old_ready + self.old_unready + self.new_unready + self.new_ready

    @property
    def fault(self) -> str:
        """How the band is left: "below" the minimum available, "above" the maximum total, or ""."""
        if self.available < self.minimum:
            return "below"
        return "above" if self.total > self.maximum else ""


class Point(NamedTuple):
    """The counts from an instant on."""

    time: SimTime
    counts: Counts


class Leaving(NamedTuple):
    """A time outside the band; `end` is None while it lasts."""

    start: SimTime
    end: SimTime | None
    fault: str


@dataclass(slots=True)
class Track:
    """Shape: `points` in order of time; `marks` are (instant, what began: "revision 2", "paused", "resumed");
    `end` is when the rollout was done, None while it runs; `taken` counts the points already handed out."""

    points: list[Point] = field(default_factory=list)
    marks: list[tuple[SimTime, str]] = field(default_factory=list)
    leavings: list[Leaving] = field(default_factory=list)
    end: SimTime | None = None
    taken: int = 0
    _is_armed: bool = False

    @property
    def now(self) -> Counts:
        return self.points[-1].counts if self.points else Counts()

    @property
    def start(self) -> SimTime:
        return self.points[0].time if self.points else 0

    def put(self, time: SimTime, counts: Counts) -> bool:
        """Note the counts from this instant on. Answers whether they are other ones."""
        if self.points and self.points[-1].counts == counts:
            return False
        self._wake(time)
        self.settle(time)
        if self.points and (self.now.desired, self.now.minimum, self.now.maximum) != counts[5:]:
            self._is_armed = False
        if self.points and self.points[-1].time == time and len(self.points) > self.taken:
            self.points[-1] = Point(time, counts)
        else:
            self.points.append(Point(time, counts))
        if len(self.points) > LIMIT:
            self.points = [*self.points[: LIMIT // 2 : 2], *self.points[LIMIT // 2 :]]
            self.taken = 0
        return True

    def mark(self, time: SimTime, text: str, *, wakes: bool) -> None:
        """Note what begins. What does not wake the record is no part of it in a quiet time."""
        if not wakes and self.end is not None and time - self.end > QUIET:
            return
        self._wake(time)
        self.marks.append((time, text))

    def settle(self, time: SimTime) -> bool:
        """Judge what has stood until this instant; answers whether the leavings changed. What lasts no time is none.

        A Deployment that is made or resized must reach its band first; only then can it leave it.
        """
        if not self.points or self.points[-1].time >= time:
            return False
        before = self.leavings[-1:]
        since, counts = self.points[-1]
        open_ = self.leavings[-1] if self.leavings and self.leavings[-1].end is None else None
        if not counts.fault:
            self._is_armed = True
        if open_ is not None and open_.fault != counts.fault:
            self.leavings[-1] = open_._replace(end=since)
            open_ = None
        if counts.fault and self._is_armed and open_ is None:
            self.leavings.append(Leaving(since, None, counts.fault))
        return self.leavings[-1:] != before

    def done(self, time: SimTime) -> None:
        """The rollout is done; nothing more happens until the next change."""
        if self.end is None:
            self.end = time

    def _wake(self, time: SimTime) -> None:
        """After a quiet time forget all but the state right before, which is shown from LEAD on."""
        if self.end is None:
            return
        is_other = time - self.end > QUIET
        self.end = None
        if is_other and self.points:
            start = max(self.points[0].time, time - LEAD)
            self.settle(time)
            self.points, self.taken = [Point(start, self.now)], 0
            self.marks, self.leavings = [], [kept for kept in self.leavings if kept.end is None]
