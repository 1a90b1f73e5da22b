"""The commands of redis on lists, sets and hashes.

Source: redis.io/commands; src/t_{list,set,hash}.c; observed on 7.0.15.
"""

from __future__ import annotations

import re

from k8s_magic.runtime.redis.base import OK, WRONG_TYPE, Base, Refused, integer
from k8s_magic.runtime.redis.replies import Failure, Reply


class Collections(Base):
    # -- lists

    def _list(self, key: str) -> list[str]:
        value = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Refused(WRONG_TYPE)
        return value

    def do_rpush(self, key: str, value: str, *values: str) -> Reply:
        held = self._list(key)
        held.extend((value, *values))
        self.change(key, held)
        return len(held)

    def do_lpush(self, key: str, value: str, *values: str) -> Reply:
        held = self._list(key)
        held[:0] = reversed((value, *values))
        self.change(key, held)
        return len(held)

    def do_lpop(self, key: str, count: str | None = None) -> Reply:
        return self._pop(key, count, 0)

    def do_rpop(self, key: str, count: str | None = None) -> Reply:
        return self._pop(key, count, -1)

    def _pop(self, key: str, count: str | None, place: int) -> Reply:
        number = 1 if count is None else integer(count)
        if number < 0:
            return Failure("ERR value is out of range, must be positive")
        held = self._list(key)
        if not held:
            return None
        found: list[Reply] = [held.pop(place) for _ in range(min(number, len(held)))]
        if not held:
            self.remove(key)
        return found[0] if count is None else found

    def do_llen(self, key: str) -> Reply:
        return len(self._list(key))

    def do_lindex(self, key: str, place: str) -> Reply:
        held, number = self._list(key), integer(place)
        return held[number] if -len(held) <= number < len(held) else None

    def do_lrange(self, key: str, first: str, last: str) -> Reply:
        start, end = integer(first), integer(last)
        held = self._list(key)
        start, end = (number + len(held) if number < 0 else number for number in (start, end))
        return [*held[max(start, 0) : max(end + 1, 0)]]

    # -- sets

    def _set(self, key: str) -> set[str]:
        value = self.values.get(key)
        if value is None:
            return set()
        if not isinstance(value, set):
            raise Refused(WRONG_TYPE)
        return value

    def do_sadd(self, key: str, member: str, *members: str) -> Reply:
        held = self._set(key)
        before = len(held)
        held |= {member, *members}
        self.change(key, held)
        return len(held) - before

    def do_srem(self, key: str, member: str, *members: str) -> Reply:
        held = self._set(key)
        before = len(held)
        held -= {member, *members}
        if before and not held:
            self.remove(key)
        return before - len(held)

    def do_smembers(self, key: str) -> Reply:
        return [*sorted(self._set(key))]

    def do_sismember(self, key: str, member: str) -> Reply:
        return int(member in self._set(key))

    def do_scard(self, key: str) -> Reply:
        return len(self._set(key))

    # -- hashes

    def _hash(self, key: str) -> dict[str, str]:
        value = self.values.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise Refused(WRONG_TYPE)
        return value

    def do_hset(self, key: str, name: str, text: str, *words: str) -> Reply:
        if len(words) % 2:
            return Failure("ERR wrong number of arguments for 'hset' command")
        held, pairs = self._hash(key), (name, text, *words)
        fresh = len({one for one in pairs[::2] if one not in held})
        held.update(zip(pairs[::2], pairs[1::2], strict=True))
        self.change(key, held)
        return fresh

    def do_hmset(self, key: str, name: str, text: str, *words: str) -> Reply:
        reply = self.do_hset(key, name, text, *words)
        return reply if isinstance(reply, Failure) else OK

    def do_hget(self, key: str, name: str) -> Reply:
        return self._hash(key).get(name)

    def do_hmget(self, key: str, name: str, *names: str) -> Reply:
        held = self._hash(key)
        return [held.get(one) for one in (name, *names)]

    def do_hgetall(self, key: str) -> Reply:
        return [word for pair in self._hash(key).items() for word in pair]

    def do_hkeys(self, key: str) -> Reply:
        return [*self._hash(key)]

    def do_hvals(self, key: str) -> Reply:
        return [*self._hash(key).values()]

    def do_hlen(self, key: str) -> Reply:
        return len(self._hash(key))

    def do_hexists(self, key: str, name: str) -> Reply:
        return int(name in self._hash(key))

    def do_hdel(self, key: str, name: str, *names: str) -> Reply:
        held = self._hash(key)
        found = [one for one in dict.fromkeys((name, *names)) if held.pop(one, None) is not None]
        if found and not held:
            self.remove(key)
        return len(found)

    def do_hincrby(self, key: str, name: str, amount: str) -> Reply:
        held, by = self._hash(key), integer(amount)
        text = held.get(name, "0")
        if not re.fullmatch(r"0|-?[1-9][0-9]{0,18}", text):
            return Failure("ERR hash value is not an integer")
        held[name] = str(int(text) + by)
        self.change(key, held)
        return int(held[name])
