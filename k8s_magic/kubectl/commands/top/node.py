"""`kubectl top node`: what nodes use, as the metrics API tells. Source: kubectl/pkg/cmd/top/top_node.go"""

from __future__ import annotations

from k8s_magic.kubectl import metrics_table as table
from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.names import NODES
from k8s_magic.machinery.protocols import ListOptions, Transport
from k8s_magic.text import tabwriter


def run(call: Call, client: Transport, streams: Streams) -> int:
    if len(call.args) > 1:
        raise call.usage_error("node [NAME | -l label]")
    table.check(call, ("selector",), "--selector")
    source = table.resource(client, "nodes")
    if call.flag("show-swap"):
        raise Unsupported("Swap is not simulated.")
    options = ListOptions(label_selector=call.text("selector"))
    if call.args:
        metrics = [client.get(source, "", call.args[0])]
        nodes = [client.get(NODES, "", call.args[0])]
    else:
        metrics = client.list(source, options=options)["items"]
        if not metrics:
            raise KubectlError("metrics not available yet")
        nodes = client.list(NODES, options=options)["items"]
    kept = "capacity" if call.flag("show-capacity") else "allocatable"
    available = {each["metadata"]["name"]: table.use(each["status"].get(kept) or {}) for each in nodes}
    uses = {each["metadata"]["name"]: table.use(each["usage"]) for each in metrics}
    by = call.text("sort-by")
    writer = tabwriter.get_writer(streams.out)
    if not call.flag("no-headers"):
        writer.write(table.line(("NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)")))
    for name in sorted(uses, key=lambda each: (-uses[each][by] if by else 0, each)):
        limits = available.pop(name, None)
        row = [name]
        for measured, text in zip(table.MEASURED, table.cells(uses[name]), strict=True):
            row.append(text)
            if limits is not None:
                row.append(f"{uses[name][measured] * 100 // limits[measured] if limits[measured] else 0}%")
        writer.write(table.line(row))
    for name in available:
        writer.write(table.line((name, *["<unknown>"] * 4)))
    writer.flush()
    return 0


COMMAND: Command[Call] = Command(
    name="node",
    short="Show the use of CPU and memory by node",
    usage="node [NAME | -l label]",
    complete=no_options,
    run=run,
    aliases=("nodes", "no"),
    flags=(
        shared_flags.SELECTOR,
        *table.FLAGS,
        Flag("show-capacity", "bool", help="By capacity, not by what can be allocated."),
    ),
    arguments="node",
)
