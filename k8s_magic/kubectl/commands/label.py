"""`kubectl label`. Source: kubectl/pkg/cmd/label/label.go"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import Aggregate, KubectlError
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PrintOptions
from k8s_magic.kubectl.resources import Info, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import marks, parsing, recording
from k8s_magic.machinery import label_syntax, meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text.go_values import quoted


@dataclass(frozen=True, slots=True)
class Options:
    call: Call
    resources: list[str]
    labels: dict[str, str]
    removed: list[str]
    dry_run: str
    printer: Callable[[str], Printer]
    cause: str


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    dry_run = shared_flags.dry_run(call, streams)
    resources, pairs = parsing.resources_and_pairs(call.args, "label")
    labels, removed = _parse(pairs)
    if call.flag("list") and call.text("output"):
        raise KubectlError("--list and --output may not be specified together")
    printing = PrintOptions.of(call)
    return Options(
        call,
        resources,
        labels,
        removed,
        dry_run,
        lambda operation: printing.printer(operation, streams, dry_run),
        recording.change_cause(call),
    )


def _parse(pairs: list[str]) -> tuple[dict[str, str], list[str]]:
    labels: dict[str, str] = {}
    removed: list[str] = []
    for spec in pairs:
        parts = spec.split("=")
        if len(parts) > 2:
            raise KubectlError(f"invalid label spec: {spec}")
        if len(parts) == 2:
            errors = label_syntax.value_errors(parts[1])
            if errors:
                raise KubectlError(f"invalid label value: {quoted(spec)}: {';'.join(errors)}")
            labels[parts[0]] = parts[1]
        else:
            removed.append(spec[:-1])
    if any(key in labels for key in removed):
        raise KubectlError("can not both modify and remove a label in the same command")
    return labels, removed


def validate(options: Options) -> None:
    marks.check(options.call, options.resources, options.dry_run, "pod")
    if not options.labels and not options.removed and not options.call.flag("list"):
        raise KubectlError("at least one label update is required")


def run(options: Options, client: Transport, streams: Streams) -> int:
    call = options.call
    result = select(marks.query(call, options.resources), client, streams)
    result.check()
    single = result.single_item_implied
    if not single and call.text("resource-version"):
        raise KubectlError("--resource-version may only be used with a single resource")

    def label(info: Info) -> None:
        before = info.found
        sends = not (call.flag("local") or call.flag("list") or options.dry_run == "client")
        if sends:
            for key in options.removed:
                if key not in meta.labels_of(before):
                    streams.out(f"label {quoted(key)} not found.\n")
        after, operation = _changed(before, options)
        if sends and operation != "not labeled":
            marks.send(info, before, recording.recorded(after, options.cause), call, options.dry_run, client)
        if call.flag("list"):
            marks.list_all(info, "labels", meta.labels_of(after), single, streams)
            return
        options.printer(operation).print(after, streams.out)

    result.visit(label)
    return 0


def _changed(obj: Object, options: Options) -> tuple[Object, str]:
    held = meta.labels_of(obj)
    if not options.call.flag("overwrite"):
        refused = [
            KubectlError(f"'{key}' already has a value ({held[key]}), and --overwrite is false")
            for key, value in options.labels.items()
            if key in held and held[key] != value
        ]
        if refused:
            raise Aggregate(refused)
    added = {key: value for key, value in options.labels.items() if held.get(key) != value}
    removed = [key for key in options.removed if key in held]
    if not added and not removed:
        return obj, "not labeled"
    labels = {key: value for key, value in {**held, **added}.items() if key not in removed}
    operation = "modified" if added and removed else "labeled" if added else "unlabeled"
    return meta.with_metadata(obj, labels=labels), operation


COMMAND = Command(
    "label",
    "Set labels of objects",
    "label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
    complete=complete,
    validate=validate,
    run=run,
    flags=marks.flags("kubectl-label"),
    arguments="kind/name",
)
