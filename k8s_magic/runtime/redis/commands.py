"""The commands of redis that tutorials use, but for those on lists, sets and hashes.

Source: redis.io/commands; src/{db,t_string}.c; observed on 7.0.15.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from k8s_magic.runtime.contract import encoded
from k8s_magic.runtime.redis.base import (
    NO_AUTH,
    NO_PASSWORD,
    OK,
    SYNTAX,
    WRONG_PASSWORD,
    WRONG_TYPE,
    Refused,
    Value,
    integer,
)
from k8s_magic.runtime.redis.collections import Collections
from k8s_magic.runtime.redis.replies import Failure, Reply, Status
from k8s_magic.runtime.shell import patterns
from k8s_magic.sim.time import MILLISECOND, SECOND, SimTime

DATABASES = 16


def memory(text: str) -> str:
    """`2mb` in bytes."""
    found = re.fullmatch(r"(\d{1,12})(b|k|kb|m|mb|g|gb)?", text.lower())
    if not found:
        return text
    unit = {"k": 1000, "kb": 1 << 10, "m": 10**6, "mb": 1 << 20, "g": 10**9, "gb": 1 << 30}.get(found[2] or "", 1)
    return str(int(found[1]) * unit)


@dataclass(slots=True)
class Database:
    values: dict[str, Value] = field(default_factory=dict)
    ends: dict[str, SimTime] = field(default_factory=dict)


class Served(Protocol):
    """The server that a command is for."""

    config: dict[str, str]
    version: str
    now: Callable[[], SimTime]
    databases: list[Database]


@dataclass(slots=True)
class Client:
    """What a server knows of one connection."""

    id: int
    database: Database
    name: str = ""
    is_known: bool = True  # it has given the password, or needs none


class Commands(Collections):
    """One call of a command by one client."""

    def __init__(self, store: Served, client: Client) -> None:
        self._store = store
        self._client = client
        self.values = client.database.values
        self.ends = client.database.ends

    # -- the connection and the server

    def do_ping(self, text: str | None = None) -> Reply:
        return Status("PONG") if text is None else text

    def do_echo(self, text: str) -> Reply:
        return text

    def do_auth(self, first: str, second: str | None = None) -> Reply:
        password = self._store.config.get("requirepass", "")
        if not password and second is None:
            return NO_PASSWORD
        user, given = ("default", first) if second is None else (first, second)
        if user != "default" or (password and given != password):
            return WRONG_PASSWORD
        self._client.is_known = True
        return OK

    def do_hello(self, version: str = "2", *words: str) -> Reply:
        if version != "2":  # RESP3 is not spoken here, as by servers before 6
            return Failure("NOPROTO unsupported protocol version")
        if len(words) >= 3 and words[0].lower() == "auth":
            refused = self.do_auth(words[1], words[2])
            if refused != OK:
                return refused
        if not self._client.is_known:
            return NO_AUTH
        return ["server", "redis", "version", self._store.version, "proto", 2, "id", self._client.id, "mode",
                "standalone", "role", self._role(), "modules", []]  # fmt: skip

    def do_client(self, action: str, *words: str) -> Reply:
        lowered = action.lower()
        if lowered == "setname" and len(words) == 1:
            self._client.name = words[0]
            return OK
        if lowered == "getname":
            return self._client.name or None
        if lowered == "id":
            return self._client.id
        if lowered in ("setinfo", "no-evict", "no-touch", "reply"):
            return OK
        return Failure(f"ERR unknown subcommand '{action}'. Try CLIENT HELP.")

    def do_command(self, *words: str) -> Reply:
        """What a client asks to help its user: nothing is told here."""
        names = [name for name in dir(Commands) if name.startswith("do_")]
        return len(names) if words[:1] and words[0].lower() == "count" else []

    def do_select(self, number: str) -> Reply:
        place = integer(number)
        if not 0 <= place < DATABASES:
            return Failure("ERR DB index is out of range")
        self._client.database = self._store.databases[place]
        return OK

    def do_config(self, action: str, *words: str) -> Reply:
        config = self._store.config
        if action.upper() == "GET":
            found: list[Reply] = []
            for pattern in words:
                for name in sorted(config):
                    if patterns.matches(pattern.lower(), name):
                        found += [name, config[name]]
            return found
        if action.upper() == "SET":
            for name, value in zip(words[::2], words[1::2], strict=False):
                config[name.lower()] = memory(value) if name.lower() == "maxmemory" else value
            return OK
        return Failure(f"ERR unknown subcommand '{action}'. Try CONFIG HELP.")

    def do_info(self, *sections: str) -> Reply:
        config, now = self._store.config, self._store.now()
        keys = [
            f"db{place}:keys={len(one.values)},expires={len(one.ends)},avg_ttl=0\n"
            for place, one in enumerate(self._store.databases)
            if one.values
        ]
        return (
            f"# Server\nredis_version:{self._store.version}\nredis_mode:standalone\nprocess_id:1\n"
            f"tcp_port:{config['port']}\nuptime_in_seconds:{now // SECOND}\n\n"
            f"# Replication\nrole:{self._role()}\nconnected_slaves:0\n\n# Keyspace\n{''.join(keys)}"
        ).replace("\n", "\r\n")

    def _role(self) -> str:
        return "slave" if "replicaof" in self._store.config or "slaveof" in self._store.config else "master"

    def do_dbsize(self) -> Reply:
        return len(self.values)

    def do_flushall(self, *options: str) -> Reply:
        for database in self._store.databases:
            database.values.clear()
            database.ends.clear()
        return OK

    def do_flushdb(self, *options: str) -> Reply:
        self.values.clear()
        self.ends.clear()
        return OK

    def do_save(self) -> Reply:
        return OK

    def do_bgsave(self) -> Reply:
        return Status("Background saving started")

    # -- keys

    def do_del(self, key: str, *keys: str) -> Reply:
        found = [one for one in dict.fromkeys((key, *keys)) if one in self.values]
        for one in found:
            self.remove(one)
        return len(found)

    def do_exists(self, key: str, *keys: str) -> Reply:
        return sum(one in self.values for one in (key, *keys))

    def do_keys(self, pattern: str) -> Reply:
        return [key for key in self.values if patterns.matches(pattern, key)]

    def do_type(self, key: str) -> Reply:
        value = self.values.get(key)
        return Status("none" if value is None else {str: "string", list: "list", dict: "hash", set: "set"}[type(value)])

    def do_rename(self, key: str, new: str) -> Reply:
        if key not in self.values:
            return Failure("ERR no such key")
        end = self.ends.pop(key, None)
        value = self.values.pop(key)
        self.remove(new)
        self.values[new] = value
        if end is not None:
            self.ends[new] = end
        return OK

    def do_expire(self, key: str, seconds: str) -> Reply:
        span = integer(seconds)
        if key not in self.values:
            return 0
        self.ends[key] = self._store.now() + span * SECOND
        return 1

    def do_persist(self, key: str) -> Reply:
        return int(self.ends.pop(key, None) is not None)

    def do_ttl(self, key: str) -> Reply:
        left = self._left(key)
        return left if left < 0 else (left + 500 * MILLISECOND) // SECOND

    def do_pttl(self, key: str) -> Reply:
        left = self._left(key)
        return left if left < 0 else left // MILLISECOND

    def _left(self, key: str) -> SimTime:
        if key not in self.values:
            return -2
        return -1 if key not in self.ends else self.ends[key] - self._store.now()

    # -- strings

    def do_set(self, key: str, value: str, *options: str) -> Reply:
        end: SimTime | None = None
        flags = set[str]()
        words = [option.upper() for option in options]
        while words:
            word = words.pop(0)
            if word in ("EX", "PX") and words and end is None:
                span = integer(words.pop(0))
                if span <= 0:
                    return Failure("ERR invalid expire time in 'set' command")
                end = self._store.now() + span * (SECOND if word == "EX" else MILLISECOND)
            elif word in ("NX", "XX", "KEEPTTL", "GET"):
                flags.add(word)
            else:
                return SYNTAX
        if {"NX", "XX"} <= flags:
            return SYNTAX
        before = self._text(key) if "GET" in flags else None
        if ("NX" in flags and key in self.values) or ("XX" in flags and key not in self.values):
            return before
        kept = self.ends.get(key) if "KEEPTTL" in flags else None
        self.put(key, value)
        if end is not None or kept is not None:
            self.ends[key] = end if end is not None else kept or 0
        return before if "GET" in flags else OK

    def do_setnx(self, key: str, value: str) -> Reply:
        if key in self.values:
            return 0
        self.put(key, value)
        return 1

    def do_setex(self, key: str, seconds: str, value: str) -> Reply:
        if integer(seconds) <= 0:
            return Failure("ERR invalid expire time in 'setex' command")
        return self.do_set(key, value, "EX", seconds)

    def do_get(self, key: str) -> Reply:
        return self._text(key)

    def do_getset(self, key: str, value: str) -> Reply:
        before = self._text(key)
        self.put(key, value)
        return before

    def do_getdel(self, key: str) -> Reply:
        before = self._text(key)
        self.remove(key)
        return before

    def do_mset(self, key: str, value: str, *words: str) -> Reply:
        if len(words) % 2:
            return Failure("ERR wrong number of arguments for 'mset' command")
        pairs = (key, value, *words)
        for name, text in zip(pairs[::2], pairs[1::2], strict=True):
            self.put(name, text)
        return OK

    def do_mget(self, key: str, *keys: str) -> Reply:
        held = [self.values.get(one) for one in (key, *keys)]
        return [value if isinstance(value, str) else None for value in held]

    def do_incrby(self, key: str, amount: str) -> Reply:
        value = integer(self._text(key) or "0") + integer(amount)
        if not -(1 << 63) <= value < 1 << 63:
            return Failure("ERR increment or decrement would overflow")
        self.change(key, str(value))
        return value

    def do_incr(self, key: str) -> Reply:
        return self.do_incrby(key, "1")

    def do_decr(self, key: str) -> Reply:
        return self.do_incrby(key, "-1")

    def do_decrby(self, key: str, amount: str) -> Reply:
        return self.do_incrby(key, str(-integer(amount)))

    def do_append(self, key: str, text: str) -> Reply:
        value = (self._text(key) or "") + text
        self.change(key, value)
        return len(encoded(value))

    def do_strlen(self, key: str) -> Reply:
        return len(encoded(self._text(key) or ""))

    def _text(self, key: str) -> str | None:
        value = self.values.get(key)
        if value is not None and not isinstance(value, str):
            raise Refused(WRONG_TYPE)
        return value
