"""Port-forwarding: the bytes of HTTP requests to a container's port, and the bytes of its answers.

Containers answer whole requests here, so what arrives is read as HTTP/1.1 and anything else is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from k8s_magic.machinery.errors import ApiError, Unsupported

# How kubectl forwards ports: SPDY frames inside a WebSocket. Source: apimachinery/pkg/util/portforward/constants.go
TUNNEL = "SPDY/3.1+portforward.k8s.io"
MAX_REQUEST = 3 * 1024 * 1024

Request = Callable[[str, str], tuple[int, str]]


class Refused(Exception):
    """What kubectl prints when a forwarded connection fails."""


class Session:
    """One forwarded connection: `receive` takes bytes and answers bytes."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._held = b""
        self.has_ended = False

    def receive(self, data: bytes) -> bytes:
        """Raises: Refused."""
        self._held += data
        if len(self._held) > MAX_REQUEST:
            raise Refused("a forwarded request is too large for this simulation")
        answered = b""
        while not self.has_ended and (taken := self._take()) is not None:
            answered += taken
        return answered

    def _take(self) -> bytes | None:
        """Answer the first whole request; None while there is none."""
        head, mark, rest = self._held.partition(b"\r\n\r\n")
        if not mark:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        words = first.split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            raise Refused("only HTTP/1.1 is understood by the simulated containers")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = headers.get("content-length", "0")
        size = int(length) if length.isdigit() else 0
        if len(rest) < size:
            return None
        self._held = rest[size:]
        method, path, version = words
        self.has_ended = headers.get("connection", "").lower() == "close" or (
            version == "HTTP/1.0" and headers.get("connection", "").lower() != "keep-alive"
        )
        try:
            status, body = self._request(method, path)
        except (ApiError, Unsupported) as problem:
            raise Refused(str(problem)) from None
        return self._answer(method, status, body)

    def _answer(self, method: str, status: int, body: str) -> bytes:
        content = body.encode()
        phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
        media = "text/html" if body.lstrip()[:1] == "<" else "text/plain"
        head = [
            f"HTTP/1.1 {status} {phrase}",
            f"Content-Type: {media}",
            f"Content-Length: {len(content)}",
            f"Connection: {'close' if self.has_ended else 'keep-alive'}",
        ]
        return "\r\n".join([*head, "", ""]).encode("latin-1") + (b"" if method == "HEAD" else content)
