"""Requests from outside the cluster: what %curl does, on the cluster's own clock, so that a replay does the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.cluster.wiring import Parts
from k8s_magic.kubectl import raw
from k8s_magic.kubectl.streams import Forward
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.names import PODS
from k8s_magic.network import curl
from k8s_magic.runtime.contract import Handler, HttpRequest, HttpResponse, NetworkError
from k8s_magic.sim.kernel import Callback
from k8s_magic.text import json_out

Write = Callable[[str, str], None]
INTERRUPTED = 130


def _silent(stream: str, text: str) -> None:
    """A replay prints nothing."""


class Transfer:
    """One curl command. It goes on by calls of the cluster's kernel; `has_ended` says when it is over."""

    def __init__(
        self, parts: Parts, words: Sequence[str], forwards: Iterable[Forward] = (), write: Write = _silent
    ) -> None:
        self.exit_code = 0
        self.has_ended = False
        self._kernel = parts.kernel
        self._timer: Callback | None = None
        self._steps = curl.curl(parts.network, list(words), write, _local_ports(parts, forwards))
        self._advance()

    def _advance(self) -> None:
        try:
            delay = next(self._steps)
        except StopIteration as end:
            self._end(end.value)
            return
        self._timer = self._kernel.call_after(delay or 0, self._advance)

    def _end(self, code: int) -> None:
        self.exit_code, self.has_ended, self._timer = code, True, None

    def close(self) -> None:
        """Ctrl-C."""
        if not self.has_ended:
            if self._timer is not None:
                self._timer.cancel()
            self._steps.close()
            self._end(INTERRUPTED)


def _local_ports(parts: Parts, forwards: Iterable[Forward]) -> Mapping[int, Handler]:
    """What port-forward and proxy have made of this machine's ports."""
    transport = parts.transport("kubectl")
    return {forward.local: _handler(transport, forward) for forward in forwards}


def _handler(transport: InProcessTransport, forward: Forward) -> Handler:
    def to_pod(request: HttpRequest) -> HttpResponse:
        name = f"{forward.name}:{forward.target}"
        try:
            status, body = transport.proxy(PODS, forward.namespace, name, request.path, method=request.method)
        except ApiError:
            raise NetworkError("reset", address=f"127.0.0.1:{forward.local}") from None
        return HttpResponse(status, body)

    def to_api(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            raise Unsupported(f"kubectl proxy passes on GET only here, not {request.method}")
        try:
            return HttpResponse(200, raw.get(transport, request.path))
        except ApiError as error:
            body = error.message if not error.reason else json_out.dump(error.status, 2, sort=False) + "\n"
            return HttpResponse(error.code, body)

    return to_pod if forward.kind == "pod" else to_api


def begin(
    parts: Parts, words: Sequence[str], forwards: Iterable[Mapping[str, Any]], write: Write = _silent
) -> Transfer:
    """Start a request as the log has it: `forwards` are Forward records as JSON data."""
    return Transfer(parts, words, [Forward(**forward) for forward in forwards], write)
