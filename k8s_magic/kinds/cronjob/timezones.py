"""Which time zones there are: those of the IANA database, as far as this Python has it."""

from __future__ import annotations

import zoneinfo


def is_known(name: str) -> bool:
    """Where Python has no zone data at all, every well-formed name passes: our simplification."""
    if name == "UTC":
        return True
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return not zoneinfo.TZPATH and not zoneinfo.available_timezones()
    return True
