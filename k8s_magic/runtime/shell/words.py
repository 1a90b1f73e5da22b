"""Reads words: quotes, `$`, backquotes. The half of the parser that looks at characters."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from k8s_magic.runtime.shell.syntax import Arithmetic, Parameter, Part, Script, Substitution, Text, Word

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r":?[-=+?]|%%?|##?|//?|:|\^\^?|,,?")
# Scripts nest; more than this is refused rather than overflowing the interpreter.
MAX_DEPTH = 30


class ShellSyntaxError(Exception):
    """`token` is what was not expected ("" at the end of the script); `wanted` what was."""

    def __init__(self, token: str, line: int, wanted: str = "") -> None:
        super().__init__(f"syntax error near {token!r}")
        self.token = token
        self.line = line
        self.wanted = wanted


class Incomplete(ShellSyntaxError):
    """The script may go on: more lines are needed to tell."""


class WordReader(ABC):
    """A position in a script and what stands there."""

    def __init__(self, text: str, depth: int = 0, line: int = 1) -> None:
        self.text = text
        self.position = 0
        self.depth = depth
        self.first_line = line

    @property
    def line(self) -> int:
        return self.first_line + self.text.count("\n", 0, self.position)

    def peek(self, length: int = 1) -> str:
        return self.text[self.position : self.position + length]

    def fail(self, token: str, wanted: str = "") -> ShellSyntaxError:
        is_open = wanted == "unterminated" or (not token and wanted != "nested too deeply")
        return (Incomplete if is_open else ShellSyntaxError)(token, self.line, wanted)

    @abstractmethod
    def script(self, ends: tuple[str, ...]) -> Script:
        """The commands up to one of some ends."""

    @abstractmethod
    def nested(self, text: str) -> Script:
        """A script within the script (backquotes)."""

    # -- words

    def word(self, stops: str = " \t\n;&|<>()") -> Word:
        """Parts up to an unquoted character of `stops`; () when there is none."""
        parts: list[Part] = []
        plain: list[str] = []

        def flush() -> None:
            if plain:
                parts.append(Text("".join(plain)))
                plain.clear()

        while self.position < len(self.text):
            char = self.text[self.position]
            if char in stops:
                break
            if char == "\\":
                follower = self.text[self.position + 1 : self.position + 2]
                self.position += 2
                if follower != "\n":
                    flush()
                    parts.append(Text(follower or "\\", True))
            elif char == "'":
                end = self.text.find("'", self.position + 1)
                if end < 0:
                    raise self.fail("'", "unterminated")
                flush()
                parts.append(Text(self.text[self.position + 1 : end], True))
                self.position = end + 1
            elif char == '"':
                flush()
                self.position += 1
                parts.extend(self.double_quoted() or (Text("", True),))
            elif char == "$" or char == "`":
                flush()
                parts.append(self.dollar(False) if char == "$" else self.backquoted(False))
            else:
                plain.append(char)
                self.position += 1
        flush()
        return tuple(parts)

    def double_quoted(self, end: str = '"') -> list[Part]:
        """Parts up to the closing quote, which is taken; `end` "" reads to the end of the text (here-documents)."""
        parts: list[Part] = []
        plain: list[str] = []
        while self.position < len(self.text):
            char = self.text[self.position]
            if char == end:
                break
            if char == "\\":
                follower = self.text[self.position + 1 : self.position + 2]
                self.position += 2
                if follower == "\n":
                    continue
                plain.append(follower if follower and follower in '$`"\\' else "\\" + follower)
            elif char == "$" or char == "`":
                if plain:
                    parts.append(Text("".join(plain), True))
                    plain.clear()
                parts.append(self.dollar(True) if char == "$" else self.backquoted(True))
            else:
                plain.append(char)
                self.position += 1
        else:
            if end:
                raise self.fail('"', "unterminated")
        self.position += len(end)
        if plain:
            parts.append(Text("".join(plain), True))
        return parts

    def backquoted(self, quoted: bool) -> Part:
        self.position += 1
        body: list[str] = []
        while self.peek() != "`":
            if self.position >= len(self.text):
                raise self.fail("`", "unterminated")
            if self.peek() == "\\" and self.peek(2)[1:] in ("`", "\\", "$"):
                self.position += 1
            body.append(self.peek())
            self.position += 1
        self.position += 1
        return Substitution(self.nested("".join(body)), quoted)

    def dollar(self, quoted: bool) -> Part:
        if self.depth > MAX_DEPTH:
            raise self.fail("$", "nested too deeply")
        if self.peek(3) == "$((":
            self.position += 3
            return Arithmetic(self.arithmetic("))"), quoted)
        if self.peek(2) == "$(":
            self.position += 2
            self.depth += 1
            script = self.script((")",))
            self.depth -= 1
            self.position += 1
            return Substitution(script, quoted)
        if self.peek(2) == "${":
            return self._braced(quoted)
        if self.peek(2) == "$'" and not quoted:
            return self._ansi_quoted()
        self.position += 1
        name = _NAME.match(self.text, self.position)
        if name:
            self.position = name.end()
            return Parameter(name[0], quoted=quoted)
        char = self.peek()
        if char and char in "@*#?$!-0123456789":
            self.position += 1
            return Parameter(char, quoted=quoted)
        return Text("$", quoted)

    def arithmetic(self, end: str) -> Word:
        """An expression up to `))` or `;`, with its own parentheses balanced; expansions in it are parts."""
        parts: list[Part] = []
        plain: list[str] = []
        open_ = 0
        while True:
            char = self.peek()
            if not char:
                raise self.fail("", '"))"')
            if open_ == 0 and self.peek(len(end)) == end:
                break
            if char == "$" or char == "`":
                parts.append(Text("".join(plain), True))
                plain.clear()
                parts.append(self.dollar(True) if char == "$" else self.backquoted(True))
                continue
            open_ += (char == "(") - (char == ")")
            if char not in "\"'":
                plain.append(char)
            self.position += 1
        self.position += len(end)
        parts.append(Text("".join(plain), True))
        return tuple(parts)

    def _braced(self, quoted: bool) -> Part:
        start = self.position
        self.position += 2
        word: Word = ()
        length = self.peek() == "#" and self.peek(2) != "#}"
        self.position += length
        name = _NAME.match(self.text, self.position) or re.compile(r"[0-9]+|[@*#?$!-]").match(self.text, self.position)
        if name is None:
            raise self.fail(self.text[start : start + 12], "bad substitution")
        self.position = name.end()
        if length:
            operator = "length"
        else:
            found = _OPERATOR.match(self.text, self.position)
            operator = found[0] if found else ""
            self.position += len(operator)
            self.depth += 1
            if operator:
                word = tuple(self._until_brace()) if quoted else self.word("}")
            self.depth -= 1
        if self.peek() != "}":
            raise self.fail(self.text[start : self.position + 1], "bad substitution")
        self.position += 1
        return Parameter(name[0], operator, word, quoted)

    def _until_brace(self) -> list[Part]:
        """The word of `"${name:-word}"`: as within double quotes, up to the brace."""
        parts = self.word("}")
        return [Text(part.text, True) if isinstance(part, Text) else part for part in parts]

    def _ansi_quoted(self) -> Part:
        self.position += 2
        start = self.position
        while self.peek() != "'":
            if not self.peek():
                raise self.fail("'", "unterminated")
            self.position += 2 if self.peek() == "\\" else 1
        body = self.text[start : self.position]
        self.position += 1
        return Text(unescape(body), True)


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "\\": "\\", "e": "\033",
            "'": "'", '"': '"'}  # fmt: skip
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|0?([0-7]{1,3})|(.))", re.DOTALL)


def unescape(text: str) -> str:
    r"""`\n`, `\t`, `\x41`, `\101` as echo -e, printf and $'…' read them."""

    def one(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        if match[2]:
            return chr(int(match[2], 8) & 255)
        return _ESCAPES.get(match[3], "\\" + match[3])

    return _ESCAPE.sub(one, text) if "\\" in text else text
