"""The loop around a reconciler: requests in, reconcile, retry on error.

A Request is only a name: a reconciler reads the present state and moves it towards the wanted one, so it may be
called at any time, any number of times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from k8s_magic.client.workqueue import WorkQueue
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import Informer, WatchType
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.time import SimTime

Request = ObjectKey


@dataclass(frozen=True, slots=True)
class Result:
    requeue_after: SimTime | None = None


Handler = Callable[[WatchType, Object, "Object | None"], None]
# Which requests a change asks for: (type, new, old) -> keys.
Mapper = Callable[[WatchType, Object, Object | None], Iterable[Request]]


class Controller:
    """Runs `reconcile(request)` for every request that its watches map to. An ApiError is retried with backoff."""

    def __init__(self, name: str, kernel: Kernel, reconcile: Callable[[Request], Result | None]) -> None:
        self.name = name
        self.queue: WorkQueue[Request] = WorkQueue(kernel, self._work)
        self._reconcile = reconcile
        self._watches: list[tuple[Informer, Mapper]] = []
        self._handlers: list[tuple[Informer, Handler]] = []
        self._running = False

    def watch(self, informer: Informer, mapper: Mapper) -> None:
        """Before `start`: changes that `informer` reports ask for the requests that `mapper` names."""
        self._watches.append((informer, mapper))

    def start(self) -> None:
        self._running = True
        for informer, mapper in self._watches:
            handler = self._handler(mapper)
            self._handlers.append((informer, handler))
            informer.add_handler(handler)

    def stop(self) -> None:
        self._running = False
        for informer, handler in self._handlers:
            informer.remove_handler(handler)
        self._handlers.clear()
        self.queue.stop()

    def _handler(self, mapper: Mapper) -> Handler:
        def handle(type: WatchType, new: Object, old: Object | None) -> None:
            if self._running:
                for request in mapper(type, new, old):
                    self.queue.add(request)

        return handle

    def _work(self, request: Request) -> None:
        try:
            result = self._reconcile(request)
        except ApiError:
            self.queue.add_rate_limited(request)
            return
        self.queue.forget(request)
        if result is not None and result.requeue_after is not None:
            self.queue.add_after(request, result.requeue_after)


def itself(type: WatchType, new: Object, old: Object | None) -> tuple[Request]:
    """Mapper: a change of an object asks for the object."""
    metadata = new["metadata"]
    return (ObjectKey(metadata.get("namespace", ""), metadata["name"]),)


def controller_owner(kind: str) -> Mapper:
    """Mapper: a change of an object asks for its managing controller, if that is of a kind."""

    def map_owner(type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        for state in (new, old):
            if state is None:
                continue
            for reference in state["metadata"].get("ownerReferences") or ():
                if reference.get("controller") and reference["kind"] == kind:
                    yield ObjectKey(state["metadata"].get("namespace", ""), reference["name"])

    return map_owner
