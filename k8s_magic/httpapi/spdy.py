"""Forwarded ports as kubectl sends them: SPDY/3.1 frames inside a WebSocket, two streams a connection.

A connection is an error stream and a data stream with the same request id; the data stream carries the bytes.
Source: SPDY protocol, draft 3.1; client-go/tools/portforward; k8s.io/streaming/pkg/httpstream/spdy
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from k8s_magic.httpapi.forwarding import Refused
from k8s_magic.machinery.protocols import Conversation

SYN_STREAM, SYN_REPLY, RST_STREAM, SETTINGS, PING, GOAWAY, HEADERS, WINDOW_UPDATE = 1, 2, 3, 4, 6, 7, 8, 9
FIN = 0x01
VERSION = 3
# What a frame may hold here; kubectl sends at most 32 KiB at a time.
MAX_FRAME = 1 << 20

# The words that compressed headers start from. Source: SPDY draft 3, section 2.6.10.1
_COUNTED = (
    "options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow"
    " authorization cache-control connection content-base content-encoding content-language content-length"
    " content-location content-md5 content-range content-type date etag expect expires from host if-match"
    " if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma"
    " proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade"
    " user-agent vary via warning www-authenticate method get status"
)
_TAIL = (
    "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505"
    "203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden"
    "404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable"
    "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT"
    "chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,"
    "publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."
)


def _counted(text: str) -> bytes:
    return struct.pack(">I", len(text)) + text.encode()


def _dictionary() -> bytes:
    words = b"".join(_counted(word) for word in _COUNTED.split())
    return (
        words + _counted("200 OK") + _counted("version") + _counted("HTTP/1.1") + _counted("url")
        + _counted("public") + _counted("set-cookie") + _counted("keep-alive") + _counted("origin") + _TAIL.encode()
    )  # fmt: skip


DICTIONARY = _dictionary()


class BadFrames(Exception):
    """What came is not what kubectl sends."""


class Tunnel:
    """`open_port(number)` makes the session of one connection or raises Refused; `send` takes bytes to be sent."""

    def __init__(self, open_port: Callable[[int], Conversation], send: Callable[[bytes], None]) -> None:
        self._open_port = open_port
        self._send = send
        self._held = b""
        self._inflate = zlib.decompressobj(zdict=DICTIONARY)
        self._deflate = zlib.compressobj(9, zdict=DICTIONARY)
        self._errors: dict[str, int] = {}  # request id -> its error stream
        self._data: dict[int, tuple[Conversation, str]] = {}  # data stream -> its session and request id

    def receive(self, data: bytes) -> None:
        """Raises: BadFrames, after which nothing more can be read."""
        try:
            self._receive(data)
        except (struct.error, zlib.error, ValueError, IndexError) as problem:
            raise BadFrames(f"these are no frames of SPDY/3.1: {problem}") from None

    def _receive(self, data: bytes) -> None:
        self._held += data
        while len(self._held) >= 8:
            first, second = struct.unpack(">II", self._held[:8])
            flags, length = second >> 24, second & 0xFFFFFF
            if length > MAX_FRAME:
                raise ValueError(f"a frame of {length} bytes")
            if len(self._held) < 8 + length:
                return
            content, self._held = self._held[8 : 8 + length], self._held[8 + length :]
            if first & 0x80000000:
                self._control(first & 0xFFFF, flags, content)
            else:
                self._on_data(first & 0x7FFFFFFF, flags, content)

    def _control(self, kind: int, flags: int, content: bytes) -> None:
        if kind == SYN_STREAM:
            stream = struct.unpack(">I", content[:4])[0] & 0x7FFFFFFF
            self._open(stream, self._headers(content[10:]))
        elif kind == PING:
            self._frame(PING, 0, content)
        elif kind == RST_STREAM:
            self._data.pop(struct.unpack(">I", content[:4])[0] & 0x7FFFFFFF, None)

    def _headers(self, block: bytes) -> dict[str, str]:
        plain = self._inflate.decompress(block, MAX_FRAME)
        count, at = struct.unpack(">I", plain[:4])[0], 4
        texts = []
        for _ in range(2 * count):
            size = struct.unpack(">I", plain[at : at + 4])[0]
            texts.append(plain[at + 4 : at + 4 + size].decode("latin-1"))
            at += 4 + size
        return {name.lower(): value for name, value in zip(texts[::2], texts[1::2], strict=True)}

    def _open(self, stream: int, headers: dict[str, str]) -> None:
        block = self._deflate.compress(struct.pack(">I", 0)) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        self._frame(SYN_REPLY, 0, struct.pack(">I", stream) + block)
        number = headers.get("requestid", "")
        if headers.get("streamtype") == "error":
            self._errors[number] = stream
        elif headers.get("port", "").isdigit():
            try:
                self._data[stream] = (self._open_port(int(headers["port"])), number)
            except Refused as problem:
                self._close(stream, number, str(problem))

    def _on_data(self, stream: int, flags: int, content: bytes) -> None:
        if content:
            self._frame(WINDOW_UPDATE, 0, struct.pack(">II", stream, len(content)))
            self._frame(WINDOW_UPDATE, 0, struct.pack(">II", 0, len(content)))
        found = self._data.get(stream)
        if found is None:
            return
        session, number = found
        answer = session.receive(content)
        for start in range(0, len(answer), 32768):
            self._write(stream, answer[start : start + 32768])
        if flags & FIN or session.has_ended:
            self._close(stream, number, session.problem)

    def _close(self, stream: int, number: str, problem: str = "") -> None:
        self._data.pop(stream, None)
        error = self._errors.pop(number, None)
        if error is not None:
            self._write(error, problem.encode(), FIN)
        self._write(stream, b"", FIN)

    def _write(self, stream: int, content: bytes, flags: int = 0) -> None:
        self._send(struct.pack(">II", stream, flags << 24 | len(content)) + content)

    def _frame(self, kind: int, flags: int, content: bytes) -> None:
        self._send(struct.pack(">II", 0x80000000 | VERSION << 16 | kind, flags << 24 | len(content)) + content)
