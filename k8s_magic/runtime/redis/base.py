"""What every command of redis works on: the values of a database, and the ways to refuse.

Source: redis.io/commands; src/util.c; observed on 7.0.15.
"""

from __future__ import annotations

import re

from k8s_magic.runtime.redis.replies import Failure, Status
from k8s_magic.sim.time import SimTime

Value = str | list[str] | dict[str, str] | set[str]
# This keeps the simulation small.
MAX_KEYS = 100_000
OK = Status("OK")
WRONG_TYPE = Failure("WRONGTYPE Operation against a key holding the wrong kind of value")
NO_INTEGER = Failure("ERR value is not an integer or out of range")
SYNTAX = Failure("ERR syntax error")
FULL = Failure("OOM command not allowed when used memory > 'maxmemory'.")
NO_AUTH = Failure("NOAUTH Authentication required.")
NO_PASSWORD = Failure(
    "ERR AUTH <password> called without any password configured for the default user. "
    "Are you sure your configuration is correct?"
)
WRONG_PASSWORD = Failure("WRONGPASS invalid username-password pair or user is disabled.")


class Refused(Exception):
    """A command that fails: `reply` says why."""

    def __init__(self, reply: Failure) -> None:
        super().__init__(reply)
        self.reply = reply


def integer(text: str) -> int:
    """Source: src/util.c (string2ll): no spaces, no leading zeros, 64 bits. Raises: Refused."""
    if not re.fullmatch(r"0|-?[1-9][0-9]{0,18}", text) or not -(1 << 63) <= int(text) < 1 << 63:
        raise Refused(NO_INTEGER)
    return int(text)


class Base:
    """Each command raises Refused with what the server says. Shape: `ends` has when a key ends, where it does."""

    values: dict[str, Value]
    ends: dict[str, SimTime]

    def remove(self, key: str) -> None:
        self.values.pop(key, None)
        self.ends.pop(key, None)

    def put(self, key: str, value: Value) -> None:
        """A new value, which does not end."""
        self.change(key, value)
        self.ends.pop(key, None)

    def change(self, key: str, value: Value) -> None:
        if key not in self.values and len(self.values) >= MAX_KEYS:
            raise Refused(FULL)
        self.values[key] = value
