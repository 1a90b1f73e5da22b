"""`kubectl proxy`: a local port that stands for the API. It only says so: `%curl` then goes through the table.

Source: kubectl/pkg/cmd/proxy/proxy.go
"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Forward, Streams
from k8s_magic.machinery.protocols import Transport


@dataclass(frozen=True, slots=True)
class Options:
    port: int
    address: str


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    return Options(call.number("port"), call.text("address"))


def run(options: Options, client: Transport, streams: Streams) -> int:
    port = options.port
    if not port:
        port = FIRST_FREE
        while port in streams.forwards:
            port += 1
    streams.forwards[port] = Forward(port, "api")
    streams.out(f"Starting to serve on {options.address}:{port}\n")
    return 0


# Our choice where a free port is asked for: the first of Linux's ephemeral range.
FIRST_FREE = 32768

COMMAND: Command[Options] = Command(
    name="proxy",
    short="Make a local port stand for the API",
    usage="proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]",
    complete=complete,
    run=run,
    flags=(
        Flag("accept-hosts", default="^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$", help="No effect here."),
        Flag("accept-paths", default="^.*", help="No effect here."),
        Flag("address", default="127.0.0.1", help="Address to serve on."),
        Flag("api-prefix", default="/", help="No effect here."),
        Flag("append-server-path", "bool", help="No effect here."),
        Flag("disable-filter", "bool", help="No effect here."),
        Flag("keepalive", "duration", help="No effect here."),
        Flag("port", "int", default=8001, short="p", help="Port to serve on; 0 is any."),
        Flag("reject-methods", default="^$", help="No effect here."),
        Flag("reject-paths", help="No effect here."),
        Flag("unix-socket", short="u", help="No effect here."),
        Flag("www", short="w", help="No effect here."),
        Flag("www-prefix", default="/static/", short="P", help="No effect here."),
    ),
)
