"""port-forward over a WebSocket: two channels a port, or kubectl's SPDY frames within.

Source: kubelet/pkg/cri/streaming/portforward (1.36)
"""

from __future__ import annotations

from k8s_magic.httpapi import channels, forwarding, spdy
from k8s_magic.httpapi.channels import frame
from k8s_magic.httpapi.forwarding import Refused, Session
from k8s_magic.httpapi.gate import ACTOR, Backend
from k8s_magic.httpapi.guard import Guard
from k8s_magic.httpapi.sockets import SocketHandler
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.names import PODS

PATH = r"/api/v1/namespaces/([^/]+)/pods/([^/]+)/portforward"


class PortForwardHandler(SocketHandler):
    protocols = (*channels.PROTOCOLS, forwarding.TUNNEL)

    def initialize(self, backend: Backend, guard: Guard) -> None:
        super().initialize(backend, guard)
        self._sessions: dict[int, Session] = {}
        self._tunnel: spdy.Tunnel | None = None

    def opened(self, *words: str, is_upgrade: bool) -> ApiError | None:
        self._namespace, self._name = words
        asked = [port for text in self.get_query_arguments("ports") for port in text.split(",")]
        wrong = next((port for port in asked if not (port.isdigit() and 0 < int(port[:6]) < 65536)), None)
        if wrong is not None:
            # Source: cri-streaming/pkg/streaming/portforward/websocket.go (NewV4Options)
            return errors.bad_request(f'unable to parse "{wrong}" as a port')
        self._ports = [int(port) for port in asked]
        with self.backend.gate.look():
            self.backend.server.get(ACTOR, PODS, self._namespace, self._name)
        return None

    def open(self, *words: str, **named: str) -> None:
        if self.selected_subprotocol == forwarding.TUNNEL:
            self._tunnel = spdy.Tunnel(self._open_port, self.send)
            return
        for number, port in enumerate(self._ports):
            for channel in (2 * number, 2 * number + 1):
                self.send(frame(channel, port.to_bytes(2, "little")))
            try:
                self._sessions[2 * number] = self._open_port(port)
            except Refused as problem:
                self.send(frame(2 * number + 1, str(problem).encode()))
        if self._ports and not self._sessions:
            self.close(1000)

    def _open_port(self, port: int) -> Session:
        session = Session(self.backend.gate, self.transport(), self._namespace, self._name, port)
        self.backend.hurry()
        return session

    def on_message(self, message: str | bytes) -> None:
        data = message.encode() if isinstance(message, str) else message
        if self._tunnel is not None:
            try:
                self._tunnel.receive(data)
            except spdy.BadFrames as problem:
                self.close(1002, str(problem)[:120])
            self.backend.hurry()
        elif data and data[0] in self._sessions:
            self._forward(data[0], data[1:])

    def _forward(self, channel: int, content: bytes) -> None:
        session = self._sessions[channel]
        answer = session.receive(content)
        self.backend.hurry()
        if answer:
            self.send(frame(channel, answer))
        if session.problem:
            self.send(frame(channel + 1, session.problem.encode()))
        if all(session.has_ended for session in self._sessions.values()):
            self.close(1000)

    def on_close(self) -> None:
        self.is_gone = True
        self.backend.hurry()
