"""How many requests a load has sent by an instant: whole numbers, a function of the time since it began.

steady   the rate, from the first moment on
ramp     from nothing to the rate within 30 s (or within --for), then steady
spike    the rate, and five times as much for 3 s out of every 20
wave     up and down around the rate, from a fifth of it to nine fifths, once a minute
"""

from __future__ import annotations

from collections.abc import Callable

from k8s_magic.sim.time import SECOND, SimTime

RAMP: SimTime = 30 * SECOND
SPIKE_EVERY: SimTime = 20 * SECOND
SPIKE_AFTER: SimTime = 10 * SECOND
SPIKE_FOR: SimTime = 3 * SECOND
SPIKE_TIMES = 5
WAVE: SimTime = 60 * SECOND

# (time since the beginning, how long the load goes on or 0) -> seconds' worth of the rate, in microseconds.
Worth = Callable[[SimTime, SimTime], int]


def _steady(time: SimTime, duration: SimTime) -> int:
    return time


def _ramp(time: SimTime, duration: SimTime) -> int:
    length = duration or RAMP
    return time * time // (2 * length) if time < length else time - length // 2


def _spike(time: SimTime, duration: SimTime) -> int:
    rounds, rest = divmod(time, SPIKE_EVERY)
    within = min(max(rest - SPIKE_AFTER, 0), SPIKE_FOR)
    return time + (SPIKE_TIMES - 1) * (rounds * SPIKE_FOR + within)


def _wave(time: SimTime, duration: SimTime) -> int:
    # Two parabolas a minute, which look like a sine and need no table: 1 ± 0.8 · 4x(1 - x) over each half.
    half = WAVE // 2
    number, rest = divmod(time, half)
    arc = 4 * (3 * half * rest * rest - 2 * rest**3) // (6 * half * half)
    whole = 2 * half // 3
    above = arc if number % 2 == 0 else whole - arc
    return time + 4 * above // 5


PATTERNS: dict[str, Worth] = {"steady": _steady, "ramp": _ramp, "spike": _spike, "wave": _wave}


def due(pattern: str, rate: int, time: SimTime, duration: SimTime = 0) -> int:
    """Requests sent by `time` after the beginning. Units: `rate` is requests in a million seconds."""
    return rate * PATTERNS[pattern](time, duration) // (SECOND * SECOND)
