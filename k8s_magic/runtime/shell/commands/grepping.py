"""grep, egrep, fgrep, and the regular expressions that sed and awk share with them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.pipes import Reader, Source
from k8s_magic.runtime.process import Program, Steps
from k8s_magic.runtime.shell.commands.text import inputs, tool
from k8s_magic.runtime.shell.options import Options
from k8s_magic.sim.time import SimTime


def basic_regex(pattern: str) -> str:
    r"""A basic regular expression as an extended one: `\(`, `\{`, `\+`, `\?`, `\|` and their plain twins swap."""
    out: list[str] = []
    position = 0
    while position < len(pattern):
        char = pattern[position]
        if char == "\\" and position + 1 < len(pattern):
            follower = pattern[position + 1]
            out.append(follower if follower in "(){}+?|" else char + follower)
            position += 2
            continue
        if char == "[":
            end = pattern.find("]", position + 2)
            if end > 0:
                out.append(pattern[position : end + 1])
                position = end + 1
                continue
        out.append("\\" + char if char in "(){}+?|" or (char == "*" and not out) else char)
        position += 1
    return "".join(out)


def regex(pattern: str, extended: bool, flags: int = 0) -> re.Pattern[str]:
    """Raises: re.error."""
    text = pattern if extended else basic_regex(pattern)
    for name, characters in (
        ("alpha", "a-zA-Z"), ("digit", "0-9"), ("alnum", "a-zA-Z0-9"), ("space", r"\s"), ("upper", "A-Z"),
        ("lower", "a-z"), ("punct", r"!-/:-@\[-`{-~"), ("blank", r" \t"), ("xdigit", "0-9A-Fa-f"),
    ):  # fmt: skip
        text = text.replace(f"[:{name}:]", characters)
    text = text.replace(r"\<", r"\b").replace(r"\>", r"\b")
    return re.compile(text, flags)


class _Usage(Exception):
    """What grep says before it has read anything."""


@dataclass(slots=True)
class _Search:
    """What one grep looks for and how it shows what it finds: `before` and `after` are lines of context."""

    call: Call
    options: Options
    accept: list[re.Pattern[str]]
    is_named: bool
    before: int
    after: int
    most: int | None
    has_shown: bool = False

    @property
    def has_context(self) -> bool:
        return any(letter in self.options for letter in "ABC")

    def read(self, name: str, reader: Reader) -> Generator[SimTime | None, None, int]:
        """Search one input and show what is found; how many lines were selected."""
        is_listing = any(letter in self.options for letter in "cqlL")
        held: deque[tuple[int, str]] = deque(maxlen=0 if is_listing else self.before)
        hits = number = due = 0
        last = -1  # the last line shown: none, so that a file's first line is no continuation
        while self.most is None or hits < self.most or due:
            line = yield from reader.line()
            if not line:
                break
            number, line = number + 1, line.removesuffix("\n")
            matched = next((hit for one in self.accept if (hit := one.search(line))), None)
            if (matched is None) != ("v" in self.options) or hits == self.most:
                if due:
                    due, last = due - 1, number
                    self._show(name, number, line, "-")
                else:
                    held.append((number, line))
                continue
            hits += 1
            if any(letter in self.options for letter in "qlL"):
                break
            if is_listing:
                continue
            if self.has_context and self.has_shown and number - len(held) != last + 1:
                self.call.out("--\n")
            for earlier, text in held:
                self._show(name, earlier, text, "-")
            held.clear()
            if "o" not in self.options:
                self._show(name, number, line, ":")
            elif matched is not None:
                for found in matched.re.finditer(line):
                    if found[0]:
                        self._show(name, number, found[0], ":")
            due, last = self.after, number
        return hits

    def _show(self, name: str, number: int, text: str, mark: str) -> None:
        prefix = (name + mark if self.is_named else "") + (f"{number}{mark}" if "n" in self.options else "")
        if mark == ":" or "o" not in self.options:
            self.call.out(f"{prefix}{text}\n")
        self.has_shown = True


def grep(call: Call, options: Options) -> Steps:
    operands = list(options.operands)
    try:
        search = _search(call, options, operands)
    except _Usage as usage:
        call.err(f"{usage}\n")
        return 2
    if search.most == 0:
        return 1
    status = 0
    inputs_: list[tuple[str, Reader]] = [("(standard input)", call.stdin)]
    if operands:
        files, status = yield from inputs(call, operands)
        inputs_ = [(name, Source(text)) for name, text in files]
    found_any = False
    for name, reader in inputs_:
        hits = yield from search.read(name, reader)
        found_any = found_any or bool(hits) != ("L" in options)
        if "q" in options and hits:
            call.stdin.close()
            return 0
        if "c" in options and not any(letter in options for letter in "qlL"):
            call.out((f"{name}:" if search.is_named else "") + f"{hits}\n")
        if ("l" in options and hits) or ("L" in options and not hits):
            call.out(f"{name}\n")
    return 2 if status else int(not found_any)


def _search(call: Call, options: Options, operands: list[str]) -> _Search:
    """What the words ask for; takes from `operands` what is no file. Raises: _Usage."""
    if "e" in options:
        pattern = options.get("e")
    elif operands:
        pattern = operands.pop(0)
    else:
        raise _Usage("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.")
    around = _number(options, "C", "0", "context length argument")
    before = _number(options, "B", around, "context length argument")
    after = _number(options, "A", around, "context length argument")
    most = int(_number(options, "m", "0", "max count")) if "m" in options else None
    is_deep = "r" in options or "R" in options
    if is_deep:
        operands[:] = [path for name in operands or ["."] for path in _below(call, name)]
    is_named = "H" in options or ((len(operands) > 1 or is_deep) and "h" not in options)
    return _Search(call, options, _patterns(call, options, pattern), is_named, int(before), int(after), most)


def _number(options: Options, letter: str, otherwise: str, what: str) -> str:
    text = options.get(letter, otherwise)
    if not text.isdecimal():
        shown = f"grep: invalid {what}" if letter == "m" else f"grep: {text}: invalid {what}"
        raise _Usage(shown)
    return text


def _patterns(call: Call, options: Options, pattern: str) -> list[re.Pattern[str]]:
    extended = "E" in options or "P" in options or call.name == "egrep"
    choices = pattern.split("\n")
    if "F" in options or call.name == "fgrep":
        choices = [re.escape(choice) for choice in choices]
    elif not extended:
        choices = [basic_regex(choice) for choice in choices]
    for letter, start, end in (("w", r"\b(?:", r")\b"), ("x", "^(?:", ")$")):
        if letter in options:
            choices = [start + choice + end for choice in choices]
    try:
        return [regex(choice, True, re.IGNORECASE if "i" in options else 0) for choice in choices]
    except re.error:
        raise _Usage("grep: Invalid regular expression") from None


def _below(call: Call, name: str) -> list[str]:
    """The files below a folder, as grep -r names them."""
    path = call.path(name)
    if not call.fs.is_dir(path):
        return [name]
    found = []
    for entry in call.fs.names(path):
        found += _below(call, f"{name.rstrip('/')}/{entry}")
    return found[:5000]


_LONG = {
    "color": "a", "ignore-case": "i", "quiet": "q", "count": "c", "invert-match": "v", "line-number": "n",
    "word-regexp": "w", "only-matching": "o", "files-with-matches": "l", "extended-regexp": "E", "fixed-strings": "F",
    "after-context": "A=", "before-context": "B=", "context": "C=", "max-count": "m=", "regexp": "e=",
}  # fmt: skip
_GREP = tool("ivnclLqwxoEFPHhrRsa", "emABC", grep, _LONG)
COMMANDS: dict[str, Program] = {"grep": _GREP, "egrep": _GREP, "fgrep": _GREP}
