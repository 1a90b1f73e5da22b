"""A real Jupyter kernel, and a frontend that answers when a cell asks for a line."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

# How long a cell may take before the test gives up, in seconds.
PATIENCE = 60.0


class Cell(NamedTuple):
    """What a cell printed, the prompts it asked with, and how it ended (ok, error)."""

    out: str
    err: str
    prompts: list[str]
    status: str
    messages: list[dict[str, Any]]


class TypedKernel:
    def __init__(self) -> None:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel()
        self.client: BlockingKernelClient = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)
        self.run("%load_ext k8s_magic")

    def run(
        self,
        code: str,
        lines: Iterable[str | Callable[[], str]] = (),
        *,
        allow_stdin: bool = True,
        interrupt: Callable[[str], bool] | None = None,
    ) -> Cell:
        """Run a cell and answer what it asks; `interrupt(all that was printed)` says when to press the stop button."""
        answers = iter(lines)
        messages: list[dict[str, Any]] = []
        prompts: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            messages.append(message)
            if interrupt is not None and interrupt(_text(messages, "stdout")):
                threading.Timer(0.3, self.manager.interrupt_kernel).start()

        def answer(message: dict[str, Any]) -> None:
            prompts.append(message["content"]["prompt"])
            line = next(answers, None)
            if line is None:
                self.manager.interrupt_kernel()
                return
            self.client.input(line if isinstance(line, str) else line())

        reply = self.client.execute_interactive(
            code, allow_stdin=allow_stdin, output_hook=hear, stdin_hook=answer, timeout=PATIENCE
        )
        time.sleep(0.05)
        return Cell(_text(messages, "stdout"), _text(messages, "stderr"), prompts, reply["content"]["status"], messages)

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def _text(messages: list[dict[str, Any]], name: str) -> str:
    streams = (message["content"] for message in messages if message["msg_type"] == "stream")
    return "".join(content["text"] for content in streams if content["name"] == name)
