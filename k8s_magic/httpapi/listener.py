"""The listener: a thread with an event loop of its own, which answers while the kernel is busy and while it is idle."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
from collections.abc import Callable
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from k8s_magic.apiserver import ApiServer
from k8s_magic.httpapi import certificate, containers, kubeconfig, port_forwards
from k8s_magic.httpapi.documents import Documents
from k8s_magic.httpapi.gate import Backend, Gate
from k8s_magic.httpapi.guard import Guard
from k8s_magic.httpapi.handler import ApiHandler

# A body may be this large before the connection is cut; a request above the API server's own bound (3 MiB) is answered.
MAX_BODY = 8 * 1024 * 1024
MAX_HEADER = 64 * 1024
# A connection on which nothing is asked for so long is closed. Source: apiserver/pkg/server/secure_serving.go (90 s)
IDLE_CONNECTION = 90.0


class HttpApi:
    """Shape: `url`, `token`, `config` (the kubeconfig as data) are set once it listens."""

    def __init__(self, server: ApiServer, gate: Gate, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Raises: OSError when the port cannot be had."""
        self.token = secrets.token_urlsafe(32)
        self._sockets = bind_sockets(port, host)
        self.port: int = self._sockets[0].getsockname()[1]
        own = [] if host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "::", "") else [host]
        context, public = certificate.make(own)
        self.url = f"https://{own[0] if own else '127.0.0.1'}:{self.port}"
        self.config: dict[str, Any] = kubeconfig.document(self.url, public, self.token)
        self._context = context
        self._guard = Guard(self.token, self.port, own)
        self._server = server
        self._gate = gate
        self._loop = asyncio.new_event_loop()
        self._stopping: asyncio.Event = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="k8s-magic-http", daemon=True)
        self._started = threading.Event()
        self._thread.start()
        self._started.wait()

    def close(self) -> None:
        """Stop listening, end every stream, and leave no thread behind."""
        if not self._thread.is_alive():
            return
        self._call(self._stopping.set)
        self._thread.join(10)

    def _call(self, function: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(function)
        except RuntimeError:
            return  # it has ended meanwhile

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        general = logging.getLogger("tornado.general")
        own = threading.get_ident()

        def is_of_others(record: logging.LogRecord) -> bool:
            """What strangers send here is nothing to print into a notebook."""
            return record.thread != own

        general.addFilter(is_of_others)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._started.set()
            general.removeFilter(is_of_others)
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _serve(self) -> None:
        backend = Backend(self._server, self._gate)
        shared = {"backend": backend, "guard": self._guard}
        application = Application(
            [
                (containers.PATH, containers.ContainerHandler, shared),
                (port_forwards.PATH, port_forwards.PortForwardHandler, shared),
                (
                    r".*",
                    ApiHandler,
                    {**shared, "documents": Documents(self._server.custom_resources, self._server.virtual_resources())},
                ),
            ],
            log_function=lambda handler: None,
            websocket_ping_interval=30,
            websocket_max_message_size=MAX_BODY,
        )
        listener = HTTPServer(
            application,
            ssl_options=self._context,
            max_body_size=MAX_BODY,
            max_header_size=MAX_HEADER,
            idle_connection_timeout=IDLE_CONNECTION,
        )
        listener.add_sockets(self._sockets)
        ticker = asyncio.ensure_future(backend.tick())
        self._started.set()
        await self._stopping.wait()
        listener.stop()
        await _end({ticker})
        await _end(asyncio.all_tasks() - {asyncio.current_task()})
        await listener.close_all_connections()


async def _end(tasks: set[Any]) -> None:
    """Cancel until they have ended: a wait that is over at that very moment forgets that it was cancelled."""
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=0.1)
