"""What `get` prints: tables of several kinds one after the other, or objects in another form.

Source: kubectl/pkg/cmd/get/{get,get_flags,humanreadable_flags}.go
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from k8s_magic.kubectl import instants
from k8s_magic.kubectl.errors import KubectlError, aggregate, flatten, raise_all, reduce
from k8s_magic.kubectl.mapper import ResourceMapping
from k8s_magic.kubectl.printers import formats, print_flags
from k8s_magic.kubectl.printers.formats import Printed, Printer
from k8s_magic.kubectl.printers.print_flags import PrintOptions
from k8s_magic.kubectl.printers.table import METADATA_COLUMNS, TableOptions, TablePrinter
from k8s_magic.kubectl.resources import Info, Query, Result
from k8s_magic.kubectl.resources.info import is_list
from k8s_magic.kubectl.streams import Streams, Write
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport, WatchEvent
from k8s_magic.text import tabwriter

FORMATS = (*print_flags.WRITE_FORMATS, "custom-columns", "custom-columns-file", "wide")


@dataclass(frozen=True, slots=True)
class Options:
    query: Query
    print: PrintOptions
    table: TableOptions
    sort_by: str
    ignore_not_found: bool
    watch: bool
    watch_only: bool
    output_watch_events: bool
    raw: str
    server_print: bool

    @property
    def human(self) -> bool:
        """Whether a table is wanted."""
        return (not self.print.output and not self.print.template) or self.print.output == "wide"


def make_printer(options: Options, streams: Streams, table: TableOptions | None = None) -> Printer:
    """The printer of -o. Raises: KubectlError."""
    printing = options.print
    output = "go-template" if printing.template and not printing.output else printing.output
    found = printing.templated(output, streams.files) or printing.json_or_yaml(output)
    if found is None and output in ("", "wide"):
        found = TablePrinter(table or options.table)
    if found is None and output.startswith("custom-columns"):
        from k8s_magic.kubectl.printers import columns

        found = columns.printer(output, printing.template, streams.files.read, no_headers=options.table.no_headers)
    if found is None and output.lower() == "name":
        found = formats.NamePrinter(short=True)
    if found is None:
        raise print_flags.no_printer(output, FORMATS)
    return found


class _Output:
    """Where tables go: remembers whether anything was written, and sets an empty line before it when due."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self.is_empty = True
        self.separate = False

    def __call__(self, text: str) -> None:
        if not text:
            return
        if self.separate:
            text = "\n" + text
            self.separate = False
        self.is_empty = False
        self._write(text)


def print_tables(options: Options, result: Result, client: Transport, streams: Streams) -> None:
    infos, failed = result.infos()
    failures: list[Exception] = [] if failed is None else [failed]
    everywhere = options.query.all_namespaces
    with_kind = len({info.resource.gvk for info in infos}) > 1
    out = _Output(streams.out)
    writer = tabwriter.get_writer(out)
    last: ResourceMapping | None = None
    printer: TablePrinter | None = None
    for info in infos:
        mapping = info.resource
        if printer is None or last is None or mapping.gvr != last.gvr:
            writer.flush()
            writer.forget_widths()
            out.separate = last is not None and not options.table.no_headers and not out.is_empty
            last = mapping
            table_options = replace(
                options.table,
                kind=mapping.qualified_kind,
                with_namespace=everywhere and mapping.namespaced,
                with_kind=options.table.with_kind or with_kind,
            )
            printer = TablePrinter(table_options, writer)
        printer.print(_table_of(options, info.found, client), out)
    writer.flush()
    if out.is_empty and not options.ignore_not_found and not failures:
        if not everywhere and all(info.namespaced for info in infos):
            streams.err(f"No resources found in {options.query.namespace} namespace.\n")
        else:
            streams.err("No resources found\n")
    raise_all(failures)


def _table_of(options: Options, obj: Object, client: Transport) -> Object:
    """The server's Table, sorted where asked; names and ages where there is none."""
    if "rows" not in obj and "columnDefinitions" not in obj:
        items = obj["items"] if is_list(obj) else [obj]
        obj = {"columnDefinitions": METADATA_COLUMNS, "rows": [_metadata_row(item, client) for item in items]}
    if options.sort_by and obj.get("rows"):
        from k8s_magic.kubectl.printers import sorting

        rows = obj["rows"]
        data = [row.get("object") or {} for row in rows]
        obj = {**obj, "rows": sorting.by_field(options.sort_by, rows, data, strict=False)}
    return obj


def _metadata_row(obj: Object, client: Transport) -> Object:
    metadata = obj["metadata"]
    age = instants.age(client, metadata.get("creationTimestamp"))
    return {"cells": [metadata.get("name", ""), age], "object": obj}


def print_objects(options: Options, result: Result, client: Transport, streams: Streams) -> None:
    infos, failed = result.infos()
    single = result.single_item_implied
    failures: list[Exception] = []
    if failed is not None:
        if single:
            raise failed
        failures.append(failed)
    if infos or not options.ignore_not_found:
        printer = make_printer(options, streams)
        try:
            _print_found(options, infos, single, printer, streams)
        except KubectlError as error:
            failures.append(error)
    failure = reduce(aggregate(flatten(failures)))
    if failure is not None:
        raise failure


def _print_found(options: Options, infos: list[Info], single: bool, printer: Printer, streams: Streams) -> None:
    if single and len(infos) == 1 and not is_list(infos[0].object):
        printer.print(infos[0].found, streams.out)
        return
    if single and len(infos) == 1:
        items, version = infos[0].found["items"], infos[0].resource_version
    else:
        items, version = [info.found for info in infos], ""
    if options.sort_by:
        from k8s_magic.kubectl.printers import sorting

        items = sorting.by_field(options.sort_by, items, items)
    listing = {"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": version}}
    printer.print(listing, streams.out)


def shower(
    options: Options,
    table_options: TableOptions,
    writer: tabwriter.TabWriter,
    client: Transport,
    streams: Streams,
) -> Callable[[Printed], None]:
    if not options.human:
        printer = make_printer(options, streams)
        return lambda obj: printer.print(obj, streams.out)
    table = TablePrinter(table_options, writer)

    def show(obj: Printed) -> None:
        if isinstance(obj, WatchEvent):
            table.print(WatchEvent(obj.type, _table_of(options, obj.object, client)), streams.out)
        else:
            table.print(_table_of(options, obj, client), streams.out)

    return show
