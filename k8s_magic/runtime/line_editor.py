"""How a shell lets its line be edited on a terminal: what each key does to the line and to the screen.

Source: readline's and busybox's default keys. Left out: completion, search, undo.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

ERASE = ("\x7f", "\b")
# What an escape sequence stands for. Source: xterm's control sequences, linenoise
_SEQUENCES = {
    "A": "\x10", "B": "\x0e", "C": "\x06", "D": "\x02", "H": "\x01", "F": "\x05",
    "1~": "\x01", "7~": "\x01", "4~": "\x05", "8~": "\x05", "3~": "\x04",
}  # fmt: skip
_LONGEST_SEQUENCE = 8
# Source: termios(3): a line of a terminal holds 4096 characters with its end.
MAX_LINE = 4095


def columns(text: str) -> int:
    """How wide a text is on a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def without_last_word(text: str) -> str:
    """What Ctrl-W leaves of a text."""
    kept = text.rstrip()
    return kept[: max(kept.rfind(" "), kept.rfind("\t")) + 1]


class LineEditor:
    """One line being typed. `result` is the line with its end, or "" where the end of the input was typed."""

    def __init__(self, prompt: str, history: list[str], show: Callable[[str], None]) -> None:
        self.result: str | None = None
        self._prompt = prompt
        self._history = [*history, ""]
        self._place = len(history)
        self._show = show
        self._text = ""
        self._cursor = 0
        self._sequence = ""

    def key(self, char: str) -> None:
        if self._sequence:
            self._in_sequence(char)
        elif char == "\x1b":
            self._sequence = char
        else:
            self._plain(char)

    def redraw(self) -> None:
        """The terminal has another size. Source: readline (_rl_redisplay_after_sigwinch)"""
        rest = self._text[self._cursor :]
        self._show(f"\r\x1b[J{self._prompt}{self._text}" + "\b" * columns(rest))

    def _in_sequence(self, char: str) -> None:
        self._sequence += char
        body = self._sequence[2:]
        if len(self._sequence) == 2 and char in "[O":
            return
        if body and body[-1] != "~" and not body[-1].isalpha() and len(body) < _LONGEST_SEQUENCE:
            return
        self._sequence = ""
        key = _SEQUENCES.get(body, "")
        if key and not (key == "\x04" and self._cursor == len(self._text)):
            self._plain(key)

    def _plain(self, char: str) -> None:
        if char in "\r\n":
            self._move(len(self._text))
            self._show("\r\n")
            self.result = self._text + "\n"
        elif char == "\x04":
            if not self._text:
                self.result = ""
            else:
                self._change(self._text[: self._cursor] + self._text[self._cursor + 1 :], self._cursor)
        elif char in ERASE:
            if self._cursor:
                self._change(self._text[: self._cursor - 1] + self._text[self._cursor :], self._cursor - 1)
        elif char == "\x15":
            self._change(self._text[self._cursor :], 0)
        elif char == "\x17":
            kept = without_last_word(self._text[: self._cursor])
            self._change(kept + self._text[self._cursor :], len(kept))
        elif char == "\x0b":
            self._change(self._text[: self._cursor], self._cursor)
        elif char in "\x01\x02\x05\x06":
            ends = {"\x01": 0, "\x02": self._cursor - 1, "\x05": len(self._text), "\x06": self._cursor + 1}
            self._move(min(max(ends[char], 0), len(self._text)))
        elif char in "\x10\x0e":
            self._remember(-1 if char == "\x10" else 1)
        elif char == "\x0c":
            self._show("\x1b[H")
            self.redraw()
        elif char == "\t" or len(self._text) >= MAX_LINE:
            self._show("\a")
        elif char >= " " and self._cursor == len(self._text):
            self._show(char)
            self._text += char
            self._cursor += 1
        elif char >= " ":
            self._change(self._text[: self._cursor] + char + self._text[self._cursor :], self._cursor + 1)

    def _move(self, cursor: int) -> None:
        if cursor < self._cursor:
            self._show("\b" * columns(self._text[cursor : self._cursor]))
        else:
            self._show(self._text[self._cursor : cursor])
        self._cursor = cursor

    def _change(self, text: str, cursor: int) -> None:
        """Put another text in the line's place, drawing only what is different."""
        same = 0
        while same < min(len(text), len(self._text), self._cursor) and text[same] == self._text[same]:
            same += 1
        self._move(same)
        rest = text[same:]
        blank = max(columns(self._text[same:]) - columns(rest), 0)
        self._show(rest + " " * blank + "\b" * (blank + columns(text[cursor:])))
        self._text, self._cursor = text, cursor

    def _remember(self, step: int) -> None:
        place = self._place + step
        if 0 <= place < len(self._history):
            self._history[self._place] = self._text
            self._place = place
            self._change(self._history[place], len(self._history[place]))
