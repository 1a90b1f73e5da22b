"""How requests reach the cluster: one at a time through its door, and without ever blocking the server's thread.

Whoever must wait for the cluster (a watch, a followed log, a command in a container) tells when it is ready and is
woken by the ticker, which lets simulated time catch up with the clock.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from k8s_magic.apiserver import ApiServer, NotYet
from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.kind import Warn
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.sim.time import SimTime

# Who writes what comes in by HTTP; a replay of the door's log writes as the same.
ACTOR = "kubectl"
# How often the cluster catches up: while somebody waits, and otherwise. Our choice: soon enough to feel at once, and
# often enough that a cluster left alone has little to catch up with.
BUSY, IDLE = 0.02, 0.25


class Gate(Protocol):
    """The cluster's door."""

    @property
    def log(self) -> list[Any]: ...

    def look(self) -> AbstractContextManager[None]:
        """Inside, the cluster stands still and belongs to the caller."""

    def enter(self, action: str, **arguments: Any) -> AbstractContextManager[None]:
        """As `look`, for something that changes the cluster: it is logged first."""


class _Waiter:
    __slots__ = ("future", "ready")

    def __init__(self, ready: Callable[[], bool], future: asyncio.Future[bool]) -> None:
        self.ready = ready
        self.future = future


class Backend:
    """The API server as the HTTP handlers see it. All its coroutines belong to one event loop."""

    def __init__(self, server: ApiServer, gate: Gate) -> None:
        self.server = server
        self.gate = gate
        # Events as they were last sent, by type, form and identity of the object, which is kept with its line.
        self.lines: dict[tuple[str, str, int], tuple[Object, bytes]] = {}
        self._waiters: set[_Waiter] = set()
        self._hurry = asyncio.Event()

    # -- requests

    def transport(self, warn: Warn) -> InProcessTransport:
        return InProcessTransport(self.server, ACTOR, warn=warn)

    async def change(
        self, verb: str, resource: GroupVersionResource, *positional: Any, warn: Warn, **named: Any
    ) -> Object:
        """Make a request that writes. Raises: ApiError, Unsupported."""
        transport = self.transport(warn)
        while True:
            try:
                with self.gate.enter(verb, resource=resource, positional=positional, named=named):
                    answer: Object = getattr(transport, verb)(resource, *positional, **named)
                self.hurry()
                return answer
            except NotYet as wait:
                end = self.server.kernel.now + wait.patience
                if not await self.until(wait.until, end=end):
                    raise

    # -- waiting

    async def until(
        self, ready: Callable[[], bool], *, end: SimTime | None = None, seconds: float | None = None
    ) -> bool:
        """Wait until `ready()` holds, a simulated instant or a time on the clock is over. `ready` is called inside."""
        kernel = self.server.kernel

        def is_over() -> bool:
            return ready() or (end is not None and kernel.now >= end)

        waiter = _Waiter(is_over, asyncio.get_running_loop().create_future())
        self._waiters.add(waiter)
        self._hurry.set()
        try:
            await asyncio.wait_for(waiter.future, seconds)
        except TimeoutError:
            return False
        finally:
            self._waiters.discard(waiter)
        with self.gate.look():
            return ready()

    def hurry(self) -> None:
        """Something has changed: look at once who waits for it."""
        if self._waiters:
            self._hurry.set()

    async def tick(self) -> None:
        """The ticker: runs as long as the server."""
        last = 0.0
        while True:
            try:
                await asyncio.wait_for(self._hurry.wait(), BUSY if self._waiters else IDLE)
                await asyncio.sleep(max(0.0, last + 0.002 - time.monotonic()))
            except TimeoutError:
                pass
            self._hurry.clear()
            self._wake()
            last = time.monotonic()

    def _wake(self) -> None:
        """Not in `tick`: its variables would keep the last who was woken alive."""
        with self.gate.look():
            woken = [waiter for waiter in self._waiters if _holds(waiter)]
        for waiter in woken:
            if not waiter.future.done():
                waiter.future.set_result(True)


def _holds(waiter: _Waiter) -> bool:
    try:
        return waiter.ready()
    except (ArithmeticError, LookupError, TypeError, ValueError, Unsupported) as error:
        if not waiter.future.done():
            waiter.future.set_exception(error)
        return False
