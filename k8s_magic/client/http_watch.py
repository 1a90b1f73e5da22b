"""A watch over HTTP: a thread reads, whoever asks takes."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse

from k8s_magic.machinery.protocols import WatchEvent
from k8s_magic.sim.time import SECOND, SimTime


class HttpWatch:
    """Implements machinery.protocols.Watch."""

    def __init__(self, connection: HTTPConnection, response: HTTPResponse) -> None:
        self._connection = connection
        self._events: queue.SimpleQueue[WatchEvent | None] = queue.SimpleQueue()
        self._has_ended = False
        threading.Thread(target=self._read, args=(response,), name="k8s-magic-watch", daemon=True).start()

    def _read(self, response: HTTPResponse) -> None:
        try:
            while line := response.readline():
                event = json.loads(line)
                self._events.put(WatchEvent(event["type"], event["object"]))
        except (OSError, ValueError, HTTPException, AttributeError):
            return  # it was closed
        finally:
            self._events.put(None)

    def next(self, timeout: SimTime | None = None) -> WatchEvent | None:
        if self._has_ended:
            return None
        try:
            event = self._events.get(timeout=None if timeout is None else timeout / SECOND)
        except queue.Empty:
            return None
        self._has_ended = event is None
        return event

    def close(self) -> None:
        self._has_ended = True
        sock = self._connection.sock
        if sock is not None:
            with _quiet():
                sock.shutdown(2)
        self._connection.close()

    def __iter__(self) -> Iterator[WatchEvent]:
        while (event := self.next()) is not None:
            yield event


class _quiet:
    """A socket that has gone needs no closing."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> bool:
        return kind is not None and issubclass(kind, OSError)
