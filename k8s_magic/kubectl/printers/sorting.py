"""--sort-by. Source: kubectl/pkg/cmd/get/sorter.go."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cmp_to_key
from typing import Any, TypeVar

from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.printers.columns import relaxed
from k8s_magic.machinery import quantity
from k8s_magic.text import jsonpath
from k8s_magic.text.go_values import type_name

# Up to this many Go's sort inserts, beyond it partitions. Source: Go's sort/zsortinterface.go (maxInsertion)
_INSERTED = 12

Item = TypeVar("Item")


def by_field(expression: str, items: Sequence[Item], data: Sequence[Any], *, strict: bool = True) -> list[Item]:
    """The items in the order of a field of their data. Raises: KubectlError where none has the field.

    Our simplification: more than 12 items are sorted stably, as Go's order of equals follows its partitioning.
    """
    path = relaxed(expression)
    try:
        parsed = jsonpath.JsonPath(path, True)
        found = [parsed.find(one) for one in data]
    except jsonpath.JsonPathError as error:
        raise KubectlError(str(error) if strict else f"sorting error: {error}") from None
    values: list[Any] = [first[0][0] if first and first[0] else _MISSING for first in found]
    if items and all(value is _MISSING for value in values):
        raise KubectlError(f'couldn\'t find any field with path "{path}" in the list of objects')
    order: list[int] = list(range(len(items)))
    if len(order) <= _INSERTED:
        for end in range(1, len(order)):
            at = end
            while at > 0 and _less(values[order[at]], values[order[at - 1]]):
                order[at], order[at - 1] = order[at - 1], order[at]
                at -= 1
    else:

        def compare(one: int, other: int) -> int:
            return _compare(values[one], values[other])

        order.sort(key=cmp_to_key(compare))
    return [items[index] for index in order]


class _Missing:
    """An object without the field; it goes first."""


_MISSING = _Missing()


def _compare(one: Any, other: Any) -> int:
    if one is _MISSING and other is _MISSING:
        return 0
    return -1 if _less(one, other) else 1 if _less(other, one) else 0


def _less(one: Any, other: Any) -> bool:
    if one is _MISSING:
        return True
    if other is _MISSING:
        return False
    if one is None or other is None:
        return one is None and other is not None
    if isinstance(one, str) and isinstance(other, str):
        return _less_text(one, other)
    if isinstance(one, list) and isinstance(other, list):
        return all(_less(a, b) for a, b in zip(one, other, strict=False))
    if isinstance(one, bool | dict):
        raise KubectlError(f"Field is an unsortable type: {type_name(one)}")
    if type(one) is not type(other):
        raise KubectlError("Field is an unsortable type: interface")
    return bool(one < other)


def _less_text(one: str, other: str) -> bool:
    """Quantities by what they are worth, else by the letters."""
    if not (one[:1] in "+-.0123456789" and other[:1] in "+-.0123456789"):
        return one < other
    try:
        return quantity.parse(one) < quantity.parse(other)
    except quantity.QuantityError:
        return one < other
