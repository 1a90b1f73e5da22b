"""A connection that was led somewhere: by the network, or by a forwarded port to a Pod's own localhost."""

from __future__ import annotations

from collections.abc import Callable

from k8s_magic.network.routing import Route
from k8s_magic.runtime.contract import Conversation, HttpRequest, HttpResponse, NetworkError
from k8s_magic.runtime.listener import Listener
from k8s_magic.sim.time import SimTime

# Hears how a request ended: its path, status, latency, and the kind of NetworkError ("" for none).
Observe = Callable[[str, int, SimTime, str], None]


class Forwarded:
    """contract.Forwarded."""

    def __init__(self, route: Route, observe: Observe) -> None:
        self._route = route
        self._observe = observe

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Raises: NetworkError."""
        request.source_ip = self._route.source_ip
        try:
            response = self._route.handler(request)
        except NetworkError as error:
            self._observe(request.path, 0, error.elapsed, error.kind)
            raise
        response.latency += self._route.latency
        self._observe(request.path, response.status, response.latency, "")
        return response

    def converse(self) -> Conversation:
        """Raises: NetworkError; Unsupported where the server's bytes are not modelled."""
        handler = self._route.handler
        assert isinstance(handler, Listener), "only listeners take connections"
        return handler.converse(self._route.source_ip, self)
