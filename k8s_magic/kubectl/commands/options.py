"""`kubectl options`: the flags every command takes."""

from __future__ import annotations

from k8s_magic.kubectl import help as help_text
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.protocols import Transport


def run(call: Call, client: Transport, streams: Streams) -> int:
    streams.out(help_text.global_options())
    return 0


COMMAND: Command[Call] = Command(
    name="options",
    short="List the flags that every command takes",
    usage="options",
    complete=no_options,
    run=run,
)
