"""exec over a WebSocket, in a thread of its own: whoever calls may have an event loop that runs already.

Source: client-go/tools/remotecommand (v5.channel.k8s.io)
"""

from __future__ import annotations

import asyncio
import json
import queue
import ssl
import threading
from collections.abc import Callable, Mapping
from typing import Any

from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.protocols import ExecResult

PROTOCOL = "v5.channel.k8s.io"
STDIN, ERROR, CLOSE = 0, 3, 255
STREAMS = {1: "stdout", 2: "stderr"}

Message = bytes | Exception | None


def run(
    url: str,
    headers: Mapping[str, str],
    context: ssl.SSLContext | None,
    stdin: str,
    on_output: Callable[[str, str], None] | None,
) -> ExecResult:
    """Run a command to its end. Raises: ApiError."""
    heard: queue.SimpleQueue[Message] = queue.SimpleQueue()
    address = "ws" + url.removeprefix("http")
    call = _Call(address, headers, context, stdin, heard)
    thread = threading.Thread(target=call.run, name="k8s-magic-exec", daemon=True)
    thread.start()
    result = ExecResult()
    try:
        while (message := heard.get()) is not None:
            if isinstance(message, Exception):
                raise message
            channel, content = message[0], message[1:]
            if channel in STREAMS and content:
                text = content.decode(errors="replace")
                result.chunks.append((STREAMS[channel], text))
                if on_output is not None:
                    on_output(STREAMS[channel], text)
            elif channel == ERROR:
                result.exit_code = _ended(json.loads(content))
    finally:
        call.stop()
        thread.join(5)
    return result


def _ended(status: dict[str, Any]) -> int:
    """The exit code that a Status tells. Raises: ApiError for another failure."""
    if status.get("status") == "Success":
        return 0
    for cause in (status.get("details") or {}).get("causes") or ():
        if cause.get("reason") == "ExitCode":
            return int(cause["message"])
    raise ApiError(status)


class _Call:
    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        context: ssl.SSLContext | None,
        stdin: str,
        heard: queue.SimpleQueue[Message],
    ) -> None:
        self._url, self._headers, self._context, self._stdin, self._heard = url, headers, context, stdin, heard
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None

    def run(self) -> None:
        self._task = self._loop.create_task(self._talk())
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            return
        finally:
            self._heard.put(None)
            self._loop.close()

    def stop(self) -> None:
        """Leave: the server ends the command."""
        if self._task is not None and not self._task.done():
            try:
                self._loop.call_soon_threadsafe(self._task.cancel)
            except RuntimeError:
                return  # it has ended meanwhile

    async def _talk(self) -> None:
        from tornado.httpclient import HTTPClientError, HTTPRequest
        from tornado.websocket import websocket_connect

        request = HTTPRequest(self._url, headers=dict(self._headers), ssl_options=self._context)
        try:
            connection = await websocket_connect(request, subprotocols=[PROTOCOL])
        except HTTPClientError as problem:
            self._heard.put(self._refused(problem.code, problem.response))
            return
        except OSError as problem:
            self._heard.put(errors.service_unavailable(f"the connection failed: {problem}"))
            return
        try:
            if self._stdin:
                await connection.write_message(bytes([STDIN]) + self._stdin.encode(), binary=True)
                await connection.write_message(bytes([CLOSE, STDIN]), binary=True)
            while (message := await connection.read_message()) is not None:
                self._heard.put(message.encode() if isinstance(message, str) else message)
        finally:
            connection.close()

    def _refused(self, code: int, response: Any) -> ApiError:
        body = response.body if response is not None else b""
        try:
            status = json.loads(body)
        except ValueError:
            return errors.failure(code, "", f"unable to upgrade connection: HTTP {code}")
        return ApiError(status) if status.get("kind") == "Status" else errors.failure(code, "", str(status))
