"""-o custom-columns. Source: kubectl/pkg/cmd/get/{customcolumn,customcolumn_flags}.go."""

from __future__ import annotations

import re
from dataclasses import dataclass

from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.printers.formats import Printed, Reader, as_data
from k8s_magic.kubectl.printers.print_flags import split_format
from k8s_magic.kubectl.resources.info import is_list
from k8s_magic.kubectl.streams import Write
from k8s_magic.kubectl.wording import terminal_safe
from k8s_magic.machinery.protocols import WatchEvent
from k8s_magic.text import jsonpath, tabwriter
from k8s_magic.text.go_values import plain

FORMATS = ("custom-columns", "custom-columns-file")

_RELAXED = re.compile(r"\{\.?([^{}]+)\}|\.?([^{}]+)")
_NONE_GIVEN = "custom-columns format specified but no custom columns given"
_FILE_FORM = "Expected format is one line of space separated headers, one line of space separated column specs."


def relaxed(expression: str) -> str:
    """`.a.b`, `a.b`, `{a.b}` or `{.a.b}` as `{.a.b}`. Raises: KubectlError."""
    if not expression:
        return expression
    found = _RELAXED.fullmatch(expression)
    if found is None:
        raise KubectlError(
            "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'"
        )
    return f"{{.{found[1] or found[2]}}}"


@dataclass(frozen=True, slots=True)
class _Column:
    header: str
    path: jsonpath.JsonPath


def _column(header: str, expression: str) -> _Column:
    try:
        return _Column(header, jsonpath.JsonPath(relaxed(expression), True))
    except jsonpath.JsonPathError as error:
        raise KubectlError(str(error)) from None


class ColumnsPrinter:
    def __init__(self, columns: list[_Column], *, no_headers: bool = False) -> None:
        self._columns = columns
        self._headers_due = not no_headers

    def print(self, obj: Printed, write: Write) -> None:
        writer = tabwriter.get_writer(write)
        if self._headers_due:
            writer.write("\t".join(column.header for column in self._columns) + "\n")
            self._headers_due = False
        items = obj["items"] if not isinstance(obj, WatchEvent) and is_list(obj) else [as_data(obj)]
        for item in items:
            writer.write("\t".join(self._text(column, item) for column in self._columns) + "\n")
        writer.flush()

    def _text(self, column: _Column, item: object) -> str:
        try:
            found = column.path.find(item)
        except jsonpath.JsonPathError as error:
            raise KubectlError(str(error)) from None
        texts = ["<none>"] if not found or not found[0] else []
        texts += [terminal_safe(plain(value)) for values in found for value in values]
        return ",".join(texts)


def printer(output: str, template: str, read: Reader, *, no_headers: bool) -> ColumnsPrinter | None:
    """None where -o is something else. Raises: KubectlError."""
    found = split_format(output, template, FORMATS)
    if found is None:
        return None
    name, spec = found
    if not spec:
        raise KubectlError(_NONE_GIVEN)
    if name == "custom-columns-file":
        return ColumnsPrinter(_of_file(read, spec))
    columns = []
    for part in spec.split(","):
        header, colon, expression = part.partition(":")
        if not colon:
            raise KubectlError(f"unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>")
        columns.append(_column(header, expression))
    return ColumnsPrinter(columns, no_headers=no_headers)


def _of_file(read: Reader, name: str) -> list[_Column]:
    try:
        lines = read(name).decode("utf-8", "replace").splitlines()
    except OSError as error:
        raise KubectlError(f"error reading template {name}, {error}\n") from None
    for number, what in enumerate(("header", "spec")):
        if len(lines) <= number:
            raise KubectlError(f"invalid template, missing {what} line. {_FILE_FORM}")
    headers, specs = lines[0].split(), lines[1].split()
    if len(headers) != len(specs):
        raise KubectlError(f"number of headers ({len(headers)}) and field specifications ({len(specs)}) don't match")
    return [_column(header, spec) for header, spec in zip(headers, specs, strict=True)]
