"""A web server behind a port: asked by whole requests inside the simulation, and spoken to by bytes from outside.

Both ways come by `HttpServer.__call__`, so that what a person gets through a forwarded port is what curl gets inside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8s_magic.runtime import web
from k8s_magic.runtime.contract import Conversation, Handler, HttpRequest, HttpResponse, size
from k8s_magic.runtime.http.conversation import HttpConversation
from k8s_magic.runtime.http.manner import MAX_BODY, Manner, Refusal

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer


class HttpServer:
    """contract.Speaker. `program` gives status, body and the headers that it sets itself; a subclass may have one."""

    __slots__ = ("container", "manner", "program")

    def __init__(self, container: SimulatedContainer, program: Handler, manner: Manner) -> None:
        self.container = container
        self.program = program
        self.manner = manner

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            self.manner.check_target(request.path)
            if request.body and size(request.body) > min(self.largest(request), MAX_BODY):
                raise Refusal(413)
            response = self.answer(request)
        except Refusal as refused:
            return self.refuse(refused, request, web.first_line(request))
        self.manner.finish(self.container, request, response)
        return response

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Raises: Refusal."""
        return self.program(request)

    def largest(self, request: HttpRequest) -> int:
        """How many bytes of a body the server takes."""
        return MAX_BODY

    def reads_body(self, request: HttpRequest) -> bool:
        """Whether the program waits for the body of a request before it answers."""
        return True

    def refuse(self, refused: Refusal, request: HttpRequest, line: str) -> HttpResponse:
        """Raises: NetworkError where the server says nothing."""
        response = self.manner.refusal(self.container, refused, request)
        self.manner.note(self.container, request, line, response)
        return response

    def converse(self, source_ip: str, serve: Handler) -> Conversation:
        return HttpConversation(self, source_ip, serve)
