"""The columns of Events, of both API groups.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (
    Column("Last Seen"),
    Column("Type"),
    Column("Reason"),
    Column("Object"),
    printing.wide("Subobject"),
    printing.wide("Source"),
    Column("Message"),
    printing.wide("First Seen"),
    printing.wide("Count"),
    Column("Name", "string", "name", priority=1),
)


def row(obj: Object, clock: Clock) -> list[Any]:
    # events.k8s.io names the same fields otherwise.
    first_time = obj.get("firstTimestamp") or obj.get("deprecatedFirstTimestamp") or obj.get("eventTime")
    last_time = obj.get("lastTimestamp") or obj.get("deprecatedLastTimestamp")
    count = obj.get("count") or obj.get("deprecatedCount") or 1
    first = printing.since(first_time, clock)
    last = printing.since(last_time, clock) if last_time else first
    series = obj.get("series")
    if series:
        last, count = printing.since(series.get("lastObservedTime"), clock), series.get("count", 0)
    target = obj.get("involvedObject") or obj.get("regarding") or {}
    kind, name = target.get("kind", "").lower(), target.get("name")
    return [
        last,
        obj.get("type", ""),
        obj.get("reason", ""),
        f"{kind}/{name}" if name else kind,
        target.get("fieldPath", ""),
        _source(obj),
        (obj.get("message") or obj.get("note") or "").strip(),
        first,
        count,
        obj["metadata"]["name"],
    ]


def _source(obj: Object) -> str:
    source = obj.get("source") or obj.get("deprecatedSource") or {}
    component = source.get("component") or obj.get("reportingComponent") or obj.get("reportingController") or ""
    host = source.get("host") or obj.get("reportingInstance")
    return f"{component}, {host}" if host else component
