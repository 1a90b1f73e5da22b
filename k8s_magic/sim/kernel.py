"""The event kernel: callbacks in order of (time, counter), so one history follows from one set of calls."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

from k8s_magic.sim.time import SimTime


class Callback:
    """A call that waits for its instant. `cancel()` is cheap and may come at any moment before or after it."""

    __slots__ = ("args", "function", "time")

    def __init__(self, time: SimTime, function: Callable[..., object], args: tuple[Any, ...]) -> None:
        self.time = time
        self.function: Callable[..., object] | None = function
        self.args = args

    def cancel(self) -> None:
        self.function = None
        self.args = ()

    @property
    def is_pending(self) -> bool:
        return self.function is not None


class Kernel:
    """Simulated time and the calls that wait in it.

    Time never goes back; `steps` counts the calls made (for benchmarks). A call that raises leaves the
    kernel consistent: it was taken from the queue, the others wait on.
    """

    __slots__ = ("_counter", "_queue", "now", "steps")

    def __init__(self) -> None:
        self.now: SimTime = 0
        self.steps = 0
        self._counter = 0
        self._queue: list[tuple[SimTime, int, Callback]] = []

    def call_at(self, time: SimTime, function: Callable[..., object], *args: Any) -> Callback:
        """Call `function(*args)` at an instant; one that has passed means now."""
        callback = Callback(max(time, self.now), function, args)
        self._counter += 1
        heapq.heappush(self._queue, (callback.time, self._counter, callback))
        return callback

    def call_after(self, delay: SimTime, function: Callable[..., object], *args: Any) -> Callback:
        """Call `function(*args)` after a delay in microseconds (0: after what is due now)."""
        return self.call_at(self.now + delay, function, *args)

    def next_time(self) -> SimTime | None:
        """The instant of the next waiting call; None when nothing waits."""
        queue = self._queue
        while queue and queue[0][2].function is None:
            heapq.heappop(queue)
        return queue[0][0] if queue else None

    def step(self) -> bool:
        """Make the next waiting call; False when nothing waits."""
        queue = self._queue
        while queue:
            time, _, callback = heapq.heappop(queue)
            function = callback.function
            if function is None:
                continue
            args = callback.args
            callback.cancel()
            self.now = time
            self.steps += 1
            function(*args)
            return True
        return False

    def run_until(self, time: SimTime) -> None:
        """Make every call due up to and including an instant, then stand at it."""
        queue = self._queue
        while queue and queue[0][0] <= time:
            self.step_due(time)
        if time > self.now:
            self.now = time

    def step_due(self, time: SimTime) -> bool:
        """Make the next waiting call if it is due by an instant."""
        due = self.next_time()
        return due is not None and due <= time and self.step()
