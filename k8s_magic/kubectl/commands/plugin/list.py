"""`kubectl plugin list`. Source: kubectl/pkg/cmd/plugin/plugin.go."""

from __future__ import annotations

from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.protocols import Transport


def run(call: Call, client: Transport, streams: Streams) -> int:
    raise KubectlError("unable to find any kubectl plugins in your PATH")


COMMAND: Command[Call] = Command(
    name="list",
    short="List the plugins on the PATH",
    usage="list [flags]",
    complete=no_options,
    run=run,
    flags=(Flag("name-only", "bool", help="Only names."),),
)
