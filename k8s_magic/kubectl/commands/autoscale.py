"""`kubectl autoscale`. Source: kubectl/pkg/cmd/autoscale/autoscale.go"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.mapper import ResourceMapping
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import last_applied, recording, typed
from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import HORIZONTAL_POD_AUTOSCALERS
from k8s_magic.machinery.protocols import Transport, WriteOptions
from k8s_magic.machinery.quantity import QuantityError

_UNITS = {"cpu": "m", "memory": "Mi"}
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)
_SCALABLE = ("deployments", "replicasets", "statefulsets", "replicationcontrollers")


@dataclass(frozen=True, slots=True)
class Options:
    call: Call
    query: Query
    dry_run: str
    printer: Callable[[str], Printer]
    cause: str


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    dry_run = shared_flags.dry_run(call, streams)
    printing = PrintOptions.of(call)
    return Options(
        call=call,
        query=Query(
            arguments=tuple(call.args),
            filenames=call.texts("filename"),
            kustomize=call.text("kustomize"),
            recursive=call.flag("recursive"),
            namespace=call.namespace,
            enforce=call.namespace_given,
            continue_on_error=True,
        ),
        dry_run=dry_run,
        printer=lambda operation: printing.printer(operation, streams, dry_run, typed=True),
        cause=recording.change_cause(call),
    )


def validate(options: Options) -> None:
    call = options.call
    least, most = call.number("min"), call.number("max")
    if most < 1:
        raise KubectlError(f"--max=MAXPODS is required and must be at least 1, max: {most}")
    if most < least:
        raise KubectlError(f"--max=MAXPODS must be larger or equal to --min=MINPODS, max: {most}, min: {least}")
    if call.number("cpu-percent") > 0 and call.text("cpu"):
        raise KubectlError("--cpu-percent and --cpu are mutually exclusive")
    for kind in _UNITS:
        if call.text(kind):
            _target(call.text(kind), kind)


def _target(text: str, kind: str) -> Object:
    """A metric's target: `70%`, `500m`, or a plain number in the kind's usual unit."""
    text = text.strip()
    if not text:
        raise KubectlError("empty input")
    if text.endswith("%"):
        number = text[:-1]
        if not number.isascii() or not number.isdigit() or int(number) >= 1 << 31:
            raise KubectlError(f"invalid percentage value: {number}")
        return {"type": "Utilization", "averageUtilization": int(number)}
    plain = _NUMBER.fullmatch(text) is not None
    try:
        amount = quantity.parse(f"{float(text):g}{_UNITS[kind]}" if plain else text)
    except QuantityError as error:
        raise KubectlError(str(error) if plain else f"invalid resource {kind} value: {text}") from None
    return {"type": "AverageValue", "averageValue": str(amount)}


def run(options: Options, client: Transport, streams: Streams) -> int:
    count = 0

    def scale(info: Info) -> None:
        nonlocal count
        _autoscale(info, options, client, streams)
        count += 1

    result = select(options.query, client, streams)
    result.check()
    result.visit(scale)
    if not count:
        raise KubectlError("no objects passed to autoscale")
    return 0


def _has_scale(mapping: ResourceMapping, client: Transport) -> bool:
    """Whether discovery tells of a scale subresource, as custom resources may have one."""
    return any(
        (entry["group"], entry["version"], entry["name"]) == mapping.gvr and "scale" in entry.get("subresources", ())
        for entry in client.resources()
    )


def _autoscale(info: Info, options: Options, client: Transport, streams: Streams) -> None:
    call = options.call
    mapping = info.resource
    if mapping.gvr.resource not in _SCALABLE and not _has_scale(mapping, client):
        group = f"{mapping.gvk.group}/{mapping.gvk.version}".lstrip("/")
        raise KubectlError(
            f"cannot autoscale a {mapping.gvk.kind}: could not find scale subresource for "
            f"{group}, Resource={mapping.gvr.resource} in discovery information"
        )
    obj = recording.recorded(_autoscaler(info, call), options.cause)
    if options.dry_run == "client":
        options.printer("created").print(obj, streams.out)
        return
    obj = last_applied.create_or_update(call.flag("save-config"), obj, typed=True)
    write = WriteOptions(dry_run=options.dry_run == "server", field_manager=call.text("field-manager"))
    created = client.create(HORIZONTAL_POD_AUTOSCALERS, call.namespace, obj, options=write)
    options.printer("autoscaled").print(typed.in_order(created), streams.out)


def _autoscaler(info: Info, call: Call) -> Object:
    metadata: Object = {"name": call.text("name") or info.name}
    if call.namespace_given:
        metadata["namespace"] = call.namespace
    gvk = info.resource.gvk
    spec: Object = {"scaleTargetRef": {"kind": gvk.kind, "name": info.name, "apiVersion": gvk.api_version}}
    if call.number("min") > 0:
        spec["minReplicas"] = call.number("min")
    spec["maxReplicas"] = call.number("max")
    targets: list[tuple[str, Object]] = []
    if call.number("cpu-percent") > 0:
        targets.append(("cpu", {"type": "Utilization", "averageUtilization": call.number("cpu-percent")}))
    targets += [(kind, _target(call.text(kind), kind)) for kind in _UNITS if call.text(kind)]
    if targets:
        spec["metrics"] = [
            {"type": "Resource", "resource": {"name": kind, "target": target}} for kind, target in targets
        ]
    return {
        "kind": "HorizontalPodAutoscaler",
        "apiVersion": "autoscaling/v2",
        "metadata": metadata,
        "spec": spec,
        "status": {"desiredReplicas": 0, "currentMetrics": None},
    }


COMMAND = Command(
    "autoscale",
    "Make a HorizontalPodAutoscaler",
    "autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        recording.RECORD,
        *PRINT_FLAGS,
        Flag("min", "int32", default=-1, help="The fewest Pods."),
        Flag("max", "int32", default=-1, help="The most Pods."),
        Flag(
            "cpu-percent",
            "int32",
            default=-1,
            help="The share of the requested CPU to aim at.",
            deprecated=(
                "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for "
                "milliCPU)."
            ),
        ),
        Flag("cpu", help="CPU to aim at: 70% of what is requested, or 500m."),
        Flag("memory", help="Memory to aim at: 60% of what is requested, or 200Mi."),
        Flag("name", help="The autoscaler's name."),
        shared_flags.DRY_RUN,
        *shared_flags.FILENAME_FLAGS,
        last_applied.SAVE_CONFIG,
        shared_flags.field_manager("kubectl-autoscale"),
    ),
    required=("max",),
    arguments="kind/name",
)
