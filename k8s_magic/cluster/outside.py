"""Requests from outside the cluster: what %curl does, on the cluster's own clock, so that a replay does the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from k8s_magic.cluster.local_ports import local_ports
from k8s_magic.cluster.wiring import Parts
from k8s_magic.kubectl.streams import Forward
from k8s_magic.network import curl
from k8s_magic.sim.kernel import Callback

Write = Callable[[str, str], None]
INTERRUPTED = 130


def _silent(stream: str, text: str) -> None:
    """A replay prints nothing."""


class Transfer:
    """One curl command. It goes on by calls of the cluster's kernel; `has_ended` says when it is over."""

    def __init__(
        self,
        parts: Parts,
        words: Sequence[str],
        forwards: Iterable[Forward] = (),
        write: Write = _silent,
        files: Mapping[str, str] | None = None,
        save: Write | None = None,
    ) -> None:
        self.exit_code = 0
        self.has_ended = False
        self._kernel = parts.kernel
        self._timer: Callback | None = None
        self._steps = curl.curl(parts.network, list(words), write, local_ports(parts, forwards), files or {}, save)
        self._advance()

    def _advance(self) -> None:
        try:
            delay = next(self._steps)
        except StopIteration as end:
            self._end(end.value)
            return
        self._timer = self._kernel.call_after(delay or 0, self._advance)

    def _end(self, code: int) -> None:
        self.exit_code, self.has_ended, self._timer = code, True, None

    def close(self) -> None:
        """Ctrl-C."""
        if not self.has_ended:
            if self._timer is not None:
                self._timer.cancel()
            self._steps.close()
            self._end(INTERRUPTED)


def begin(
    parts: Parts,
    words: Sequence[str],
    forwards: Iterable[Mapping[str, Any]],
    files: Mapping[str, str] | None = None,
    write: Write = _silent,
    save: Write | None = _silent,
) -> Transfer:
    """Start a request as the log has it: `forwards` are Forward records as JSON data, `files` what it may read."""
    return Transfer(parts, words, [Forward(**forward) for forward in forwards], write, files, save)
