"""`kubectl events`: what happened, oldest first. Source: kubectl/pkg/cmd/events/{events,event_printer}.go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from k8s_magic.kubectl import instants, shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError, Raw
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.mapper import Mapper
from k8s_magic.kubectl.printers import PRINT_FLAGS, Printer, PrintOptions
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import terminal_safe
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import EVENTS
from k8s_magic.machinery.protocols import ListOptions, Transport
from k8s_magic.sim.time import SimTime
from k8s_magic.text import tabwriter

_EPOCH = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Options:
    namespace: str
    all_namespaces: bool
    watch: bool
    no_headers: bool
    types: tuple[str, ...]
    field_selector: str
    timeout: SimTime | None
    printer: Printer | None

    def wanted(self, event: Object) -> bool:
        return not self.types or event.get("type", "").lower() in [one.lower() for one in self.types]


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    target = call.text("for")
    printing = PrintOptions.of(call)
    return Options(
        namespace=call.namespace,
        all_namespaces=call.flag("all-namespaces"),
        watch=call.flag("watch"),
        no_headers=call.flag("no-headers"),
        types=call.texts("types"),
        field_selector=_about(target, client) if target else "",
        timeout=call.request_timeout,
        printer=printing.printer("events", streams) if printing.output else None,
    )


def _about(target: str, client: Transport) -> str:
    if "/" not in target:
        raise KubectlError("--for must be in resource/name form")
    parts = target.split("/")
    if len(parts) != 2:
        raise KubectlError("arguments in resource/name form may not have more than one slash")
    mapping = Mapper(client).find(parts[0].lower())
    if mapping is None:
        raise Raw(f'the server doesn\'t have a resource type "{parts[0].lower()}"')
    gvk = mapping.gvk
    return f"involvedObject.kind={gvk.kind},involvedObject.apiVersion={gvk.api_version},involvedObject.name={parts[1]}"


def validate(options: Options) -> None:
    for one in options.types:
        if one.lower() not in ("normal", "warning"):
            raise KubectlError("valid --types are Normal or Warning")


def run(options: Options, client: Transport, streams: Streams) -> int:
    namespace = "" if options.all_namespaces else options.namespace
    if options.watch:
        _watch(options, namespace, client, streams)
        return 0
    found: list[Object] = []
    token = ""
    while True:
        asked = ListOptions(field_selector=options.field_selector, limit=500, continue_=token)
        listing = client.list(EVENTS, namespace, options=asked)
        found += [_typed(event) for event in listing["items"] if options.wanted(event)]
        token = listing["metadata"].get("continue", "")
        if not token:
            break
    if not found:
        where = "" if options.all_namespaces else f" in {options.namespace} namespace"
        streams.err(f"No events found{where}.\n")
        return 0
    found.sort(key=event_time)
    if options.printer is not None:
        metadata: dict[str, Any] = {}
        listed = {"kind": "EventList", "apiVersion": "v1", "metadata": metadata, "items": found}
        options.printer.print(listed, streams.out)
        return 0
    writer = tabwriter.get_writer(streams.out)
    writer.write(_headings(options) + "".join(_row(options, event, client) for event in found))
    writer.flush()
    return 0


def _watch(options: Options, namespace: str, client: Transport, streams: Streams) -> None:
    """Existing events come first: a watch from nowhere begins with them."""
    writer = tabwriter.get_writer(streams.out)
    asked = ListOptions(field_selector=options.field_selector, timeout=options.timeout)
    watch = client.watch(EVENTS, namespace, options=asked)
    headings = _headings(options)
    try:
        for change in watch:
            if change.type not in ("ADDED", "MODIFIED") or not options.wanted(change.object):
                continue
            if options.printer is not None:
                options.printer.print(_typed(change.object), streams.out)
                continue
            writer.write(headings + _row(options, change.object, client))
            writer.flush()
            headings = ""
    finally:
        watch.close()


def _typed(event: Object) -> Object:
    return event if "kind" in event else {"kind": "Event", "apiVersion": "v1", **event}


def event_time(event: Object) -> datetime:
    """What events are sorted by."""
    series = event.get("series")
    text = series.get("lastObservedTime") if series else event.get("lastTimestamp") or event.get("eventTime")
    return instants.parse(text) or _EPOCH


def _headings(options: Options) -> str:
    if options.no_headers:
        return ""
    return ("NAMESPACE\t" if options.all_namespaces else "") + "LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n"


def _row(options: Options, event: Object, client: Transport) -> str:
    involved = event.get("involvedObject") or {}
    cells = [
        last_seen(event, client),
        terminal_safe(event.get("type", "")),
        terminal_safe(event.get("reason", "")),
        terminal_safe(f"{involved.get('kind', '')}/{involved.get('name', '')}"),
        terminal_safe((event.get("message") or "").strip()),
    ]
    if options.all_namespaces:
        cells.insert(0, event["metadata"].get("namespace", ""))
    return "\t".join(cells) + "\n"


def last_seen(event: Object, client: Transport) -> str:
    """`5s`, or `5s (x3 over 2m)`."""
    first = instants.age(client, event.get("eventTime") or event.get("firstTimestamp"))
    series = event.get("series")
    if series:
        return f"{instants.age(client, series.get('lastObservedTime'))} (x{series.get('count', 0)} over {first})"
    count = event.get("count", 0)
    if count > 1:
        return f"{instants.age(client, event.get('lastTimestamp'))} (x{count} over {first})"
    return first


COMMAND: Command[Options] = Command(
    name="events",
    short="Show what has happened, oldest first",
    usage="events [--for TYPE/NAME] [--watch] [--types=Normal,Warning]",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        *PRINT_FLAGS,
        shared_flags.ALL_NAMESPACES,
        shared_flags.CHUNK_SIZE,
        Flag("for", help="Only events about one object, TYPE/NAME.", candidates="kind/name"),
        Flag("no-headers", "bool", help="Leave the headers out."),
        Flag("types", "slice", help="Only events of these types: Normal, Warning.", candidates="Normal,Warning"),
        Flag("watch", "bool", short="w", help="Go on with new events."),
    ),
)
