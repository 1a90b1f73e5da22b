"""How long a failing thing must wait: a start, doubled each time up to a limit, forgotten after a quiet while.

Source: client-go/util/flowcontrol/backoff.go (1.36)
"""

from __future__ import annotations

from k8s_magic.sim.time import SECOND, SimTime

# Source: pkg/kubelet/kubelet.go (containers and images alike)
BASE: SimTime = 10 * SECOND
LIMIT: SimTime = 300 * SECOND


class Backoff:
    __slots__ = ("delay", "updated")

    def __init__(self) -> None:
        self.delay: SimTime = 0
        self.updated: SimTime = 0

    def next(self, since: SimTime, now: SimTime) -> None:
        """Count one more failure, which happened at `since`."""
        if not self.delay or since - self.updated > 2 * LIMIT:
            self.delay = BASE
        else:
            self.delay = min(2 * self.delay, LIMIT)
        self.updated = now

    def is_waiting(self, since: SimTime, now: SimTime) -> bool:
        """Whether a failure at `since` is too fresh to try again."""
        if not self.delay or since - self.updated > 2 * LIMIT:
            return False
        return now - since < self.delay


def duration_text(time: SimTime) -> str:
    """Go's time.Duration of whole seconds: `10s`, `1m20s`, `5m0s`."""
    seconds = time // SECOND
    if seconds < 60:
        return f"{seconds}s"
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}m{rest}s"


def precise_text(time: SimTime) -> str:
    """Go's time.Duration truncated to milliseconds: `0s`, `850ms`, `1.204s`, `1m2.5s`."""
    millis = time // 1000
    if millis == 0:
        return "0s"
    if millis < 1000:
        return f"{millis}ms"
    minutes, rest = divmod(millis, 60_000)
    text = f"{rest // 1000}"
    if rest % 1000:
        text += f".{rest % 1000:03d}".rstrip("0")
    return f"{minutes}m{text}s" if minutes else f"{text}s"
