"""The clock on the wall, for clusters whose clients reckon ages by it."""

from __future__ import annotations

from datetime import UTC, datetime


def epoch() -> str:
    """A cluster that begins now: simulated time 0 is the present second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
