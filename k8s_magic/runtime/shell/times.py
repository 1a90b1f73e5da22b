"""Simulated instants as tools print them, in UTC and the C locale, whatever this machine's are."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from k8s_magic.sim.time import SimTime

if TYPE_CHECKING:
    from k8s_magic.runtime.call import Call
    from k8s_magic.runtime.container import SimulatedContainer

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def at(container: SimulatedContainer, now: SimTime) -> datetime:
    """A simulated instant in the cluster's calendar (UTC)."""
    return container.world.times.epoch + timedelta(microseconds=now)


def strftime(moment: datetime, format: str, nanoseconds: int = 0) -> str:
    def one(found: re.Match[str]) -> str:
        return field(moment, found[1], nanoseconds) if found[1] != "%" else "%"

    return re.sub(r"%[-_0^]?(.)", one, format)


def field(moment: datetime, letter: str, nanoseconds: int = 0) -> str:
    """One conversion of strftime(3); unknown ones stay as they are."""
    hour = moment.hour % 12 or 12
    plain = {
        "Y": f"{moment.year}", "m": f"{moment.month:02d}", "d": f"{moment.day:02d}", "e": f"{moment.day:2d}",
        "H": f"{moment.hour:02d}", "I": f"{hour:02d}", "M": f"{moment.minute:02d}", "S": f"{moment.second:02d}",
        "N": f"{nanoseconds:09d}", "y": f"{moment.year % 100:02d}", "C": f"{moment.year // 100:02d}",
        "a": DAYS[moment.weekday()][:3], "A": DAYS[moment.weekday()], "b": MONTHS[moment.month - 1][:3],
        "h": MONTHS[moment.month - 1][:3], "B": MONTHS[moment.month - 1], "p": "AM" if moment.hour < 12 else "PM",
        "Z": "UTC", "z": "+0000", "n": "\n", "t": "\t", "s": str(int(moment.timestamp())),
        "j": f"{moment.timetuple().tm_yday:03d}", "u": str(moment.isoweekday()), "w": str(moment.isoweekday() % 7),
    }  # fmt: skip
    if letter in plain:
        return plain[letter]
    combined = {"F": "%Y-%m-%d", "T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y", "c": "%a %b %e %H:%M:%S %Y",
                "x": "%m/%d/%y", "X": "%H:%M:%S", "r": "%I:%M:%S %p"}  # fmt: skip
    return strftime(moment, combined[letter]) if letter in combined else "%" + letter


def http_date(container: SimulatedContainer, now: SimTime) -> str:
    return strftime(at(container, now), "%a, %d %b %Y %H:%M:%S GMT")


def clock(call: Call, now: SimTime) -> str:
    return strftime(at(call.container, now), "%H:%M")
