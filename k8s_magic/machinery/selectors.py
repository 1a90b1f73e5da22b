"""Label selectors and field selectors: read as the server and kubectl read them, with their words when they cannot.

`parse` and `from_label_selector` answer the same value object; `matches` is quick where all requirements are
equalities, and `exact` gives those to an index.

Source: apimachinery/pkg/labels/selector.go, apimachinery/pkg/apis/meta/v1/helpers.go
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from k8s_magic.machinery import field_selectors
from k8s_magic.machinery.field_selectors import FieldSelector
from k8s_magic.machinery.label_syntax import SelectorError, key_errors, quoted, value_errors

__all__ = [
    "FieldSelector",
    "Requirement",
    "Selector",
    "SelectorError",
    "from_label_selector",
    "parse",
    "parse_fields",
]

parse_fields = field_selectors.parse

IN, NOT_IN, EXISTS, NOT_EXISTS = "in", "notin", "exists", "!"
EQUALS, DOUBLE_EQUALS, NOT_EQUALS, GREATER, LESS = "=", "==", "!=", "gt", "lt"
_EQUALITIES = frozenset({EQUALS, DOUBLE_EQUALS, IN})
_BINARY_WORDS = "in, notin, =, ==, !=, gt, lt"
_SYMBOL = {
    EQUALS: "=",
    DOUBLE_EQUALS: "==",
    NOT_EQUALS: "!=",
    IN: " in ",
    NOT_IN: " notin ",
    GREATER: ">",
    LESS: "<",
}
_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)


class Requirement(NamedTuple):
    """One condition on one key. `values` holds one for equalities and comparisons, none for existence."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        operator = self.operator
        found = labels.get(self.key)
        if operator in _EQUALITIES:
            return found is not None and found in self.values
        if operator in (NOT_EQUALS, NOT_IN):
            return found is None or found not in self.values
        if operator == EXISTS:
            return found is not None
        if operator == NOT_EXISTS:
            return found is None
        if found is None or _INTEGER.fullmatch(found) is None:
            return False
        wanted = int(self.values[0])
        return int(found) > wanted if operator == GREATER else int(found) < wanted

    def __str__(self) -> str:
        if self.operator == EXISTS:
            return self.key
        if self.operator == NOT_EXISTS:
            return f"!{self.key}"
        values = ",".join(sorted(self.values))
        if self.operator in (IN, NOT_IN):
            values = f"({values})"
        return f"{self.key}{_SYMBOL[self.operator]}{values}"


class Selector:
    """All of some requirements, sorted by key. `is_nothing` matches no object (a missing LabelSelector)."""

    __slots__ = ("_pairs", "_rest", "exact", "is_nothing", "requirements")

    def __init__(self, requirements: Iterable[Requirement] = (), *, is_nothing: bool = False) -> None:
        self.requirements = tuple(sorted(requirements, key=lambda requirement: requirement.key))
        self.is_nothing = is_nothing
        self.exact: dict[str, str] = {}
        rest = []
        for requirement in self.requirements:
            single = len(requirement.values) == 1 and requirement.operator in _EQUALITIES
            if single and requirement.key not in self.exact:
                self.exact[requirement.key] = requirement.values[0]
            else:
                rest.append(requirement)
        self._pairs = tuple(self.exact.items())
        self._rest = tuple(rest)

    @property
    def is_everything(self) -> bool:
        return not self.requirements and not self.is_nothing

    def matches(self, labels: Mapping[str, str]) -> bool:
        if self.is_nothing:
            return False
        get = labels.get
        for key, value in self._pairs:
            if get(key) != value:
                return False
        return all(requirement.matches(labels) for requirement in self._rest)

    def __str__(self) -> str:
        return ",".join(map(str, self.requirements))

    def __repr__(self) -> str:
        return f"Selector({str(self)!r})" if not self.is_nothing else "Selector(nothing)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Selector):
            return False
        return self.requirements == other.requirements and self.is_nothing == other.is_nothing

    def __hash__(self) -> int:
        return hash((self.requirements, self.is_nothing))


EVERYTHING = Selector()
NOTHING = Selector(is_nothing=True)


def requirement(key: str, operator: str, values: Iterable[str] = ()) -> Requirement:
    """labels.NewRequirement. Raises: SelectorError with every complaint."""
    held = tuple(values)
    complaints = [f"key: Invalid value: {quoted(key)}: {'; '.join(errors)}" for errors in [key_errors(key)] if errors]
    if operator in (IN, NOT_IN) and not held:
        complaints.append("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty")
    elif operator in (EXISTS, NOT_EXISTS) and held:
        shown = "[" + ",".join(f'"{value}"' for value in held) + "]"
        complaints.append(f"values: Invalid value: {shown}: values set must be empty for exists and does not exist")
    elif operator in (GREATER, LESS):
        for position, value in enumerate(held):
            if _INTEGER.fullmatch(value) is None:
                why = "for 'Gt', 'Lt' operators, the value must be an integer"
                complaints.append(f"values[{position}]: Invalid value: {quoted(value)}: {why}")
    for position, value in enumerate(held):
        errors = value_errors(value)
        if errors:
            complaints.append(f"values[{position}][{key}]: Invalid value: {quoted(value)}: {'; '.join(errors)}")
    if complaints:
        distinct = list(dict.fromkeys(complaints))
        raise SelectorError(distinct[0] if len(distinct) == 1 else f"[{', '.join(distinct)}]")
    return Requirement(key, operator, held)


# --- Text ------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"[ \t\r\n]*(?:(==|!=|[=!(),<>])|([^=!(),<> \t\r\n]+)|$)")
_END = ""


def _tokens(text: str) -> list[tuple[str, str]]:
    """(token, literal); the token is the symbol itself, `in`, `notin`, `id` or "" for the end."""
    found, position = [], 0
    while True:
        match = _TOKEN.match(text, position)
        assert match is not None  # the pattern takes any character
        position = match.end()
        symbol, word = match.groups()
        if symbol:
            found.append((symbol, symbol))
        elif word:
            found.append((word if word in (IN, NOT_IN) else "id", word))
        else:
            found.append((_END, ""))
            return found


class _Parser:
    def __init__(self, text: str) -> None:
        self._items = _tokens(text)
        self._position = 0

    def _peek(self) -> tuple[str, str]:
        token, literal = self._items[self._position]
        return ("id" if token in (IN, NOT_IN) else token), literal

    def _take(self) -> tuple[str, str]:
        item = self._peek()
        self._position += 1
        return item

    def parse(self) -> list[Requirement]:
        found: list[Requirement] = []
        while True:
            token, literal = self._peek()
            if token == _END:
                return found
            if token not in ("id", "!"):
                raise SelectorError(f"found '{literal}', expected: !, identifier, or 'end of string'")
            try:
                found.append(self._requirement())
            except SelectorError as error:
                raise SelectorError(f"unable to parse requirement: {error}") from None
            token, literal = self._take()
            if token == _END:
                return found
            if token != ",":
                raise SelectorError(f"found '{literal}', expected: ',' or 'end of string'")
            token, literal = self._peek()
            if token not in ("id", "!"):
                raise SelectorError(f"found '{literal}', expected: identifier after ','")

    def _requirement(self) -> Requirement:
        token, key = self._take()
        absent = token == "!"
        if absent:
            token, key = self._take()
        if token != "id":
            raise SelectorError(f"found '{key}', expected: identifier")
        errors = key_errors(key)
        if errors:
            raise SelectorError(f"<nil>: Invalid value: {quoted(key)}: {'; '.join(errors)}")
        if absent:
            return requirement(key, NOT_EXISTS)
        if self._peek()[0] in (_END, ","):
            return requirement(key, EXISTS)
        operator, literal = self._items[self._position]
        self._position += 1
        if operator in (IN, NOT_IN):
            return requirement(key, operator, sorted(self._values()))
        operator = {">": GREATER, "<": LESS}.get(operator, operator)
        if operator not in (EQUALS, DOUBLE_EQUALS, NOT_EQUALS, GREATER, LESS):
            raise SelectorError(f"found '{literal}', expected: {_BINARY_WORDS}")
        return requirement(key, operator, (self._exact_value(),))

    def _exact_value(self) -> str:
        if self._peek()[0] in (_END, ","):
            return ""
        token, literal = self._take()
        if token != "id":
            raise SelectorError(f"found '{literal}', expected: identifier")
        return literal

    def _values(self) -> set[str]:
        token, literal = self._take()
        if token != "(":
            raise SelectorError(f"found '{literal}' expected: '('")
        token, literal = self._peek()
        if token == ")":
            self._take()
            return {""}
        if token not in ("id", ","):
            raise SelectorError(f"found '{literal}', expected: ',', ')' or identifier")
        found: set[str] = set()
        while True:
            token, literal = self._take()
            if token == "id":
                found.add(literal)
                token, literal = self._peek()
                if token == ")":
                    self._take()
                    return found
                if token != ",":
                    raise SelectorError(f"found '{literal}', expected: ',' or ')'")
            elif token == ",":
                if not found:
                    found.add("")
                token, _ = self._peek()
                if token == ")":
                    self._take()
                    found.add("")
                    return found
                if token == ",":
                    found.add("")
            else:
                raise SelectorError(f"found '{literal}', expected: ',', or identifier")


@lru_cache(maxsize=1024)
def parse(text: str) -> Selector:
    """A selector in text form: `app=web,tier in (a,b),!old`. Raises: SelectorError."""
    return Selector(_Parser(text).parse()) if text else EVERYTHING


# --- metav1.LabelSelector --------------------------------------------------------------------------------------

_EXPRESSION_OPERATORS = {"In": IN, "NotIn": NOT_IN, "Exists": EXISTS, "DoesNotExist": NOT_EXISTS}


def from_label_selector(selector: Mapping[str, Any] | None) -> Selector:
    """metav1.LabelSelectorAsSelector: None matches nothing, an empty one everything. Raises: SelectorError.

    Shape: reads matchLabels, matchExpressions[].key/operator/values.
    """
    if selector is None:
        return NOTHING
    requirements = [requirement(key, EQUALS, (value,)) for key, value in (selector.get("matchLabels") or {}).items()]
    for expression in selector.get("matchExpressions") or ():
        operator = _EXPRESSION_OPERATORS.get(expression.get("operator", ""))
        if operator is None:
            raise SelectorError(f'"{expression.get("operator", "")}" is not a valid label selector operator')
        requirements.append(requirement(expression.get("key", ""), operator, expression.get("values") or ()))
    return Selector(requirements) if requirements else EVERYTHING


def from_labels(labels: Mapping[str, str] | None) -> Selector:
    """Equality with every label of a map, unchecked (labels.SelectorFromSet): none at all matches everything."""
    return Selector(Requirement(key, EQUALS, (value,)) for key, value in (labels or {}).items())


def format_labels(labels: Mapping[str, str] | None) -> str:
    """labels.FormatLabels: `a=b,c=d` by key, or `<none>`."""
    return ",".join(f"{key}={value}" for key, value in sorted((labels or {}).items())) or "<none>"


def format_label_selector(selector: Mapping[str, Any] | None) -> str:
    """metav1.FormatLabelSelector: the canonical text, `<none>`, or `<error>`."""
    try:
        return str(from_label_selector(selector)) or "<none>"
    except SelectorError:
        return "<error>"


def to_label_selector(text: str) -> dict[str, Any]:
    """metav1.ParseToLabelSelector: the text as matchLabels and matchExpressions (each only where it has any)."""
    try:
        requirements = parse(text).requirements
    except SelectorError as error:
        raise SelectorError(f'couldn\'t parse the selector string "{text}": {error}') from None
    names = {operator: name for name, operator in _EXPRESSION_OPERATORS.items()}
    labels: dict[str, str] = {}
    expressions: list[dict[str, Any]] = []
    for key, operator, values in requirements:
        if operator in (EQUALS, DOUBLE_EQUALS):
            labels[key] = values[0]
            continue
        if operator in (GREATER, LESS):
            raise SelectorError(f'"{operator}" isn\'t supported in label selectors')
        if operator not in names:
            raise SelectorError(f'"{operator}" is not a valid label selector operator')
        expression: dict[str, Any] = {"key": key, "operator": names[operator]}
        if values:
            expression["values"] = sorted(values)
        expressions.append(expression)
    found: dict[str, Any] = {}
    if labels:
        found["matchLabels"] = labels
    if expressions:
        found["matchExpressions"] = expressions
    return found
