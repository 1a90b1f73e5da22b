"""A dialogue with a container in this process: all that a person types enters by the door."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from k8s_magic.client.dialogue import InProcessDialogue
from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.cluster.door import Door

# The log's names for what is done to a command that runs, and the methods of client.node_calls.Exec.
ACTIONS = {"input": "write", "input-end": "end", "resize": "resize", "interrupt": "close"}
_NAMES = {method: name for name, method in ACTIONS.items()}


class DoorDialogue(InProcessDialogue):
    """Who only looks on is no part of the history."""

    def __init__(self, door: Door) -> None:
        super().__init__(door)
        self._door = door
        self._number = 0  # its place in the log; 0 where nothing was logged

    def begin(self, transport: InProcessTransport, positional: tuple[Any, ...], named: dict[str, Any]) -> None:
        """Start a command. Raises: ApiError."""
        with self._door.enter("exec", positional=positional, named=named):
            self._number = len(self._door.log)
            namespace, name, container, command = positional
            self.running = transport.begin(namespace, name, container, command, on_output=self.hear, **named)

    def attach(self, transport: InProcessTransport, positional: tuple[Any, ...]) -> None:
        """Attach to a container. Raises: ApiError."""
        with self._door.enter("attach", positional=positional) if positional[-1] else self._door.look():
            self._number = len(self._door.log) if positional[-1] else 0
            namespace, name, container, has_input = positional
            self.running = transport.attach(namespace, name, container, has_input, self.hear)

    def look(self) -> AbstractContextManager[Any]:
        return self._door.look()

    def act(self, action: str, *words: Any) -> None:
        with self.look():
            has_ended = self.running.step()
        if not has_ended and self._number:
            with self._door.enter(_NAMES[action], number=self._number, **({"words": words} if words else {})):
                super().act(action, *words)
