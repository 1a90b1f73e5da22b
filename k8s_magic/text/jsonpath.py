"""kubectl's JSONPath templates: `{.items[*].metadata.name}`, ranges, filters, and text around them.

Where Go walks a map in random order (wildcards, `..`), keys are taken in sorted order.
Source: client-go/util/jsonpath; kubectl/pkg/cmd/get/customcolumn.go; cli-runtime/pkg/printers/jsonpath.go
"""

from __future__ import annotations

import re
from typing import Any

from k8s_magic.text import go_values, json_out
from k8s_magic.text.jsonpath_parse import (
    Array,
    Field,
    Filter,
    Identifier,
    JsonPathError,
    ListNode,
    Literal,
    Node,
    Recursive,
    Union,
    Wildcard,
    parse,
)

__all__ = ["JsonPath", "JsonPathError", "execution_failure", "relaxed"]

_RELAXED = re.compile(r"\{\.?([^{}]+)\}|\.?([^{}]+)")


def relaxed(expression: str) -> str:
    """`metadata.name`, `.metadata.name`, `{metadata.name}` as `{.metadata.name}` (custom columns, --sort-by).

    Raises: JsonPathError.
    """
    if not expression:
        return expression
    match = _RELAXED.fullmatch(expression)
    if match is None or expression.endswith("\n"):
        raise JsonPathError(
            "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'"
        )
    return f"{{.{match[1] or match[2]}}}"


def execution_failure(template: str, error: JsonPathError, data: Any) -> str:
    """What kubectl says, after its `error: `, when a template fails on an object."""
    return (
        f"error executing jsonpath {go_values.quoted(template)}: Error executing template: {error}. "
        "Printing more information for debugging the template:\n"
        f"\ttemplate was:\n\t\t{template}\n"
        f"\tobject given to jsonpath engine was:\n\t\t{go_values.sharp(data)}\n\n\n"
    )


class JsonPath:
    """A template, parsed. It may be used any number of times.

    Raises: JsonPathError where the template is malformed (kubectl prints `error parsing jsonpath TEMPLATE, WORDS`).
    """

    __slots__ = ("_allow_missing", "_nodes")

    def __init__(self, template: str, allow_missing: bool = False) -> None:
        self._nodes = parse(template).nodes
        self._allow_missing = allow_missing

    def execute(self, data: Any) -> str:
        """The template's text for an object.

        Raises: JsonPathError.
        """
        return "".join([" ".join([_text(value) for value in results]) for results in self.find(data)])

    def find(self, data: Any) -> list[list[Any]]:
        """The values of each part of the template (text outside braces is a part of its own).

        Raises: JsonPathError.
        """
        return _Walk(self._nodes, self._allow_missing).find(data, 0)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        return json_out.compact(value)
    return "null" if value is None else go_values.plain(value)


class _Walk:
    """One execution: the loops that are open and where the last one ended."""

    def __init__(self, nodes: list[Node], allow_missing: bool) -> None:
        self._nodes = nodes
        self._allow_missing = allow_missing
        self._begins = 0
        self._ranges = 0
        self._ends = 0
        self._last_end = -1

    def find(self, data: Any, at: int) -> list[list[Any]]:
        nodes = self._nodes
        found: list[list[Any]] = []
        while at < len(nodes):
            results = self._walk([data], nodes[at])
            if 0 < self._ends <= self._ranges:
                self._ends -= 1
                self._last_end = at
                break
            if self._begins:
                self._begins -= 1
                self._ranges += 1
                for value in results:
                    found += self.find(value, at + 1)
                if not results:
                    # The loop's nodes are still passed once, to find its end.
                    self.find(None, at + 1)
                self._ranges -= 1
                if self._last_end > at:
                    at = self._last_end
            else:
                found.append(results)
            at += 1
        return found

    def _walk(self, values: list[Any], node: Node) -> list[Any]:
        if isinstance(node, ListNode):
            for child in node.nodes:
                values = self._walk(values, child)
            return values
        if isinstance(node, Field):
            return self._field(values, node.name)
        if isinstance(node, Literal):
            return [node.value] if node.is_text else [node.value] * len(values)
        if isinstance(node, Array):
            return self._array(values, node)
        if isinstance(node, Filter):
            return self._filter(values, node)
        if isinstance(node, Wildcard):
            return [child for value in values for child in _children(value)]
        if isinstance(node, Recursive):
            return _descend(values)
        if isinstance(node, Union):
            return [value for option in node.options for value in self._walk(values, option)]
        return self._identifier(values, node)

    def _identifier(self, values: list[Any], node: Identifier) -> list[Any]:
        if node.name == "range":
            self._begins += 1
            return values
        if node.name == "end":
            if not self._ranges:
                raise JsonPathError("not in range, nothing to end")
            self._ends += 1
            return []
        raise JsonPathError(f"unrecognized identifier {node.name}")

    def _field(self, values: list[Any], name: str) -> list[Any]:
        if not values:
            return []
        found = [value[name] for value in values if isinstance(value, dict) and name in value]
        if not found and not self._allow_missing:
            raise JsonPathError(f"{name} is not found")
        return found

    def _array(self, values: list[Any], node: Array) -> list[Any]:
        found: list[Any] = []
        for value in values:
            if value is None:
                continue
            if not isinstance(value, list):
                raise JsonPathError(f"{go_values.type_name(value)} is not array or slice")
            size = len(value)
            start = 0 if node.start is None else node.start
            if start < 0:
                start += size
            end = size if node.end is None else node.end
            if end < 0 or (end == 0 and node.end_derived):
                end += size
            if start == end:
                return found
            if start >= size or start < 0:
                raise JsonPathError(f"array index out of bounds: index {start}, length {size}")
            if end > size or end < 0:
                raise JsonPathError(f"array index out of bounds: index {end - 1}, length {size}")
            if start > end:
                raise JsonPathError(f"starting index {start} is greater than ending index {end}")
            step = 1 if node.step is None else node.step
            if step <= 0:
                raise JsonPathError("step must be > 0")
            found += value[start:end:step]
        return found

    def _filter(self, values: list[Any], node: Filter) -> list[Any]:
        found: list[Any] = []
        for value in values:
            if not isinstance(value, list):
                raise JsonPathError(f"{go_values.plain(value)} is not array or slice and cannot be filtered")
            found += [item for item in value if self._passes(item, node)]
        return found

    def _passes(self, item: Any, node: Filter) -> bool:
        if node.operator == "exists":
            try:
                return bool(self._walk([item], node.left))
            except JsonPathError:
                return False
        lefts = self._walk([item], node.left)
        if not lefts:
            return False
        if len(lefts) > 1:
            raise JsonPathError("can only compare one element at a time")
        rights = self._walk([item], node.right)
        if not rights:
            return False
        if len(rights) > 1:
            raise JsonPathError("can only compare one element at a time")
        return _compare(node.operator, lefts[0], rights[0])


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    if isinstance(value, list):
        return value
    return list(value.encode()) if isinstance(value, str) else []


def _descend(values: list[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        children = _children(value)
        if children:
            found.append(value)
            if not isinstance(value, str):
                found += _descend(children)
    return found


def _kind(value: Any) -> str:
    for kind, types in (("bool", bool), ("int", int), ("float", float), ("string", str)):
        if isinstance(value, types):
            return kind
    raise JsonPathError("invalid type for comparison")


def _compare(operator: str, left: Any, right: Any) -> bool:
    kind, other = _kind(left), _kind(right)
    if operator not in ("<", ">", "==", "!=", "<=", ">="):
        raise JsonPathError(f"unrecognized filter operator {operator}")
    if kind != other:
        raise JsonPathError("incompatible types for comparison")
    if operator in ("==", "!="):
        return bool(left == right) == (operator == "==")
    if kind == "bool":
        raise JsonPathError("invalid type for comparison")
    if operator == "<":
        return bool(left < right)
    if operator == "<=":
        return bool(left <= right)
    return bool(left > right if operator == ">" else left >= right)
