"""`kubectl top pod`: what Pods use, as the metrics API tells. Source: kubectl/pkg/cmd/top/top_pod.go"""

from __future__ import annotations

from k8s_magic.kubectl import metrics_table as table
from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS
from k8s_magic.machinery.protocols import ListOptions, Transport
from k8s_magic.text import tabwriter


def run(call: Call, client: Transport, streams: Streams) -> int:
    if len(call.args) > 1:
        raise call.usage_error("pod [NAME | -l label]")
    table.check(call, ("selector", "field-selector"), "selector")
    source = table.resource(client, "pods")
    if call.flag("show-swap"):
        raise Unsupported("Swap is not simulated.")
    is_wide = call.flag("all-namespaces")
    namespace = "" if is_wide else call.namespace
    options = ListOptions(label_selector=call.text("selector"), field_selector=call.text("field-selector"))
    if call.args:
        metrics = [client.get(source, namespace, call.args[0])]
    else:
        metrics = client.list(source, namespace, options=options)["items"]
    if not metrics:
        if client.list(PODS, namespace, options=options)["items"]:
            raise KubectlError("metrics not available yet")
        streams.err("No resources found\n" if is_wide else f"No resources found in {namespace} namespace.\n")
        return 0
    _print(call, metrics, streams, is_wide=is_wide)
    return 0


def _print(call: Call, metrics: list[Object], streams: Streams, *, is_wide: bool) -> None:
    by, by_container = call.text("sort-by"), call.flag("containers")
    head = [*(["NAMESPACE"] if is_wide else []), *(["POD"] if by_container else []), "NAME"]
    writer = tabwriter.get_writer(streams.out)
    if not call.flag("no-headers"):
        writer.write(table.line([*head, "CPU(cores)", "MEMORY(bytes)"]))
    rows = []
    for each in metrics:
        uses = {one["name"]: table.use(one["usage"]) for one in each["containers"]}
        whole = table.total(uses.values())
        place = (each["metadata"]["namespace"] if is_wide else "", each["metadata"]["name"])
        rows.append((-whole[by] if by else 0, place, uses, whole))
    for _, (namespace, name), uses, whole in sorted(rows, key=lambda row: row[:2]):
        front = [namespace, name] if is_wide else [name]
        if not by_container:
            writer.write(table.line([*front, *table.cells(whole)]))
            continue
        for one in sorted(uses, key=lambda each, uses=uses: (-uses[each][by] if by else 0, each)):  # type: ignore[misc]
            writer.write(table.line([*front, one, *table.cells(uses[one])]))
    if call.flag("sum"):
        # Without headers the width is that of a plain table. Source: PrintPodMetrics (columnWidth)
        width = 1 if call.flag("no-headers") else len(head)
        writer.write(table.line([*[""] * width, "________", "________"]))
        writer.write(table.line([*[""] * width, *table.cells(table.total(row[3] for row in rows))]))
    writer.flush()


COMMAND: Command[Call] = Command(
    name="pod",
    short="Show the use of CPU and memory by Pod",
    usage="pod [NAME | -l label]",
    complete=no_options,
    run=run,
    aliases=("pods", "po"),
    flags=(
        shared_flags.SELECTOR,
        *table.FLAGS,
        shared_flags.ALL_NAMESPACES,
        shared_flags.FIELD_SELECTOR,
        Flag("containers", "bool", help="By container."),
        Flag("sum", "bool", help="With a sum."),
    ),
    arguments="pod",
)
