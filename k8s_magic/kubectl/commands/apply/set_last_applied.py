"""`kubectl apply set-last-applied`. Source: kubectl/pkg/cmd/apply/apply_set_last_applied.go"""

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
from k8s_magic.kubectl.writing import last_applied, requests
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.protocols import Transport, WriteOptions


@dataclass(frozen=True, slots=True)
class Options:
    query: Query
    create: bool
    dry_run: str
    printer: Printer


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    dry_run = shared_flags.dry_run(call, streams)
    return Options(
        query=Query(
            filenames=call.texts("filename"),
            kustomize=call.text("kustomize"),
            recursive=call.flag("recursive"),
            namespace=call.namespace,
            enforce=call.namespace_given,
        ),
        create=call.flag("create-annotation"),
        dry_run=dry_run,
        printer=PrintOptions.of(call).printer("configured", streams, dry_run),
    )


def run(options: Options, client: Transport, streams: Streams) -> int:
    changes: list[tuple[Info, str]] = []

    def compare(info: Info) -> None:
        wanted = last_applied.configuration(info.found)
        try:
            info.get()
        except ApiError as error:
            if error.is_not_found:
                raise
            verb = f"retrieving current configuration of:\n{requests.described(info)}\nfrom server for:"
            raise with_source(verb, info.source, error) from None
        current = last_applied.original(info.found)
        if current is None and not options.create:
            raise KubectlError(
                f"no last-applied-configuration annotation found on resource: {info.name}, to create the annotation, "
                "run the command with --create-annotation"
            )
        if current == wanted:
            streams.out(f"set-last-applied {info.name}: no changes required.\n")
        else:
            changes.append((info, wanted))

    result = select(options.query, client, streams)
    result.check()
    result.visit(compare)
    for info, text in changes:
        obj = info.found
        if options.dry_run != "client":
            patch = {"metadata": {"annotations": {last_applied.ANNOTATION: text}}}
            write = WriteOptions(dry_run=options.dry_run == "server")
            obj = client.patch(info.resource.gvr, info.namespace, info.name, patch, "merge", options=write)
        options.printer.print(obj, streams.out)
    return 0


COMMAND = Command(
    "set-last-applied",
    "Set what counts as applied last to a file's content",
    "set-last-applied -f FILENAME",
    complete=complete,
    run=run,
    flags=(
        *PRINT_FLAGS,
        shared_flags.DRY_RUN,
        Flag("create-annotation", "bool", help="Make the annotation where there is none."),
        *shared_flags.FILENAME_FLAGS,
    ),
)
