"""`kubectl top node`: without metrics, what the real one says of a cluster that has none.

Source: kubectl/pkg/cmd/top/top_node.go
"""

from __future__ import annotations

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.protocols import Transport


def run(call: Call, client: Transport, streams: Streams) -> int:
    raise KubectlError("Metrics API not available")


COMMAND: Command[Call] = Command(
    name="node",
    short="Show the use of CPU and memory by node",
    usage="node [NAME | -l label]",
    complete=no_options,
    run=run,
    aliases=("nodes", "no"),
    flags=(
        shared_flags.SELECTOR,
        Flag("no-headers", "bool", help="Leave the headers out."),
        Flag("sort-by", help="Sort by cpu or memory.", candidates="cpu,memory"),
        Flag("show-swap", "bool", help="Show swap."),
        Flag("use-protocol-buffers", "bool", default=True, help="No effect here."),
        Flag("show-capacity", "bool", help="By capacity, not by what can be allocated."),
    ),
    arguments="node",
)
