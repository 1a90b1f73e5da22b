"""What exec, attach and port-forward share: a WebSocket whose errors come before the upgrade where they can.

SPDY is refused; kubectl tries the WebSocket first.
Source: apiserver/pkg/util/proxy (1.36)
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import ClassVar

from tornado.websocket import WebSocketClosedError, WebSocketHandler

from k8s_magic.apiserver.access import ADMIN
from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.httpapi import answers, impersonation
from k8s_magic.httpapi.gate import Backend
from k8s_magic.httpapi.guard import Guard
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.names import PODS


class SocketHandler(WebSocketHandler, ABC):
    """Shape: `protocols` names the sub-protocols, the one that is liked best first."""

    protocols: ClassVar[tuple[str, ...]] = ()

    def initialize(self, backend: Backend, guard: Guard) -> None:
        self.backend = backend
        self.guard = guard
        self.is_gone = False
        self._writing: set[asyncio.Future[None]] = set()

    def check_xsrf_cookie(self) -> None:
        """There are no cookies: the token is in a header."""

    def check_origin(self, origin: str) -> bool:
        return True  # the guard has looked at it

    # -- before the upgrade

    async def get(self, *words: str, **named: str) -> None:
        has_asked = self.request.headers.get("Upgrade", "").lower() == "websocket"
        problem = self._refusal(*words, is_upgrade=has_asked and bool(self._offered()))
        if problem is None and not has_asked:
            problem = errors.bad_request("Upgrade request required")
        if problem is None and not self._offered():
            problem = errors.failure(403, "", "the server and the client have no protocol in common")
        if problem is not None:
            self._refuse(problem)
            return
        await super().get(*words, **named)
        if self.ws_connection is None:  # a version of the protocol that is not spoken: what was begun ends
            self.on_close()

    async def post(self, *words: str) -> None:
        """How a client asks for SPDY."""
        problem = self._refusal(*words, is_upgrade=False)
        self._refuse(problem or errors.bad_request("unable to upgrade: SPDY is not spoken here, WebSocket is"))

    def _refusal(self, *words: str, is_upgrade: bool) -> ApiError | None:
        problem = self.guard.refusal(self.request.headers)
        if problem is not None:
            return problem
        try:
            self._check_access(words[0], words[1])
            return self.opened(*words, is_upgrade=is_upgrade)
        except ApiError as refusal:
            return refusal
        except Unsupported as refusal:
            return errors.failure(501, "NotImplemented", str(refusal))

    def _check_access(self, namespace: str, name: str) -> None:
        """Whom a client acts as must be allowed to. Raises: ApiError."""
        user = impersonation.user_of(self.request.headers)
        if user is not ADMIN:
            with self.backend.gate.look():
                subresource = self.request.path.rpartition("/")[2]
                self.backend.server.authorize(user, "create", PODS, namespace, name, subresource)

    @abstractmethod
    def opened(self, *words: str, is_upgrade: bool) -> ApiError | None:
        """Check what was asked for, and what stands against it. Raises: ApiError, Unsupported."""

    def _offered(self) -> list[str]:
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        return [word.strip() for word in offered.split(",") if word.strip() in self.protocols]

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        return next((name for name in self.protocols if name in subprotocols), None)

    def _refuse(self, problem: ApiError) -> None:
        self.set_status(problem.code)
        self.set_header("Content-Type", "application/json")
        self.finish(answers.encode(problem.status))

    # -- after it

    def transport(self) -> InProcessTransport:
        return self.backend.transport(_ignore)

    def send(self, data: bytes) -> None:
        """Put a frame behind those that were sent before it; a client that has gone misses it."""
        if self.is_gone:
            return
        try:
            writing = asyncio.ensure_future(self.write_message(data, binary=True))
        except WebSocketClosedError:
            self.is_gone = True
            return
        self._writing.add(writing)
        writing.add_done_callback(self._written)

    def _written(self, writing: asyncio.Future[None]) -> None:
        self._writing.discard(writing)
        if not writing.cancelled() and writing.exception() is not None:
            self.is_gone = True


def _ignore(warning: str) -> None:
    """Nobody listens to warnings."""
