"""The one door by which everything from outside enters, and its log.

Whoever comes in takes the lock, lets simulated time catch up, makes every call that is due at this instant, writes
what is wanted and when into the log, and only then acts. A replay does the same at the same instants, so that seed
and log give the same history to the byte.
"""

from __future__ import annotations

import gc
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from typing import Any, NamedTuple

from k8s_magic.cluster.interrupt import Uninterrupted
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.pace import Pace
from k8s_magic.sim.time import SECOND, SimTime

# An interrupt is noticed within this time, and a live wait looks at the cluster this often. Source: measured to be
# short enough to feel at once and long enough to cost nothing.
SLICE = 0.05
# Between two slices, so that those who wait for the lock get it: Python's locks are not fair.
YIELD = 0.001


class Entry(NamedTuple):
    """One thing that came from outside. `arguments` are JSON data and the options records of API requests."""

    time: SimTime
    action: str
    arguments: dict[str, Any]


class Door:
    """Shape: `log` holds the entries in order."""

    def __init__(self, kernel: Kernel, pace: Pace) -> None:
        self.kernel = kernel
        self.pace = pace
        self.log: list[Entry] = []
        self._lock = threading.RLock()
        self._uninterrupted = Uninterrupted()

    @contextmanager
    def look(self) -> Iterator[None]:
        """Inside, the cluster stands still at the present instant and belongs to the caller."""
        with self._lock, self._uninterrupted, _without_collector():
            self.pace.catch_up()
            yield

    @contextmanager
    def enter(self, action: str, **arguments: Any) -> Iterator[None]:
        """As `look`, for something that changes the cluster: it is logged first."""
        with self.look():
            self.kernel.run_until(self.kernel.now)
            self.log.append(Entry(self.kernel.now, action, arguments))
            yield

    def skip(self, span: SimTime) -> None:
        """Let a span of simulated time pass at once; others get the lock in between."""
        kernel, deadline = self.kernel, self.kernel.now + span
        is_done = span <= 0
        while not is_done:
            with self.look():
                self.pace.skip(max(0, deadline - kernel.now), SLICE)
                due = kernel.next_time()
                is_done = kernel.now >= deadline and (due is None or due > deadline)
            if not is_done:
                time.sleep(YIELD)

    def wait(self, ready: Callable[[], bool], timeout: SimTime | None = None) -> bool:
        """Pump.wait: live, at the pace; paused or manual, as fast as the machine can."""
        kernel = self.kernel
        deadline = None if timeout is None else kernel.now + timeout
        while True:
            with self.look():
                if ready():
                    return True
                if deadline is not None and kernel.now >= deadline:
                    return False
                if self.pace.is_manual:
                    self._run_slice(ready, deadline)
                    continue
                nap = SLICE
                if self.pace.is_paused:
                    self.pace.skip(int(SLICE * self.pace.speed * SECOND))
                else:
                    due = kernel.next_time()
                    ends = [instant for instant in (due, deadline) if instant is not None]
                    nap = min([SLICE, *(self.pace.wall_until(instant) for instant in ends)])
            time.sleep(max(nap, 0.001))

    def _run_slice(self, ready: Callable[[], bool], deadline: SimTime | None) -> None:
        """Run the kernel until ready, the deadline, or for one slice of wall time."""
        kernel, until = self.kernel, time.monotonic() + SLICE
        while not ready() and time.monotonic() < until:
            due = kernel.next_time()
            if due is None or (deadline is not None and due > deadline):
                kernel.run_until(deadline if deadline is not None else kernel.now + SECOND)
                return
            kernel.step()


@contextmanager
def _without_collector() -> Iterator[None]:
    """Python's cycle collector looks at every object again and again; the store's have no cycles, and there are many.

    It is held back while the simulation runs, which halves what a large cluster costs, and takes its turn after.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def dump(entries: list[Entry]) -> str:
    """The log as JSON lines."""
    return "".join(json.dumps(entry._asdict(), sort_keys=True, default=_plain) + "\n" for entry in entries)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} cannot be logged")


def load(text: str) -> list[Entry]:
    return [Entry(**json.loads(line)) for line in text.splitlines() if line.strip()]
