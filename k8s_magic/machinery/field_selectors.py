"""Field selectors (`status.phase!=Running,spec.nodeName=node-1`), with apimachinery's escapes and words.

Source: apimachinery/pkg/fields/selector.go
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from k8s_magic.machinery.label_syntax import SelectorError

_TERM = re.compile(r"(?:\\.|[^\\,])*\\?", re.DOTALL)
_OPERATOR = re.compile(r"!=|==|=")


class FieldRequirement(NamedTuple):
    """`operator` is `=` or `!=`."""

    field: str
    operator: str
    value: str


class FieldSelector:
    """All of some requirements, in the order of their texts."""

    __slots__ = ("requirements",)

    def __init__(self, requirements: tuple[FieldRequirement, ...] = ()) -> None:
        self.requirements = requirements

    @property
    def is_everything(self) -> bool:
        return not self.requirements

    def exact(self, field: str) -> str | None:
        """The one value a field must have, where the selector says so."""
        for name, operator, value in self.requirements:
            if name == field and operator == "=":
                return value
        return None

    def matches(self, getter: Callable[[str], str]) -> bool:
        return all((getter(field) == value) is (operator == "=") for field, operator, value in self.requirements)

    def __str__(self) -> str:
        return ",".join(f"{field}{operator}{escape(value)}" for field, operator, value in self.requirements)


def escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=")


def _unescape(text: str) -> str:
    value, position = [], 0
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 1
            following = text[position : position + 1]
            if following not in ("\\", ",", "="):
                raise SelectorError(f"invalid field selector: invalid escape sequence: \\{following}")
            value.append(following)
        elif character in ",=":
            # The server prints the rune's number.
            raise SelectorError(f"invalid field selector: unescaped character in value: {ord(character)}")
        else:
            value.append(character)
        position += 1
    return "".join(value)


@lru_cache(maxsize=1024)
def parse(text: str) -> FieldSelector:
    """Raises: SelectorError."""
    terms, position = [], 0
    while position <= len(text):
        match = _TERM.match(text, position)
        assert match is not None  # the pattern takes the empty text
        terms.append(match[0])
        position = match.end() + 1
    requirements = []
    for term in sorted(terms):
        if not term:
            continue
        operator = _OPERATOR.search(term)
        if operator is None:
            raise SelectorError(f"invalid selector: '{text}'; can't understand '{term}'")
        value = _unescape(term[operator.end() :])
        requirements.append(FieldRequirement(term[: operator.start()], "!=" if operator[0] == "!=" else "=", value))
    return FieldSelector(tuple(requirements))
