"""exec, attach and port-forward over a WebSocket, whose errors come before the upgrade where they can.

SPDY is refused; kubectl tries the WebSocket first. Standard input is handed to a command whole, when it has ended.
Source: apiserver/pkg/util/proxy, kubelet/pkg/cri/streaming (1.36)
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

from tornado.websocket import WebSocketClosedError, WebSocketHandler

from k8s_magic.client import node_calls
from k8s_magic.httpapi import answers, channels, forwarding, spdy
from k8s_magic.httpapi.channels import frame
from k8s_magic.httpapi.forwarding import Session
from k8s_magic.httpapi.gate import ACTOR, Backend
from k8s_magic.httpapi.guard import Guard
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS
from k8s_magic.machinery.protocols import LogOptions

PATH = r"/api/v1/namespaces/([^/]+)/pods/([^/]+)/(exec|attach|portforward)"
# An older client cannot say that its input has ended: it has when nothing comes for so long. Our choice.
QUIET = 0.3
# A client that is refused at once is still setting up its other channels. Our choice: it may finish that.
LINGER = 0.2
MAX_INPUT = 3 * 1024 * 1024
NO_DIALOGUE = "a shell to type into is not simulated: give it a command, as in kubectl exec POD -- sh -c 'ls /'"
SHELLS = ("sh", "bash", "ash", "dash")
# What a kubelet says of a command that cannot be started: it says so when the connection is there.
NOT_STARTED = "Internal error occurred: error executing command in container"


class ContainerHandler(WebSocketHandler):
    def initialize(self, backend: Backend, guard: Guard) -> None:
        self.backend = backend
        self.guard = guard
        self.is_gone = False
        self._running: node_calls.Exec | None = None
        self._chunks: Iterator[str | None] | None = None
        self._number = 0
        self._problem: ApiError | None = None
        self._output: list[tuple[str, str]] = []
        self._input = bytearray()
        self._heard = asyncio.Event()
        self._has_ended_input = False
        self._sessions: dict[int, Session] = {}
        self._tunnel: spdy.Tunnel | None = None
        self._task: asyncio.Future[None] | None = None
        self._writing: set[asyncio.Future[None]] = set()

    def check_xsrf_cookie(self) -> None:
        """There are no cookies: the token is in a header."""

    def check_origin(self, origin: str) -> bool:
        return True  # the guard has looked at it

    # -- before the upgrade

    async def get(self, *words: str, **named: str) -> None:
        problem = self._opened(*words)
        if problem is None and self.request.headers.get("Upgrade", "").lower() != "websocket":
            problem = errors.bad_request("Upgrade request required")
        if problem is None and not self._offered():
            problem = errors.failure(403, "", "the server and the client have no protocol in common")
        if problem is not None:
            self._refuse(problem)
            return
        await super().get(*words, **named)

    async def post(self, *words: str) -> None:
        """How a client asks for SPDY."""
        problem = self._opened(*words, is_upgrade=False)
        if problem is not None and problem.message.startswith(NOT_STARTED):
            problem = None
        self._refuse(problem or errors.bad_request("unable to upgrade: SPDY is not spoken here, WebSocket is"))

    def _offered(self) -> list[str]:
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        return [word.strip() for word in offered.split(",") if word.strip() in (*channels.PROTOCOLS, forwarding.TUNNEL)]

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        known = (*channels.PROTOCOLS, forwarding.TUNNEL)
        return next((name for name in known if name in subprotocols), None)

    def _refuse(self, problem: ApiError) -> None:
        self.set_status(problem.code)
        self.set_header("Content-Type", "application/json")
        self.finish(answers.encode(problem.status))

    def _opened(self, namespace: str, name: str, action: str, *, is_upgrade: bool = True) -> ApiError | None:
        """Check and start what was asked for; what stands against it."""
        problem = self.guard.refusal(self.request.headers)
        if problem is not None:
            return problem
        self._place = (namespace, name)
        self._action = action
        try:
            with self.backend.gate.look():
                pod = self.backend.server.get(ACTOR, PODS, namespace, name)
                if action == "portforward":
                    return None
                container = node_calls.chosen_container(pod, self._argument("container"))
                phase = (pod.get("status") or {}).get("phase")
                if action == "attach":
                    if phase in ("Succeeded", "Failed"):
                        return errors.bad_request(
                            f"cannot attach a container in a completed pod; current phase is {phase}"
                        )
                    if self._is_typed_into and _is_dialogue(_words_of(pod, container)):
                        self._problem = errors.failure(501, "NotImplemented", NO_DIALOGUE)
                        return self._problem if not is_upgrade else None
                    options = LogOptions(container=container, follow=True, tail_lines=0)
                    self._chunks = node_calls.log_chunks(self.backend.server, namespace, name, options)
            if action == "exec" and not is_upgrade:
                self._begin("", [])
            elif action == "exec" and self._is_typed_into and _is_dialogue(self._command):
                self._problem = errors.failure(501, "NotImplemented", NO_DIALOGUE)
            elif action == "exec" and not self._wants_input:
                self._begin("", self._command)
        except ApiError as refusal:
            if not is_upgrade or not refusal.message.startswith(NOT_STARTED):
                return refusal
            self._problem = refusal
        except Unsupported as refusal:
            return errors.failure(501, "NotImplemented", str(refusal))
        return None

    def _argument(self, name: str) -> str:
        return self.get_query_argument(name, "")

    def _is_set(self, name: str) -> bool:
        return self._argument(name).lower() in ("1", "true")

    @property
    def _is_typed_into(self) -> bool:
        return self._is_set("stdin") and self._is_set("tty")

    @property
    def _wants_input(self) -> bool:
        return self._is_set("stdin") and not self._is_set("tty")

    @property
    def _command(self) -> list[str]:
        return self.get_query_arguments("command", strip=False)

    def _begin(self, stdin: str, command: list[str]) -> None:
        """Raises: ApiError. Nothing runs of an empty command: it only tells whether its container could run one."""
        positional = (*self._place, self._argument("container"), command)
        with self.backend.gate.enter("exec", positional=positional, named={"stdin": stdin}):
            self._number = len(self.backend.gate.log)
            running = self.backend.transport(_ignore).begin(*positional, stdin=stdin, on_output=self._hear)
        self._running = running
        self.backend.hurry()

    def _hear(self, stream: str, text: str) -> None:
        self._output.append((stream, text))

    # -- after it

    def open(self, *words: str, **named: str) -> None:
        if self.selected_subprotocol == forwarding.TUNNEL:
            self._tunnel = spdy.Tunnel(self._open_port, self._send)
            return
        if self._action == "portforward":
            for number, port in enumerate(self.get_query_arguments("ports")):
                self._sessions[2 * number] = self._open_port(int(port))
                for channel in (2 * number, 2 * number + 1):
                    self._send(frame(channel, int(port).to_bytes(2, "little")))
            return
        self._task = asyncio.ensure_future(self._run_safely())

    def _open_port(self, port: int) -> Session:
        namespace, name = self._place

        def request(method: str, path: str) -> tuple[int, str]:
            positional = (namespace, f"{name}:{port}", path)
            with self.backend.gate.enter("proxy", resource=PODS, positional=positional, named={"method": method}):
                return self.backend.transport(_ignore).proxy(PODS, *positional, method=method)

        return Session(request)

    def on_message(self, message: str | bytes) -> None:
        data = message.encode() if isinstance(message, str) else message
        if self._tunnel is not None:
            self._tunnel.receive(data)
            self.backend.hurry()
            return
        if not data:
            return
        channel, content = data[0], data[1:]
        if channel in self._sessions:
            self._forward(channel, content)
        elif channel == channels.STDIN:
            if len(self._input) < MAX_INPUT:
                self._input += content
            self._heard.set()
        elif channel == channels.CLOSE and content[:1] == bytes([channels.STDIN]):
            self._has_ended_input = True
            self._heard.set()

    def _forward(self, channel: int, content: bytes) -> None:
        try:
            answer = self._sessions[channel].receive(content)
        except forwarding.Refused as problem:
            self._send(frame(channel + 1, str(problem).encode()))
            return
        self.backend.hurry()
        if answer:
            self._send(frame(channel, answer))
        if all(session.has_ended for session in self._sessions.values()):
            self.close(1000)

    def on_close(self) -> None:
        self.is_gone = True
        self._heard.set()
        if self._running is not None:
            with self.backend.gate.look():
                has_ended = self._running.step()
            if not has_ended:
                with self.backend.gate.enter("interrupt", number=self._number):
                    self._running.close()
        self.backend.hurry()

    # -- a command or a container's output

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
            self._send(frame(channels.ERROR, json.dumps(status).encode()))
            self.close(1000)

    async def _run(self) -> dict[str, Any]:
        if self._problem is not None:
            await asyncio.sleep(LINGER)
            raise self._problem
        if self._chunks is not None:
            await self._attached(self._chunks)
            return channels.ending(0)
        if self._running is None:
            await self._all_input()
            if self.is_gone:
                return channels.ending(0)
            self._begin(self._input.decode(errors="replace"), self._command)
        running = self._running
        assert running is not None
        has_ended = False
        while not has_ended and not self.is_gone:
            has_ended = await self.backend.until(lambda: self.is_gone or bool(self._output) or running.step())
            with self.backend.gate.look():
                has_ended = running.step()
                output, self._output[:] = list(self._output), []
            self._tell(output)
        return channels.ending(running.result.exit_code)

    async def _all_input(self) -> None:
        older = self.selected_subprotocol != channels.V5
        while not self._has_ended_input and not self.is_gone:
            try:
                await asyncio.wait_for(self._heard.wait(), QUIET if older else None)
            except TimeoutError:
                return
            self._heard.clear()

    async def _attached(self, chunks: Iterator[str | None]) -> None:
        is_open = True
        while is_open and not self.is_gone:
            found: list[str | None] = []

            def more(found: list[str | None] = found) -> bool:
                if not found and not self.is_gone:
                    chunk = next(chunks, "")
                    while chunk:
                        found.append(chunk)
                        chunk = next(chunks, "")
                    if chunk == "":
                        found.append(None)
                return bool(found) or self.is_gone

            await self.backend.until(more)
            is_open = not found or found[-1] is not None
            self._tell([("stdout", text) for text in found if text])

    def _tell(self, output: list[tuple[str, str]]) -> None:
        is_terminal = self._is_set("tty")
        for stream, text in output:
            channel = channels.STDOUT if is_terminal else channels.STREAMS[stream]
            if is_terminal:
                text = text.replace("\n", "\r\n")
            self._send(frame(channel, text.encode()))

    def _send(self, data: bytes) -> None:
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


def _is_dialogue(command: list[str]) -> bool:
    """A shell without anything to run asks for it line by line."""
    name = command[0].rpartition("/")[2] if command else ""
    return name in SHELLS and all(word.startswith("-") and "c" not in word for word in command[1:])


def _words_of(pod: Object, name: str) -> list[str]:
    """What a container was told to run."""
    spec = next(each for each in pod["spec"]["containers"] if each["name"] == name)
    return [*(spec.get("command") or ()), *(spec.get("args") or ())]


def _ignore(warning: str) -> None:
    """Nobody listens to warnings."""
