"""`kubectl get`: what the server tabulates, or objects in another form; once or as they change.

Source: kubectl/pkg/cmd/get/{get,get_flags,humanreadable_flags}.go
"""

from __future__ import annotations

import re
from dataclasses import replace

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import Failure, KubectlError, is_not_found
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.get_output import FORMATS, Options, print_objects, print_tables, shower
from k8s_magic.kubectl.printers import print_flags
from k8s_magic.kubectl.printers.print_flags import PrintOptions
from k8s_magic.kubectl.printers.table import TableOptions
from k8s_magic.kubectl.resources import Query, select
from k8s_magic.kubectl.resources.info import is_list
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import SUGGEST_API_RESOURCES
from k8s_magic.machinery.protocols import Transport, WatchEvent
from k8s_magic.text import tabwriter

_FILTERED_RAW = "--raw may not be specified with other flags that filter the server request or alter the output"


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    output = call.text("output")
    raw = call.text("raw")
    if raw and call.args:
        raise KubectlError("arguments may not be passed when --raw is specified")
    printing = PrintOptions.of(call)
    server_print = call.flag("server-print")
    if "custom-columns" in output or output == "yaml" or "json" in output:
        server_print = False
    everywhere = call.flag("all-namespaces")
    options = Options(
        query=Query(
            arguments=tuple(call.args),
            filenames=call.texts("filename"),
            kustomize=call.text("kustomize"),
            recursive=call.flag("recursive"),
            namespace=call.namespace,
            all_namespaces=everywhere,
            enforce=call.namespace_given and not everywhere,
            selector=call.text("selector"),
            field_selector=call.text("field-selector"),
            subresource=call.text("subresource"),
            chunk=0 if call.text("sort-by") else call.number("chunk-size"),
            empty_selector=True,
            latest=True,
            continue_on_error=True,
            timeout=call.request_timeout,
            managed_fields=call.flag("show-managed-fields"),
        ),
        print=printing,
        table=TableOptions(
            wide=output == "wide",
            no_headers=call.flag("no-headers"),
            with_kind=call.flag("show-kind"),
            show_labels=call.flag("show-labels"),
            label_columns=call.texts("label-columns"),
        ),
        sort_by=call.text("sort-by"),
        ignore_not_found=call.flag("ignore-not-found"),
        watch=call.flag("watch"),
        watch_only=call.flag("watch-only"),
        output_watch_events=call.flag("output-watch-events"),
        raw=raw,
        server_print=server_print,
    )
    if options.human and server_print:
        whole = "Object" if options.sort_by else "Metadata"
        options = replace(options, query=replace(options.query, table=True, include_object=whole))
    if not raw:
        _check_words(call, options, streams)
    return options


def _check_words(call: Call, options: Options, streams: Streams) -> None:
    if options.watch:
        if options.sort_by:
            streams.err("warning: --watch requested, --sort-by will be ignored for watch events received\n")
    elif options.watch_only:
        if options.sort_by:
            streams.err("warning: --watch-only requested, --sort-by will be ignored\n")
    elif not call.args and not options.query.filenames and not options.query.kustomize:
        streams.err(f"You must specify the type of resource to get. {SUGGEST_API_RESOURCES}\n\n")
        call.usage_error(
            "Required resource not specified.\n"
            'Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).'
        )


def validate(options: Options) -> None:
    output = options.print.output
    if options.raw:
        if options.watch or options.watch_only or options.query.selector:
            raise KubectlError(_FILTERED_RAW)
        if output:
            raise KubectlError("--raw and --output are mutually exclusive")
        if not options.raw.startswith("/"):
            raise KubectlError(f'--raw must be a valid URL path: parse "{options.raw}": invalid URI for request')
        escape = re.search("%(?![0-9A-Fa-f]{2}).{0,2}", options.raw.partition("?")[0])
        if escape:
            words = f'parse "{options.raw}": invalid URL escape "{escape[0]}"'
            raise KubectlError(f"--raw must be a valid URL path: {words}")
    if options.table.show_labels and output not in ("", "wide"):
        raise KubectlError(f"--show-labels option cannot be used with {output} printer")
    if options.output_watch_events and not (options.watch or options.watch_only):
        raise KubectlError("--output-watch-events option can only be used with --watch or --watch-only")


def run(options: Options, client: Transport, streams: Streams) -> int:
    if options.raw:
        from k8s_magic.kubectl import raw

        streams.out(raw.get(client, options.raw))
        return 0
    if options.watch or options.watch_only:
        _watch(options, client, streams)
        return 0
    result = select(options.query, client, streams)
    if options.ignore_not_found:
        result.ignore = is_not_found
    result.check()
    if options.human:
        print_tables(options, result, client, streams)
    else:
        print_objects(options, result, client, streams)
    return 0


def _watch(options: Options, client: Transport, streams: Streams) -> None:
    query = replace(options.query, single_type=True, flatten=False, continue_on_error=False, subresource="")
    result = select(query, client, streams)
    result.check()
    try:
        infos = result.all()
    except Failure as error:
        if options.ignore_not_found and is_not_found(error):
            return
        raise
    info = infos[0]
    writer = tabwriter.get_writer(streams.out)
    table_options = replace(
        options.table, kind=info.resource.qualified_kind, with_namespace=options.query.all_namespaces
    )
    show = shower(options, table_options, writer, client, streams)
    obj = result.object()
    found = [obj]
    is_many = is_list(obj) or ("rows" in obj and not info.name)
    if is_list(obj):
        found = list(obj["items"])
        kind, version = obj.get("kind", "").removesuffix("List"), obj.get("apiVersion")
        found = [item if "kind" in item else {"apiVersion": version, "kind": kind, **item} for item in found]
    start = (obj.get("metadata") or {}).get("resourceVersion", "")
    if not is_many and "rows" not in obj:
        start = info.resource_version
    if not options.watch_only:
        for one in found:
            show(WatchEvent("ADDED", one) if options.output_watch_events else one)
        writer.flush()
    skip_first = not start  # a watch from nowhere begins with the objects themselves
    watch = result.watch(start or "0")
    try:
        for event in watch:
            if event.type == "BOOKMARK":
                continue
            if skip_first:
                skip_first = False
                continue
            show(event if options.output_watch_events else event.object)
            writer.flush()
    finally:
        watch.close()


COMMAND: Command[Options] = Command(
    name="get",
    short="Show objects as a table or in another form",
    usage=(
        f"get [(-o|--output=){'|'.join(FORMATS)}] "
        "(TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]"
    ),
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        *print_flags.PRINT_FLAGS,
        shared_flags.ALL_NAMESPACES,
        shared_flags.CHUNK_SIZE,
        shared_flags.FIELD_SELECTOR,
        *shared_flags.FILENAME_FLAGS,
        Flag("ignore-not-found", "bool", help="Say nothing of named objects that do not exist."),
        Flag("label-columns", "slice", short="L", help="Labels to show as columns."),
        Flag("no-headers", "bool", help="Leave the headers out."),
        Flag("output-watch-events", "bool", help="Show the type of each event of a watch."),
        Flag("raw", help="A path of the API to read as it is."),
        shared_flags.SELECTOR,
        Flag("server-print", "bool", default=True, help="Let the server make the table."),
        Flag("show-kind", "bool", help="Show the kind before each name."),
        Flag("show-labels", "bool", help="Show all labels in the last column."),
        Flag("sort-by", help="Sort by a field, e.g. '{.metadata.name}'."),
        shared_flags.SUBRESOURCE,
        Flag("watch", "bool", short="w", help="Go on with every change after the list."),
        Flag("watch-only", "bool", help="Only changes, without the list."),
    ),
    suggest_for=("list", "ls"),
    arguments="kind/name",
    examples=(
        "kubectl get pods",
        "kubectl get pods -o wide",
        "kubectl get deploy web -o yaml",
        "kubectl get pods -l app=web --watch",
        "kubectl get all -A",
        "kubectl get pod web -o jsonpath='{.status.podIP}'",
    ),
)
