"""Port-forwarding: bytes go to a container's port through the cluster's door, and what its server says comes back."""

from __future__ import annotations

from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.httpapi.gate import Gate
from k8s_magic.machinery.errors import ApiError, Unsupported

# How kubectl forwards ports: SPDY frames inside a WebSocket. Source: apimachinery/pkg/util/portforward/constants.go
TUNNEL = "SPDY/3.1+portforward.k8s.io"


class Refused(Exception):
    """What kubectl prints when a forwarded connection fails."""


class Session:
    """One forwarded connection: `receive` takes bytes and answers bytes."""

    def __init__(self, gate: Gate, transport: InProcessTransport, namespace: str, name: str, port: int) -> None:
        """Raises: Refused where nobody listens, or nobody knows what is spoken there."""
        self._gate = gate
        try:
            with gate.enter("forward", positional=(namespace, name, port)):
                self._number = len(gate.log)
                self._conversation = transport.forward(namespace, name, port)
        except (ApiError, Unsupported) as problem:
            raise Refused(problem.message if isinstance(problem, ApiError) else str(problem)) from None

    @property
    def has_ended(self) -> bool:
        return self._conversation.has_ended

    @property
    def problem(self) -> str:
        """Why this simulation has ended it: what kubectl prints, or ""."""
        return self._conversation.problem

    def receive(self, data: bytes) -> bytes:
        if self.has_ended or not data:
            return b""
        with self._gate.enter("forwarded", number=self._number, data=data.decode("latin-1")):
            return self._conversation.receive(data)
