"""The server's Table as text: headers, label columns, kind prefixes, wide columns, watch events.

Source: cli-runtime/pkg/printers/tableprinter.go
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from k8s_magic.kubectl.streams import Write
from k8s_magic.kubectl.wording import terminal_safe
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import WatchEvent
from k8s_magic.text import tabwriter
from k8s_magic.text.go_values import plain

_LINE_BREAK = re.compile("[\f\n\r]")
_EVENT_TYPES = {"ADDED": "ADDED   ", "MODIFIED": "MODIFIED", "DELETED": "DELETED ", "ERROR": "ERROR   "}


@dataclass(frozen=True, slots=True)
class TableOptions:
    """`kind` prefixes names (`pod`, `deployment.apps`) where `with_kind`."""

    wide: bool = False
    no_headers: bool = False
    with_namespace: bool = False
    with_kind: bool = False
    kind: str = ""
    show_labels: bool = False
    label_columns: tuple[str, ...] = ()


class TablePrinter:
    """Prints Tables one after the other; headers only when the columns are other ones than before."""

    def __init__(self, options: TableOptions, writer: tabwriter.TabWriter | None = None) -> None:
        self._options = options
        self._writer = writer
        self._columns: Sequence[Mapping[str, Any]] = ()
        self._has_headers = False

    def print(self, obj: Object | WatchEvent, write: Write) -> None:
        event = ""
        if isinstance(obj, WatchEvent):
            event, obj = obj.type, obj.object
        text = self.text(obj, event)
        if self._writer is not None:
            self._writer.write(text)
            return
        writer = tabwriter.get_writer(write)
        writer.write(text)
        writer.flush()

    def text(self, table: Object, event: str = "") -> str:
        """The rows with tabs between cells, not aligned yet."""
        columns = table.get("columnDefinitions") or ()
        headers = not self._options.no_headers
        if not columns:
            columns = self._columns
            headers = headers and not self._has_headers
        elif columns is self._columns or columns == self._columns:
            headers = headers and not self._has_headers
        else:
            self._columns = columns
            self._has_headers = False
        rows = table.get("rows") or ()
        if rows:
            self._has_headers = True
        lines: list[str] = []
        if headers and rows:
            lines.append(self._header(columns, event))
        lines += self._rows(columns, rows, event)
        return "".join(lines)

    def _shown(self, columns: Sequence[Mapping[str, Any]]) -> list[int]:
        wide = self._options.wide
        return [index for index, column in enumerate(columns) if wide or not column.get("priority")]

    def _header(self, columns: Sequence[Mapping[str, Any]], event: str) -> str:
        options = self._options
        names = [columns[index]["name"].upper() for index in self._shown(columns)]
        if options.with_namespace:
            names.insert(0, "NAMESPACE")
        if event:
            names.insert(0, "EVENT")
        names += [label.rpartition("/")[2].upper() for label in options.label_columns]
        if options.show_labels:
            names.append("LABELS")
        return "\t".join(names) + "\n"

    def _rows(self, columns: Sequence[Mapping[str, Any]], rows: Sequence[Any], event: str) -> list[str]:
        options = self._options
        shown = self._shown(columns)
        prefixed = self._name_column(columns) if options.with_kind and options.kind else -1
        with_metadata = bool(options.with_namespace or options.label_columns or options.show_labels)
        lead = [_EVENT_TYPES.get(event, event)] if event else []
        lines = []
        for row in rows:
            cells = row["cells"]
            texts = [
                cell if type(cell) is str and cell.isprintable() else _cell(cell)
                for cell in [cells[index] for index in shown if index < len(cells)]
            ]
            if prefixed >= 0:
                texts[prefixed] = f"{options.kind}/{texts[prefixed]}"
            if with_metadata:
                texts = self._decorated(texts, (row.get("object") or {}).get("metadata") or {})
            lines.append("\t".join(lead + texts) + "\n")
        return lines

    def _name_column(self, columns: Sequence[Mapping[str, Any]]) -> int:
        for position, index in enumerate(self._shown(columns)):
            if columns[index].get("format") == "name" and columns[index].get("type") == "string":
                return position
        return -1

    def _decorated(self, texts: list[str], metadata: Mapping[str, Any]) -> list[str]:
        options = self._options
        labels: Mapping[str, str] = metadata.get("labels") or {}
        if options.with_namespace:
            texts.insert(0, metadata.get("namespace", ""))
        texts += [_cell(labels.get(label, "")) for label in options.label_columns]
        if options.show_labels:
            texts.append(_cell(labels_text(labels)))
        return texts


def labels_text(labels: Mapping[str, str]) -> str:
    """`app=web,tier=front`, or `<none>`."""
    return ",".join(f"{key}={labels[key]}" for key in sorted(labels)) or "<none>"


def _cell(value: Any) -> str:
    """One cell; only its first line is shown."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return plain(value)
    found = _LINE_BREAK.search(value)
    if found is not None:
        value = value[: found.start()] + "..."
    return terminal_safe(value)


# What is shown of objects that come without a Table. Source: tableprinter.go (objectMetaColumnDefinitions)
METADATA_COLUMNS: list[dict[str, Any]] = [
    {"name": "Name", "type": "string", "format": "name"},
    {"name": "Age", "type": "string"},
]
