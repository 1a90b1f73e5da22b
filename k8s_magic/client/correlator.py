"""Which event a message becomes: a new one, a higher count of an old one, one combined of many, or none.

    like messages of one object, type and reason: the first 9 differing texts are events of their own, from the 10th
        on they are one "(combined from similar events)"; a silence of 10 minutes starts afresh
    equal events raise the count of the first
    more than 25 of one object and type at once are dropped; one more is let through every 5 minutes

Source: client-go/tools/record/events_cache.go
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from k8s_magic.sim.time import MINUTE, SimTime

CACHE_ENTRIES = 4_096
MOST_SIMILAR = 10
SIMILAR_FOR: SimTime = 10 * MINUTE
SPAM_BURST = 25
SPAM_REFILL: SimTime = 5 * MINUTE
COMBINED = "(combined from similar events): "

T = TypeVar("T")
Key = tuple[Any, ...]


class Recent(Generic[T]):
    """The entries used last; the one unused longest makes room."""

    __slots__ = ("_entries", "_size")

    def __init__(self, size: int = CACHE_ENTRIES) -> None:
        self._entries: dict[Key, T] = {}
        self._size = size

    def get(self, key: Key) -> T | None:
        """The entry, which then is the one used last."""
        entries = self._entries
        found = entries.pop(key, None)
        if found is not None:
            entries[key] = found
        return found

    def values(self) -> list[T]:
        return list(self._entries.values())

    def put(self, key: Key, entry: T) -> None:
        entries = self._entries
        if key not in entries and len(entries) >= self._size:
            del entries[next(iter(entries))]
        entries[key] = entry


@dataclass(slots=True)
class Observed:
    """One Event object that was written, or would have been."""

    name: str
    first: str
    count: int = 0


class _Similar:
    __slots__ = ("last", "messages")

    def __init__(self) -> None:
        self.messages: dict[str, None] = {}
        self.last: SimTime = 0


class Correlator:
    def __init__(self) -> None:
        self._similar: Recent[_Similar] = Recent()
        self._observed: Recent[Observed] = Recent()
        self._tokens: Recent[list[float]] = Recent()  # [tokens, time of the last refill]

    def similar(self, subject: Key, type: str, reason: str, message: str, now: SimTime) -> bool:
        """Whether the message is to be combined with others like it."""
        key = (subject, type, reason)
        record = self._similar.get(key)
        if record is None:
            record = _Similar()
            self._similar.put(key, record)
        elif now - record.last > SIMILAR_FOR:
            record.messages = {}
        record.last = now
        messages = record.messages
        messages[message] = None
        if len(messages) < MOST_SIMILAR:
            return False
        del messages[next(iter(messages))]
        return True

    def observe(self, key: Key, name: str, first: str) -> Observed:
        """The event that a key stands for, with its count raised; a new one by `name` and `first`."""
        observed = self._observed.get(key)
        if observed is None:
            observed = Observed(name, first)
            self._observed.put(key, observed)
        observed.count += 1
        return observed

    def is_spam(self, subject: Key, type: str, now: SimTime) -> bool:
        key = (subject, type)
        bucket = self._tokens.get(key)
        if bucket is None:
            self._tokens.put(key, [SPAM_BURST - 1, now])
            return False
        tokens = min(SPAM_BURST, bucket[0] + (now - bucket[1]) / SPAM_REFILL)
        bucket[1] = now
        if tokens < 1:
            bucket[0] = tokens
            return True
        bucket[0] = tokens - 1
        return False
