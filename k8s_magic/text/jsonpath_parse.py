"""The parser of kubectl's JSONPath templates, with client-go's words for what is wrong.

Source: client-go/util/jsonpath/parser.go
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from k8s_magic.text import go_values


class JsonPathError(Exception):
    """What client-go says of a template, or of a template and an object."""


@dataclass(slots=True)
class ListNode:
    nodes: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Field:
    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    value: Any
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Array:
    """[start:end:step]; None where one is not given. `[3]` is [3:4] with a derived end."""

    start: int | None
    end: int | None
    step: int | None
    end_derived: bool


@dataclass(frozen=True, slots=True)
class Filter:
    left: ListNode
    right: ListNode
    operator: str


@dataclass(frozen=True, slots=True)
class Wildcard: ...


@dataclass(frozen=True, slots=True)
class Recursive: ...


@dataclass(frozen=True, slots=True)
class Union:
    options: list[ListNode]


@dataclass(frozen=True, slots=True)
class Identifier:
    name: str


Node = ListNode | Field | Literal | Array | Filter | Wildcard | Recursive | Union | Identifier

_KEY = re.compile(r"'([^']*)'")
_SLICE = re.compile(r"(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?")
_COMPARISON = re.compile(r"([^!<>=]+)([!<>=]+)(.+?)", re.DOTALL)
_TERMINATORS = frozenset(" \t\r\n.,[]$@{}")
_INTEGER = re.compile(r"[-+]?[0-9]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)", re.ASCII)


def parse(template: str) -> ListNode:
    """The template's parts: text and, for each pair of braces, a list of steps.

    Raises: JsonPathError.
    """
    return _Parser(template).text()


def _action(text: str) -> ListNode:
    node = parse("{" + text + "}").nodes[0]
    return node if isinstance(node, ListNode) else ListNode([node])


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._root = ListNode()

    def text(self) -> ListNode:
        source = self._source
        while self._at < len(source):
            brace = source.find("{", self._at)
            end = len(source) if brace < 0 else brace
            if end > self._at:
                self._root.nodes.append(Literal(source[self._at : end], is_text=True))
            self._at = end
            if brace >= 0:
                self._at += 1
                steps = ListNode()
                self._root.nodes.append(steps)
                self._steps(steps.nodes)
        return self._root

    def _steps(self, nodes: list[Node]) -> None:
        source = self._source
        while True:
            at = self._at
            char = source[at : at + 1]
            if char == "}":
                self._at += 1
                return
            if not char or char in "\r\n":
                raise JsonPathError("unclosed action")
            if source.startswith("[?(", at):
                self._filter(nodes)
            elif source.startswith("..", at):
                if nodes and isinstance(nodes[-1], Recursive):
                    raise JsonPathError("invalid multiple recursive descent")
                self._at += 2
                nodes.append(Recursive())
                if _is_word(source[self._at : self._at + 1]):
                    self._field(nodes)
            elif char in " @$":
                self._at += 1
            elif char == "[":
                self._array(nodes)
            elif char in "\"'":
                self._quote(nodes, char)
            elif char == ".":
                self._at += 1
                self._field(nodes)
            elif char in "+-" or char.isdecimal():
                self._number(nodes)
            elif _is_word(char):
                self._identifier(nodes)
            else:
                raise JsonPathError(f"unrecognized character in action: {go_values.char_name(char)}")

    def _identifier(self, nodes: list[Node]) -> None:
        start = self._at
        while self._at < len(self._source) and self._source[self._at] not in _TERMINATORS:
            self._at += 1
        name = self._source[start : self._at]
        nodes.append(Literal(name == "true") if name in ("true", "false") else Identifier(name))

    def _number(self, nodes: list[Node]) -> None:
        start = self._at
        self._at += self._source[start] in "+-"
        while self._at < len(self._source) and (self._source[self._at] == "." or self._source[self._at].isdecimal()):
            self._at += 1
        text = self._source[start : self._at]
        if _INTEGER.fullmatch(text):
            nodes.append(Literal(int(text)))
        elif _FLOAT.fullmatch(text):
            nodes.append(Literal(float(text)))
        else:
            raise JsonPathError(f"cannot parse number {text}")

    def _field(self, nodes: list[Node]) -> None:
        source = self._source
        start = self._at
        while self._at < len(source):
            char = source[self._at]
            if char == "\\":
                self._at += 2
            elif char in _TERMINATORS:
                break
            else:
                self._at += 1
        name = source[start : self._at]
        nodes.append(Wildcard() if name == "*" else Field(name.replace("\\", "")))

    def _quote(self, nodes: list[Node], quote: str) -> None:
        source = self._source
        start = self._at
        self._at += 1
        while True:
            char = source[self._at : self._at + 1]
            if not char or char == "\n":
                raise JsonPathError("unterminated quoted string")
            self._at += 1
            if char == quote and source[self._at - 2] != "\\":
                break
        text = source[start : self._at]
        nodes.append(Literal(_unquoted(text), is_text=True))

    def _array(self, nodes: list[Node]) -> None:
        source = self._source
        start = self._at + 1
        end = source.find("]", start)
        line_end = source.find("\n", start)
        if end < 0 or 0 <= line_end < end:
            raise JsonPathError("unterminated array")
        self._at = end + 1
        text = source[start:end]
        if text == "*":
            text = ":"
        parts = text.split(",")
        if len(parts) > 1:
            nodes.append(Union([_action(f"[{part.strip(' ')}]") for part in parts]))
            return
        key = _KEY.fullmatch(text)
        if key is not None:
            nodes += _action("." + key[1]).nodes
            return
        bounds = _SLICE.fullmatch(text)
        if bounds is None:
            raise JsonPathError(f"invalid array index {text}")
        nodes.append(_slice(bounds))

    def _filter(self, nodes: list[Node]) -> None:
        source = self._source
        start = self._at + 3
        at = start
        pair = ""
        begun = ended = False
        while True:
            char = source[at : at + 1]
            if not char or char == "\n":
                raise JsonPathError("unterminated filter")
            at += 1
            if char in "\"'":
                if not begun:
                    begun, pair = True, char
                elif source[at - 2] != "\\" and char == pair:
                    ended = True
            elif char == ")" and begun == ended:
                break
        if source[at : at + 1] != "]":
            raise JsonPathError("unclosed array expect ]")
        self._at = at + 1
        text = source[start : at - 1]
        parts = _COMPARISON.fullmatch(text)
        if parts is None:
            nodes.append(Filter(_action(text), ListNode(), "exists"))
        else:
            nodes.append(Filter(_action(parts[1]), _action(parts[3]), parts[2]))


def _slice(bounds: re.Match[str]) -> Array:
    values: list[int | None] = []
    derived = False
    for index, text in enumerate(bounds.groups()):
        if not text:
            if index == 1:
                derived = True
                values.append((values[0] or 0) + 1)
            else:
                values.append(None)
            continue
        digits = text[1:] if index else text
        if digits == "-":
            raise JsonPathError(f"array index {digits} is not a number")
        values.append(int(digits) if digits else None)
    return Array(values[0], values[1], values[2], derived)


def _is_word(char: str) -> bool:
    return bool(char) and (char == "_" or char.isalpha() or char.isdecimal())


_ESCAPE = re.compile(
    r"""\\(?:([abfnrtv\\"'])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))|(\\)""", re.DOTALL
)
_NAMED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def _unquoted(text: str) -> str:
    """A quoted string's value with Go's escapes; a quote may only be escaped in its own kind."""
    quote, body = text[0], text[1:-1]
    if "\\" not in body and quote not in body:
        return body

    def value(match: re.Match[str]) -> str:
        named, *codes, octal, bad = match.groups()
        if bad or (named in ("'", '"') and named != quote):
            raise JsonPathError(f"unquote string {text} error invalid syntax")
        if named:
            return _NAMED.get(named, named)
        digits = next((code for code in codes if code), None)
        return chr(int(digits, 16)) if digits else chr(int(octal, 8))

    return _ESCAPE.sub(value, body)
