"""Scripts into syntax trees, by the shell's grammar. Source: POSIX.1-2024, Shell Command Language."""

from __future__ import annotations

import re

from k8s_magic.runtime.shell.syntax import (
    Calculation,
    Case,
    Command,
    Condition,
    For,
    ForArithmetic,
    Function,
    Group,
    If,
    Item,
    Parameter,
    Pipeline,
    Redirect,
    Redirected,
    Script,
    Simple,
    Text,
    While,
    Word,
)
from k8s_magic.runtime.shell.words import MAX_DEPTH, Incomplete, ShellSyntaxError, WordReader

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\+?=)")
_REDIRECT = re.compile(r"(\d*)(<<<|<<-|<<|>>|>&|<&|>\||<|>)|(&>>?)")
_FUNCTION = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)[ \t]*\(\)")
_KEYWORD = re.compile(r"(?:if|then|elif|else|fi|while|until|do|done|for|case|esac|function|in)(?=[\s;&|<>()]|\Z)")
_RESERVED = ("then", "elif", "else", "fi", "do", "done", "esac")
# Longer scripts are refused: a ConfigMap holds 1 MiB, a person types less.
MAX_SCRIPT = 200_000

__all__ = ["Incomplete", "ShellSyntaxError", "parse", "parse_line", "quoted_word"]


def parse(text: str, line: int = 1) -> Script:
    """Raises: ShellSyntaxError."""
    if len(text) > MAX_SCRIPT:
        raise ShellSyntaxError("script", 1, "too long")
    parser = _Parser(text, line=line)
    return parser.script(())


def parse_line(text: str, line: int = 1, *, is_all: bool = False) -> tuple[Script, int]:
    """The commands of the first line, with the lines that belong to them, and how much of the text these are.

    `is_all`: nothing follows. Raises: ShellSyntaxError, Incomplete.
    """
    if len(text) > MAX_SCRIPT:
        raise ShellSyntaxError("script", 1, "too long")
    parser = _Parser(text, line=line)
    script = parser.one_line()
    used = parser.position + parser.taken
    if not is_all and (parser.is_document_open or not text[:used].endswith("\n") or _goes_on(text[:used])):
        raise Incomplete("", line)
    return script, used


def quoted_word(text: str) -> Word:
    """A text with its `$` and backquotes, as within double quotes. Raises: ShellSyntaxError."""
    return tuple(_Parser(text).double_quoted(""))


def _goes_on(text: str) -> bool:
    """Whether the last line ends in a backslash that nothing escapes."""
    text = text.removesuffix("\n")
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1 and not text.rpartition("\n")[2].lstrip().startswith("#")


class _Parser(WordReader):
    def __init__(self, text: str, depth: int = 0, line: int = 1) -> None:
        super().__init__(text, depth, line)
        self.taken = 0  # how much of the text here-documents were
        self.is_document_open = False

    def nested(self, text: str) -> Script:
        if self.depth > MAX_DEPTH:
            raise self.fail("`", "nested too deeply")
        try:
            return _Parser(text, self.depth + 1, self.line).script(())
        except Incomplete as error:
            raise ShellSyntaxError(error.token, error.line, error.wanted) from None

    # -- blanks, comments, keywords

    def blank(self, newlines: bool = False) -> None:
        while True:
            char = self.peek()
            if (char and char in " \t\r") or self.peek(2) == "\\\n":
                self.position += 2 if char == "\\" else 1
            elif char == "#":
                end = self.text.find("\n", self.position)
                self.position = end if end >= 0 else len(self.text)
            elif char == "\n" and newlines:
                self.position += 1
            else:
                return

    def keyword(self) -> str:
        found = _KEYWORD.match(self.text, self.position)
        return found[0] if found else ""

    def expect(self, word: str) -> None:
        self.blank(newlines=True)
        if not self.text.startswith(word, self.position):
            raise self.unexpected(word)
        self.position += len(word)

    def unexpected(self, wanted: str = "") -> ShellSyntaxError:
        found = re.compile(r";;|&&|\|\||\n|[;&|<>()]|[^\s;&|<>()]+").match(self.text, self.position)
        token = found[0] if found else ""
        return self.fail("newline" if token == "\n" else token, f'"{wanted}"' if wanted else "")

    # -- lists

    def script(self, ends: tuple[str, ...]) -> Script:
        """Commands up to (not including) one of `ends`, or to the end of the text when there are none."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail("", "nested too deeply")
        items = []
        while True:
            self.blank(newlines=True)
            if self.position >= len(self.text):
                if ends:
                    raise self.fail("", f'"{ends[0]}"')
                break
            keyword = self.keyword()
            if keyword in ends or self.peek() in ends or self.peek(2) in ends:
                break
            if keyword in _RESERVED or (self.peek() in ")};" and (self.peek() != "}" or "}" in ends)):
                raise self.unexpected(ends[0] if ends else "")
            items.append(self.item())
        self.depth -= 1
        return Script(tuple(items))

    def one_line(self) -> Script:
        items = []
        while True:
            self.blank()
            char = self.peek()
            if not char or char == "\n":
                self.position += len(char)
                break
            if self.keyword() in _RESERVED or char in ")};":
                raise self.unexpected()
            items.append(self.item())
            if self.text[self.position - 1] == "\n":
                break
        return Script(tuple(items))

    def item(self) -> Item:
        first = self.pipeline()
        rest = []
        while True:
            self.blank()
            joint = self.peek(2)
            if joint not in ("&&", "||"):
                break
            self.position += 2
            self.blank(newlines=True)
            rest.append((joint, self.pipeline()))
        background = False
        if self.peek() == "&":
            self.position += 1
            background = True
        elif (self.peek() == ";" and self.peek(2) != ";;") or self.peek() == "\n":
            self.position += 1
        elif self.peek() and self.peek() not in ")};" and not self.keyword():
            raise self.unexpected()
        return Item(first, tuple(rest), background)

    def pipeline(self) -> Pipeline:
        negated = False
        while self.peek(2) in ("! ", "!\t"):
            self.position += 2
            self.blank()
            negated = not negated
        commands = [self.command()]
        while True:
            self.blank()
            if self.peek() != "|" or self.peek(2) == "||":
                return Pipeline(tuple(commands), negated)
            both = self.peek(2) == "|&"
            self.position += 2 if both else 1
            if both:
                commands[-1] = Redirected(commands[-1], (Redirect(2, ">&", (Text("1"),)),))
            self.blank(newlines=True)
            commands.append(self.command())

    # -- commands

    def command(self) -> Command:
        self.blank()
        keyword = self.keyword()
        compound: Command
        if keyword == "if":
            compound = self.if_()
        elif keyword in ("while", "until"):
            self.position += 5
            condition = self.script(("do",))
            compound = While(condition, self.body("do", "done"), keyword == "until")
        elif keyword == "for":
            compound = self.for_()
        elif keyword == "case":
            compound = self.case()
        elif keyword == "function":
            self.position += 8
            self.blank()
            name = self.name()
            self.blank()
            if self.peek(2) == "()":
                self.position += 2
            self.blank(newlines=True)
            return Function(name, self.command())
        elif self.peek(2) == "((":
            self.position += 2
            compound = Calculation(self.arithmetic("))"))
        elif self.peek() == "(":
            self.position += 1
            compound = Group(self.closed(")"), True)
        elif self.peek() == "{" and self.peek(2)[1:] in (" ", "\n", "\t"):
            self.position += 1
            compound = Group(self.closed("}"), False)
        elif re.compile(r"\[\[\s").match(self.text, self.position):
            compound = self.condition()
        else:
            function = _FUNCTION.match(self.text, self.position)
            if function:
                self.position = function.end()
                self.blank(newlines=True)
                return Function(function[1], self.command())
            return self.simple()
        redirects = self.redirects()
        return Redirected(compound, redirects) if redirects else compound

    def closed(self, end: str) -> Script:
        script = self.script((end,))
        self.position += 1
        return script

    def body(self, start: str, end: str) -> Script:
        self.expect(start)
        script = self.script((end,))
        self.position += len(end)
        return script

    def if_(self) -> If:
        branches = []
        otherwise = Script()
        self.position += 2
        while True:
            condition = self.script(("then",))
            self.position += 4
            body = self.script(("fi", "elif", "else"))
            branches.append((condition, body))
            if self.keyword() == "elif":
                self.position += 4
                continue
            if self.keyword() == "else":
                self.position += 4
                otherwise = self.script(("fi",))
            self.position += 2
            return If(tuple(branches), otherwise)

    def for_(self) -> Command:
        self.position += 3
        self.blank()
        if self.peek(2) == "((":
            self.position += 2
            parts = (self.arithmetic(";"), self.arithmetic(";"), self.arithmetic("))"))
            self.blank()
            if self.peek() == ";":
                self.position += 1
            return ForArithmetic(parts, self.body("do", "done"))
        name = self.name()
        self.blank(newlines=True)
        words: list[Word] | None = None
        if self.keyword() == "in":
            self.position += 2
            words = []
            while True:
                self.blank()
                word = self.word()
                if not word:
                    break
                words.append(word)
        self.blank()
        if self.peek() == ";":
            self.position += 1
        return For(name, None if words is None else tuple(words), self.body("do", "done"))

    def name(self) -> str:
        found = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*").match(self.text, self.position)
        if not found:
            raise self.unexpected()
        self.position = found.end()
        return found[0]

    def case(self) -> Case:
        self.position += 4
        self.blank()
        word = self.word()
        self.expect("in")
        branches: list[tuple[tuple[Word, ...], Script]] = []
        while True:
            self.blank(newlines=True)
            if self.keyword() == "esac":
                self.position += 4
                return Case(word, tuple(branches))
            if self.peek() == "(":
                self.position += 1
            patterns = []
            while True:
                self.blank()
                pattern = self.word()
                if not pattern:
                    raise self.unexpected("esac" if not self.peek() else ")")
                patterns.append(pattern)
                self.blank()
                if self.peek() != "|":
                    break
                self.position += 1
            self.expect(")")
            body = self.script((";;", "esac"))
            if self.peek(2) == ";;":
                self.position += 2
            branches.append((tuple(patterns), body))

    def condition(self) -> Condition:
        self.position += 2
        words: list[Word] = []
        while True:
            self.blank(newlines=True)
            if not self.peek():
                raise self.fail("", '"]]"')
            operator = re.compile(r"&&|\|\||[<>()]").match(self.text, self.position)
            if operator and not (words and words[-1] == (Text("=~"),)):
                self.position = operator.end()
                words.append((Text(operator[0]),))
                continue
            word = self.word(" \t\n" if words and words[-1] == (Text("=~"),) else " \t\n;&|<>()")
            if word == (Text("]]"),):
                return Condition(tuple(words))
            if not word:
                raise self.unexpected("]]")
            words.append(word)

    def redirects(self) -> tuple[Redirect, ...]:
        found: list[Redirect] = []
        while True:
            self.blank()
            match = _REDIRECT.match(self.text, self.position)
            if not match:
                return tuple(found)
            found.append(self.redirect(match))

    def redirect(self, match: re.Match[str]) -> Redirect:
        self.position = match.end()
        self.blank()
        target = self.word()
        if not target:
            raise self.unexpected()
        if match[3]:
            return Redirect(-1, ">>" if match[3] == "&>>" else ">", target)
        operator = match[2]
        fd = int(match[1]) if match[1] else (0 if operator.startswith("<") else 1)
        if operator in ("<<", "<<-"):
            return Redirect(fd, "<<", self.here_document(target, operator == "<<-"))
        return Redirect(fd, ">" if operator == ">|" else operator, target)

    def here_document(self, delimiter: Word, strip: bool) -> Word:
        """Takes the document out of the text: it begins after the present line."""
        end = "".join(part.text for part in delimiter if isinstance(part, Text))
        quoted = any(isinstance(part, Text) and part.quoted for part in delimiter)
        start = self.text.find("\n", self.position) + 1 or len(self.text)
        lines, position = [], start
        while position < len(self.text):
            line, newline, _ = self.text[position:].partition("\n")
            position += len(line) + len(newline)
            line = line.lstrip("\t") if strip else line
            if line == end:
                break
            lines.append(line + "\n")
        else:
            self.is_document_open = True
        self.taken += position - start
        self.text = self.text[:start] + self.text[position:]
        body = "".join(lines)
        return (Text(body, True),) if quoted else tuple(_Parser(body, self.depth + 1).double_quoted(""))

    def simple(self) -> Simple:
        line = self.line
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            self.blank()
            match = _REDIRECT.match(self.text, self.position)
            if match:
                redirects.append(self.redirect(match))
                continue
            assignment = _ASSIGNMENT.match(self.text, self.position) if not words else None
            if assignment:
                self.position = assignment.end()
                value = self.word()
                if self.peek() == "(" and not value:
                    raise self.fail("(", "")
                if assignment[2] == "+=":
                    value = (Parameter(assignment[1], quoted=True), *value)
                assignments.append((assignment[1], value))
                continue
            word = self.word()
            if not word:
                break
            words.append(word)
        if not (words or assignments or redirects):
            raise self.unexpected()
        return Simple(tuple(assignments), tuple(words), tuple(redirects), line)
