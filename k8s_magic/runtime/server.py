"""A server as most images have one: it boots, listens, answers, and ends when it is told to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import Handler, Speaker
from k8s_magic.runtime.http.go import GO
from k8s_magic.runtime.http.manner import Manner
from k8s_magic.runtime.http.server import HttpServer
from k8s_magic.runtime.listener import AddressInUse
from k8s_magic.runtime.log import Line
from k8s_magic.runtime.process import Disposition, Steps
from k8s_magic.sim.time import MILLISECOND, SimTime

# Ends by itself when asked to, as a server that handles SIGTERM does.
GRACEFUL: Mapping[str, Disposition] = {"SIGTERM": (0, 20 * MILLISECOND), "SIGINT": (0, 20 * MILLISECOND)}
# Dies of the signal: a handler that the runtime of its language installs.
DIES: Mapping[str, Disposition] = {"SIGTERM": (143, 5 * MILLISECOND), "SIGINT": (130, 5 * MILLISECOND)}


def serve(
    call: Call,
    ports: Mapping[int, Handler | Speaker | None],
    *,
    boot: SimTime,
    lines: Callable[[], Sequence[tuple[SimTime, str, str]]] | None = None,
    signals: Mapping[str, Disposition] | None = GRACEFUL,
    in_use: Callable[[int], str] | None = None,
    protocol: str = "TCP",
    manner: Manner = GO,
) -> Steps:
    """Listen on ports (None: nobody knows what is spoken there) after `boot`, for ever.

    A Handler is the program of an HTTP server of that `manner`; a Speaker is a server by itself.

    `lines` are (after the start, stream, text). `in_use` is what the program prints when a port is taken.
    """
    container = call.container
    for port, handler in ports.items():
        if handler is not None and not isinstance(handler, Speaker):
            handler = HttpServer(container, handler, manner)
        try:
            container.listen(port, handler, boot, protocol)
        except AddressInUse:
            yield boot
            words = in_use(port) if in_use is not None else f"listen tcp :{port}: bind: address already in use\n"
            call.err(words)
            return 1
    if lines is not None:
        make, started = lines, call.now

        def boot_lines() -> list[Line]:
            return [(started + after, stream, text) for after, stream, text in make()]

        container.boot_log(boot_lines)
    call.process.signals = signals
    while True:
        yield None
