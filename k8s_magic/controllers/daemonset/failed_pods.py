"""How long a DaemonSet waits before it replaces a Pod that failed once more on the same node.

Source: pkg/controller/daemon/daemon_controller.go failedPodsBackoff, client-go/util/flowcontrol/backoff.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.sim.time import MINUTE, SECOND, SimTime

FIRST: SimTime = SECOND
LONGEST: SimTime = 15 * MINUTE
KEPT: SimTime = 2 * LONGEST


class FailedPods:
    def __init__(self) -> None:
        self._known: dict[tuple[str, int, str], tuple[SimTime, SimTime]] = {}  # (wait, since)

    def wait(self, key: tuple[str, int, str], now: SimTime) -> SimTime:
        """How long to wait; 0 where the Pod may go now, and then the next one has to wait longer."""
        delay, since = self._known.get(key, (0, now))
        if delay and now - since <= KEPT:
            if now - since < delay:
                return delay
            delay = min(2 * delay, LONGEST)
        else:
            delay = FIRST
        self._known = {held: entry for held, entry in self._known.items() if now - entry[1] <= KEPT}
        self._known[key] = (delay, now)
        return 0
