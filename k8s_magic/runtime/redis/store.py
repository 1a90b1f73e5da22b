"""The commands of redis that tutorials use, on strings, lists, sets and hashes.

Answers are as redis-cli prints them when its output is no terminal.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from k8s_magic.runtime.shell import patterns
from k8s_magic.sim.time import SECOND, SimTime

Value = str | list[str] | dict[str, str]
# Source: redis.conf (proto-max-bulk-len is far larger; this keeps the simulation small).
MAX_KEYS = 100_000
DEFAULTS = {"maxmemory": "0", "maxmemory-policy": "noeviction", "port": "6379", "appendonly": "no", "databases": "16",
            "save": "3600 1 300 100 60 10000", "timeout": "0"}  # fmt: skip
WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"


def memory(text: str) -> str:
    """`2mb` in bytes."""
    found = re.fullmatch(r"(\d{1,12})(b|k|kb|m|mb|g|gb)?", text.lower())
    if not found:
        return text
    unit = {"k": 1000, "kb": 1 << 10, "m": 10**6, "mb": 1 << 20, "g": 10**9, "gb": 1 << 30}.get(found[2] or "", 1)
    return str(int(found[1]) * unit)


class Store:
    def __init__(self, config: dict[str, str], version: str, now: Callable[[], SimTime]) -> None:
        self.config = DEFAULTS | config
        self.config["maxmemory"] = memory(self.config["maxmemory"])
        self.version = version
        self._now = now
        self._values: dict[str, Value] = {}
        self._ends: dict[str, SimTime] = {}

    def execute(self, words: list[str]) -> str:
        name, arguments = words[0].upper(), words[1:]
        command = getattr(self, f"do_{name.lower()}", None) if name.isalpha() else None
        if command is None:
            shown = "".join(f"'{word}' " for word in arguments)
            return f"ERR unknown command '{words[0]}', with args beginning with: {shown}"
        for key in [key for key, end in self._ends.items() if end <= self._now()]:
            self._values.pop(key, None)
            del self._ends[key]
        try:
            answer: str | int | list[str] | None = command(*arguments)
        except TypeError as error:
            if "argument" not in str(error):
                return WRONG_TYPE
            return f"ERR wrong number of arguments for '{name.lower()}' command"
        except (AttributeError, ValueError):
            return (
                WRONG_TYPE
                if name not in ("INCRBY", "DECRBY", "EXPIRE")
                else "ERR value is not an integer or out of range"
            )
        if isinstance(answer, list):
            return "\n".join(answer)
        return "" if answer is None else str(answer)

    def do_ping(self, text: str = "PONG") -> str:
        return text

    def do_echo(self, text: str) -> str:
        return text

    def do_auth(self, *words: str) -> str:
        return "OK"

    def do_select(self, number: str) -> str:
        return "OK"

    def do_set(self, key: str, value: str, *options: str) -> str | None:
        flags = [option.upper() for option in options]
        if ("NX" in flags and key in self._values) or ("XX" in flags and key not in self._values):
            return None
        if len(self._values) >= MAX_KEYS:
            return "OOM command not allowed when used memory > 'maxmemory'."
        self._values[key] = value
        self._ends.pop(key, None)
        if "EX" in flags:
            self._ends[key] = self._now() + int(options[flags.index("EX") + 1]) * SECOND
        return "OK"

    def do_get(self, key: str) -> str | None:
        value = self._values.get(key)
        return value if value is None or isinstance(value, str) else WRONG_TYPE

    def do_mset(self, *words: str) -> str:
        for key, value in zip(words[::2], words[1::2], strict=False):
            self.do_set(key, value)
        return "OK"

    def do_mget(self, *keys: str) -> list[str]:
        return [self.do_get(key) or "" for key in keys]

    def do_del(self, *keys: str) -> int:
        return sum(self._values.pop(key, None) is not None for key in keys)

    def do_exists(self, *keys: str) -> int:
        return sum(key in self._values for key in keys)

    def do_incrby(self, key: str, amount: str) -> str:
        value = int(str(self._values.get(key, "0"))) + int(amount)
        self._values[key] = str(value)
        return str(value)

    def do_incr(self, key: str) -> str:
        try:
            return self.do_incrby(key, "1")
        except ValueError:
            return "ERR value is not an integer or out of range"

    def do_decr(self, key: str) -> str:
        try:
            return self.do_incrby(key, "-1")
        except ValueError:
            return "ERR value is not an integer or out of range"

    def do_append(self, key: str, text: str) -> int:
        value = str(self._values.get(key, "")) + text
        self._values[key] = value
        return len(value)

    def do_keys(self, pattern: str) -> list[str]:
        return [key for key in self._values if patterns.matches(pattern, key)]

    def do_dbsize(self) -> int:
        return len(self._values)

    def do_flushall(self, *options: str) -> str:
        self._values.clear()
        self._ends.clear()
        return "OK"

    do_flushdb = do_flushall

    def do_save(self) -> str:
        return "OK"

    def do_type(self, key: str) -> str:
        value = self._values.get(key)
        return "none" if value is None else {str: "string", list: "list", dict: "hash"}[type(value)]

    def do_expire(self, key: str, seconds: str) -> int:
        if key not in self._values:
            return 0
        self._ends[key] = self._now() + int(seconds) * SECOND
        return 1

    def do_ttl(self, key: str) -> int:
        if key not in self._values:
            return -2
        return -1 if key not in self._ends else (self._ends[key] - self._now()) // SECOND

    def _list(self, key: str) -> list[str]:
        value = self._values.setdefault(key, [])
        if not isinstance(value, list):
            raise AttributeError(key)
        return value

    def do_rpush(self, key: str, *values: str) -> int:
        held = self._list(key)
        held.extend(values)
        return len(held)

    def do_lpush(self, key: str, *values: str) -> int:
        held = self._list(key)
        held[:0] = reversed(values)
        return len(held)

    def do_lpop(self, key: str) -> str | None:
        held = self._list(key)
        value = held.pop(0) if held else None
        if not held:
            del self._values[key]
        return value

    def do_rpop(self, key: str) -> str | None:
        held = self._list(key)
        value = held.pop() if held else None
        if not held:
            del self._values[key]
        return value

    def do_llen(self, key: str) -> int:
        return len(self._list(key)) if key in self._values else 0

    def do_lrange(self, key: str, first: str, last: str) -> list[str]:
        if key not in self._values:
            return []
        held = self._list(key)
        start, end = (int(text) + (len(held) if int(text) < 0 else 0) for text in (first, last))
        return held[max(start, 0) : end + 1]

    def do_hset(self, key: str, *words: str) -> int:
        value = self._values.setdefault(key, {})
        if not isinstance(value, dict):
            raise AttributeError(key)
        fresh = sum(name not in value for name in words[::2])
        value.update(zip(words[::2], words[1::2], strict=False))
        return fresh

    def do_hget(self, key: str, name: str) -> str | None:
        value = self._values.get(key, {})
        return value.get(name) if isinstance(value, dict) else WRONG_TYPE

    def do_hgetall(self, key: str) -> list[str]:
        value = self._values.get(key, {})
        return [word for pair in value.items() for word in pair] if isinstance(value, dict) else [WRONG_TYPE]

    def do_config(self, action: str, *words: str) -> str | list[str]:
        if action.upper() == "GET":
            found = []
            for pattern in words:
                for name in sorted(self.config):
                    if patterns.matches(pattern.lower(), name):
                        found += [name, self.config[name]]
            return found
        if action.upper() == "SET":
            for name, value in zip(words[::2], words[1::2], strict=False):
                self.config[name.lower()] = memory(value) if name.lower() == "maxmemory" else value
            return "OK"
        return "ERR unknown subcommand"

    def do_info(self, *sections: str) -> str:
        role = "slave" if "replicaof" in self.config or "slaveof" in self.config else "master"
        return (
            f"# Server\nredis_version:{self.version}\nredis_mode:standalone\nprocess_id:1\n"
            f"tcp_port:{self.config['port']}\n"
            f"uptime_in_seconds:{self._now() // SECOND}\n\n# Replication\nrole:{role}\nconnected_slaves:0\n\n"
            f"# Keyspace\ndb0:keys={len(self._values)},expires={len(self._ends)},avg_ttl=0"
        )
