"""`kubectl replace`. Source: kubectl/pkg/cmd/replace/replace.go"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError, with_source
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import deleting, last_applied, recording, requests
from k8s_magic.kubectl.writing.deleting import Deletion
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.protocols import Transport, WriteOptions

POLL = 1.0  # replace.go
PATIENCE = 300.0  # replace.go


@dataclass(frozen=True, slots=True)
class Options:
    query: Query
    dry_run: str
    write: WriteOptions
    printer: Printer
    deletion: Deletion
    force: bool
    save_config: bool
    subresource: str
    cause: str
    raw: str
    grace: int
    args: tuple[str, ...]


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    validation = shared_flags.field_validation(call)
    dry_run = shared_flags.dry_run(call, streams)
    printer = PrintOptions.of(call).printer("replaced", streams, dry_run)
    grace = call.number("grace-period")
    deletion = Deletion(
        propagation=deleting.cascading(call, streams),
        grace=1 if grace == 0 else grace,
        wait=call.flag("wait") or grace == 0,
        timeout=call.seconds("timeout"),
        output=call.text("output"),
        ignore_not_found=True,
    )
    if not call.texts("filename") and not call.text("kustomize"):
        raise KubectlError("must specify one of -f and -k")
    return Options(
        query=Query(
            filenames=call.texts("filename"),
            kustomize=call.text("kustomize"),
            recursive=call.flag("recursive"),
            namespace=call.namespace,
            enforce=call.namespace_given,
            subresource=call.text("subresource"),
            continue_on_error=True,
            validate=validation != "Ignore",
        ),
        dry_run=dry_run,
        write=WriteOptions(
            dry_run=dry_run == "server", field_manager=call.text("field-manager"), field_validation=validation
        ),
        printer=printer,
        deletion=deletion,
        force=call.flag("force"),
        save_config=call.flag("save-config"),
        subresource=call.text("subresource"),
        cause=recording.change_cause(call),
        raw=call.text("raw"),
        grace=deletion.grace,
        args=tuple(call.args),
    )


def validate(options: Options) -> None:
    if options.grace >= 0 and not options.force:
        raise KubectlError("--grace-period must have --force specified")
    if options.deletion.timeout and not options.force:
        raise KubectlError("--timeout must have --force specified")
    if options.force and options.dry_run:
        raise KubectlError("--dry-run can not be used when --force is set")
    if options.raw:
        raise Unsupported("replace --raw is not part of this simulation: use replace -f")


def run(options: Options, client: Transport, streams: Streams) -> int:
    if options.force:
        return _force(options, client, streams)

    def change(info: Info) -> None:
        obj = last_applied.create_or_update(options.save_config, info.found)
        info.object = obj = recording.recorded(obj, options.cause)
        if options.dry_run != "client":
            try:
                info.refresh(requests.replace(client, info, obj, options.write, options.subresource))
            except ApiError as error:
                raise with_source("replacing", info.source, error) from None
        options.printer.print(info.found, streams.out)

    result = select(options.query, client, streams)
    result.check()
    result.visit(change)
    return 0


def _force(options: Options, client: Transport, streams: Streams) -> int:
    query = replace(options.query, validate=False, require_object=False, arguments=options.args)
    result = select(query, client, streams)
    deleting.delete_result(result, options.deletion, client, streams)
    end = client.now() + timedelta(seconds=options.deletion.timeout or PATIENCE)

    def wait(info: Info) -> None:
        while not deleting.is_gone(client, info, {}):
            if client.now() >= end:
                raise KubectlError("context deadline exceeded")
            client.sleep(POLL)

    result.visit(wait)
    count = 0

    def create(info: Info) -> None:
        nonlocal count
        obj = recording.recorded(last_applied.create_or_update(options.save_config, info.found), options.cause)
        info.refresh(requests.create(client, info, obj, options.write))
        count += 1
        options.printer.print(info.found, streams.out)

    again = select(options.query, client, streams)
    again.check()
    again.visit(create)
    if not count:
        raise KubectlError("no objects passed to replace")
    return 0


COMMAND = Command(
    "replace",
    "Replace objects by what files say",
    "replace -f FILENAME",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        *PRINT_FLAGS,
        *deleting.RUN_FLAGS,
        recording.RECORD,
        shared_flags.VALIDATE,
        last_applied.SAVE_CONFIG,
        shared_flags.DRY_RUN,
        Flag("raw", help="A path to PUT to (not part of this simulation)."),
        shared_flags.field_manager("kubectl-replace"),
        shared_flags.SUBRESOURCE,
    ),
)
