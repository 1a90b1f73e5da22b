"""A program on a pseudo-terminal, typed to as a person would: a line when the prompt has come."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

# How long a person waits before the test gives up, in seconds.
PATIENCE = 30.0


class TypingTerminal:
    def __init__(self, words: Sequence[str | Path], env: Mapping[str, str]) -> None:
        self.screen = ""
        self._seen = 0
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            os.execve(words[0], [str(word) for word in words], dict(env))

    def until(self, pattern: str) -> str:
        """Wait for a text on the screen; what has come up to its end since the last one."""
        end = time.monotonic() + PATIENCE
        while (found := re.compile(pattern).search(self.screen, self._seen)) is None:
            assert time.monotonic() < end, f"{pattern!r} never came: {self.screen!r}"
            assert self._read(end - time.monotonic()), f"ended without {pattern!r}: {self.screen!r}"
        before, self._seen = self._seen, found.end()
        return self.screen[before : found.end()]

    def sees(self, text: str) -> bool:
        """Whether a text is on the screen, now or in a moment."""
        self._read(0.1)
        return text in self.screen

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def ask(self, line: str, prompt: str) -> str:
        """Type a line; what is shown from then to the next prompt."""
        self.type(f"{line}\r")
        return self.until(prompt)

    def end(self) -> int:
        """Wait for the program's end: its exit code."""
        end = time.monotonic() + PATIENCE
        while self._read(end - time.monotonic()):
            assert time.monotonic() < end, f"it never ended: {self.screen!r}"
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def close(self) -> None:
        """The person closes the window."""
        os.close(self._terminal)
        os.waitpid(self._pid, 0)

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._terminal], [], [], max(seconds, 0.0))
        try:
            data = os.read(self._terminal, 65536) if ready else b" "[:0]
        except OSError:  # Linux says so when the other side has closed
            return False
        self.screen += data.decode()
        return bool(data) or not ready
