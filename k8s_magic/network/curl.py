"""curl as a person outside the cluster types it: the %curl magic."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Generator, Mapping, Sequence

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime.contract import Handler, HttpRequest, HttpResponse, Net, NetworkError, readable
from k8s_magic.runtime.curl import transfer
from k8s_magic.runtime.filesystem import FileError
from k8s_magic.runtime.pipes import Sink
from k8s_magic.runtime.url import parse_url
from k8s_magic.sim.time import MICROSECOND, SimTime

# A connection to a port that this machine forwards.
LOCAL: SimTime = 500 * MICROSECOND
_LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
# What a forwarded port answers where nothing is forwarded any more is the handler's business.
NO_PORTS: Mapping[int, Handler] = {}
NO_FILES: Mapping[str, str] = {}


def curl(
    net: Net,
    words: str | Sequence[str],
    write: Callable[[str, str], None],
    local_ports: Mapping[int, Handler] = NO_PORTS,
    files: Mapping[str, str] = NO_FILES,
    save: Callable[[str, str], None] | None = None,
) -> Generator[SimTime | None, None, int]:
    """Steps over simulated time; returns the exit code. `words` is what follows `curl`, as typed or split.

    `write(stream, text)` hears the output as it comes ("stdout", "stderr"). `local_ports` answer on localhost. `files`
    are those that the command may read (`-`: standard input), `save` takes those that it writes.
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
            try:
                response = handler(request)
            except NetworkError as error:
                if error.kind == "empty" and str(error) != "empty":  # what the command that listens there prints
                    write("stderr", f"{error}\n")
                raise
            response.latency += LOCAL
            response.address = response.address or f"127.0.0.1:{target.port}"
            return response
        return net.http(None, url, request, timeout)

    def keep(name: str, text: str) -> None:
        if name in ("/dev/null", "NUL"):
            return
        if save is None:
            raise Unsupported(f"curl -o writes no files on this machine, only to /dev/null, not to {name}")
        save(name, text)

    def read(name: str) -> str:
        if name not in files:
            raise FileError("No such file or directory", name)
        return files[name]

    is_screen = save is None
    out = Sink(lambda text: write("stdout", readable(text) if is_screen else text), is_terminal=True)
    err = Sink(lambda text: write("stderr", text), is_terminal=True)
    try:
        return (yield from transfer.curl(list(words), send, out, err, keep, read, is_screen=is_screen))
    except Unsupported as unsupported:
        write("stderr", f"curl: {unsupported}\n")
        return 1
