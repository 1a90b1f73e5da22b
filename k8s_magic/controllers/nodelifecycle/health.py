"""When each node was last heard of, and how many of a zone may be given up at once.

The real controller looks at all nodes every five seconds. Here a look happens at such an instant only when a node's
silence may have become too long, or a node has changed: the same decisions at the same times, and idle time is free.

Source: pkg/controller/nodelifecycle/node_lifecycle_controller.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.sim.time import SECOND, SimTime

# Source: pkg/controller/nodelifecycle/config/v1alpha1/defaults.go
MONITOR_PERIOD: SimTime = 5 * SECOND
GRACE_PERIOD: SimTime = 50 * SECOND
STARTUP_GRACE_PERIOD: SimTime = 60 * SECOND
# A zone's nodes are tainted NoExecute one in ten seconds. Source: config node-eviction-rate 0.1
EVICTION_SPACING: SimTime = 10 * SECOND
# And in a large zone that is mostly down, one in a hundred; in a small one none.
# Source: secondary-node-eviction-rate 0.01, large-cluster-size-threshold 50, unhealthy-zone-threshold 0.55
SLOW_EVICTION_SPACING: SimTime = 100 * SECOND
LARGE_ZONE = 50
UNHEALTHY_SHARE = 0.55

NORMAL, PARTIAL, FULL = "Normal", "PartialDisruption", "FullDisruption"


def zone_state(ready: int, not_ready: int) -> str:
    if ready == 0 and not_ready > 0:
        return FULL
    if not_ready > 2 and not_ready / (ready + not_ready) >= UNHEALTHY_SHARE:
        return PARTIAL
    return NORMAL


def spacing(state: str, size: int) -> SimTime | None:
    """Between two nodes of a zone that are given up; None: none is."""
    if state == PARTIAL:
        return SLOW_EVICTION_SPACING if size > LARGE_ZONE else None
    return EVICTION_SPACING


class Heard:
    """The look at which each node's last sign of life was noticed."""

    def __init__(self) -> None:
        self._at: dict[str, SimTime] = {}

    def note(self, name: str, now: SimTime) -> None:
        """A sign is noticed at the next look."""
        self._at[name] = next_look(now)

    def forget(self, name: str) -> None:
        self._at.pop(name, None)

    def reset(self, now: SimTime) -> None:
        for name in self._at:
            self._at[name] = now

    def is_silent(self, name: str, now: SimTime, grace: SimTime) -> bool:
        return now > self._at.get(name, now) + grace

    def silent_at(self, names: Iterable[str]) -> SimTime | None:
        """The first look at which one of some nodes may have been silent for too long."""
        first = min((self._at[name] for name in names if name in self._at), default=None)
        return None if first is None else next_look(first + GRACE_PERIOD + 1)


def next_look(now: SimTime) -> SimTime:
    return -(-now // MONITOR_PERIOD) * MONITOR_PERIOD
