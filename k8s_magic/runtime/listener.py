"""Who listens on a port of a sandbox, and what a second one is told.

A listener opens at an instant, so that a server that boots needs no timer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime.contract import Conversation, Handler, HttpRequest, HttpResponse, NetworkError, Speaker
from k8s_magic.runtime.http.go import GO
from k8s_magic.runtime.http.server import HttpServer
from k8s_magic.sim.time import SimTime

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer


class AddressInUse(Exception):
    """bind(2) failed: EADDRINUSE."""


class Listener:
    """One port of one container. `handler` None: it takes connections, but nobody knows what it says."""

    __slots__ = ("container", "handler", "opens_at")

    def __init__(self, container: SimulatedContainer, handler: Speaker | Handler | None, opens_at: SimTime) -> None:
        self.container = container
        self.handler = handler
        self.opens_at = opens_at

    @property
    def is_open(self) -> bool:
        return self.container.kernel.now >= self.opens_at and self.container.exit_code is None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Raises: NetworkError refused before it opens, reset where no HTTP is spoken."""
        if not self.is_open:
            raise NetworkError("refused")
        if self.handler is None:
            raise NetworkError("reset", "the server speaks no HTTP")
        response = self.handler(request)
        response.served_by = response.served_by or self.container.sandbox.name
        return response

    def converse(self, source_ip: str, serve: Handler | None = None) -> Conversation:
        """A connection by its bytes. `serve` answers HTTP requests on it: the listener itself, or the way to it.

        Raises: NetworkError refused before it opens; Unsupported where the server's bytes are not modelled.
        """
        if not self.is_open:
            raise NetworkError("refused")
        if self.handler is None:
            image = self.container.version.reference.repository.rpartition("/")[2]
            raise Unsupported(f"k8s-magic does not model the bytes that {image} speaks on this port")
        handler = self.handler
        speaker: Speaker
        if isinstance(handler, Speaker):
            speaker = handler
        else:
            speaker = HttpServer(self.container, handler, GO)
        return speaker.converse(source_ip, serve or self)


def accepts(handler: Handler) -> bool:
    """Whether a TCP connection to what stands in `Sandbox.listeners` is taken."""
    return handler.is_open if isinstance(handler, Listener) else True
