"""exec and attach over a WebSocket, in a thread of its own: whoever calls may have an event loop that runs already.

Source: client-go/tools/remotecommand (v5.channel.k8s.io)
"""

from __future__ import annotations

import asyncio
import codecs
import json
import queue
import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Any

from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.protocols import ExecResult
from k8s_magic.runtime.contract import encoded

PROTOCOL = "v5.channel.k8s.io"
STDIN, ERROR, RESIZE, CLOSE = 0, 3, 4, 255
STREAMS = {1: "stdout", 2: "stderr"}
# Nothing tells that a command waits for input: it does when it has said nothing for so many seconds after what looks
# like a prompt, and after anything else. Our choice.
QUIET, PATIENCE = 0.2, 1.0

FRAME = 32 * 1024  # as kubectl sends them

Message = bytes | Exception | None
Headers = Iterable[tuple[str, str]]


def run(
    url: str,
    headers: Headers,
    context: ssl.SSLContext | None,
    stdin: str,
    on_output: Callable[[str, str], None] | None,
) -> ExecResult:
    """Run a command to its end. Raises: ApiError."""
    dialogue = HttpDialogue(url, headers, context)
    result = ExecResult()
    try:
        if stdin:
            dialogue.write(stdin)
            dialogue.end()
        while not dialogue.has_ended:
            dialogue.hear(None)
            for stream, text in dialogue.take():
                result.chunks.append((stream, text))
                if on_output is not None:
                    on_output(stream, text)
    finally:
        dialogue.close()
    result.exit_code = dialogue.exit_code
    return result


def _ended(status: dict[str, Any]) -> int:
    """The exit code that a Status tells. Raises: ApiError for another failure."""
    if status.get("status") == "Success":
        return 0
    for cause in (status.get("details") or {}).get("causes") or ():
        if cause.get("reason") == "ExitCode":
            return int(cause["message"])
    raise ApiError(status)


class HttpDialogue:
    """Implements machinery.protocols.Dialogue."""

    guesses = True

    def __init__(self, url: str, headers: Headers, context: ssl.SSLContext | None) -> None:
        self.exit_code = 0
        self.wants_input = False
        self._heard: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._chunks: list[tuple[str, str]] = []
        self._last = ""
        # Bytes that are no UTF-8 stay what they are, as runtime.contract.encoded has it.
        new = codecs.getincrementaldecoder("utf-8")
        self._decoders = {channel: new("surrogateescape") for channel in STREAMS}
        self._is_over = False
        self._call = _Call("ws" + url.removeprefix("http"), headers, context, self._heard)
        self._thread = threading.Thread(target=self._call.run, name="k8s-magic-exec", daemon=True)
        self._thread.start()

    @property
    def has_ended(self) -> bool:
        return self._is_over and not self._chunks

    def wait(self) -> None:
        if not self._chunks and not self._is_over:
            self.wants_input = False
            looks_like_prompt = bool(self._last) and not self._last.endswith("\n")
            self.hear(QUIET if looks_like_prompt else PATIENCE)

    def hear(self, seconds: float | None) -> None:
        """Wait for a message; None: for as long as it takes. Raises: ApiError."""
        try:
            message = self._heard.get(timeout=seconds)
        except queue.Empty:
            self.wants_input = True
            return
        if isinstance(message, Exception):
            raise message
        if message is None:
            self._is_over = True
            return
        channel, content = message[0], message[1:]
        if channel in STREAMS and content:
            self._last = self._decoders[channel].decode(content)
            self._chunks.append((STREAMS[channel], self._last))
            self.wants_input = False
        elif channel == ERROR:
            self.exit_code = _ended(json.loads(content))

    def take(self) -> list[tuple[str, str]]:
        chunks, self._chunks = self._chunks, []
        return chunks

    def write(self, text: str) -> None:
        content = encoded(text)
        for start in range(0, len(content), FRAME):
            self._send(STDIN, content[start : start + FRAME])

    def end(self) -> None:
        self._send(CLOSE, bytes([STDIN]))

    def resize(self, width: int, height: int) -> None:
        self._send(RESIZE, json.dumps({"Width": width, "Height": height}).encode())

    def _send(self, channel: int, content: bytes) -> None:
        self.wants_input, self._last = False, ""
        self._call.send(bytes([channel]) + content)

    def close(self) -> None:
        self._call.stop()
        self._thread.join(5)


class _Call:
    def __init__(
        self, url: str, headers: Headers, context: ssl.SSLContext | None, heard: queue.SimpleQueue[Message]
    ) -> None:
        self._url, self._headers, self._context, self._heard = url, headers, context, heard
        self._loop = asyncio.new_event_loop()
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        self._task = self._loop.create_task(self._talk())

    def run(self) -> None:
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            return
        finally:
            self._heard.put(None)
            self._loop.close()

    def send(self, data: bytes) -> None:
        """From another thread."""
        try:
            self._loop.call_soon_threadsafe(self._outgoing.put_nowait, data)
        except RuntimeError:
            return  # it has ended meanwhile

    def stop(self) -> None:
        """Leave: the server ends the command."""
        if not self._task.done():
            try:
                self._loop.call_soon_threadsafe(self._task.cancel)
            except RuntimeError:
                return  # it has ended meanwhile

    async def _talk(self) -> None:
        from tornado.httpclient import HTTPClientError, HTTPRequest
        from tornado.httputil import HTTPHeaders
        from tornado.websocket import websocket_connect

        headers = HTTPHeaders()
        for name, value in self._headers:
            headers.add(name, value)
        request = HTTPRequest(self._url, headers=headers, ssl_options=self._context)
        try:
            connection = await websocket_connect(request, subprotocols=[PROTOCOL])
        except HTTPClientError as problem:
            self._heard.put(self._refused(problem.code, problem.response))
            return
        except OSError as problem:
            self._heard.put(errors.service_unavailable(f"the connection failed: {problem}"))
            return
        writing = asyncio.ensure_future(self._write(connection))
        try:
            while (message := await connection.read_message()) is not None:
                self._heard.put(message.encode() if isinstance(message, str) else message)
        finally:
            writing.cancel()
            connection.close()
            await asyncio.gather(writing, return_exceptions=True)

    async def _write(self, connection: Any) -> None:
        while True:
            await connection.write_message(await self._outgoing.get(), binary=True)

    def _refused(self, code: int, response: Any) -> ApiError:
        body = response.body if response is not None else b""
        try:
            status = json.loads(body)
        except ValueError:
            return errors.failure(code, "", f"unable to upgrade connection: HTTP {code}")
        return ApiError(status) if status.get("kind") == "Status" else errors.failure(code, "", str(status))
