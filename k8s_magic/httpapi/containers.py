"""exec and attach over a WebSocket: every frame of input reaches the process when it comes, and is logged.

A client of v5 says when its input has ended; one of v4 cannot: its input is open until it leaves, as on a real server.
Source: kubelet/pkg/cri/streaming, apimachinery/pkg/util/remotecommand (1.36)
"""

from __future__ import annotations

import asyncio
import codecs
import json
from collections.abc import Callable
from typing import Any

from tornado.websocket import WebSocketClosedError

from k8s_magic.client import node_calls
from k8s_magic.httpapi import channels
from k8s_magic.httpapi.channels import frame
from k8s_magic.httpapi.gate import ACTOR, Backend
from k8s_magic.httpapi.guard import Guard
from k8s_magic.httpapi.sockets import SocketHandler
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.names import PODS
from k8s_magic.runtime.contract import encoded

PATH = r"/api/v1/namespaces/([^/]+)/pods/([^/]+)/(exec|attach)"
# A client that is refused at once is still setting up its other channels. Our choice: it may finish that.
LINGER = 0.2
# What of a frame is handed over at a time: less than what may wait to be read. Source: kubectl's own frames
PART = 32 * 1024
# What a kubelet says of a command that cannot be started: it says so when the connection is there.
NOT_STARTED = "Internal error occurred: error executing command in container"


class ContainerHandler(SocketHandler):
    protocols = channels.PROTOCOLS

    def initialize(self, backend: Backend, guard: Guard) -> None:
        super().initialize(backend, guard)
        self._running: node_calls.Exec | None = None
        self._number = 0  # its place in the log; 0 where nothing was logged
        self._problem: ApiError | None = None
        self._output: list[tuple[str, str]] = []
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._task: asyncio.Future[None] | None = None

    # -- before the upgrade

    def opened(self, *words: str, is_upgrade: bool) -> ApiError | None:
        """Check and start what was asked for. Raises: ApiError."""
        namespace, name, action = words
        try:
            with self.backend.gate.look():
                pod = self.backend.server.get(ACTOR, PODS, namespace, name)
                node_calls.chosen_container(pod, self._argument("container"))
            if action == "exec":
                self._begin(namespace, name, self.get_query_arguments("command", strip=False) if is_upgrade else [])
            else:
                self._attach(namespace, name, is_upgrade)
        except ApiError as refusal:
            if not refusal.message.startswith(NOT_STARTED):
                return refusal
            self._problem = refusal
        return None

    def _argument(self, name: str) -> str:
        return self.get_query_argument(name, "")

    def _is_set(self, name: str) -> bool:
        return self._argument(name).lower() in ("1", "true")

    def _begin(self, namespace: str, name: str, command: list[str]) -> None:
        """Nothing runs of an empty command: it only tells whether its container could run one."""
        positional = (namespace, name, self._argument("container"), command)
        named: dict[str, Any] = {"stdin": None if self._is_set("stdin") else ""}
        if self._is_set("tty"):
            named["tty"] = True
        with self.backend.gate.enter("exec", positional=positional, named=named):
            self._number = len(self.backend.gate.log)
            self._running = self.transport().begin(*positional, **named, on_output=self._hear)
        self.backend.hurry()

    def _attach(self, namespace: str, name: str, is_upgrade: bool) -> None:
        """Who only looks on changes nothing, and is no part of the history."""
        has_input = self._is_set("stdin") and is_upgrade
        positional = (namespace, name, self._argument("container"), has_input)
        gate = self.backend.gate
        with gate.enter("attach", positional=positional) if has_input else gate.look():
            self._number = len(gate.log) if has_input else 0
            running = self.transport().attach(*positional, on_output=self._hear)
        self._running = running if is_upgrade else None

    def _hear(self, stream: str, text: str) -> None:
        self._output.append((stream, text))

    # -- after it

    def open(self, *words: str, **named: str) -> None:
        self._task = asyncio.ensure_future(self._run_safely())

    async def on_message(self, message: str | bytes) -> None:
        data = message.encode() if isinstance(message, str) else message
        if not data or self._running is None or not self._number:
            return
        channel, content = data[0], data[1:]
        if channel == channels.STDIN and self._is_set("stdin"):
            await self._input(self._decoder.decode(content))
        elif channel == channels.CLOSE and content[:1] == bytes([channels.STDIN]):
            await self._input(self._decoder.decode(b"", final=True))
            self._enter("input-end")
        elif channel == channels.RESIZE and (size := channels.size(content)) is not None:
            self._enter("resize", *size)

    async def _input(self, text: str) -> None:
        for start in range(0, len(text), PART):
            part = text[start : start + PART]
            if not await self._has_room(len(part)):
                return
            self._enter("input", part)

    async def _has_room(self, length: int) -> bool:
        """Wait until what was sent before has been read; False when nobody will read it."""
        running = self._running
        assert running is not None
        if running.room < length:
            try:
                await self.backend.until(lambda: self.is_gone or running.step() or running.room >= length)
            except asyncio.CancelledError:  # the server ends
                return False
        return running.room >= length

    def _enter(self, action: str, *words: Any) -> None:
        """What the person does to what runs, logged with its instant."""
        running = self._running
        assert running is not None
        with self.backend.gate.look():
            has_ended = running.step()
        if not has_ended:
            acts: dict[str, Callable[..., None]] = {
                "input": running.write,
                "input-end": running.end,
                "resize": running.resize,
            }
            with self.backend.gate.enter(action, number=self._number, **({"words": words} if words else {})):
                acts[action](*words)
            self.backend.hurry()

    def on_close(self) -> None:
        self.is_gone = True
        running = self._running
        if running is not None:
            with self.backend.gate.look():
                has_ended = running.step()
            if not has_ended and self._number:
                with self.backend.gate.enter("interrupt", number=self._number):
                    running.close()
        self.backend.hurry()

    # -- what it prints

    async def _run_safely(self) -> None:
        try:
            status = await self._run()
        except ApiError as problem:
            status = problem.status
        except Unsupported as problem:
            status = errors.failure(501, "NotImplemented", str(problem)).status
        except WebSocketClosedError:
            return
        if not self.is_gone:
            self.send(frame(channels.ERROR, json.dumps(status).encode()))
            self.close(1000)

    async def _run(self) -> dict[str, Any]:
        if self._problem is not None:
            await asyncio.sleep(LINGER)
            raise self._problem
        running = self._running
        assert running is not None
        has_ended = False
        while not has_ended and not self.is_gone:
            await self.backend.until(lambda: self.is_gone or running.step() or bool(self._output))
            with self.backend.gate.look():
                has_ended = running.step()
                output, self._output[:] = list(self._output), []
            for stream, text in output:
                self.send(frame(channels.STREAMS[stream], encoded(text)))
        return channels.ending(running.result.exit_code)
