"""Ages as kubectl writes them: short, with fewer parts the longer the span.

Source: apimachinery/pkg/util/duration/duration.go (v1.36)
"""

from __future__ import annotations


def human_duration(seconds: float) -> str:
    """`47s`, `5m3s`, `12m`, `3h25m`, `26h`, `2d5h`, `400d`, `3y20d`: two significant parts at most."""
    seconds = int(seconds)
    if seconds < 120:
        if seconds >= 0:
            return f"{seconds}s"
        return "<invalid>" if seconds < -1 else "0s"
    minutes, second = divmod(seconds, 60)
    if minutes < 10:
        return f"{minutes}m{second}s" if second else f"{minutes}m"
    if minutes < 180:
        return f"{minutes}m"
    hours, minute = divmod(minutes, 60)
    if hours < 8:
        return f"{hours}h{minute}m" if minute else f"{hours}h"
    if hours < 48:
        return f"{hours}h"
    days, hour = divmod(hours, 24)
    if days < 8:
        return f"{days}d{hour}h" if hour else f"{days}d"
    if days < 730:
        return f"{days}d"
    years, day = divmod(days, 365)
    if years < 8:
        return f"{years}y{day}d" if day else f"{years}y"
    return f"{years}y"


def short_human_duration(seconds: float) -> str:
    """`47s`, `5m`, `3h`, `2d`, `1y`: one part only."""
    seconds = int(seconds)
    if seconds < 60:
        if seconds >= 0:
            return f"{seconds}s"
        return "<invalid>" if seconds < -1 else "0s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes}m"
    hours = minutes // 60
    if hours < 24:
        return f"{hours}h"
    if hours < 24 * 365:
        return f"{hours // 24}d"
    return f"{hours // 24 // 365}y"


def go_duration(nanoseconds: int) -> str:
    """A span as Go's time.Duration prints it: `1m30s`, `1.5s`, `250ms`, `0s`, `24h0m0s`.

    Source: Go's time.Duration.String
    """
    sign = "-" if nanoseconds < 0 else ""
    left = abs(nanoseconds)
    if left == 0:
        return "0s"
    for unit, size in (("ns", 1), ("µs", 1_000), ("ms", 1_000_000)):
        if left < size * 1_000:
            return f"{sign}{_decimal(left, size)}{unit}"
    seconds = _decimal(left % 60_000_000_000, 1_000_000_000) + "s"
    minutes = left // 60_000_000_000
    if not minutes:
        return sign + seconds
    hours, minute = divmod(minutes, 60)
    return f"{sign}{hours}h{minute}m{seconds}" if hours else f"{sign}{minute}m{seconds}"


def _decimal(value: int, size: int) -> str:
    whole, rest = divmod(value, size)
    if not rest:
        return str(whole)
    digits = len(str(size)) - 1
    return f"{whole}.{rest:0{digits}d}".rstrip("0")
