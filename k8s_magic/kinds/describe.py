"""What the descriptions of all kinds share: the indented writer, labels and annotations, ages, events.

A kind's `describe(obj, context)` answers the whole text of `kubectl describe`, which asks the cluster for what belongs
to the object (events, Pods, replica sets) through the context's transport. `generic` describes a kind without its own.
Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from k8s_magic.machinery import meta, names, quantity
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import ListOptions, Transport
from k8s_magic.text import go_values, tabwriter
from k8s_magic.text.ages import human_duration

# Source: describe.go (maxAnnotationLen, skipAnnotations)
_LONGEST_ANNOTATION = 140
_SKIPPED = frozenset({"kubectl.kubernetes.io/last-applied-configuration"})
_ZERO_TIME = "Mon, 01 Jan 0001 00:00:00 +0000"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class DescribeContext:
    """Where a description gets what belongs to its object, and what it was asked to show."""

    transport: Transport
    show_events: bool = True
    chunk_size: int = 500

    def since(self, timestamp: str | None) -> str:
        """The time passed since an API timestamp."""
        if not timestamp:
            return "<unknown>"
        return human_duration((self.transport.now() - instant(timestamp)).total_seconds())

    def fetch(
        self, resource: GroupVersionResource, namespace: str, *, labels: str = "", fields: str = ""
    ) -> list[Object]:
        """All objects of a selection, fetched in chunks."""
        options = ListOptions(label_selector=labels, field_selector=fields, limit=self.chunk_size)
        found: list[Object] = []
        while True:
            answer = self.transport.list(resource, namespace, options=options)
            found += answer.get("items") or ()
            token = (answer.get("metadata") or {}).get("continue") or ""
            if not token:
                return found
            options = replace(options, continue_=token)

    def events(self, obj: Object, *, kind: str | None = None, uid: str | None = None) -> list[Object] | None:
        """The events about an object; None where they are not to be shown."""
        if not self.show_events:
            return None
        metadata = obj["metadata"]
        namespace = metadata.get("namespace", "")
        wanted = {
            "involvedObject.name": metadata["name"],
            "involvedObject.namespace": namespace,
            "involvedObject.kind": obj.get("kind", "") if kind is None else kind,
            "involvedObject.uid": metadata.get("uid", "") if uid is None else uid,
        }
        always = ("involvedObject.name", "involvedObject.namespace")
        terms = [f"{key}={_escaped(wanted[key])}" for key in sorted(wanted) if wanted[key] or key in always]
        try:
            return self.fetch(names.EVENTS, namespace, fields=",".join(terms))
        except ApiError:
            return []

    def pods_status(self, obj: Object, selector: str) -> str:
        """`2 Running / 1 Waiting / 0 Succeeded / 0 Failed`: the Pods that an object controls."""
        counts = dict.fromkeys(("Running", "Pending", "Succeeded", "Failed"), 0)
        for pod in self.fetch(names.PODS, meta.namespace_of(obj), labels=selector):
            owner = meta.controller_of(pod)
            phase = (pod.get("status") or {}).get("phase")
            if owner is not None and owner.get("uid") == meta.uid_of(obj) and phase in counts:
                counts[phase] += 1
        running, waiting, succeeded, failed = counts.values()
        return f"{running} Running / {waiting} Waiting / {succeeded} Succeeded / {failed} Failed"


def _escaped(value: str) -> str:
    """A field selector's value. Source: apimachinery/pkg/fields (EscapeValue)"""
    return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=")


class Writer:
    """Collects a description, line by line, each at a level of two spaces."""

    __slots__ = ("_indent", "_parts")

    def __init__(self, parts: list[str] | None = None, indent: int = 0) -> None:
        self._parts: list[str] = [] if parts is None else parts
        self._indent = "  " * indent

    def __call__(self, level: int, text: str) -> None:
        """A whole line."""
        self._parts.append(f"{self._indent}{'  ' * level}{text}\n")

    def piece(self, level: int, text: str) -> None:
        """Text without a line's end."""
        self._parts.append(f"{self._indent}{'  ' * level}{text}")

    @property
    def gap(self) -> str:
        """What a nested writer puts before each piece of a line, as kubectl's does."""
        return self._indent

    def nested(self, levels: int) -> Writer:
        """A writer of the same text whose level 0 is deeper."""
        return Writer(self._parts, len(self._indent) // 2 + levels)

    def text(self) -> str:
        """The whole, aligned; what could steer a terminal is escaped."""
        written = "".join(self._parts).replace("\x1b", "^[").replace("\r", "\\r")
        return tabwriter.described(written)


def instant(timestamp: str) -> datetime:
    return datetime.fromisoformat(timestamp.replace("Z", "+00:00"))


def moment(timestamp: str | None) -> str:
    """`Mon, 23 Nov 2026 05:33:15 +0000` (RFC 1123)."""
    if not timestamp:
        return _ZERO_TIME
    at = instant(timestamp).astimezone(UTC)
    return f"{_DAYS[at.weekday()]}, {at.day:02d} {_MONTHS[at.month - 1]} {at:%Y %H:%M:%S} +0000"


def amount(value: Any) -> str:
    """A quantity in its canonical form; one that is not there is 0."""
    return "0" if value is None else str(quantity.parse(value))


def yes(value: Any) -> str:
    """Go's %v of a boolean that may be missing."""
    return "true" if value else "false"


def strings(values: Iterable[Any] | None) -> str:
    """Go's %v of a slice of strings: `[a b]`."""
    return f"[{' '.join([str(value) for value in values or ()])}]"


def name_lines(w: Writer, obj: Object) -> None:
    w(0, f"Name:\t{obj['metadata']['name']}")
    w(0, f"Namespace:\t{obj['metadata'].get('namespace', '')}")


def label_lines(w: Writer, title: str, labels: Mapping[str, str] | None, indent: str = "") -> None:
    """`Labels:  a=1` with a line for each."""
    gap = w.gap
    if not labels:
        w(0, f"{indent}{title}:\t{gap}<none>")
        return
    lead = f"{indent}{title}:\t{gap}"
    for key in sorted(labels):
        w(0, f"{lead}{key}={labels[key]}")
        lead = f"{indent}{gap}\t{gap}"


def annotation_lines(w: Writer, annotations: Mapping[str, str] | None, title: str = "Annotations") -> None:
    """`Annotations:  key: value`; long and many-lined values follow their key, cut to a width."""
    keys = sorted(set(annotations or ()) - _SKIPPED)
    gap = w.gap
    if not annotations or not keys:
        w(0, f"{title}:\t{gap}<none>")
        return
    lead = f"{title}:\t{gap}"
    for key in keys:
        value = annotations[key].removesuffix("\n")
        if len(value.encode()) + len(key) + 2 > _LONGEST_ANNOTATION or "\n" in value:
            w(0, f"{lead}{key}:")
            for line in value.split("\n"):
                w(0, f"\t  {_shortened(line, _LONGEST_ANNOTATION - 2)}")
        else:
            w(0, f"{lead}{key}: {value}")
        lead = f"\t{gap}"


def _shortened(text: str, longest: int) -> str:
    encoded = text.encode()
    return encoded[:longest].decode(errors="replace") + "..." if len(encoded) > longest else text


def metadata_lines(w: Writer, obj: Object) -> None:
    label_lines(w, "Labels", obj["metadata"].get("labels"))
    annotation_lines(w, obj["metadata"].get("annotations"))


def controller_line(w: Writer, obj: Object) -> None:
    owner = meta.controller_of(obj)
    if owner is not None:
        w(0, f"Controlled By:\t{owner['kind']}/{owner['name']}")


def condition_lines(w: Writer, conditions: Sequence[Object] | None) -> None:
    """The conditions of workloads: type, status, reason."""
    if conditions:
        w(0, "Conditions:\n  Type\tStatus\tReason")
        w(1, "----\t------\t------")
        for each in conditions:
            w(1, f"{each['type']} \t{each.get('status', '')}\t{each.get('reason', '')}")


def event_lines(w: Writer, events: list[Object] | None, context: DescribeContext) -> None:
    """The table of events, oldest first; nothing where events are not to be shown."""
    if events is None:
        return
    if not events:
        w(0, "Events:\t<none>")
        return
    w(0, "Events:\n  Type\tReason\tAge\tFrom\tMessage")
    w(1, "----\t------\t----\t----\t-------")
    for event in sorted(events, key=lambda each: each.get("lastTimestamp") or ""):
        first = context.since(event.get("eventTime") or event.get("firstTimestamp"))
        series, count = event.get("series"), event.get("count", 0)
        age = first
        if series:
            last = context.since(series.get("lastObservedTime"))
            age = f"{last} (x{series.get('count', 0)} over {first})"
        elif count > 1:
            age = f"{context.since(event.get('lastTimestamp'))} (x{count} over {first})"
        source = (event.get("source") or {}).get("component") or event.get("reportingComponent") or ""
        message = (event.get("message") or "").strip()
        path = (event.get("involvedObject") or {}).get("fieldPath")
        if path:
            message = f"{path}: {message}"
        w(1, f"{event.get('type', '')}\t{event.get('reason', '')}\t{age}\t{source}\t{message}")


def generic(obj: Object, context: DescribeContext) -> str:
    """The description of a kind that has none of its own: all its fields."""
    events = context.events(obj)
    w = Writer()
    name_lines(w, obj)
    metadata_lines(w, obj)
    _content(w, 0, obj, "")
    event_lines(w, events, context)
    return w.text()


_KNOWN = frozenset(
    {".metadata.managedFields", ".metadata.name", ".metadata.namespace", ".metadata.labels", ".metadata.annotations"}
)


def _content(w: Writer, level: int, content: Mapping[str, Any], prefix: str) -> None:
    for field in sorted(content):
        value = content[field]
        path = f"{prefix}.{field}"
        if path in _KNOWN:
            continue
        label = field_label(field)
        if isinstance(value, dict):
            w(level, f"{label}:")
            _content(w, level + 1, value, path)
        elif isinstance(value, list):
            w(level, f"{label}:")
            for child in value:
                if isinstance(child, dict):
                    _content(w, level + 1, child, path)
                else:
                    w(level + 1, go_values.plain(child))
        else:
            w(level, f"{label}:\t{go_values.plain(value)}")


_ACRONYMS = frozenset({"API", "URL", "UID", "GUID"})
# Camel case's parts: capitals before a capitalised word, a word with its capital, lower-case letters.
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]+|[a-z]+|[A-Z]+|-+|[^\W\d_a-zA-Z]+")


def field_label(field: str) -> str:
    """`creationTimestamp` as `Creation Timestamp`, `apiVersion` as `API Version`."""
    if not all(char.isalpha() or char == "-" for char in field):
        return field
    parts: list[str] = []
    for part in _CAMEL.findall(field):
        if parts and len(parts[-1]) > 1 and parts[-1].isupper() and part[0].isupper():
            parts[-1] += part
        else:
            parts.append(part)
    shown = []
    for part in parts:
        if part.upper() in _ACRONYMS:
            part = part.upper()
        elif part.lower() == part:
            part = part[:1].upper() + part[1:]
        shown.append(part)
    return " ".join(shown)
