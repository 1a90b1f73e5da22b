"""What a kubelet holds of a running exec and of an attachment: machinery.protocols.Session."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from k8s_magic.runtime.pipes import Pipe
from k8s_magic.runtime.process import BrokenPipe, Process
from k8s_magic.runtime.terminal import Terminal

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer

Hear = Callable[[str, str], None]
Input = Terminal | Pipe | None


class _Typed:
    """What both have: an input that may be typed to."""

    __slots__ = ("_input",)

    def __init__(self, input: Input) -> None:
        self._input = input

    @property
    def wants_input(self) -> bool:
        return self._input is not None and self._input.awaited > 0

    @property
    def room(self) -> int:
        return self._input.room if self._input is not None else 0

    def write(self, text: str) -> None:
        """What is more than fits is lost: whoever types looks at `room` before."""
        if isinstance(self._input, Terminal):
            self._input.write_typed(text)
        elif self._input is not None:
            try:
                self._input.write(text[: self._input.room])
            except BrokenPipe:
                return


class Execution(_Typed):
    """A command of an exec."""

    __slots__ = ("_process",)

    def __init__(self, process: Process, input: Input) -> None:
        super().__init__(input)
        self._process = process

    @property
    def exit_code(self) -> int | None:
        return self._process.exit_code

    def step(self) -> bool:
        return self._process.exit_code is not None

    def end(self) -> None:
        if isinstance(self._input, Pipe):
            self._input.close()

    def resize(self, width: int, height: int) -> None:
        if isinstance(self._input, Terminal):
            self._input.resize(width, height)

    def close(self) -> None:
        self._process.signal("SIGKILL")


class Attachment(_Typed):
    """Hears what a container's first process prints from now on, and types to it where its input is open.

    Source: containerd internal/cri/io/container_io.go (Attach): who leaves ends the input of a container with
    `stdinOnce` and without a terminal.
    """

    __slots__ = ("_container", "_hear", "_is_left", "_position", "_shown")

    def __init__(self, container: SimulatedContainer, hear: Hear, has_input: bool) -> None:
        super().__init__(container.input if has_input and container.config.stdin else None)
        self._container = container
        self._hear = hear
        self._is_left = False
        self._position = container.log_since(0)[1]
        # How much has been told of the line that each stream is at.
        self._shown = {stream: len(text) for stream, text in container.log_partial().items()}

    @property
    def exit_code(self) -> int | None:
        return 0 if self._is_left or self._container.exit_code is not None else None

    def step(self) -> bool:
        lines, self._position = self._container.log_since(self._position)
        for _, stream, text in lines:
            end = "\r\n" if self._container.config.tty and not text.endswith("\r") else "\n"
            self._hear(stream, text[self._shown.pop(stream, 0) :] + end)
        for stream, text in self._container.log_partial().items():
            shown = self._shown.get(stream, 0)
            if len(text) > shown:
                self._hear(stream, text[shown:])
                self._shown[stream] = len(text)
        return self.exit_code is not None

    def end(self) -> None:
        if self._input is None:
            return
        if isinstance(self._input, Pipe) and self._container.config.stdin_once:
            self._input.close()
        else:
            self._is_left = True

    def resize(self, width: int, height: int) -> None:
        if isinstance(self._container.input, Terminal):
            self._container.input.resize(width, height)

    def close(self) -> None:
        self.end()
        self._is_left = True
