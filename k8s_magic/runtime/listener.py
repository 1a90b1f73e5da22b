"""Who listens on a port of a sandbox, and what a second one is told.

A listener opens at an instant, so that a server that boots needs no timer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8s_magic.runtime.contract import Handler, HttpRequest, HttpResponse, NetworkError
from k8s_magic.sim.time import SimTime

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer


class AddressInUse(Exception):
    """bind(2) failed: EADDRINUSE."""


class Listener:
    """One port of one container. `handler` None: it takes connections but speaks no HTTP."""

    __slots__ = ("container", "handler", "opens_at")

    def __init__(self, container: SimulatedContainer, handler: Handler | None, opens_at: SimTime) -> None:
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


def accepts(handler: Handler) -> bool:
    """Whether a TCP connection to what stands in `Sandbox.listeners` is taken."""
    return handler.is_open if isinstance(handler, Listener) else True
