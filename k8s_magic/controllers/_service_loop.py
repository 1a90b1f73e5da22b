"""The loop that the endpoints controllers share: Services and the changes of their Pods ask for Services."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from k8s_magic.client.context import Context
from k8s_magic.client.controller import Controller, Request, Result
from k8s_magic.client.workqueue import REACTION
from k8s_magic.controllers import _services
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.sim.time import MICROSECOND, SimTime

# Our simplification: a sync takes longer the more Pods there are, and what changes meanwhile is worked in the next.
TIME_PER_POD: SimTime = 100 * MICROSECOND


class ServiceLoop:
    """`sizes` holds how many Pods each Service had at its last sync; the reconciler keeps it."""

    def __init__(self, context: Context, name: str, reconcile: Callable[[Request], Result | None]) -> None:
        self.services = context.informer(names.SERVICES)
        self.pods = context.informer(names.PODS)
        self.sizes: dict[ObjectKey, int] = {}
        self._index = _services.ServiceIndex()
        self.controller = Controller(name, context.kernel, reconcile)
        self.controller.watch(self.services, self._note_service)
        self.controller.watch(self.pods, self._note_pod)

    def pods_of(self, service: Object) -> list[Object]:
        found = list(self.pods.select(meta.namespace_of(service), service["spec"]["selector"]))
        self.sizes[meta.key_of(service)] = len(found)
        return found

    def forget(self, key: ObjectKey) -> None:
        self.sizes.pop(key, None)

    def _note_service(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        self._index.note(type, new)
        return (meta.key_of(new),)

    def _note_pod(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        queue = self.controller.queue
        for key in self._index.concerned(type, new, old):
            delay = self.sizes.get(key, 0) * TIME_PER_POD
            if delay > REACTION:
                queue.add_after(key, delay)
            else:
                queue.add(key)
        return ()
