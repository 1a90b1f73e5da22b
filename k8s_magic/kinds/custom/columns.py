"""The Table of a custom resource: its name, and what additionalPrinterColumns find.

Source: apiextensions-apiserver/pkg/registry/customresource/tableconvertor/tableconvertor.go
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object
from k8s_magic.text.jsonpath import JsonPath, JsonPathError

NAME = Column("Name", "string", "name")
AGE = {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}
Row = Callable[[Object, Clock], list[Any]]


def table(given: Sequence[Object]) -> tuple[tuple[Column, ...], Row]:
    """The columns and the reader of a row. Without columns of its own a kind shows its age."""
    chosen = list(given) or [AGE]
    columns = [NAME]
    readers: list[tuple[str, JsonPath]] = []
    for each in chosen:
        path = each["jsonPath"]
        try:
            readers.append((each["type"], JsonPath(f"{{{path}}}", allow_missing=True)))
        except JsonPathError:
            break  # what cannot be read ends the table, as in the real server
        about = each.get("description") or f"Custom resource definition column (in JSONPath format): {path}"
        columns.append(Column(each["name"], each["type"], each.get("format", ""), each.get("priority", 0), about))

    def row(obj: Object, clock: Clock) -> list[Any]:
        return [obj["metadata"]["name"], *(_cell(kind, path, obj, clock) for kind, path in readers)]

    return tuple(columns), row


def _cell(kind: str, path: JsonPath, obj: Object, clock: Clock) -> Any:
    try:
        found = path.find(obj)
    except JsonPathError:
        return None
    if not found or not found[0]:
        return None
    value = found[0][0]
    if kind == "string":
        return _text(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "integer":
        return int(value) if is_number else None
    if kind == "number":
        return float(value) if is_number and not float(value).is_integer() else value if is_number else None
    if kind == "boolean":
        return value if isinstance(value, bool) else None
    if kind == "date" and isinstance(value, str):
        try:
            return printing.since(value, clock)
        except ValueError:
            return "<invalid>"
    return None


def _text(value: Any) -> str:
    """As kubectl's jsonpath prints a value."""
    return JsonPath("{.value}").execute({"value": value})
