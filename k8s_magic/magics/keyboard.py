"""Where a person types while a cell runs: the frontend's input box, or the terminal."""

from __future__ import annotations

import sys

from k8s_magic.kubectl.streams import NoKeyboard


class NotebookKeyboard:
    """Implements kubectl.streams.Keyboard by Python's own `input`, which Jupyter answers by a box below the cell."""

    def ask(self, prompt: str) -> str | None:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        try:
            line: object = input(prompt)
        except EOFError:
            return None
        except (RuntimeError, OSError):
            # ipykernel's StdinNotImplementedError is a RuntimeError; a captured stdin (pytest) raises OSError.
            raise NoKeyboard from None
        if not isinstance(line, str):
            raise NoKeyboard  # an awaitable: a kernel in the browser that cannot wait here
        return line
