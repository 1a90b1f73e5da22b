"""A container's log: lines with their time and stream, bounded, and lazy where a program prints only at its start.

The boot lines of a server are made when somebody first looks, so that a thousand idle servers hold none.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from k8s_magic.sim.time import SimTime

Line = tuple[SimTime, str, str]  # time, stream, text without its end

# The kubelet keeps up to 10 MiB a container (containerLogMaxSize); this is some of it, so that an hour of probes
# of thousands of Pods fits in memory.
MAX_LINES = 2_000
# Source: containerd cuts log lines at 16 KiB.
MAX_LINE = 16_384


class ContainerLog:
    __slots__ = ("_boot", "_dropped", "_lines", "_partial")

    def __init__(self) -> None:
        self._lines: deque[Line] | None = None
        self._boot: Callable[[], list[Line]] | None = None
        self._dropped = 0
        self._partial: dict[str, str] | None = None

    def boot(self, make: Callable[[], list[Line]]) -> None:
        """What a program prints while it starts: made on demand, in order of time, perhaps partly in the future."""
        if self._boot is not None:
            self._materialise()
        self._boot = make

    def write(self, now: SimTime, stream: str, text: str) -> None:
        """Text as it comes from a process; what follows the last line's end waits for more."""
        partial = self._partial
        if partial is not None and stream in partial:
            text = partial.pop(stream) + text
        lines = text.split("\n")
        rest = lines.pop()
        for line in lines:
            self.line(now, stream, line)
        while len(rest) > MAX_LINE:
            self.line(now, stream, rest[:MAX_LINE])
            rest = rest[MAX_LINE:]
        if rest:
            if self._partial is None:
                self._partial = {}
            self._partial[stream] = rest

    def line(self, now: SimTime, stream: str, text: str) -> None:
        lines = self._materialise()
        for start in range(0, max(len(text), 1), MAX_LINE):
            if len(lines) == MAX_LINES:
                self._dropped += 1
            lines.append((now, stream, text[start : start + MAX_LINE]))

    @property
    def partial(self) -> dict[str, str]:
        """What each stream has printed of the line that it is at."""
        return self._partial or {}

    def flush(self, now: SimTime) -> None:
        """A process ended: what it had printed without a line's end is a line now."""
        partial, self._partial = self._partial, None
        for stream, text in (partial or {}).items():
            self.line(now, stream, text)

    def since(self, now: SimTime, position: int) -> tuple[list[Line], int]:
        """Lines from a position (counted from the log's beginning) up to now, and the next position."""
        lines = self._materialise()
        first = max(position - self._dropped, 0)
        found = [line for line in list(lines)[first:] if line[0] <= now] if first < len(lines) else []
        return found, self._dropped + min(first, len(lines)) + len(found)

    def cut(self, now: SimTime) -> None:
        """The container has ended: what it would have printed later never comes."""
        if self._boot is not None or self._lines is not None:
            self._lines = deque((line for line in self._materialise() if line[0] <= now), MAX_LINES)

    def _materialise(self) -> deque[Line]:
        if self._lines is None:
            self._lines = deque(maxlen=MAX_LINES)
        if self._boot is not None:
            make, self._boot = self._boot, None
            self._lines.extend(make())
        return self._lines
