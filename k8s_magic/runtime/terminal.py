"""A terminal between a person and a container's processes: echo, line editing, the keys that interrupt and that end.

Its processes read whole lines, unless a shell edits its line itself. Our simplification: no job control (Ctrl-Z).
Source: termios(3), canonical mode
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from k8s_magic.runtime.line_editor import ERASE, MAX_LINE, LineEditor, columns, without_last_word
from k8s_magic.runtime.pipes import MAX_TEXT, Reading
from k8s_magic.runtime.process import Process
from k8s_magic.sim.time import SimTime

END, INTERRUPT = "\x04", "\x03"
_SIGNALS = {INTERRUPT: "SIGINT", "\x1c": "SIGQUIT"}


class Terminal:
    """Reader and Writer of its processes. `show(text)` puts text on the person's screen.

    `foreground(signal)` is who hears of Ctrl-C. `awaited` is how many wait for what is typed. Between lines, what
    was typed and not yet read is held; an END in it is where the person ended the input.
    """

    def __init__(self, show: Callable[[str], None]) -> None:
        self.is_terminal = True
        self.awaited = 0
        self.echoes = True
        self.size: tuple[int, int] | None = None
        self.foreground: Callable[[str], None] = lambda name: None
        self._show = show
        self._readers: tuple[Process, ...] = ()
        self._held = ""
        self._line = ""
        self._editor: LineEditor | None = None

    # -- the person's side

    @property
    def room(self) -> int:
        return MAX_TEXT - len(self._held) - len(self._line)

    def write_typed(self, text: str) -> None:
        """Keys, in order."""
        for place, char in enumerate(text):
            editor = self._editor
            if char in _SIGNALS:
                self._signal(char)
            elif editor is None:
                self._key(char)
            else:
                editor.key(char)
            if editor is not None and (char in _SIGNALS or editor.result is not None):
                # The shell has its line; what came with it is read later, and not shown before.
                self._editor = None
                self._held += text[place + 1 :].replace("\r", "\n").partition(INTERRUPT)[0]
                if INTERRUPT in text[place + 1 :]:
                    self._signal(INTERRUPT)
                break
        self._wake()

    def resize(self, width: int, height: int) -> None:
        """A shell shows its line again, but not for the first size that it ever hears of."""
        before, self.size = self.size, (width, height)
        if before not in (None, self.size) and self._editor is not None:
            self._editor.redraw()

    def _signal(self, char: str) -> None:
        self._held = self._line = ""
        self._echo("^C" if char == INTERRUPT else "^\\")
        self.foreground(_SIGNALS[char])

    def _key(self, char: str) -> None:
        if char in "\r\n":
            self._echo("\r\n")
            self._held += self._line + "\n"
            self._line = ""
        elif char == END:
            self._held += self._line + END
            self._line = ""
        elif char in ERASE:
            self._erase(self._line[:-1])
        elif char == "\x15":
            self._erase("")
        elif char == "\x17":
            self._erase(without_last_word(self._line))
        elif len(self._line) >= MAX_LINE:
            self._echo("\a")
        elif char >= " " or char == "\t":
            self._echo(char)
            self._line += char
        else:
            self._echo(f"^{chr(ord(char) + 64)}")

    def _erase(self, kept: str) -> None:
        width = columns(self._line[len(kept) :])
        self._echo("\b" * width + " " * width + "\b" * width)
        self._line = kept

    def _echo(self, text: str) -> None:
        if self.echoes and text:
            self._show(text)

    def _wake(self) -> None:
        for reader in self._readers:
            reader.wake()

    # -- its processes' side

    def write(self, text: str) -> None:
        if text:
            self._show(text.replace("\n", "\r\n"))

    def ask(self, prompt: str, history: list[str]) -> Reading:
        """A line that the shell lets be edited: "" where the input was ended."""
        self._show(prompt.replace("\n", "\r\n"))
        editor = self._editor = LineEditor(prompt, history, self._show)
        typed, self._held, self._line = self._held + self._line, "", ""
        self.write_typed(typed)
        try:
            yield from self._until(lambda: editor.result is not None)
        finally:
            if self._editor is editor:
                self._editor = None
        return editor.result or ""

    def line(self) -> Reading:
        yield from self._until(lambda: "\n" in self._held or END in self._held)
        ends = [place for place in (self._held.find("\n"), self._held.find(END)) if place >= 0]
        end = min(ends)
        line, self._held = self._held[: end + 1].removesuffix(END), self._held[end + 1 :]
        return line

    some = line

    def all(self) -> Reading:
        text = ""
        while line := (yield from self.line()):
            text += line
        return text

    def unread(self, text: str) -> None:
        self._held = text + self._held

    def close(self) -> None:
        """It stays for the next who reads."""

    def read_by(self, process: Process) -> None:
        self._readers = (*(reader for reader in self._readers if reader.exit_code is None), process)

    def _until(self, is_ready: Callable[[], bool]) -> Generator[SimTime | None, None, None]:
        self.awaited += 1
        try:
            while not is_ready():
                yield None
        finally:
            self.awaited -= 1
