"""One step of a StatefulSet: its Pods in order, first those to have, then those to give up, then those to replace.

Source: pkg/controller/statefulset/stateful_set_control.go updateStatefulSet, stateful_pod_control.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from k8s_magic.client.recorder import EventRecorder
from k8s_magic.controllers import _pods, _writes
from k8s_magic.controllers.statefulset import pods as stateful_pods
from k8s_magic.controllers.statefulset.claims import Claims
from k8s_magic.controllers.statefulset.pods import Standing
from k8s_magic.controllers.statefulset.revisions import Found, template_of
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport

COUNTS = ("replicas", "readyReplicas", "availableReplicas", "currentReplicas", "updatedReplicas")
MOST_AT_ONCE = 500


class Step:
    """`status` is what is to be told after `run`."""

    def __init__(self, owner: Object, found: Found, pods: list[Object], standing: Standing, control: PodWriter) -> None:
        self.owner = owner
        self.pods = pods
        self.standing = standing
        self.control = control
        self.found = found
        self.current, self.update = meta.name_of(found.current), meta.name_of(found.update)
        self.is_monotonic = owner["spec"].get("podManagementPolicy") != "Parallel"
        self.status: dict[str, Any] = {
            "observedGeneration": owner["metadata"].get("generation", 0),
            "currentRevision": self.current,
            "updateRevision": self.update,
            "collisionCount": found.collisions,
        }
        self._count(pods)
        self.replicas, self.condemned = self._sorted()

    def _sorted(self) -> tuple[list[Object], list[Object]]:
        """The Pods to have, those missing as they will be made; and those to give up, the highest first."""
        start = stateful_pods.start_of(self.owner)
        at = {stateful_pods.ordinal_of(pod): pod for pod in self.pods}
        ordinals = range(start, start + self.owner["spec"]["replicas"])
        replicas = [at.get(ordinal) or self._new(ordinal) for ordinal in ordinals]
        condemned = [at[ordinal] for ordinal in sorted(at, reverse=True) if ordinal >= 0 and ordinal not in ordinals]
        return replicas, condemned

    def _new(self, ordinal: int) -> Object:
        strategy = self.owner["spec"]["updateStrategy"]
        rolling = strategy.get("rollingUpdate")
        below = stateful_pods.start_of(self.owner)
        if rolling is not None:
            below += rolling.get("partition", 0)
        else:
            below += (self.owner.get("status") or {}).get("currentReplicas", 0)
        is_current = ordinal < below and (rolling is not None or strategy["type"] == "RollingUpdate")
        revision = self.found.current if is_current else self.found.update
        return stateful_pods.new_pod(self.owner, template_of(revision), meta.name_of(revision), ordinal)

    def _count(self, pods: Iterable[Object]) -> None:
        counts = dict.fromkeys(COUNTS, 0)
        for pod in pods:
            is_created = stateful_pods.is_created(pod)
            counts["replicas"] += is_created
            if stateful_pods.is_up(pod):
                counts["readyReplicas"] += 1
                counts["availableReplicas"] += self.standing.is_available(pod)
            if is_created and not meta.is_deleting(pod):
                revision = stateful_pods.revision_of(pod)
                counts["currentReplicas"] += revision == self.current
                counts["updatedReplicas"] += revision == self.update
        self.status |= counts

    def run(self) -> ApiError | None:
        """Answers what went wrong; the status holds anyway."""
        if meta.is_deleting(self.owner):
            return None
        try:
            is_done = self._for_all(self.replicas, self._have)
            is_done = is_done and self._for_all(self.condemned, self._fix_claims)
            is_done = is_done and self._for_all(self.condemned, self._give_up)
        except ApiError as error:
            self._count([*self.replicas, *self.condemned])
            return error
        self._count([*self.replicas, *self.condemned])
        if is_done and self.owner["spec"]["updateStrategy"]["type"] != "OnDelete":
            try:
                self._replace_next()
            except ApiError as error:
                return error
        return None

    def _for_all(self, pods: list[Object], act: Callable[[int], bool]) -> bool:
        """One after the other until one has to be waited for; all at once in batches where the set allows it."""
        if self.is_monotonic:
            return all(act(position) for position in range(len(pods)))
        failure, position, batch = None, 0, 1
        while position < len(pods):
            for each in range(position, min(position + batch, len(pods))):
                try:
                    act(each)
                except ApiError as error:
                    failure = failure or error
            if failure is not None:
                raise failure
            position += batch
            batch = min(2 * batch, MOST_AT_ONCE)
        return True

    def _have(self, position: int) -> bool:
        """Whether the next Pod may be looked at. Source: processReplica"""
        pod, owner = self.replicas[position], self.owner
        if _pods.phase(pod) in _pods.ENDED:
            if not meta.is_deleting(pod):
                self.control.delete(owner, pod)
            return False
        if not stateful_pods.is_created(pod):
            if self.control.claims.are_stale(owner, pod):
                return False
            self.control.create(owner, pod)
            if self.is_monotonic:
                return False
        if _pods.phase(pod) == "Pending":
            self.control.complete_claims(owner, pod)
        if self.is_monotonic and self.standing.is_unavailable(pod):
            return False
        if self.is_monotonic and not stateful_pods.is_up(pod):
            return False
        if stateful_pods.is_created(pod):
            self.control.correct(owner, pod)
        return True

    def _fix_claims(self, position: int) -> bool:
        pod = self.condemned[position]
        if not self.control.claims.match_policy(self.owner, pod):
            self.control.claims.follow_policy(self.owner, pod)
        return True

    def _first_unavailable(self) -> Object | None:
        for pod in (*self.replicas, *reversed(self.condemned)):
            if self.standing.is_unavailable(pod):
                return pod
        return None

    def _give_up(self, position: int) -> bool:
        """Source: processCondemned"""
        pod = self.condemned[position]
        if meta.is_deleting(pod):
            return not self.is_monotonic
        is_waiting = not stateful_pods.is_up(pod) or not self.standing.is_available(pod)
        if self.is_monotonic and is_waiting and pod is not self._first_unavailable():
            return False
        self.control.delete(self.owner, pod)
        return False

    def _replace_next(self) -> None:
        """The Pod with the highest number that is not of the update revision gives way, one at a time."""
        rolling = self.owner["spec"]["updateStrategy"].get("rollingUpdate") or {}
        for target in range(len(self.replicas) - 1, rolling.get("partition", 0) - 1, -1):
            pod = self.replicas[target]
            if stateful_pods.revision_of(pod) != self.update and not meta.is_deleting(pod):
                self.control.delete(self.owner, pod)
                self.status["currentReplicas"] -= 1
                return
            if self.standing.is_unavailable(pod):
                return


class PodWriter:
    """Writes of numbered Pods, each told in an event."""

    def __init__(self, transport: Transport, recorder: EventRecorder, claims: Claims) -> None:
        self._transport = transport
        self._recorder = recorder
        self.claims = claims

    def create(self, owner: Object, pod: Object) -> None:
        try:
            self.claims.create(owner, pod)
            self._transport.create(names.PODS, meta.namespace_of(owner), pod, options=_writes.AS_MANAGER)
        except ApiError as error:
            if not error.is_already_exists:
                self._tell("Create", owner, pod, error)
            raise
        self._follow_policy(owner, pod)
        self._tell("Create", owner, pod)

    def complete_claims(self, owner: Object, pod: Object) -> None:
        if stateful_pods.claim_templates(owner):
            self.claims.create(owner, pod)
            self._follow_policy(owner, pod)

    def _follow_policy(self, owner: Object, pod: Object) -> None:
        try:
            self.claims.follow_policy(owner, pod)
        except ApiError as error:
            self._tell("Update", owner, pod, error)
            raise

    def correct(self, owner: Object, pod: Object) -> None:
        """Give a Pod back what makes it a member. Source: UpdateStatefulPod"""
        wanted = stateful_pods.corrected(pod, owner)
        follows_policy = self.claims.match_policy(owner, pod)
        if wanted is pod and follows_policy:
            return
        if not stateful_pods.has_storage(pod, owner):
            self.claims.create(owner, pod)
        if not follows_policy:
            self._follow_policy(owner, pod)
        try:
            self._transport.update(
                names.PODS, meta.namespace_of(pod), meta.name_of(pod), wanted, options=_writes.AS_MANAGER
            )
        except ApiError as error:
            self._tell("Update", owner, pod, error)
            raise
        self._tell("Update", owner, pod)

    def delete(self, owner: Object, pod: Object) -> None:
        try:
            self._transport.delete(names.PODS, meta.namespace_of(pod), meta.name_of(pod))
        except ApiError as error:
            if not error.is_not_found:
                self._tell("Delete", owner, pod, error)
                raise
        self._tell("Delete", owner, pod)

    def _tell(self, verb: str, owner: Object, pod: Object, error: ApiError | None = None) -> None:
        what = f"{verb} Pod {meta.name_of(pod)} in StatefulSet {meta.name_of(owner)}"
        if error is None:
            self._recorder.event(owner, "Normal", f"Successful{verb}", f"{what} successful")
        else:
            self._recorder.event(owner, "Warning", f"Failed{verb}", f"{what} failed error: {error.message}")
