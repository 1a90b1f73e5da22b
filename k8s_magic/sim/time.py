"""Simulated time is an integer count of microseconds since the cluster's epoch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

SimTime = int
"""Microseconds, as an instant since the epoch or as a span."""

MICROSECOND: SimTime = 1
MILLISECOND: SimTime = 1_000
SECOND: SimTime = 1_000_000
MINUTE: SimTime = 60 * SECOND
HOUR: SimTime = 60 * MINUTE

# The instant that simulated time 0 stands for. Fixed, so that one seed gives one history to the byte.
DEFAULT_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class TimeFormatter:
    """Turns simulated instants into the API's timestamps (RFC 3339, whole seconds or microseconds).

    Successive calls mostly ask for the same second, so the last answer is kept.
    """

    __slots__ = ("_last_second", "_last_text", "epoch")

    def __init__(self, epoch: datetime = DEFAULT_EPOCH) -> None:
        self.epoch = epoch
        self._last_second = -1
        self._last_text = ""

    def seconds(self, now: SimTime) -> str:
        """metav1.Time: `2026-01-01T00:00:05Z`."""
        second = now // SECOND
        if second != self._last_second:
            instant = self.epoch + timedelta(seconds=second)
            self._last_text = instant.strftime("%Y-%m-%dT%H:%M:%SZ")
            self._last_second = second
        return self._last_text

    def micros(self, now: SimTime) -> str:
        """metav1.MicroTime: `2026-01-01T00:00:05.000123Z`."""
        return f"{self.seconds(now)[:-1]}.{now % SECOND:06d}Z"

    def parse(self, text: str) -> SimTime:
        """The simulated instant of an API timestamp.

        Raises: ValueError when the text is no RFC 3339 instant.
        """
        instant = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return (instant - self.epoch) // timedelta(microseconds=1)
