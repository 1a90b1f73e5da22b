"""What becomes of requests that were sent: answered, on their way, or lost, by cause; and how long the answers took.

Of the requests to an endpoint as many are on their way as come in the time that an answer takes (Little's law).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from k8s_magic.network.load_aim import Target
from k8s_magic.network.load_latency import Histogram, Spread
from k8s_magic.network.load_sampling import Bits, binomial
from k8s_magic.network.load_tally import Losses, Tally, Version
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.time import MILLISECOND, SimTime

# A failure that takes longer to be known than this counts when it is known, not at once.
AT_ONCE: SimTime = 100 * MILLISECOND


class Ledger:
    """Shape: `latencies` by version; `losses` by name."""

    def __init__(self, kernel: Kernel, stream: Bits) -> None:
        self._kernel = kernel
        self._stream = stream
        self.latencies: dict[Version, Histogram] = {}
        self.losses = Losses()
        self._done: dict[tuple[Version, Spread], int] = {}  # answered, and not yet divided among the latencies
        # When it is known, a counter, when sent, where, how many.
        self._waiting: list[tuple[SimTime, int, SimTime, Target, int]] = []
        self._counter = 0

    def serve(self, target: Target, number: int, since: SimTime, is_killed: bool) -> None:
        """Requests sent since an instant to somebody who answers, or who is killed now and resets what it has."""
        tally, spread, span = target.tally, target.spread, self._kernel.now - since
        assert spread is not None, "who answers has a latency"
        whole, takes = tally.in_flight + number, spread.mean
        held = whole if span <= 0 else whole * takes // (takes + span)
        if is_killed:
            if span > 0:
                held = min(whole, (whole * takes + int(self._stream.random() * (takes + span))) // (takes + span))
            if held:
                self._fail(tally, "reset", "it was killed", held)
        tally.in_flight = 0 if is_killed else held
        if whole > held:
            self._answer(target, whole - held)

    def finish(self, targets: Iterable[Target]) -> None:
        """Whatever is still on its way to Pods that leave in good order comes back."""
        for target in targets:
            number, target.tally.in_flight = target.tally.in_flight, 0
            if number:
                self._answer(target, number)

    def lose(self, target: Target, number: int, since: SimTime) -> None:
        """Requests sent since an instant to somebody who does not answer."""
        if target.cause == "timeout" or target.travel > AT_ONCE:
            target.tally.waiting += number
            self._counter += 1
            due = self._kernel.now + target.travel
            heapq.heappush(self._waiting, (due, self._counter, since, target, number))
        else:
            self._fail(target.tally, target.cause, target.why, number, since)

    def give_up(self, now: SimTime | None) -> None:
        """Count what has waited in vain until now; all that waits, where None."""
        waiting = self._waiting
        while waiting and (now is None or waiting[0][0] <= now):
            _, _, since, target, number = heapq.heappop(waiting)
            target.tally.waiting -= number
            self._fail(target.tally, target.cause, target.why, number, since)

    def divide(self) -> None:
        """How long those took that were answered: drawn once for all endpoints of a kind."""
        for (version, spread), number in self._done.items():
            histogram = self.latencies.get(version)
            if histogram is None:
                histogram = self.latencies[version] = Histogram()
            for bucket, count in zip(spread.buckets, spread.shares.draw(self._stream, number), strict=True):
                if count:
                    histogram.add(bucket, count)
        self._done.clear()

    def _answer(self, target: Target, number: int) -> None:
        tally, spread = target.tally, target.spread
        assert spread is not None, "who answers has a latency"
        if tally.trouble:
            self._fail(tally, tally.trouble, "it closed the connection without an answer", number)
        elif tally.status >= 500:
            self._fail(tally, "5xx", f"it answered {tally.status}", number)
        else:
            late = binomial(self._stream, number, spread.late, spread.whole)
            if late:
                self._fail(tally, "timeout", "it answered too late", late)
            key = (tally.version, spread)
            self._done[key] = self._done.get(key, 0) + number - late

    def _fail(self, tally: Tally, cause: str, why: str, number: int, since: SimTime | None = None) -> None:
        now = self._kernel.now
        tally.fail(cause, number)
        self.losses.add(now, now if since is None else since, tally.pod, cause, why, number)
