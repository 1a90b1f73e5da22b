"""Where a process reads and writes: texts, pipes between processes, files, logs, callbacks.

Readers are generators, since a pipe may have to be waited for; writers never wait.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Protocol

from k8s_magic.runtime.process import BrokenPipe, OutputTooLarge, Process
from k8s_magic.sim.time import SimTime

# What a command substitution, a file or a pipe may hold. A guess that keeps runaway scripts harmless.
MAX_TEXT = 1_000_000

Reading = Generator[SimTime | None, None, str]


class Writer(Protocol):
    @property
    def is_terminal(self) -> bool: ...

    def write(self, text: str) -> None: ...

    def close(self) -> None: ...


class Reader(Protocol):
    def line(self) -> Reading:
        """The next line with its end; "" at the end of the input."""

    def all(self) -> Reading: ...

    def close(self) -> None: ...


class Sink:
    """Writes to a function: a log, a terminal, a file."""

    __slots__ = ("_write", "is_terminal")

    def __init__(self, write: Callable[[str], object], is_terminal: bool = False) -> None:
        self._write = write
        self.is_terminal = is_terminal

    def write(self, text: str) -> None:
        if text:
            self._write(text)

    def close(self) -> None:
        """Nothing to do: whoever made the function looks after it."""


class Capture:
    """Collects what is written, up to a bound."""

    __slots__ = ("_size", "is_terminal", "parts")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.is_terminal = False
        self._size = 0

    def write(self, text: str) -> None:
        self._size += len(text)
        if self._size > MAX_TEXT:
            raise OutputTooLarge("output too large to simulate")
        self.parts.append(text)

    def close(self) -> None:
        """What was written stays."""

    @property
    def text(self) -> str:
        return "".join(self.parts)


class Source:
    """Reads a text that is there from the start."""

    __slots__ = ("_position", "_text")

    def __init__(self, text: str = "") -> None:
        self._text = text
        self._position = 0

    def line(self) -> Reading:
        end = self._text.find("\n", self._position) + 1 or len(self._text)
        line, self._position = self._text[self._position : end], end
        return line
        yield None

    def all(self) -> Reading:
        rest, self._position = self._text[self._position :], len(self._text)
        return rest
        yield None

    def close(self) -> None:
        self._position = len(self._text)


class OpenInput:
    """A standard input that stays open and says nothing: reading it waits for ever."""

    __slots__ = ()

    def line(self) -> Reading:
        while True:
            yield None

    def all(self) -> Reading:
        while True:
            yield None

    def close(self) -> None:
        """It stays open."""


class Pipe:
    """Joins two processes. The reader is woken when there is something; writing to a left pipe breaks it."""

    __slots__ = ("_closed", "_held", "_left", "is_terminal", "reader")

    def __init__(self) -> None:
        self.is_terminal = False
        self.reader: Process | None = None
        self._held = ""
        self._closed = False
        self._left = False

    def write(self, text: str) -> None:
        if self._left:
            raise BrokenPipe
        if len(self._held) + len(text) > MAX_TEXT:
            raise OutputTooLarge("a pipe's reader does not keep up")
        self._held += text
        self._wake()

    def close(self) -> None:
        """The writer has ended."""
        self._closed = True
        self._wake()

    def leave(self) -> None:
        """The reader has ended."""
        self._left = True

    def _wake(self) -> None:
        if self.reader is not None:
            self.reader.wake()

    def line(self) -> Reading:
        while "\n" not in self._held and not self._closed:
            yield None
        end = self._held.find("\n") + 1 or len(self._held)
        line, self._held = self._held[:end], self._held[end:]
        return line

    def all(self) -> Reading:
        while not self._closed:
            yield None
        text, self._held = self._held, ""
        return text


class PipeEnd:
    """The reading side of a pipe: its `close` is the reader's leaving."""

    __slots__ = ("_pipe",)

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    def line(self) -> Reading:
        return self._pipe.line()

    def all(self) -> Reading:
        return self._pipe.all()

    def close(self) -> None:
        self._pipe.leave()

    def read_by(self, process: Process) -> None:
        """Who is woken when there is something to read."""
        self._pipe.reader = process
