"""`test`, `[ … ]` and `[[ … ]]`."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from k8s_magic.runtime.filesystem import FileSystem, normal
from k8s_magic.runtime.process import Steps
from k8s_magic.runtime.shell import patterns
from k8s_magic.runtime.shell.state import ExpansionFailure, Io, State
from k8s_magic.runtime.shell.syntax import Word
from k8s_magic.sim.time import SimTime

if TYPE_CHECKING:
    from k8s_magic.runtime.shell.expansion import Expander


class BadTest(Exception):
    """An expression that `test` cannot read; `str()` is its word for it."""


_NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda a, b: a == b, "-ne": lambda a, b: a != b, "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b, "-gt": lambda a, b: a > b, "-ge": lambda a, b: a >= b,
}  # fmt: skip
_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda a, b: a == b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b, ">": lambda a, b: a > b,
}  # fmt: skip


def binary(left: str, operator: str, right: str, fs: FileSystem, cwd: str) -> bool:
    if operator in _TEXTS:
        return _TEXTS[operator](left, right)
    if operator in ("-nt", "-ot"):
        first, second = (fs.changed.get(normal(path, cwd), 0) for path in (left, right))
        return first > second if operator == "-nt" else first < second
    numbers = []
    for text in (left, right):
        if not re.fullmatch(r"\s*[-+]?\d{1,18}\s*", text):
            raise BadTest(f"Illegal number: {text}")
        numbers.append(int(text))
    return _NUMBERS[operator](numbers[0], numbers[1])


_UNARY = frozenset("-" + letter for letter in "nzefdrwxshLtpSbcguOGk")


def unary(operator: str, text: str, fs: FileSystem, cwd: str) -> bool:
    if operator == "-n":
        return text != ""
    if operator == "-z":
        return text == ""
    if operator == "-t":
        return False
    path = normal(text, cwd)
    if not text:
        return False
    if operator == "-f":
        return fs.is_file(path) and path != "/dev/null"
    if operator == "-d":
        return fs.is_dir(path)
    if operator == "-s":
        return fs.is_dir(path) or (fs.is_file(path) and fs.read(path) != "")
    if operator == "-c":
        return path == "/dev/null"
    if operator in ("-h", "-L", "-p", "-S", "-b", "-g", "-u", "-k"):
        return False
    return fs.exists(path)


def test(words: list[str], fs: FileSystem, cwd: str) -> bool:
    """Raises: BadTest."""
    if not words:
        return False
    reader = _Reader(words, fs, cwd)
    value = reader.either()
    if reader.position < len(words):
        raise BadTest(f"{words[reader.position]}: unexpected operator")
    return value


class _Reader:
    def __init__(self, words: list[str], fs: FileSystem, cwd: str) -> None:
        self.words = words
        self.position = 0
        self.fs = fs
        self.cwd = cwd

    def peek(self, ahead: int = 0) -> str | None:
        index = self.position + ahead
        return self.words[index] if index < len(self.words) else None

    def either(self) -> bool:
        value = self.both()
        while self.peek() == "-o":
            self.position += 1
            value = self.both() or value
        return value

    def both(self) -> bool:
        value = self.one()
        while self.peek() == "-a":
            self.position += 1
            value = self.one() and value
        return value

    def one(self) -> bool:
        word, operator, right = self.peek(), self.peek(1), self.peek(2)
        if word is None:
            raise BadTest("argument expected")
        if (
            operator is not None
            and right is not None
            and (operator in _TEXTS or operator in _NUMBERS or operator in ("-nt", "-ot"))
        ):
            self.position += 3
            return binary(word, operator, right, self.fs, self.cwd)
        if word == "!" and operator is not None:
            self.position += 1
            return not self.one()
        if word == "(" and operator is not None:
            self.position += 1
            value = self.either()
            if self.peek() != ")":
                raise BadTest("closing paren expected")
            self.position += 1
            return value
        if word in _UNARY and operator is not None:
            self.position += 2
            return unary(word, operator, self.fs, self.cwd)
        self.position += 1
        return word != ""


def evaluate(expander: Expander, state: State, words: tuple[Word, ...], io: Io) -> Steps:
    """`[[ … ]]`: no field splitting, patterns on the right of ==, && and ||."""
    reader = _Double(expander, state, words, io)
    value = yield from reader.either()
    return int(not value)


class _Double:
    def __init__(self, expander: Expander, state: State, words: tuple[Word, ...], io: Io) -> None:
        self.expander = expander
        self.state = state
        self.words = words
        self.io = io
        self.position = 0

    def plain(self, ahead: int = 0) -> str:
        """The unquoted text at a place, for operators."""
        index = self.position + ahead
        if index >= len(self.words) or len(self.words[index]) != 1:
            return ""
        part = self.words[index][0]
        return getattr(part, "text", "") if not part.quoted else ""

    def take(self) -> Word:
        if self.position >= len(self.words):
            raise ExpansionFailure("syntax error in conditional expression")
        self.position += 1
        return self.words[self.position - 1]

    def either(self) -> Generator[SimTime | None, None, bool]:
        value = yield from self.both()
        while self.plain() == "||":
            self.position += 1
            other = yield from self.both()
            value = value or other
        return value

    def both(self) -> Generator[SimTime | None, None, bool]:
        value = yield from self.one()
        while self.plain() == "&&":
            self.position += 1
            other = yield from self.one()
            value = value and other
        return value

    def one(self) -> Generator[SimTime | None, None, bool]:
        text = self.plain()
        fs, cwd = self.state.container.fs, self.state.cwd
        if text == "!":
            self.position += 1
            return not (yield from self.one())
        if text == "(":
            self.position += 1
            value = yield from self.either()
            self.position += 1
            return value
        if text in _UNARY and self.position + 1 < len(self.words) and self.plain(1) not in _TEXTS:
            self.position += 1
            operand = yield from self.expander.text(self.state, self.take(), self.io)
            return unary(text, operand, fs, cwd)
        left = yield from self.expander.text(self.state, self.take(), self.io)
        operator = self.plain()
        if operator not in _TEXTS and operator not in _NUMBERS and operator != "=~":
            return left != ""
        self.position += 1
        right = self.take()
        if operator in ("=", "==", "!="):
            pattern = yield from self.expander.pattern(self.state, right, self.io)
            return patterns.matches(pattern, left) == (operator != "!=")
        text = yield from self.expander.text(self.state, right, self.io)
        if operator == "=~":
            try:
                return re.search(text, left) is not None
            except re.error:
                raise ExpansionFailure("invalid regular expression") from None
        try:
            return binary(left, operator, text, fs, cwd)
        except BadTest as bad:
            raise ExpansionFailure(str(bad)) from None
