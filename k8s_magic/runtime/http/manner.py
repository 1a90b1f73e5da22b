"""How a kind of HTTP server speaks, whatever its program answers: what it refuses, its headers and their order.

The record as it stands is a careful server without peculiarities of its own; each kind is one more file.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from k8s_magic.runtime import web
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.shell import times

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer

KIBIBYTE, MEBIBYTE = 1 << 10, 1 << 20
# What this simulation takes of one request, where the server itself has no smaller bound. Our choice: as much as the
# API server takes (apiserver/pkg/server/config.go, MaxRequestBodyBytes).
MAX_BODY = 3 * MEBIBYTE
TOO_LARGE = f"k8s-magic: a request's body may have {MAX_BODY} bytes here, not more\n"
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HOST = re.compile(r"[^\s/\\\x00-\x20\x7f]+")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Refusal(Exception):
    """A request that never reaches the program. `why` tells apart what has words of its own in some server."""

    def __init__(self, status: int, why: str = "") -> None:
        super().__init__(why or status)
        self.status = status
        self.why = why


class Manner(ABC):
    """Shape: the class variables say what the parser lets through (http/conversation.py)."""

    longest_line: ClassVar[int] = 8 * KIBIBYTE  # the request line, or one header
    longest_head: ClassVar[int] = 32 * KIBIBYTE
    method: ClassVar[re.Pattern[str]] = _TOKEN
    speaks_09: ClassVar[bool] = False  # `GET /` without a version
    newest_major: ClassVar[int] = 1
    needs_crlf: ClassVar[bool] = False
    folds: ClassVar[bool] = False  # a header may go on in the next line, which begins with a space
    skips_colonless: ClassVar[bool] = False
    takes_star: ClassVar[bool] = True  # OPTIONS *
    refuses_repeats: ClassVar[bool] = False  # Content-Length twice, though it says the same
    refuses_two_lengths: ClassVar[bool] = False  # Content-Length beside Transfer-Encoding
    odd_coding: ClassVar[int] = 501  # the status for a Transfer-Encoding other than chunked
    chunks_in_10: ClassVar[str] = "ignored"  # Transfer-Encoding in HTTP/1.0: ignored, refused, taken

    # -- what is refused

    def check_host(self, hosts: list[str], version: str) -> None:
        """Raises: Refusal."""
        if not hosts and version != "HTTP/1.0":
            raise Refusal(400, "missing required Host header")
        if len(hosts) > 1:
            raise Refusal(400, "too many Host headers")
        if hosts and not self.is_host(hosts[0]):
            raise Refusal(400, "malformed Host header")

    def is_host(self, host: str) -> bool:
        return _HOST.fullmatch(host) is not None

    def check_target(self, path: str) -> None:
        """Raises: Refusal for a path that the server does not read. Every request comes by here."""
        if "%" in path and _BAD_ESCAPE.search(path):
            raise Refusal(400)

    def expects(self, expectation: str) -> bool:
        """Whether the client waits for `100 Continue`. Raises: Refusal."""
        return expectation.lower() == "100-continue"

    # -- what is answered

    @abstractmethod
    def refusal(self, container: SimulatedContainer, refused: Refusal, request: HttpRequest) -> HttpResponse:
        """The server's own page, complete. The connection is closed after it.

        Raises: NetworkError where the server closes it without a word.
        """

    def note(  # noqa: B027 (many servers log nothing of it)
        self, container: SimulatedContainer, request: HttpRequest, line: str, response: HttpResponse
    ) -> None:
        """What the server's log has of a request that was refused; `line` is its first line as it came."""

    @abstractmethod
    def finish(self, container: SimulatedContainer, request: HttpRequest, response: HttpResponse) -> None:
        """Give an answer its headers, and a HEAD's no body."""


def keeps_alive(request: HttpRequest) -> bool:
    """Whether the client wants to ask more on its connection. Source: RFC 9112 section 9.3"""
    wanted = web.header(request, "Connection")
    if not wanted:
        return request.version != "HTTP/1.0"
    words = {word.strip().lower() for word in wanted.split(",")}
    return "keep-alive" in words if request.version == "HTTP/1.0" else "close" not in words


def has_body(status: int) -> bool:
    return status >= 200 and status not in (204, 304)


def date(container: SimulatedContainer) -> str:
    return times.http_date(container, container.kernel.now)


def chunked(request: HttpRequest, response: HttpResponse, headers: dict[str, str]) -> None:
    """The length of an answer that is written before it is known: HTTP/1.0 ends it with the connection."""
    if has_body(response.status) and request.method != "HEAD" and request.version != "HTTP/1.0":
        headers["Transfer-Encoding"] = "chunked"
