"""Holds back Ctrl-C while the simulation is inside a step, so that no interrupt leaves a half-made change."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType


class Uninterrupted:
    """A context in which SIGINT waits until the end, and is then delivered to whoever had it before.

    Only the main thread hears signals; in any other the context does nothing. It may be entered inside itself.
    """

    __slots__ = ("_depth", "_pending", "_previous")

    def __init__(self) -> None:
        self._depth = 0
        self._pending: FrameType | None = None
        self._previous: object = None

    def __enter__(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        if self._depth == 0:
            self._pending = None
            self._previous = signal.getsignal(signal.SIGINT)
            if callable(self._previous):
                signal.signal(signal.SIGINT, self._hold)
        self._depth += 1

    def _hold(self, number: int, frame: FrameType | None) -> None:
        self._pending = frame

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        self._depth -= 1
        if self._depth == 0 and callable(self._previous):
            signal.signal(signal.SIGINT, self._previous)
            if self._pending is not None:
                self._pending = None
                self._previous(signal.SIGINT, None)
