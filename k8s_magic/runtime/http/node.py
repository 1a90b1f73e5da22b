"""Node.js's http module, as the tutorials' server has it (version 6). Source: lib/_http_{server,outgoing}.js"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8s_magic.runtime.contract import HttpRequest, HttpResponse, NetworkError
from k8s_magic.runtime.http import manner
from k8s_magic.runtime.http.manner import KIBIBYTE, Manner, Refusal

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer


class Node(Manner):
    longest_line = longest_head = 80 * KIBIBYTE  # http_parser.h (HTTP_MAX_HEADER_SIZE)
    folds = True

    def check_host(self, hosts: list[str], version: str) -> None:
        """Version 6 asks for none."""

    def refusal(self, container: SimulatedContainer, refused: Refusal, request: HttpRequest) -> HttpResponse:
        """Version 6 destroys the socket on what it cannot parse, without a word. Raises: NetworkError."""
        if refused.status == 413:
            return HttpResponse(413, manner.TOO_LARGE, {"Content-Type": "text/plain", "Connection": "close"})
        raise NetworkError("reset", "the server has closed the connection")

    def finish(self, container: SimulatedContainer, request: HttpRequest, response: HttpResponse) -> None:
        headers = response.headers
        keeps = manner.keeps_alive(request)
        headers["Date"] = manner.date(container)
        headers["Connection"] = "keep-alive" if keeps and request.version != "HTTP/1.0" else "close"
        manner.chunked(request, response, headers)
        if request.method == "HEAD":
            response.body = ""


NODE = Node()
