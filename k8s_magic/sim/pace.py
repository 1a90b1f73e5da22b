"""The pace ties simulated time to a person's clock. The only file that may look at a wall clock.

    live      simulated time is wall time times the speed; nothing runs between looks
    paused    simulated time stands still
    manual    there is no wall clock: time moves only when it is told to (scripts, tests)

Whoever looks calls `catch_up()` first, which runs the kernel to where the pace says it should be.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.time import SECOND, SimTime

# Our simplification: what a look cannot run within its budget of wall seconds is let go, and the simulation falls
# behind the clock instead of blocking the person (a notebook left alone for a night; a rollout of ten thousand Pods).
# The budget is several times as long as nobody looked, within bounds: who looks again and again waits only a little.
BUDGET = 1.0
LEAST_BUDGET = 0.03
BUDGET_SHARE = 4.0

Wall = Callable[[], float]


def epoch_before(span: SimTime) -> str:
    """The epoch of a cluster whose clock is to read as the one on the wall once `span` has passed, as RFC 3339 text."""
    return (datetime.now(UTC) - timedelta(microseconds=span)).isoformat(timespec="seconds")


class Pace:
    """Shape: `speed` is simulated seconds a wall second; `is_manual` when there is no wall clock."""

    __slots__ = ("_anchor_sim", "_anchor_wall", "_kernel", "_looked_at", "_wall", "is_manual", "is_paused", "speed")

    def __init__(
        self, kernel: Kernel, *, speed: float = 1.0, manual: bool = False, wall: Wall = time.monotonic
    ) -> None:
        self._kernel = kernel
        self._wall = wall
        self.speed = speed
        self.is_manual = manual
        self.is_paused = False
        self._looked_at = wall()
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

    def skip(self, span: SimTime, budget: float = math.inf) -> None:
        """Run a span at once, or as much of it as `budget` wall seconds allow; the live pace goes on from there."""
        kernel, target = self._kernel, self._kernel.now + span
        deadline = self._wall() + budget
        while kernel.step_due(target):
            if self._wall() > deadline:
                break
        else:
            kernel.run_until(target)
        self._anchor()
        self._looked_at = self._anchor_wall

    def wall_until(self, instant: SimTime) -> float:
        """Wall seconds until the pace reaches an instant."""
        return max(0.0, (instant - self.target()) / (self.speed * SECOND))

    def target(self) -> SimTime:
        """Where the pace says simulated time should be now."""
        if self.is_manual or self.is_paused:
            return self._kernel.now
        elapsed = self._wall() - self._anchor_wall
        return max(self._kernel.now, self._anchor_sim + int(elapsed * self.speed * SECOND))

    def catch_up(self, budget: float | None = None) -> None:
        """Run the kernel to the target; what does not fit into `budget` wall seconds is let go.

        Then the kernel may stand in the middle of an instant, whose other calls the next look makes. Manual time knows
        no budget: what it does must not depend on the machine.
        """
        kernel, target = self._kernel, self.target()
        if self.is_manual:
            kernel.run_until(target)
            return
        began = self._wall()
        if budget is None:
            budget = min(BUDGET, max(LEAST_BUDGET, BUDGET_SHARE * (began - self._looked_at)))
        self._looked_at = began
        while kernel.step_due(target):
            self._looked_at = self._wall()
            if self._looked_at - began > budget:
                self._anchor()
                return
        kernel.run_until(target)
