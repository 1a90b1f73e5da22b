"""Words into arguments: parameters, substitutions, arithmetic, field splitting, braces (bash) and path names."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from typing import TypeVar

from k8s_magic.runtime.pipes import Capture
from k8s_magic.runtime.process import Steps
from k8s_magic.runtime.shell import arithmetic, patterns
from k8s_magic.runtime.shell.state import ExpansionFailure, Io, State
from k8s_magic.runtime.shell.syntax import Arithmetic, Parameter, Part, Script, Substitution, Text, Word
from k8s_magic.sim.time import SimTime

T = TypeVar("T")
Expanding = Generator[SimTime | None, None, T]
# Runs a script with its output captured; returns when it has ended.
RunScript = Callable[[State, Script, Io], Steps]
# A piece of a field: text and whether it was quoted (kept as it is) or may be split and matched.
Piece = tuple[str, bool]
MAX_FIELDS = 50_000


class Expander:
    """Expands words for a shell; `run` is how it runs `$(…)`."""

    def __init__(self, run: RunScript) -> None:
        self._run = run

    def fields(self, state: State, words: tuple[Word, ...], io: Io) -> Expanding[list[str]]:
        """Words as arguments."""
        found: list[str] = []
        for word in words:
            if len(word) == 1 and type(word[0]) is Text and (word[0].quoted or not _SPECIAL.search(word[0].text)):
                found.append(word[0].text)
                continue
            for one in braces(word) if state.flavour == "bash" else (word,):
                for field in (yield from self._split(state, one, io)):
                    found.extend(self._matched(state, field))
            if len(found) > MAX_FIELDS:
                raise ExpansionFailure("argument list too long")
        return found

    def text(self, state: State, word: Word, io: Io) -> Expanding[str]:
        """A word as one text: assignments, redirections, `case`."""
        pieces = yield from self._pieces(state, word, io)
        return "".join(text for piece in pieces for text, _ in piece)

    def pattern(self, state: State, word: Word, io: Io) -> Expanding[str]:
        """A word as a pattern: what was quoted stands for itself."""
        pieces = yield from self._pieces(state, word, io)
        return "".join(patterns.escape(text) if quoted else text for piece in pieces for text, quoted in piece)

    # -- parts

    def _pieces(self, state: State, word: Word, io: Io) -> Expanding[list[list[Piece]]]:
        """Lists of pieces: one list, or several where "$@" gives several fields."""
        fields: list[list[Piece]] = [[]]
        for position, part in enumerate(word):
            if isinstance(part, Text):
                text = part.text
                if position == 0 and not part.quoted and text.startswith("~"):
                    text = _tilde(state, text)
                fields[-1].append((text, part.quoted))
            elif isinstance(part, Parameter) and part.name == "@" and part.quoted and not part.operator:
                for index, value in enumerate(state.positional):
                    if index:
                        fields.append([])
                    fields[-1].append((value, True))
                if not state.positional and len(word) == 1:
                    return []
            else:
                text = yield from self._part(state, part, io)
                fields[-1].append((text, part.quoted))
        return fields

    def _part(self, state: State, part: Part, io: Io) -> Expanding[str]:
        if isinstance(part, Parameter):
            return (yield from self._parameter(state, part, io))
        if isinstance(part, Substitution):
            capture = Capture()
            yield from self._run(state, part.script, Io(io.stdin, capture, io.err))
            return capture.text.rstrip("\n")
        if isinstance(part, Arithmetic):
            expression = yield from self.text(state, part.word, io)
            return str(self.calculate(state, expression))
        return part.text

    def calculate(self, state: State, expression: str) -> int:
        try:
            return arithmetic.evaluate(expression, state.variables)
        except arithmetic.ArithmeticFailure as failure:
            raise ExpansionFailure(str(failure)) from None

    def _parameter(self, state: State, part: Parameter, io: Io) -> Expanding[str]:
        value = lookup(state, part.name)
        operator = part.operator
        if not operator:
            if value is None and "u" in state.options and part.name not in "@*":
                raise ExpansionFailure(
                    f"{part.name}: {'unbound variable' if state.flavour == 'bash' else 'parameter not set'}"
                )
            return value or ""
        if operator == "length":
            return str(len(state.positional) if part.name in ("@", "*") else len(value or ""))
        if operator.lstrip(":") in ("-", "=", "+", "?") and operator != ":":
            return (yield from self._default(state, part, value, io))
        value = value or ""
        if operator in ("#", "##", "%", "%%"):
            pattern = yield from self.pattern(state, part.word, io)
            return patterns.trim(value, pattern, operator)
        if operator in ("/", "//"):
            text = yield from self.pattern(state, part.word, io)
            pattern, _, replacement = text.partition("/")
            return (
                patterns.compiled(pattern).sub(lambda _: replacement, value, count=1 if operator == "/" else 0)
                if pattern
                else value
            )
        if operator in ("^", "^^", ",", ",,"):
            change = str.upper if operator[0] == "^" else str.lower
            return change(value) if len(operator) == 2 else change(value[:1]) + value[1:]
        text = yield from self.text(state, part.word, io)  # ${name:offset:length}
        offset_text, colon, length_text = text.partition(":")
        offset = self.calculate(state, offset_text)
        start = max(len(value) + offset, 0) if offset < 0 else offset
        if not colon:
            return value[start:]
        length = self.calculate(state, length_text)
        return value[start : start + length if length >= 0 else len(value) + length]

    def _default(self, state: State, part: Parameter, value: str | None, io: Io) -> Expanding[str]:
        operator = part.operator
        missing = value is None or (operator[0] == ":" and value == "")
        if operator[-1] == "+":
            return "" if missing else (yield from self.text(state, part.word, io))
        if not missing:
            return value or ""
        text = yield from self.text(state, part.word, io)
        if operator[-1] == "?":
            raise ExpansionFailure(f"{part.name}: {text or 'parameter not set'}")
        if operator[-1] == "=":
            state.variables[part.name] = text
        return text

    # -- fields

    def _split(self, state: State, word: Word, io: Io) -> Expanding[list[list[Piece]]]:
        pieces = yield from self._pieces(state, word, io)
        separators = state.variables.get("IFS", " \t\n")
        literal = [isinstance(part, Text) for part in word]
        if len(pieces) > 1 or not separators or all(literal):
            return pieces
        fields: list[list[Piece]] = []
        current: list[Piece] | None = None
        for piece_list in pieces:
            for (text, quoted), fixed in zip(piece_list, literal, strict=False):
                if quoted or fixed:
                    current = current if current is not None else []
                    current.append((text, quoted))
                    continue
                blank = "".join(char for char in separators if char in " \t\n")
                for index, chunk in enumerate(re.split(_separator(separators), text.strip(blank) if blank else text)):
                    if index or (blank and text[:1] and text[0] in blank):
                        if current is not None:
                            fields.append(current)
                        current = None
                    if chunk:
                        current = current if current is not None else []
                        current.append((chunk, False))
                    elif index and not blank:
                        current = []
                if blank and text[-1:] and text[-1] in blank and current is not None:
                    fields.append(current)
                    current = None
        if current is not None:
            fields.append(current)
        return fields

    def _matched(self, state: State, field: list[Piece]) -> list[str]:
        text = "".join(text for text, _ in field)
        if "f" not in state.options and any(not quoted and _GLOB.search(text) for text, quoted in field):
            pattern = "".join(patterns.escape(text) if quoted else text for text, quoted in field)
            found = patterns.paths(state.container.fs, state.cwd, pattern)
            if found:
                return found
        return [text]


_SPECIAL = re.compile(r"[*?\[~{]")
_GLOB = re.compile(r"[*?\[]")


def _separator(separators: str) -> str:
    blank = re.escape("".join(char for char in separators if char in " \t\n"))
    other = re.escape("".join(char for char in separators if char not in " \t\n"))
    if not other:
        return f"[{blank}]+"
    return f"[{blank}]*[{other}][{blank}]*|[{blank}]+" if blank else f"[{other}]"


def _tilde(state: State, text: str) -> str:
    name, slash, rest = text[1:].partition("/")
    return text if name else state.variables.get("HOME", "/root") + slash + rest


def lookup(state: State, name: str) -> str | None:
    """A parameter's value; None when it is not set."""
    if name in state.variables:
        return state.variables[name]
    if name.isdigit():
        index = int(name)
        if index == 0:
            return state.name
        return state.positional[index - 1] if index <= len(state.positional) else None
    if name in ("@", "*"):
        return " ".join(state.positional)
    if name == "#":
        return str(len(state.positional))
    if name == "?":
        return str(state.status)
    if name == "$":
        return str(state.process.pid)
    if name == "!":
        return str(state.last_job) if state.last_job else None
    if name == "-":
        return "".join(sorted(state.options))
    if name == "RANDOM" and state.flavour != "dash":
        world = state.container.world
        return str(world.streams.stream(f"shell/{state.container.sandbox.uid}").getrandbits(15))
    if name == "SECONDS" and state.flavour == "bash":
        return str((state.now - state.process.started_at) // 1_000_000)
    if name == "PWD":
        return state.cwd
    if name == "PPID":
        return "0"
    return "root" if name == "USER" and state.flavour == "bash" else None


_RANGE = re.compile(r"\{(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?\}")
_CHOICE = re.compile(r"\{([^{}]*,[^{}]*)\}")


def braces(word: Word) -> list[Word]:
    """`a{b,c}` and `{1..5}` where they stand unquoted within one text."""
    for index, part in enumerate(word):
        if not isinstance(part, Text) or part.quoted or "{" not in part.text:
            continue
        found = _RANGE.search(part.text) or _CHOICE.search(part.text)
        if not found:
            continue
        before, after = part.text[: found.start()], part.text[found.end() :]
        choices = _range(found) if found.re is _RANGE else found[1].split(",")
        words: list[Word] = []
        for choice in choices:
            words += braces((*word[:index], Text(before + choice + after), *word[index + 1 :]))
            if len(words) > MAX_FIELDS:
                raise ExpansionFailure("argument list too long")
        return words
    return [word]


def _range(found: re.Match[str]) -> list[str]:
    first, last = found[1], found[2]
    numeric = first.lstrip("-").isdigit() and last.lstrip("-").isdigit()
    if not numeric and (first.lstrip("-").isdigit() or last.lstrip("-").isdigit()):
        return [found[0]]
    start, end = (int(first), int(last)) if numeric else (ord(first), ord(last))
    step = max(abs(int(found[3] or 1)), 1)
    if abs(end - start) // step > MAX_FIELDS:
        raise ExpansionFailure("argument list too long")
    numbers = range(start, end + 1, step) if end >= start else range(start, end - 1, -step)
    width = max(len(first), len(last)) if numeric and re.match(r"-?0\d", first) else 0
    return [str(number).zfill(width) if numeric else chr(number) for number in numbers]
