"""A queue of requests with client-go's guarantees, in simulated time.

- a request added several times before it is taken is worked once
- a request added while it is being worked is worked again afterwards
- add_after waits in simulated time; the earliest of several wins
- add_rate_limited waits 5 ms, 10 ms, 20 ms, … up to 1000 s per request, until `forget`
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from k8s_magic.sim.kernel import Callback, Kernel
from k8s_magic.sim.time import MILLISECOND, SECOND, SimTime

# Source: client-go/util/workqueue/default_rate_limiters.go (DefaultTypedControllerRateLimiter)
BASE_DELAY: SimTime = 5 * MILLISECOND
MAX_DELAY: SimTime = 1000 * SECOND
# Our simplification: the time from a write to the controller that hears of it acting on it.
REACTION: SimTime = 2 * MILLISECOND

T = TypeVar("T")


class WorkQueue(Generic[T]):
    def __init__(self, kernel: Kernel, work: Callable[[T], None], reaction: SimTime = REACTION) -> None:
        self._kernel = kernel
        self._work = work
        self._reaction = reaction
        self._ready: dict[T, None] = {}  # insertion-ordered set
        self._later: dict[T, Callback] = {}
        self._failures: dict[T, int] = {}
        self._turn: Callback | None = None
        self._stopped = False

    def __len__(self) -> int:
        return len(self._ready)

    def add(self, item: T) -> None:
        if self._stopped:
            return
        self._ready[item] = None
        if self._turn is None:
            self._turn = self._kernel.call_after(self._reaction, self._drain)

    def add_after(self, item: T, delay: SimTime) -> None:
        if self._stopped:
            return
        if delay <= 0:
            self.add(item)
            return
        waiting = self._later.get(item)
        due = self._kernel.now + delay
        if waiting is not None:
            if waiting.is_pending and waiting.time <= due:
                return
            waiting.cancel()
        self._later[item] = self._kernel.call_at(due, self._arrive, item)

    def add_rate_limited(self, item: T) -> None:
        failures = self._failures.get(item, 0)
        self._failures[item] = failures + 1
        self.add_after(item, min(BASE_DELAY << min(failures, 40), MAX_DELAY))

    def forget(self, item: T) -> None:
        self._failures.pop(item, None)

    def failures(self, item: T) -> int:
        return self._failures.get(item, 0)

    def stop(self) -> None:
        self._stopped = True
        self._ready.clear()
        for waiting in self._later.values():
            waiting.cancel()
        self._later.clear()
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None

    def _arrive(self, item: T) -> None:
        self._later.pop(item, None)
        self.add(item)

    def _drain(self) -> None:
        """Work all that is ready in one turn; what is added meanwhile waits for the next."""
        self._turn = None
        batch, self._ready = self._ready, {}
        for position, item in enumerate(batch):
            if self._stopped:
                return
            try:
                self._work(item)
            except BaseException:
                for rest in list(batch)[position + 1 :]:
                    self.add(rest)
                raise
