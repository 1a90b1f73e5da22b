"""What a redis server replies, as RESP carries it and as redis-cli shows it.

Source: the RESP2 specification; redis 7.0 src/networking.c (processInlineBuffer, processMultibulkBuffer),
src/redis-cli.c (cliFormatReplyTTY, cliFormatReplyRaw); observed on 7.0.15.
"""

from __future__ import annotations

import re

from k8s_magic.runtime.contract import decoded, encoded


class Status(str):
    """A simple string: OK, PONG."""

    __slots__ = ()


class Failure(str):
    """An error: its first word is its kind (ERR, WRONGTYPE)."""

    __slots__ = ()


# A str is a bulk string (bytes that are no UTF-8 as lone surrogates), None is nil.
Reply = Status | Failure | str | int | list["Reply"] | None

# The longest line a client may send. Source: src/server.h (PROTO_INLINE_MAX_SIZE)
MAX_INLINE = 64 * 1024
# Source: redis.conf says 512mb (proto-max-bulk-len); this keeps the simulation small.
MAX_BULK = 3 << 20
MAX_WORDS = 1024 * 1024
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "a": "\a"}
_SHOWN = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\a": "\\a", '"': '\\"', "\\": "\\\\"}


class BadProtocol(Exception):
    """What a client sent is no request: `str()` is said, and the connection closed."""


def encode(reply: Reply) -> bytes:
    if reply is None:
        return b"$-1\r\n"
    if isinstance(reply, Status):
        return b"+%b\r\n" % encoded(reply)
    if isinstance(reply, Failure):
        return b"-%b\r\n" % encoded(reply)
    if isinstance(reply, str):
        content = encoded(reply)
        return b"$%d\r\n%b\r\n" % (len(content), content)
    if isinstance(reply, int):
        return b":%d\r\n" % reply
    return b"*%d\r\n" % len(reply) + b"".join(encode(each) for each in reply)


def request(words: list[str]) -> bytes:
    """A command as clients send it."""
    return encode([*words])


def decode(data: bytes) -> list[Reply]:
    """The replies in some bytes."""
    found: list[Reply] = []
    at = 0
    while at < len(data):
        reply, at = _decoded(data, at)
        found.append(reply)
    return found


def _decoded(data: bytes, at: int) -> tuple[Reply, int]:
    end = data.index(b"\r\n", at)
    kind, text, after = data[at : at + 1], decoded(data[at + 1 : end]), end + 2
    if kind == b"+":
        return Status(text), after
    if kind == b"-":
        return Failure(text), after
    size = int(text)
    if kind == b":":
        return size, after
    if size < 0:
        return None, after
    if kind == b"$":
        return decoded(data[after : after + size]), after + size + 2
    found: list[Reply] = []
    for _ in range(size):
        each, after = _decoded(data, after)
        found.append(each)
    return found, after


def take(held: bytearray) -> list[str] | None:
    """Take the first whole command off what has arrived; None while there is none. Raises: BadProtocol."""
    while held:
        if held[0] != ord("*"):
            end = held.find(b"\n")
            if end < 0:
                if len(held) > MAX_INLINE:
                    raise BadProtocol("ERR Protocol error: too big inline request")
                return None
            line = decoded(bytes(held[:end]).removesuffix(b"\r"))
            del held[: end + 1]
            words = split(line)
            if words:
                return words
            continue
        found = _array(held)
        if found is None:
            return None
        words, after = found
        del held[:after]
        if words:
            return words
    return None


def _array(held: bytearray) -> tuple[list[str], int] | None:
    size, at = _number(held, 0, "multibulk length", MAX_WORDS)
    if at < 0:
        return None
    words: list[str] = []
    for _ in range(size):
        if at >= len(held):
            return None
        if held[at] != ord("$"):
            shown = chr(held[at])
            raise BadProtocol(f"ERR Protocol error: expected '$', got '{shown}'")
        length, at = _number(held, at, "bulk length", MAX_BULK)
        if at < 0 or len(held) < at + length + 2:
            return None
        words.append(decoded(bytes(held[at : at + length])))
        at += length + 2
    return words, at


def _number(held: bytearray, at: int, what: str, largest: int) -> tuple[int, int]:
    """The number of a line `*3` or `$5` and where the next begins, -1 while it has not all come."""
    end = held.find(b"\r", at)
    if end < 0 or end + 1 >= len(held):
        if len(held) - at > MAX_INLINE:
            raise BadProtocol(f"ERR Protocol error: too big {what.replace('multibulk length', 'mbulk count string')}")
        return 0, -1
    text = bytes(held[at + 1 : end])
    if not re.fullmatch(rb"-?\d{1,18}", text) or int(text) > largest or (held[at] == ord("$") and int(text) < 0):
        raise BadProtocol(f"ERR Protocol error: invalid {what}")
    return int(text), end + 2


def split(line: str) -> list[str]:
    """An inline command's words, with their quotes and escapes. Raises: BadProtocol."""
    words: list[str] = []
    at = 0
    while True:
        while at < len(line) and line[at].isspace():
            at += 1
        if at >= len(line):
            return words
        word = ""
        while at < len(line) and not line[at].isspace():
            if line[at] in "\"'":
                part, at = _quoted(line, at)
                word += part
                if at < len(line) and not line[at].isspace():
                    raise BadProtocol("ERR Protocol error: unbalanced quotes in request")
            else:
                word += line[at]
                at += 1
        words.append(word)


def _quoted(line: str, at: int) -> tuple[str, int]:
    mark, word, at = line[at], "", at + 1
    while at < len(line):
        letter = line[at]
        if letter == mark:
            return word, at + 1
        if letter == "\\" and at + 1 < len(line) and (mark == '"' or line[at + 1] == "'"):
            code = re.compile(r"x([0-9A-Fa-f]{2})").match(line, at + 1) if mark == '"' else None
            if code:
                byte = int(code[1], 16)
                word, at = word + (chr(byte) if byte < 128 else chr(0xDC00 + byte)), at + 4
            else:
                following = line[at + 1]
                word, at = word + (_ESCAPES.get(following, following) if mark == '"' else following), at + 2
            continue
        word, at = word + letter, at + 1
    raise BadProtocol("ERR Protocol error: unbalanced quotes in request")


def raw(reply: Reply) -> str:
    """As redis-cli prints a reply into a pipe, without the line's end."""
    if reply is None:
        return ""
    if isinstance(reply, Failure):
        return f"{reply}\n"
    if isinstance(reply, list):
        return "\n".join(raw(each) for each in reply)
    return str(reply)


def shown(reply: Reply, indent: str = "") -> str:
    """As redis-cli prints a reply on a terminal, without the line's end."""
    if reply is None:
        return "(nil)"
    if isinstance(reply, Failure):
        return f"(error) {reply}"
    if isinstance(reply, Status):
        return str(reply)
    if isinstance(reply, str):
        return quoted(reply)
    if isinstance(reply, int):
        return f"(integer) {reply}"
    if not reply:
        return "(empty array)"
    width = len(str(len(reply)))
    deeper = indent + " " * (width + 2)
    lines = (f"{number:>{width}}) {shown(each, deeper)}" for number, each in enumerate(reply, 1))
    return f"\n{indent}".join(lines)


def quoted(text: str) -> str:
    """Source: src/sds.c (sdscatrepr)"""
    marks = "".join(
        _SHOWN.get(chr(byte)) or (chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}") for byte in encoded(text)
    )
    return f'"{marks}"'
