"""curl as a person outside the cluster types it: the %curl magic."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Generator, Mapping, Sequence

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime.contract import Handler, HttpRequest, HttpResponse, Net, NetworkError
from k8s_magic.runtime.curl import transfer
from k8s_magic.runtime.pipes import Sink
from k8s_magic.runtime.url import parse_url
from k8s_magic.sim.time import MICROSECOND, SimTime

# A connection to a port that this machine forwards.
LOCAL: SimTime = 500 * MICROSECOND
_LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
# What a forwarded port answers where nothing is forwarded any more is the handler's business.
NO_PORTS: Mapping[int, Handler] = {}


def curl(
    net: Net,
    words: str | Sequence[str],
    write: Callable[[str, str], None],
    local_ports: Mapping[int, Handler] = NO_PORTS,
) -> Generator[SimTime | None, None, int]:
    """Steps over simulated time; returns the exit code. `words` is what follows `curl`, as typed or split.

    `write(stream, text)` hears the output as it comes ("stdout", "stderr"). `local_ports` answer on localhost.
    """
    if isinstance(words, str):
        try:
            words = shlex.split(words)
        except ValueError as error:
            write("stderr", f"curl: {error}\n")
            return 2

    def send(url: str, request: HttpRequest, timeout: SimTime | None) -> HttpResponse:
        target = parse_url(url)
        if target is not None and target.host in _LOCAL_NAMES:
            handler = local_ports.get(target.port)
            if handler is None:
                raise NetworkError("refused", address=f"127.0.0.1:{target.port}")
            response = handler(request)
            response.latency += LOCAL
            response.address = response.address or f"127.0.0.1:{target.port}"
            return response
        return net.http(None, url, request, timeout)

    def save(name: str, text: str) -> None:
        if name not in ("/dev/null", "NUL"):
            raise Unsupported(f"curl -o writes no files on this machine, only to /dev/null, not to {name}")

    out = Sink(lambda text: write("stdout", text), is_terminal=True)
    err = Sink(lambda text: write("stderr", text), is_terminal=True)
    try:
        return (yield from transfer.curl(list(words), send, out, err, save))
    except Unsupported as unsupported:
        write("stderr", f"curl: {unsupported}\n")
        return 1
