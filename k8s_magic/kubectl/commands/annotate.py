"""`kubectl annotate`. Source: kubectl/pkg/cmd/annotate/annotate.go"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PrintOptions
from k8s_magic.kubectl.resources import Info, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import marks, parsing, recording
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport


@dataclass(frozen=True, slots=True)
class Options:
    call: Call
    resources: list[str]
    annotations: dict[str, str]
    removed: list[str]
    dry_run: str
    printer: Printer
    cause: str


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    cause = recording.change_cause(call)
    dry_run = shared_flags.dry_run(call, streams)
    printer = PrintOptions.of(call).printer("annotated", streams, dry_run)
    resources, pairs = parsing.resources_and_pairs(call.args, "annotation")
    annotations, removed = parsing.pairs(pairs, "annotation", removable=True)
    if call.flag("list") and call.text("output"):
        raise KubectlError("--list and --output may not be specified together")
    marks.check(call, resources, dry_run, "rsrc")
    if not annotations and not removed and not call.flag("list"):
        raise KubectlError("at least one annotation update is required")
    both = [key for key in removed if key in annotations]
    if both:
        raise KubectlError(
            f"can not both modify and remove the following annotation(s) in the same command: {', '.join(both)}"
        )
    return Options(call, resources, annotations, removed, dry_run, printer, cause)


def run(options: Options, client: Transport, streams: Streams) -> int:
    call = options.call
    result = select(marks.query(call, options.resources), client, streams)
    result.check()
    single = result.single_item_implied
    if not single and call.text("resource-version"):
        raise KubectlError("--resource-version may only be used with a single resource")

    def annotate(info: Info) -> None:
        before = info.found
        if call.flag("local") or call.flag("list") or options.dry_run == "client":
            obj = _changed(before, options)
        else:
            after = _changed(recording.recorded(before, options.cause), options)
            obj = marks.send(info, before, after, call, options.dry_run, client)
        if call.flag("list"):
            marks.list_all(info, "annotations", meta.annotations_of(obj), single, streams)
            return
        options.printer.print(obj, streams.out)

    result.visit(annotate)
    return 0


def _changed(obj: Object, options: Options) -> Object:
    held = meta.annotations_of(obj)
    if not options.call.flag("overwrite"):
        refused = [
            f"'{key}' already has a value ({held[key]})"
            for key, value in options.annotations.items()
            if key != recording.CHANGE_CAUSE and key in held and held[key] != value
        ]
        if refused:
            raise KubectlError(
                f"--overwrite is false but found the following declared annotation(s): {'; '.join(refused)}"
            )
    annotations = {**held, **options.annotations}
    annotations = {key: value for key, value in annotations.items() if key not in options.removed}
    if not annotations and not held:
        return obj
    return meta.with_metadata(obj, annotations=annotations)


COMMAND = Command(
    "annotate",
    "Set annotations of objects",
    "annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
    complete=complete,
    run=run,
    flags=marks.flags("kubectl-annotate"),
    arguments="kind/name",
)
