"""One node's image store and its queue of pulls: one at a time, as kubelets have it by default (serializeImagePulls).

A pull's time is a round trip to the registry and the image's size by the node's bandwidth; what is already here
costs the round trip only. Our figures: 40 to 100 MiB/s a node, 150 to 350 ms a round trip, from the node's stream.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from k8s_magic.runtime.catalog import Catalog, PullError
from k8s_magic.runtime.contract import PullOutcome
from k8s_magic.runtime.image import MEBIBYTE, ImageVersion
from k8s_magic.runtime.reference import parse
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import MILLISECOND, SECOND, SimTime

Done = Callable[[PullOutcome], None]


class ImageStore:
    def __init__(self, kernel: Kernel, streams: Streams, name: str, catalog: Catalog) -> None:
        self._kernel = kernel
        self._stream = stream = streams.stream(name)
        self._catalog = catalog
        self._bandwidth = 40 * MEBIBYTE + int(stream.random() * 60 * MEBIBYTE)
        self._held: dict[str, ImageVersion] = {}  # by canonical reference
        self._names: dict[str, str] = {}  # what people wrote -> canonical reference
        self._waiting: deque[tuple[str, Done]] = deque()
        self._busy = False
        # The download under way: the image as written, when it began and when it will have arrived.
        self.current: tuple[str, SimTime, SimTime] | None = None

    def get(self, image: str) -> ImageVersion | None:
        name = self._names.get(image)
        if name is None:
            try:
                name = str(parse(image))
            except ValueError:
                return None
            if name in self._held:
                self._names[image] = name
        return self._held.get(name)

    def put(self, version: ImageVersion) -> None:
        self._held[str(version.reference)] = version

    def all(self) -> list[tuple[str, int]]:
        return [(name, version.size) for name, version in self._held.items()]

    def pull(self, image: str, done: Done) -> None:
        self._waiting.append((image, done))
        if not self._busy:
            self._next()

    def _next(self) -> None:
        if not self._waiting:
            self._busy = False
            return
        self._busy = True
        image, done = self._waiting.popleft()
        duration = 150 * MILLISECOND + int(self._stream.random() * 200 * MILLISECOND)
        held = self.get(image)
        outcome: PullOutcome
        version: ImageVersion | None = None
        if held is None:
            try:
                version = self._catalog.find(image)
            except PullError as error:
                outcome = PullOutcome(error=str(error), duration=duration)
            else:
                duration += version.size * SECOND // self._bandwidth
                outcome = PullOutcome("", version.size, duration, version.image_id)
        else:
            outcome = PullOutcome("", held.size, duration, held.image_id)
        if version is not None:
            self.current = (image, self._kernel.now, self._kernel.now + duration)
        self._kernel.call_after(duration, self._finish, outcome, version, done)

    def _finish(self, outcome: PullOutcome, version: ImageVersion | None, done: Done) -> None:
        self.current = None
        if version is not None:
            self.put(version)
        self._next()
        done(outcome)
