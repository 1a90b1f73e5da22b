"""One load: requests of one client to one Service, counted, not made one by one.

Between two instants at which something changes, whoever is reached stays the same; so the requests of that span are
divided at random among them at once. A tick every 100 ms keeps the figures fresh. Nothing waits in the kernel when
no load runs. Sent is always answered plus lost plus in flight.

Our simplifications: whether a request is answered depends on the instant at which it is sent, except that a container
which is killed resets what it has in hand; servers answer as many requests as come. Of the requests to one endpoint
one in a second is really made, at most SAMPLES a tick over all: it brings the status that all of them are counted
with, and the only line in the server's access log.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from k8s_magic.client.context import Context
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.network import load_pattern
from k8s_magic.network.load_aim import Aim, Aimer, Target
from k8s_magic.network.load_ledger import Ledger
from k8s_magic.network.load_spec import LoadSpec
from k8s_magic.network.load_tally import LINGER, Series, Tally, Version
from k8s_magic.runtime.contract import HttpRequest, NetworkError
from k8s_magic.runtime.world import World
from k8s_magic.sim.kernel import Callback
from k8s_magic.sim.time import MILLISECOND, SECOND, SimTime

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer

TICK: SimTime = 100 * MILLISECOND
# How long answers took is drawn less often than who gave them: nobody looks so closely, and it saves half the time.
LATENCY_TICKS = 5
SAMPLES = 8
SAMPLE_EVERY: SimTime = 1 * SECOND


class Load:
    """Shape: `tallies` by Pod, `earlier` by version (how many Pods that are long gone, and their counts)."""

    def __init__(
        self, spec: LoadSpec, context: Context, world: World, aimer: Aimer, on_end: Callable[[], None]
    ) -> None:
        self.spec = spec
        self._on_end = on_end
        self._context = context
        self._kernel = context.kernel
        self._world = world
        self._aimer = aimer
        self._stream = context.streams.stream(f"network/load/{spec.key}")
        self.started_at: SimTime = self._kernel.now
        self.stopped_at: SimTime | None = None
        self.note = ""  # why it ended by itself, where it did
        self.ledger = Ledger(context.kernel, self._stream)
        self.series = Series()
        self.earlier: dict[Version, tuple[int, Tally]] = {}
        self.ready = 0
        self.sent = 0
        self._phase: SimTime = self._kernel.now  # when the present rate and pattern began
        self._taken = 0  # requests sent since then
        self._since: SimTime = self._kernel.now  # up to when requests are counted
        self._timers: list[Callback] = []
        self._is_stale = False
        self._opens_at: SimTime | None = None  # when somebody begins to listen, and we aim again
        self._online: dict[str, bool] = {}
        self._turn = self._ticks = 0
        self.aim = Aim([])
        self._take_aim()
        self._next_tick()

    @property
    def tallies(self) -> dict[str, Tally]:
        return self._aimer.tallies

    @property
    def versions(self) -> list[Version]:
        """In the order in which they were first seen."""
        return self._aimer.versions

    @property
    def newest(self) -> Version:
        return self._aimer.newest

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None

    @property
    def counted_to(self) -> SimTime:
        return self._since

    @property
    def source_node(self) -> str:
        return self._aimer.source.node if self._aimer.source is not None else ""

    @property
    def via(self) -> str:
        return self._aimer.via

    # -- its course

    def change(self, spec: LoadSpec) -> None:
        """Another rate, pattern or timeout from now on; the counts go on."""
        self.settle()
        self.spec = self._aimer.spec = spec
        self._phase, self._taken = self._kernel.now, 0
        self._aimer.settle_source()
        self._cancel()
        self._take_aim()
        self._next_tick()

    def stop(self, note: str = "") -> None:
        """The client hangs up: what is on its way counts as what it would have become."""
        if self.stopped_at is not None:
            return
        self.settle()
        self._cancel()
        self.ledger.finish(self.aim.targets)
        self.ledger.give_up(None)
        self.ledger.divide()
        self.stopped_at, self.note = self._kernel.now, note
        self._mark()
        self._on_end()

    def _cancel(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._is_stale, self._opens_at = False, None

    def _next_tick(self) -> None:
        now, end = self._kernel.now, self._ends_at
        due = now + TICK if end is None else min(now + TICK, end)
        self._timers = [timer for timer in self._timers if timer.is_pending]
        self._timers.append(self._kernel.call_at(due, self._tick))

    @property
    def _ends_at(self) -> SimTime | None:
        return self._phase + self.spec.duration if self.spec.duration else None

    def _tick(self) -> None:
        try:
            self._sample()
        except Unsupported as error:
            self.stop(str(error))
            return
        self.settle()
        self._ticks += 1
        if self._ticks % LATENCY_TICKS == 0:
            self.ledger.divide()
        self._mark()
        self._forget()
        if self.aim.is_loose or any(self._is_online(name) != was for name, was in self._online.items()):
            self._take_aim()
        if self._aimer.is_source_gone:
            self.stop(f"pod {self.spec.source_name} is gone")
            return
        end = self._ends_at
        if end is not None and self._kernel.now >= end:
            self.stop()
            return
        self._next_tick()

    def _mark(self) -> None:
        failed = 0
        for tally in self.tallies.values():
            tally.mark()
            failed += tally.failed
        failed += sum(tally.failed for _, tally in self.earlier.values())
        self.series.add(self._kernel.now, self.sent, failed)

    def _forget(self) -> None:
        """Pods that are gone for long stand together, so that a load may go on for days."""
        now = self._kernel.now
        for name, tally in list(self.tallies.items()):
            if tally.gone_at is None or now - tally.gone_at < LINGER or tally.in_flight or tally.waiting:
                continue
            del self.tallies[name]
            pods, sum_ = self.earlier.get(tally.version) or (0, Tally("", "", tally.version))
            sum_.sent += tally.sent
            sum_.expected += tally.expected
            for cause, count in tally.errors.items():
                sum_.fail(cause, count)
            self.earlier[tally.version] = (pods + 1, sum_)

    # -- what changes around it

    def on_change(self) -> None:
        """Something about the Service has changed at this instant."""
        if self.stopped_at is None:
            self.settle()
            self._renew()

    def on_listening(self, container: SimulatedContainer) -> None:
        """A container begins or stops to listen: perhaps one of ours."""
        if self.stopped_at is not None or container.sandbox.name not in self.tallies:
            return
        main = container.main
        killed = container.exit_code is not None or (main is not None and main.exit_code is not None)
        tally = self.tallies[container.sandbox.name]
        self.settle(tally if killed else None)
        self._renew()

    def _renew(self) -> None:
        """Aim again when all that happens at this instant has happened."""
        if not self._is_stale:
            self._is_stale = True
            self._timers.append(self._kernel.call_after(0, self._take_aim))

    def _take_aim(self) -> None:
        self.settle()
        self._is_stale = False
        before, aim = self.aim, self._aimer.aim()
        self.ready = aim.ready
        answering = {target.tally: None for target in aim.targets if not target.cause}
        self.ledger.finish(target for target in before.targets if target.tally not in answering)
        present = {target.tally: None for target in aim.targets}
        for target in before.targets:
            if target.tally not in present and target.tally.gone_at is None:
                target.tally.gone_at = self._kernel.now
        self.aim = aim
        for target in aim.targets:
            target.tally.gone_at = None
        self._online = {target.tally.node: self._is_online(target.tally.node) for target in aim.targets}
        for name in (self.source_node, self.via):
            self._online[name] = self._is_online(name)
        if aim.opens_at is not None and aim.opens_at != self._opens_at:
            self._timers.append(self._kernel.call_at(aim.opens_at, self._take_aim))
        self._opens_at = aim.opens_at

    def _is_online(self, name: str) -> bool:
        node = self._world.known_node(name) if name else None
        return node is None or node.online

    # -- counting

    def _due(self) -> int:
        spec, now = self.spec, self._kernel.now
        time = now - self._phase
        if spec.duration:
            time = min(time, spec.duration)
        return load_pattern.due(spec.pattern, spec.rate, time, spec.duration) - self._taken

    def settle(self, killed: Tally | None = None) -> None:
        """Count what was sent since the last time, to whoever was reached then; `killed` resets what it has in hand."""
        now, since = self._kernel.now, self._since
        if self.stopped_at is not None or (now == since and killed is None):
            return
        count = self._due()
        self._taken += count
        self._since = now
        self.sent += count
        aim = self.aim
        for target, number in zip(aim.targets, aim.shares.draw(self._stream, count), strict=True):
            tally = target.tally
            if number == 0 and tally.in_flight == 0 and not target.share:
                continue
            tally.sent += number
            if target.share and aim.ready:
                tally.expected += count * 1000 // aim.ready
            if not target.cause:
                self.ledger.serve(target, number, since, tally is killed)
            elif number:
                self.ledger.lose(target, number, since)
        self.ledger.give_up(now)
        if count and len(aim.targets) > 0:
            self._aimer.refresh()

    # -- the sample

    def _sample(self) -> None:
        """Really make a few of the requests that are due. Raises: Unsupported."""
        if not self._due():
            return
        now, targets, made = self._kernel.now, self.aim.targets, 0
        for offset in range(len(targets)):
            place = (self._turn + offset) % len(targets)
            target = targets[place]
            tally = target.tally
            if target.handler is None or not target.weight or now - tally.sampled_at < SAMPLE_EVERY:
                continue
            tally.sampled_at = now
            self._ask(target)
            made += 1
            if made == SAMPLES:
                self._turn = (place + 1) % len(targets)
                return

    def _ask(self, target: Target) -> None:
        tally, spec = target.tally, self.spec
        request = HttpRequest(
            "GET", spec.path, host=spec.service, headers={"User-Agent": "k8s-magic/traffic"}, source_ip=target.source_ip
        )
        assert target.handler is not None, "only who listens is asked"
        try:
            response = target.handler(request)
        except NetworkError as error:
            tally.trouble, tally.status = error.kind, 0
            return
        tally.trouble, tally.status = "", response.status
        if response.latency != tally.extra:
            tally.extra = response.latency
            self._renew()
