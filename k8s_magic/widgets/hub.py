"""The one model through which a cluster's frames reach the browser; all views of the cluster share it.

A daemon thread looks at the cluster several times a second and sends what changed, whether the kernel is idle or busy
(an asyncio task where threads do not start, as in Pyodide). It ends when the hub is closed, and rests when no page has
asked for frames for a while.
"""

from __future__ import annotations

import asyncio
import contextvars
import queue
import secrets
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import anywidget
import traitlets

from k8s_magic.client.context import Context
from k8s_magic.sim.pace import Pace
from k8s_magic.widgets import controls, frames, story
from k8s_magic.widgets.scene import Scene

STATIC = Path(__file__).parent / "static"

# Frames a second: enough for tweening in the browser, far below the 1,000 messages at which servers cut a client off.
RATE = 8
# Seconds that others get between two frames at least, where the cluster cannot keep up with its clock.
LEAST_REST = 0.03
# A page says every 10 s that it is there; one that has not been heard of for this long gets no more frames. Pages
# cannot be heard while a cell runs, hence so long.
SILENCE = 15 * 60.0
# Seconds between frames when nothing changes, so that the clock in the page stays true.
HEARTBEAT = 2.0
# Seconds between refreshes of what a saved notebook will show, and what part of all time they may take at most.
SNAPSHOT_EVERY = 4.0
SNAPSHOT_SHARE = 0.02


def _rest(began: float) -> float:
    """Seconds until the next frame is due."""
    return max(LEAST_REST, 1 / RATE - (time.monotonic() - began))


class Stage(controls.Actor, Protocol):
    """What a hub needs of a cluster."""

    context: Context
    pace: Pace

    def look(self) -> AbstractContextManager[None]:
        """Inside, the cluster has caught up and stands still."""


class Source(Protocol):
    """A further picture, for views that need more than the grid's; it is in the frames once such a view was made."""

    def frame(self, key: bool) -> dict[str, Any]:
        """Keys for the frame: everything where `key`, else what changed since the last call; {} where nothing did."""

    def close(self) -> None:
        """Hear nothing more."""


Build = Callable[[Any], Source]


class Hub(anywidget.AnyWidget):
    """The model that carries frames. It has no view of its own."""

    _esm = STATIC / "views.js"
    hub_id = traitlets.Unicode().tag(sync=True)
    # Saved with the notebook: frames are messages and are not.
    snapshot = traitlets.Bytes(b"").tag(sync=True)

    def __init__(self, stage: Stage) -> None:
        # It must be there from the model's first message on; it is no part of the simulation.
        super().__init__(hub_id=secrets.token_hex(8))
        self.stage = stage
        with stage.look():
            self.scene = Scene(stage.context)
        self._sources: dict[str, tuple[Build, Source]] = {}
        self._orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._seq = 0
        self._sent_at = 0.0
        self._snapshot_due = 0.0
        self._has_news = True  # that the snapshot does not show
        self._pace_sent: tuple[float, bool] | None = None
        self._wants_key = True
        self._heard_at = 0.0
        self._closed = False
        self._driver: threading.Thread | asyncio.Task[None] | None = None
        self.on_msg(self._on_message)

    def follow(self, stage: Stage) -> None:
        """Show another cluster from now on."""
        old: list[Scene | Source] = [self.scene, *(source for _, source in self._sources.values())]
        with stage.look():
            self.stage, self.scene = stage, Scene(stage.context)
            self._sources = {name: (build, build(stage)) for name, (build, _) in self._sources.items()}
            self._wants_key = True
        for closed in old:
            closed.close()

    def source(self, name: str, build: Build) -> Source:
        """The further picture of a name, made of the stage when it is first asked for."""
        with self.stage.look():
            if name not in self._sources:
                self._sources[name] = (build, build(self.stage))
                self._wants_key = True
            return self._sources[name][1]

    def _on_message(self, _: Any, content: Any, buffers: Any) -> None:
        """Called on whatever thread the kernel likes: only notes what is wanted."""
        kind = content.get("type") if isinstance(content, dict) else None
        if kind in ("hello", "alive"):
            self._heard_at = time.monotonic()
            self._wants_key = self._wants_key or kind == "hello"
            self.start()
        elif kind == "order":
            self._heard_at = time.monotonic()
            self._orders.put(content)
            self.start()

    def start(self) -> None:
        """Send frames from now on."""
        if self._closed or self._driver is not None:
            return
        self._heard_at = time.monotonic()
        if sys.platform == "emscripten":
            self._driver = asyncio.get_running_loop().create_task(self._drive_in_loop())
            return
        # The copied context lets ipykernel 7.0 send from this thread.
        run = contextvars.copy_context().run
        self._driver = threading.Thread(target=run, args=(self._drive,), daemon=True, name="k8s-magic-frames")
        self._driver.start()

    def _is_wanted(self) -> bool:
        return not self._closed and time.monotonic() - self._heard_at < SILENCE

    def _drive(self) -> None:
        while self._is_wanted():
            began = time.monotonic()
            self.send_frame()
            time.sleep(_rest(began))
        self._driver = None

    async def _drive_in_loop(self) -> None:
        while self._is_wanted():
            began = time.monotonic()
            self.send_frame()
            await asyncio.sleep(_rest(began))
        self._driver = None

    def send_frame(self) -> None:
        """Do what pages asked for, look, and send one frame if there is something to say."""
        while not self._orders.empty():
            order = self._orders.get()
            self.send({"type": "answer", "id": order.get("id"), **self._obey(order)})
        stage = self.stage
        with stage.look():
            if self._closed or stage is not self.stage:
                return
            changes = self.scene.take()
            key, self._wants_key = self._wants_key, False
            if key:
                changes = self.scene.whole()
            more = self._more(key)
            self._has_news = bool(self._has_news or changes or more)
            picture = self._picture()
            pace = (0.0 if stage.pace.is_manual else stage.pace.speed, stage.pace.is_paused)
            is_due = time.monotonic() - self._sent_at >= HEARTBEAT
            frame = b""
            if key or changes or more or is_due or pace != self._pace_sent:
                self._seq += 1
                self._sent_at, self._pace_sent = time.monotonic(), pace
                now, (speed, paused) = stage.context.kernel.now, pace
                frame = frames.encode(changes, seq=self._seq, key=key, now=now, speed=speed, paused=paused, more=more)
        if frame:
            self.send({"type": "frame"}, buffers=[frame])
        if picture:
            self.snapshot = picture

    def _obey(self, order: dict[str, Any]) -> dict[str, Any]:
        if order.get("do") == "story":
            with self.stage.look():
                return story.answer(self.scene, order)
        return controls.obey(self.stage, order)

    def _more(self, key: bool) -> dict[str, Any]:
        more: dict[str, Any] = {}
        for _, source in self._sources.values():
            more |= source.frame(key)
        return more

    def _picture(self) -> bytes:
        """The snapshot anew, where it is due. Called right after the changes were taken: nothing is lost by it."""
        began = time.monotonic()
        if not self._has_news or began < self._snapshot_due:
            return b""
        self._has_news = False
        picture = frames.snapshot(self.scene.whole(), now=self.scene.now, more=self._more(True))
        ended = time.monotonic()
        self._snapshot_due = ended + max(SNAPSHOT_EVERY, (ended - began) / SNAPSHOT_SHARE)
        return picture

    def close(self) -> None:
        """End the driver and forget the cluster."""
        self._closed = True
        self.scene.close()
        for _, source in self._sources.values():
            source.close()
        driver = self._driver
        if isinstance(driver, threading.Thread) and driver is not threading.current_thread():
            driver.join(timeout=1.0)
        super().close()
