"""`kubectl create -f`: objects out of files, made once. Its sub-commands make one object from flags.

Source: kubectl/pkg/cmd/create/create.go
"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError, with_source
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import last_applied, recording, requests
from k8s_magic.kubectl.writing.generated import MANAGER
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.protocols import Transport, WriteOptions


@dataclass(frozen=True, slots=True)
class Options:
    query: Query
    dry_run: str
    write: WriteOptions
    printer: Printer
    save_config: bool
    cause: str
    edit: bool
    raw: str


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    if call.args:
        call.usage_error(f"Unexpected args: [{' '.join(call.args)}]")
    dry_run = shared_flags.dry_run(call, streams)
    validation = shared_flags.field_validation(call)
    return Options(
        query=Query(
            filenames=call.texts("filename"),
            kustomize=call.text("kustomize"),
            recursive=call.flag("recursive"),
            namespace=call.namespace,
            enforce=call.namespace_given,
            selector=call.text("selector"),
            continue_on_error=True,
            validate=validation != "Ignore",
        ),
        dry_run=dry_run,
        write=WriteOptions(
            dry_run=dry_run == "server",
            field_manager=call.text("field-manager"),
            field_validation=validation,
        ),
        printer=PrintOptions.of(call).printer("created", streams, dry_run),
        save_config=call.flag("save-config"),
        cause=recording.change_cause(call),
        edit=call.flag("edit"),
        raw=call.text("raw"),
    )


def validate(options: Options) -> None:
    if not options.query.filenames and not options.query.kustomize:
        raise KubectlError("must specify one of -f and -k")
    if options.raw:
        raise Unsupported("create --raw is not part of this simulation: use create -f")
    if options.edit:
        raise Unsupported("create --edit needs an editor, which a notebook does not have: edit the file first")


def run(options: Options, client: Transport, streams: Streams) -> int:
    count = 0

    def create(info: Info) -> None:
        nonlocal count
        obj = last_applied.create_or_update(options.save_config, info.found)
        info.object = obj = recording.recorded(obj, options.cause)
        if options.dry_run != "client":
            try:
                info.refresh(requests.create(client, info, obj, options.write))
            except ApiError as error:
                raise with_source("creating", info.source, error) from None
        count += 1
        options.printer.print(info.found, streams.out)

    result = select(options.query, client, streams)
    result.check()
    result.visit(create)
    if not count:
        raise KubectlError("no objects passed to create")
    return 0


COMMAND = Command(
    "create",
    "Make objects from files, or one object from flags",
    "create -f FILENAME",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        recording.RECORD,
        *shared_flags.FILENAME_FLAGS,
        shared_flags.VALIDATE,
        Flag("edit", "bool", help="Edit before creating (needs an editor)."),
        Flag("windows-line-endings", "bool", help="With --edit: end lines as Windows does."),
        last_applied.SAVE_CONFIG,
        shared_flags.DRY_RUN,
        shared_flags.SELECTOR,
        Flag("raw", help="A path to POST to (not part of this simulation)."),
        shared_flags.field_manager(MANAGER),
        *PRINT_FLAGS,
    ),
    examples=("kubectl create -f web.yaml", "kubectl create deployment web --image=nginx"),
)
