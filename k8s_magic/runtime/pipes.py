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
# A line that is longer than this is read in parts.
FULL = 900_000

# What a program may hold of what it reads as a whole. A guess.
MAX_INPUT = 32_000_000

Reading = Generator[SimTime | None, None, str]


class Writer(Protocol):
    @property
    def is_terminal(self) -> bool: ...

    def write(self, text: str) -> None: ...

    def close(self) -> None: ...


class Reader(Protocol):
    @property
    def is_terminal(self) -> bool: ...

    def line(self) -> Reading:
        """The next line with its end; "" at the end of the input."""

    def some(self) -> Reading:
        """What there is, and at least one character; "" at the end of the input."""

    def all(self) -> Reading: ...

    def unread(self, text: str) -> None:
        """Give back what was read too much."""

    def close(self) -> None: ...

    def read_by(self, process: Process) -> None:
        """Who else is woken when there is something to read."""


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
    is_terminal = False

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

    def some(self) -> Reading:
        return self.all()

    def unread(self, text: str) -> None:
        if text:
            self._text, self._position = text + self._text[self._position :], 0

    def close(self) -> None:
        self._position = len(self._text)

    def read_by(self, process: Process) -> None:
        """Nobody has to be woken."""


class Pipe:
    """Joins two processes. The reader is woken when there is something; writing to a left pipe breaks it.

    `awaited` is how many readers wait for more.
    """

    __slots__ = ("_closed", "_held", "_left", "_readers", "awaited", "is_terminal")

    def __init__(self) -> None:
        self.is_terminal = False
        self.awaited = 0
        self._readers: tuple[Process, ...] = ()
        self._held = ""
        self._closed = False
        self._left = False

    @property
    def room(self) -> int:
        """How much more may be written."""
        return MAX_TEXT - len(self._held)

    def write(self, text: str) -> None:
        if self._left:
            raise BrokenPipe
        if len(text) > self.room:
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

    def read_by(self, process: Process) -> None:
        self._readers = (*(reader for reader in self._readers if reader.exit_code is None), process)

    def _wake(self) -> None:
        for reader in self._readers:
            reader.wake()

    def line(self) -> Reading:
        if "\n" not in self._held and not self._closed:
            self.awaited += 1
            try:
                while "\n" not in self._held and not self._closed and len(self._held) < FULL:
                    yield None
            finally:
                self.awaited -= 1
        end = self._held.find("\n") + 1 or len(self._held)
        line, self._held = self._held[:end], self._held[end:]
        return line

    def some(self) -> Reading:
        if not self._held and not self._closed:
            self.awaited += 1
            try:
                while not self._held and not self._closed:
                    yield None
            finally:
                self.awaited -= 1
        text, self._held = self._held, ""
        return text

    def all(self) -> Reading:
        parts: list[str] = []
        size = 0
        while True:
            part = yield from self.some()
            if not part:
                return "".join(parts)
            parts.append(part)
            size += len(part)
            if size > MAX_INPUT:
                raise OutputTooLarge("input too large to simulate")

    def unread(self, text: str) -> None:
        if text:
            self._held = text + self._held


class PipeEnd:
    """The reading side of a pipe: its `close` is the reader's leaving. `is_shared`: others read on."""

    __slots__ = ("_is_shared", "_pipe", "all", "line", "read_by", "some", "unread")
    is_terminal = False

    def __init__(self, pipe: Pipe, is_shared: bool = False) -> None:
        self._pipe = pipe
        self._is_shared = is_shared
        self.line: Callable[[], Reading] = pipe.line
        self.some: Callable[[], Reading] = pipe.some
        self.all: Callable[[], Reading] = pipe.all
        self.unread: Callable[[str], None] = pipe.unread
        self.read_by: Callable[[Process], None] = pipe.read_by

    def close(self) -> None:
        if not self._is_shared:
            self._pipe.leave()
