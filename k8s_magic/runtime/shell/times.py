"""Simulated instants as tools print them, in UTC and the C locale, whatever this machine's are."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from k8s_magic.sim.time import SimTime

if TYPE_CHECKING:
    from k8s_magic.runtime.call import Call
    from k8s_magic.runtime.container import SimulatedContainer

_CONVERSION = re.compile(r"%[-_0^]?(.)")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def at(container: SimulatedContainer, now: SimTime) -> datetime:
    """A simulated instant in the cluster's calendar (UTC)."""
    return container.world.times.epoch + timedelta(microseconds=now)


def strftime(moment: datetime, template: str, nanoseconds: int = 0) -> str:
    """Unknown conversions stay as they are."""

    def one(found: re.Match[str]) -> str:
        letter = found[1]
        if letter == "N":
            return f"{nanoseconds:09d}"
        make = _FIELDS.get(letter)
        return make(moment) if make is not None else "%" if letter == "%" else found[0]

    return _CONVERSION.sub(one, template)


# strftime(3)'s conversions but for %N.
_FIELDS: dict[str, Callable[[datetime], str]] = {
    "Y": lambda at: str(at.year),
    "m": lambda at: f"{at.month:02d}",
    "d": lambda at: f"{at.day:02d}",
    "e": lambda at: f"{at.day:2d}",
    "H": lambda at: f"{at.hour:02d}",
    "I": lambda at: f"{at.hour % 12 or 12:02d}",
    "M": lambda at: f"{at.minute:02d}",
    "S": lambda at: f"{at.second:02d}",
    "y": lambda at: f"{at.year % 100:02d}",
    "C": lambda at: f"{at.year // 100:02d}",
    "a": lambda at: DAYS[at.weekday()][:3],
    "A": lambda at: DAYS[at.weekday()],
    "b": lambda at: MONTHS[at.month - 1][:3],
    "h": lambda at: MONTHS[at.month - 1][:3],
    "B": lambda at: MONTHS[at.month - 1],
    "p": lambda at: "AM" if at.hour < 12 else "PM",
    "Z": lambda at: "UTC",
    "z": lambda at: "+0000",
    "n": lambda at: "\n",
    "t": lambda at: "\t",
    "s": lambda at: str(int(at.timestamp())),
    "j": lambda at: f"{at.timetuple().tm_yday:03d}",
    "u": lambda at: str(at.isoweekday()),
    "w": lambda at: str(at.isoweekday() % 7),
    "F": lambda at: f"{at.year}-{at.month:02d}-{at.day:02d}",
    "T": lambda at: f"{at.hour:02d}:{at.minute:02d}:{at.second:02d}",
    "X": lambda at: f"{at.hour:02d}:{at.minute:02d}:{at.second:02d}",
    "R": lambda at: f"{at.hour:02d}:{at.minute:02d}",
    "D": lambda at: f"{at.month:02d}/{at.day:02d}/{at.year % 100:02d}",
    "x": lambda at: f"{at.month:02d}/{at.day:02d}/{at.year % 100:02d}",
    "c": lambda at: strftime(at, "%a %b %e %H:%M:%S %Y"),
    "r": lambda at: strftime(at, "%I:%M:%S %p"),
}


def http_date(container: SimulatedContainer, now: SimTime) -> str:
    moment = at(container, now)
    month = MONTHS[moment.month - 1][:3]
    clock = f"{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d}"
    return f"{DAYS[moment.weekday()][:3]}, {moment.day:02d} {month} {moment.year} {clock} GMT"


def log_date(container: SimulatedContainer, now: SimTime) -> str:
    """The time in web servers' logs: `01/Jan/2026:00:00:05 +0000`."""
    moment = at(container, now)
    clock = f"{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d}"
    return f"{moment.day:02d}/{MONTHS[moment.month - 1][:3]}/{moment.year}:{clock} +0000"


def clock(call: Call, now: SimTime) -> str:
    return strftime(at(call.container, now), "%H:%M")
