"""A dialogue with a container of this process's cluster."""

from __future__ import annotations

from collections import deque
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from k8s_magic.client.node_calls import Exec
from k8s_magic.machinery.protocols import Pump


class InProcessDialogue:
    """Implements machinery.protocols.Dialogue. `running` is set by who begins it, with `hear` as its output."""

    guesses = False
    running: Exec

    def __init__(self, pump: Pump) -> None:
        self._pump = pump
        self._heard: deque[tuple[str, str]] = deque()

    def hear(self, stream: str, text: str) -> None:
        """May be called from another thread that looks at the cluster: inside `look`."""
        self._heard.append((stream, text))

    def look(self) -> AbstractContextManager[Any]:
        """Inside, the cluster belongs to the caller."""
        return nullcontext()

    def act(self, action: str, *words: Any) -> None:
        """What the person does to what runs: a method of Exec."""
        getattr(self.running, action)(*words)

    @property
    def has_ended(self) -> bool:
        with self.look():
            return self.running.step() and not self._heard

    @property
    def exit_code(self) -> int:
        return self.running.result.exit_code

    @property
    def wants_input(self) -> bool:
        with self.look():
            return self.running.wants_input and not self._heard

    def wait(self) -> None:
        running = self.running
        self._pump.wait(lambda: running.step() or bool(self._heard) or running.wants_input)

    def take(self) -> list[tuple[str, str]]:
        heard: list[tuple[str, str]] = []
        while self._heard:  # without `look`, which holds an interrupt back until what was heard would be lost
            heard.append(self._heard.popleft())
        return heard

    def write(self, text: str) -> None:
        self.act("write", text)

    def end(self) -> None:
        self.act("end")

    def resize(self, width: int, height: int) -> None:
        self.act("resize", width, height)

    def close(self) -> None:
        self.act("close")
