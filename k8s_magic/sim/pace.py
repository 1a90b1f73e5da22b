"""The pace ties simulated time to a person's clock. The only file that may look at a wall clock.

    live      simulated time is wall time times the speed; nothing runs between looks
    paused    simulated time stands still
    manual    there is no wall clock: time moves only when it is told to (scripts, tests)

Whoever looks calls `catch_up()` first, which runs the kernel to where the pace says it should be.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.time import SECOND, SimTime

# Our simplification: a look that would need more wall time than this (a notebook left alone for a night) lets the
# simulation fall behind instead of blocking the person.
BUDGET = 1.0
# How much simulated time is run between two looks at the wall clock while catching up.
_STRIDE: SimTime = 1 * SECOND

Wall = Callable[[], float]


def epoch_before(span: SimTime) -> str:
    """The epoch of a cluster whose clock is to read as the one on the wall once `span` has passed, as RFC 3339 text."""
    return (datetime.now(UTC) - timedelta(microseconds=span)).isoformat(timespec="seconds")


class Pace:
    """Shape: `speed` is simulated seconds a wall second; `is_manual` when there is no wall clock."""

    __slots__ = ("_anchor_sim", "_anchor_wall", "_kernel", "_wall", "is_manual", "is_paused", "speed")

    def __init__(
        self, kernel: Kernel, *, speed: float = 1.0, manual: bool = False, wall: Wall = time.monotonic
    ) -> None:
        self._kernel = kernel
        self._wall = wall
        self.speed = speed
        self.is_manual = manual
        self.is_paused = False
        self._anchor()

    def _anchor(self) -> None:
        self._anchor_sim = self._kernel.now
        self._anchor_wall = self._wall()

    def go_live(self, speed: float) -> None:
        """From now on simulated time follows the wall clock. Raises: ValueError as `set_speed`."""
        self.set_speed(speed)
        self.is_manual = False
        self._anchor()

    def pause(self) -> None:
        self.catch_up()
        self.is_paused = True

    def play(self) -> None:
        if self.is_paused:
            self.is_paused = False
            self._anchor()

    def set_speed(self, speed: float) -> None:
        """Raises: ValueError unless 0 < speed <= 1000."""
        if not 0 < speed <= 1000:
            raise ValueError(f"speed must be above 0 and at most 1000, not {speed:g}")
        self.catch_up()
        self.speed = speed
        self._anchor()

    def skip(self, span: SimTime) -> None:
        """Run a span at once; the live pace goes on from there."""
        self._kernel.run_until(self._kernel.now + span)
        self._anchor()

    def wall_until(self, instant: SimTime) -> float:
        """Wall seconds until the pace reaches an instant."""
        return max(0.0, (instant - self.target()) / (self.speed * SECOND))

    def target(self) -> SimTime:
        """Where the pace says simulated time should be now."""
        if self.is_manual or self.is_paused:
            return self._kernel.now
        elapsed = self._wall() - self._anchor_wall
        return max(self._kernel.now, self._anchor_sim + int(elapsed * self.speed * SECOND))

    def catch_up(self, budget: float = BUDGET) -> None:
        """Run the kernel to the target; what does not fit into `budget` wall seconds is let go."""
        kernel, target = self._kernel, self.target()
        if target - kernel.now <= _STRIDE:
            kernel.run_until(target)
            return
        deadline = self._wall() + budget
        while kernel.now < target:
            kernel.run_until(min(target, kernel.now + _STRIDE))
            if self._wall() > deadline:
                self._anchor()
                return
