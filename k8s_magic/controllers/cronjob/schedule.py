"""When a cron schedule comes next.

Source: github.com/robfig/cron/v3 parser.go, spec.go, constantdelay.go
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol

from k8s_magic.kinds.cronjob import schedule as syntax

ALIASES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
EVERY = "@every "
SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)")
# A schedule that does not come in this many years never comes. Source: spec.go Next
YEARS = 5


class Schedule(Protocol):
    def next(self, after: datetime) -> datetime | None:
        """The first time after an instant, in UTC; None where there is none."""


@dataclass(frozen=True, slots=True)
class Every:
    span: timedelta

    def next(self, after: datetime) -> datetime:
        return after.replace(microsecond=0) + self.span


@dataclass(frozen=True, slots=True)
class Fields:
    """Days match by both fields where one of them is a star, else by either."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    has_star: bool
    zone: tzinfo

    def next(self, after: datetime) -> datetime | None:
        at = (after + timedelta(seconds=1)).replace(microsecond=0).astimezone(self.zone)
        last = at.year + YEARS
        if at.second:
            at = self._later(at, timedelta(seconds=60 - at.second))
        while at.year <= last:
            if at.month not in self.months:
                at = self._midnight(at.year + at.month // 12, at.month % 12 + 1, 1)
            elif not self._is_day(at):
                following = at.date() + timedelta(days=1)
                at = self._midnight(following.year, following.month, following.day)
            elif at.hour not in self.hours:
                at = self._later(at, timedelta(minutes=60 - at.minute))
            elif at.minute not in self.minutes:
                at = self._later(at, timedelta(minutes=1))
            else:
                return at.astimezone(UTC)
        return None

    def _is_day(self, at: datetime) -> bool:
        by_date, by_weekday = at.day in self.days, at.isoweekday() % 7 in self.weekdays
        return by_date and by_weekday if self.has_star else by_date or by_weekday

    def _later(self, at: datetime, span: timedelta) -> datetime:
        return (at.astimezone(UTC) + span).astimezone(self.zone)

    def _midnight(self, year: int, month: int, day: int) -> datetime:
        """A day's first moment, where midnight is skipped the first one after it."""
        return datetime(year, month, day, tzinfo=self.zone).astimezone(UTC).astimezone(self.zone)


def parse(text: str, zone: tzinfo) -> Schedule:
    """Raises: ValueError in the parser's words."""
    wrong = syntax.error(text)
    if wrong:
        raise ValueError(wrong)
    if text.startswith(EVERY):
        seconds = sum(float(number) * SECONDS[unit] for number, unit in PART.findall(text))
        return Every(timedelta(seconds=max(1, int(seconds))))
    fields = [
        _field(part, *bounds) for part, bounds in zip(ALIASES.get(text, text).split(), syntax.BOUNDS, strict=True)
    ]
    (minutes, _), (hours, _), (days, any_day), (months, _), (weekdays, any_weekday) = fields
    return Fields(minutes, hours, days, months, weekdays, any_day or any_weekday, zone)


def _field(text: str, low: int, high: int, names: Mapping[str, int]) -> tuple[frozenset[int], bool]:
    """The numbers of a field, and whether it is a star."""
    numbers: set[int] = set()
    is_star = False
    for expression in text.split(","):
        span, _, step_text = expression.partition("/")
        step = int(step_text or 1)
        if span in ("*", "?"):
            first, last = low, high
            is_star |= step == 1
        else:
            ends = [names.get(end.lower()) for end in span.split("-")]
            ends = [int(part) if end is None else end for part, end in zip(span.split("-"), ends, strict=True)]
            first, last = ends[0] or 0, ends[-1] or 0
            if step_text and len(ends) == 1:
                last = high
        numbers.update(range(first, last + 1, step))
    return frozenset(numbers), is_star
