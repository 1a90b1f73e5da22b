"""`kubectl config current-context`. Source: kubectl/pkg/cmd/config/current_context.go."""

from __future__ import annotations

from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.protocols import Transport


def run(call: Call, client: Transport, streams: Streams) -> int:
    name = streams.config.get("current-context", "")
    if not name:
        raise KubectlError("current-context is not set")
    streams.out(f"{name}\n")
    return 0


COMMAND: Command[Call] = Command(
    name="current-context",
    short="Show the current context",
    usage="current-context",
    complete=no_options,
    run=run,
)
