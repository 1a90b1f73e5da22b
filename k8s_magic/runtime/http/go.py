"""Go's net/http. Source: net/http/{server,request,transfer}.go, net/textproto/reader.go"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8s_magic.runtime import web
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.http import manner
from k8s_magic.runtime.http.manner import KIBIBYTE, MEBIBYTE, Manner, Refusal

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer

PLAIN = "text/plain; charset=utf-8"
# A HEAD's length is known where the program wrote less than this. Source: server.go (bufferBeforeChunkingSize)
BUFFER = 2 * KIBIBYTE


def phrase(status: int) -> str:
    """Source: net/http/status.go, server.go (writeStatusLine)"""
    known = {414: "Request URI Too Long", 418: "I'm a teapot", 431: "Request Header Fields Too Large"}
    return known.get(status) or web.REASONS.get(status) or f"status code {status}"


class Go(Manner):
    """A program that sets no Content-Type leaves it to be found out by the first bytes: here it gives PLAIN."""

    longest_line = longest_head = MEBIBYTE  # DefaultMaxHeaderBytes
    folds = True

    def expects(self, expectation: str) -> bool:
        if expectation and expectation.lower() != "100-continue":
            raise Refusal(417)
        return bool(expectation)

    def refusal(self, container: SimulatedContainer, refused: Refusal, request: HttpRequest) -> HttpResponse:
        status, why = refused.status, refused.why
        status = 431 if status == 414 else status
        words = f"{status} {phrase(status)}"
        if status == 505:
            why = "unsupported protocol version"
        if status in (400, 505) and why:
            words += f": {why}"
        number, _, reason = words.partition(" ")
        body = "Unsupported transfer encoding" if status == 501 else manner.TOO_LARGE if status == 413 else words
        return HttpResponse(int(number), body, {"Content-Type": PLAIN, "Connection": "close"}, reason=reason)

    def finish(self, container: SimulatedContainer, request: HttpRequest, response: HttpResponse) -> None:
        """What the program set comes first, sorted; then the server's own."""
        own = response.headers
        media = own.get("Content-Type", "")
        is_found_out = media == PLAIN and "X-Content-Type-Options" not in own
        left_out = ("Connection", "Content-Type") if is_found_out else ("Connection",)
        headers = {name: own[name] for name in sorted(own) if name not in left_out}
        headers["Date"] = manner.date(container)
        size = response.size
        allowed = manner.has_body(response.status)
        if allowed and size < BUFFER and (size or request.method != "HEAD"):
            headers["Content-Length"] = str(size)
        if allowed and size and is_found_out:
            headers["Content-Type"] = media
        response.reason = phrase(response.status)
        if request.version == "HTTP/1.0":
            response.version = "HTTP/1.0"
        elif not manner.keeps_alive(request) or own.get("Connection") == "close":
            headers["Connection"] = "close"
        if "Content-Length" not in headers:
            manner.chunked(request, response, headers)
        response.headers = headers
        if request.method == "HEAD":
            response.body = ""


GO = Go()
