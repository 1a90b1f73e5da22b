"""One sync of a set of replicas: claim, create or delete, tell the status.

The status counts the Pods as they were before the sync created or deleted any: the next sync, which those changes ask
for, counts anew. This is the order of writes of the real controller.

Source: pkg/controller/replicaset/replica_set.go syncReplicaSet, manageReplicas (v1.36)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from k8s_magic.client.context import Component, Context
from k8s_magic.client.controller import Controller, Request, Result, itself
from k8s_magic.client.workqueue import REACTION
from k8s_magic.controllers import _pods, _writes
from k8s_magic.controllers._orphans import Orphans
from k8s_magic.controllers._replicas import status as statuses
from k8s_magic.controllers._replicas.kind import ReplicaKind
from k8s_magic.controllers._replicas.pod_control import PodControl
from k8s_magic.controllers._replicas.status import Counts
from k8s_magic.controllers._replicas.tally import Tallies
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.machinery.selectors import Selector
from k8s_magic.sim.time import MICROSECOND, SimTime

# Source: pkg/controller/replicaset/replica_set.go BurstReplicas
BURST = 500
# Our simplification: the real sync looks at every Pod, so that it takes longer the more there are, and what changes
# meanwhile is worked in the next one. A guess from the recordings' 41 s for 1,000 Pods, rounded down.
TIME_PER_POD: SimTime = 20 * MICROSECOND
# Our simplification: a little longer than who follows the status needs, so that a Deployment sees every step, as the
# recordings tell.
POD_REACTION: SimTime = 2 * REACTION


class ReplicaSync:
    def __init__(self, context: Context, kind: ReplicaKind) -> None:
        self._context = context
        self._kind = kind
        self._transport = context.transport(kind.component)
        self._owners = context.informer(kind.resource)
        self._pods = context.informer(names.PODS)
        self._control = PodControl(self._transport, context.recorder(kind.component))
        self._tallies = Tallies(kind.kind)
        self._orphans = Orphans()
        self.controller = Controller(kind.component, context.kernel, self.reconcile)
        self.controller.watch(self._owners, itself)
        self.controller.watch(self._pods, self._note_pod)

    def _note_pod(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        """Ask for the owners whose counts changed (after a while for large ones), and for those of a new orphan."""
        namespace = meta.namespace_of(new)
        for name in self._tallies.note(type, new, old):
            request = ObjectKey(namespace, name)
            owner = self._owners.get(namespace, name)
            size = 0 if owner is None else self._tallies.of(meta.uid_of(owner)).active
            self.controller.queue.add_after(request, max(POD_REACTION, size * TIME_PER_POD))
        if self._orphans.note(type, new):
            labels = meta.labels_of(new)
            return [
                meta.key_of(owner)
                for owner in self._owners.list(namespace)
                if self._kind.selector(owner).matches(labels)
            ]
        return ()

    def reconcile(self, request: Request) -> Result | None:
        owner = self._owners.get(request.namespace, request.name)
        if owner is None:
            return None
        selector = self._kind.selector(owner)
        pods = None if self._is_plain(owner, selector) else self._claimed(owner, selector)
        counts = self._tallied(owner) if pods is None else self._counted(owner, pods)
        failure = None
        if not meta.is_deleting(owner):
            failure = self._manage(owner, selector, counts.active, pods)
        updated = self._tell(owner, counts, failure)
        if failure is not None:
            raise failure
        return self._next_look(updated, pods)

    def _is_plain(self, owner: Object, selector: Selector) -> bool:
        """Whether the tally tells all: nothing to adopt or release, and ready means available."""
        if owner["spec"].get("minReadySeconds"):
            return False
        for orphan in self._orphans.of(meta.namespace_of(owner)):
            if _pods.is_active(orphan) and selector.matches(meta.labels_of(orphan)):
                return False
        return all(selector.matches(dict(labels)) for labels in self._tallies.of(meta.uid_of(owner)).labels)

    def _tallied(self, owner: Object) -> Counts:
        tally = self._tallies.of(meta.uid_of(owner))
        wanted = meta.labels_of(owner["spec"]["template"]).items()
        labeled = sum(count for labels, count in tally.labels.items() if wanted <= dict(labels).items())
        terminating = tally.terminating if self._kind.counts_terminating else None
        return Counts(tally.active, labeled, tally.ready, tally.ready, terminating)

    def _owned(self, owner: Object) -> list[Object]:
        uid = meta.uid_of(owner)
        found = []
        for pod in self._pods.by_owner(uid):
            reference = meta.controller_of(pod)
            if reference is not None and reference["uid"] == uid:
                found.append(pod)
        return found

    def _claimed(self, owner: Object, selector: Selector) -> list[Object]:
        candidates = [*self._owned(owner), *self._orphans.of(meta.namespace_of(owner))]
        return self._control.claim(filter(_pods.is_active, candidates), owner, selector)

    def _counted(self, owner: Object, pods: list[Object]) -> Counts:
        now, times = self._context.kernel.now, self._context.times
        seconds = owner["spec"].get("minReadySeconds") or 0
        wanted = meta.labels_of(owner["spec"]["template"]).items()
        waits = [_pods.unavailable_for(pod, seconds, now, times) for pod in pods]
        labeled = sum(wanted <= meta.labels_of(pod).items() for pod in pods)
        terminating = None
        if self._kind.counts_terminating:
            terminating = self._tallies.of(meta.uid_of(owner)).terminating
        ready = sum(_pods.is_ready(pod) for pod in pods)
        return Counts(len(pods), labeled, ready, waits.count(0), terminating)

    def _manage(self, owner: Object, selector: Selector, active: int, pods: list[Object] | None) -> ApiError | None:
        surplus = active - owner["spec"]["replicas"]
        if surplus < 0:
            return self._control.create(min(-surplus, BURST), owner["spec"]["template"], owner)
        if surplus > 0:
            if pods is None:
                pods = [pod for pod in self._owned(owner) if _pods.is_active(pod)]
            count = min(surplus, BURST)
            return self._control.delete(self._first_to_go(owner, pods, count), owner)
        return None

    def _first_to_go(self, owner: Object, pods: list[Object], count: int) -> list[Object]:
        if count >= len(pods):
            return pods
        context = self._context
        return _pods.first_to_go(pods, self._related(owner), context.kernel.now, context.times, count)

    def _related(self, owner: Object) -> dict[str, int]:
        """How many active Pods of the owner's siblings (itself among them) each node has."""
        reference = meta.controller_of(owner)
        on_node: Counter[str] = Counter()
        if reference is None:
            return on_node
        seen: set[str] = set()
        for sibling in self._owners.by_owner(reference["uid"]):
            selector = self._kind.selector(sibling)
            is_sure = len(selector.exact) == len(selector.requirements) and not selector.is_nothing
            for pod in self._pods.select(meta.namespace_of(sibling), selector.exact):
                uid = pod["metadata"]["uid"]
                if uid not in seen and (is_sure or selector.matches(meta.labels_of(pod))):
                    seen.add(uid)
                    if _pods.is_active(pod):
                        on_node[pod["spec"].get("nodeName", "")] += 1
        return on_node

    def _tell(self, owner: Object, counts: Counts, failure: ApiError | None) -> Object:
        status = statuses.calculate(owner, counts, failure, self._context.now_text())
        if status == owner.get("status"):
            return owner
        return self._transport.update(
            self._kind.resource,
            meta.namespace_of(owner),
            meta.name_of(owner),
            meta.with_status(owner, status),
            subresource="status",
            options=_writes.AS_MANAGER,
        )

    def _next_look(self, owner: Object, pods: list[Object] | None) -> Result | None:
        """When the next of the ready Pods becomes available."""
        seconds = owner["spec"].get("minReadySeconds") or 0
        if not pods or not seconds:
            return None
        now, times = self._context.kernel.now, self._context.times
        waits = [wait for pod in pods if (wait := _pods.unavailable_for(pod, seconds, now, times))]
        return Result(requeue_after=min(waits)) if waits else None


def build(context: Context, kind: ReplicaKind) -> Component:
    return ReplicaSync(context, kind).controller
