"""`kubectl cluster-info dump`: not modelled."""

from __future__ import annotations

from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.protocols import Transport


def run(call: Call, client: Transport, streams: Streams) -> int:
    raise Unsupported("kubectl cluster-info dump is not part of this simulation: use kubectl get all -A -o yaml")


COMMAND: Command[Call] = Command(
    name="dump",
    short="Write down everything for a diagnosis (not part of this simulation)",
    usage="dump [flags]",
    complete=no_options,
    run=run,
    flags=(Flag("all-namespaces", "bool", short="A", help="Of all namespaces."),),
)
