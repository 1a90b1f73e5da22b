"""A redis server's databases and configuration, and how a command reaches them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache

from k8s_magic.runtime.redis.base import NO_AUTH, Refused
from k8s_magic.runtime.redis.commands import DATABASES, Client, Commands, Database, memory
from k8s_magic.runtime.redis.replies import Failure, Reply
from k8s_magic.sim.time import SimTime

DEFAULTS = {"maxmemory": "0", "maxmemory-policy": "noeviction", "port": "6379", "appendonly": "no", "databases": "16",
            "save": "3600 1 300 100 60 10000", "timeout": "0"}  # fmt: skip


@cache
def _arity(name: str) -> tuple[int, int]:
    """How few and how many words a command takes."""
    parameters = list(inspect.signature(getattr(Commands, f"do_{name}")).parameters.values())[1:]
    fewest = sum(one.kind is one.POSITIONAL_OR_KEYWORD and one.default is one.empty for one in parameters)
    many = any(one.kind is one.VAR_POSITIONAL for one in parameters)
    return fewest, 1 << 30 if many else len(parameters)


class Store:
    """Shape: `config` holds the options of redis.conf that were given or have a default here."""

    def __init__(self, config: dict[str, str], version: str, now: Callable[[], SimTime]) -> None:
        self.config = DEFAULTS | config
        self.config["maxmemory"] = memory(self.config["maxmemory"])
        self.version = version
        self.now = now
        self.databases = [Database() for _ in range(DATABASES)]
        self._clients = 2  # the first to connect to a new server has this number

    def connect(self) -> Client:
        self._clients += 1
        return Client(self._clients, self.databases[0], is_known=not self.config.get("requirepass"))

    def execute(self, client: Client, words: list[str]) -> Reply:
        name, arguments = words[0].lower(), words[1:]
        if not (name.isascii() and name.isalpha() and hasattr(Commands, f"do_{name}")):
            given = "".join(f"'{word}' " for word in arguments)[:128]
            return Failure(f"ERR unknown command '{words[0][:128]}', with args beginning with: {given}")
        fewest, most = _arity(name)
        if not fewest <= len(arguments) <= most:
            return Failure(f"ERR wrong number of arguments for '{name}' command")
        if not client.is_known and name not in ("auth", "hello", "quit"):
            return NO_AUTH
        for database in self.databases:
            for key in [key for key, end in database.ends.items() if end <= self.now()]:
                database.values.pop(key, None)
                del database.ends[key]
        try:
            reply: Reply = getattr(Commands(self, client), f"do_{name}")(*arguments)
        except Refused as refused:
            return refused.reply
        return reply
