"""The Deployment that one sync works on, with its ReplicaSets, and the writes that move them.

A sync works on the objects as it read them. After a write it goes on with what it has, so that a second write of the
Deployment in one sync meets a conflict, which asks for another sync: rollouts move in steps, one status a step, as on
a real cluster.

Source: pkg/controller/deployment/{sync,progress}.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from k8s_magic.client.context import Context
from k8s_magic.client.controller import Result
from k8s_magic.client.recorder import EventRecorder
from k8s_magic.controllers import _pods, _writes
from k8s_magic.controllers._template_hash import TemplateHashes
from k8s_magic.controllers.deployment import revisions, sizes, status, templates
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport
from k8s_magic.sim.time import MILLISECOND, SECOND

# A deadline less than this away is looked at again as soon as it has passed. Source: progress.go requeueStuckDeployment
ALMOST_LATE = 1 * SECOND
JUST_AFTER = 1 * MILLISECOND
# Source: apps/v1 DefaultDeploymentUniqueLabelKey
HASH_LABEL = "pod-template-hash"
LONGEST_NAME = 253


class Rollout:
    """`replica_sets` are the Deployment's own, oldest first."""

    def __init__(
        self,
        context: Context,
        transport: Transport,
        recorder: EventRecorder,
        hashes: TemplateHashes,
        deployment: Object,
        replica_sets: Sequence[Object],
        has_old_pods: Callable[[Object | None], bool],
    ) -> None:
        self._context = context
        self._transport = transport
        self._recorder = recorder
        self._hashes = hashes
        self.deployment = deployment
        self._sets = sorted(replica_sets, key=sizes.by_age)
        self.has_old_pods = has_old_pods

    # Status

    def _update_status(self) -> None:
        self._transport.update(
            names.DEPLOYMENTS,
            meta.namespace_of(self.deployment),
            meta.name_of(self.deployment),
            self.deployment,
            subresource="status",
            options=_writes.AS_MANAGER,
        )

    def _set_status(self, new: status.Status) -> bool:
        if new == self.deployment.get("status"):
            return False
        self.deployment = meta.with_status(self.deployment, new)
        self._update_status()
        return True

    def tell_status(self, all_sets: Sequence[Object], new_set: Object | None) -> None:
        now = self._context.now_text()
        self._set_status(status.calculate(self.deployment, all_sets, new_set, now))

    def tell_rollout(self, all_sets: Sequence[Object], new_set: Object | None) -> Result | None:
        context, deployment = self._context, self.deployment
        now, times = context.kernel.now, context.times
        new = status.roll_out(deployment, all_sets, new_set, now, times)
        if self._set_status(new):
            return None
        progressing = _pods.condition(deployment, status.PROGRESSING)
        if not status.has_deadline(deployment) or progressing is None:
            return None
        if status.is_complete(deployment, new) or progressing["reason"] == status.TIMED_OUT:
            return None
        left = status.time_left(deployment, progressing, now, times)
        return Result(requeue_after=left + SECOND if left >= ALMOST_LATE else max(left, 0) + JUST_AFTER)

    def check_paused(self) -> None:
        deployment = self.deployment
        if not status.has_deadline(deployment):
            return
        current = _pods.condition(deployment, status.PROGRESSING)
        if current is not None and current["reason"] == status.TIMED_OUT:
            return
        said_paused = current is not None and current["reason"] == "DeploymentPaused"
        is_paused = bool(deployment["spec"].get("paused"))
        if is_paused == said_paused:
            return
        reason, text = ("DeploymentPaused", "paused") if is_paused else ("DeploymentResumed", "resumed")
        now = self._context.now_text()
        new = status.condition(status.PROGRESSING, "Unknown", reason, f"Deployment is {text}", now)
        self.deployment = status.with_condition(deployment, new)
        self._update_status()

    # ReplicaSets

    def sync_revision(self, *, create: bool) -> tuple[Object | None, list[Object]]:
        """The ReplicaSet of the present template (made if asked for) and the others, oldest first."""
        template = self.deployment["spec"]["template"]
        new = next((found for found in self._sets if templates.equal(found["spec"]["template"], template)), None)
        old = [found for found in self._sets if found is not new]
        revision = revisions.max_revision(old) + 1
        if new is not None:
            return self._keep_new(new, revision), old
        return (self._create_new(old, revision) if create else None), old

    def _keep_new(self, new: Object, revision: int) -> Object:
        deployment = self.deployment
        held = meta.annotations_of(new)
        wanted = revisions.for_new(deployment, held, revision)
        seconds = deployment["spec"].get("minReadySeconds", 0)
        if wanted != held or new["spec"].get("minReadySeconds", 0) != seconds:
            spec = {**new["spec"], "minReadySeconds": seconds}
            if not seconds:
                del spec["minReadySeconds"]
            return self._update_set({**meta.with_metadata(new, annotations=wanted), "spec": spec})
        changed = self._set_revision(wanted.get(revisions.REVISION, ""))
        if status.has_deadline(deployment) and _pods.condition(deployment, status.PROGRESSING) is None:
            text = f'Found new replica set "{meta.name_of(new)}"'
            self._note_progress("True", "FoundNewReplicaSet", text)
            changed = True
        if changed:
            self._update_status()
        return new

    def _create_new(self, old: Sequence[Object], revision: int) -> Object:
        deployment = self.deployment
        namespace = meta.namespace_of(deployment)
        body = self._new_set(old, revision)
        size = sizes.replicas(body)
        try:
            created = self._transport.create(names.REPLICA_SETS, namespace, body, options=_writes.AS_MANAGER)
        except ApiError as error:
            created = self._failed_create(body, error)
            if self._set_revision(str(revision)):
                self._update_status()
            return created
        if size:
            self._scaled_event("up", meta.name_of(created), 0, size)
        changed = self._set_revision(str(revision))
        if status.has_deadline(deployment):
            text = f'Created new replica set "{meta.name_of(created)}"'
            self._note_progress("True", "NewReplicaSetCreated", text)
            changed = True
        if changed:
            self._update_status()
        return created

    def _new_set(self, old: Sequence[Object], revision: int) -> Object:
        deployment = self.deployment
        spec, name = deployment["spec"], meta.name_of(deployment)
        collisions = (deployment.get("status") or {}).get("collisionCount")
        digest = self._hashes.hash_of(spec["template"], collisions)
        template = templates.labeled(spec["template"], HASH_LABEL, digest)
        selector = spec["selector"]
        wanted, surge = sizes.replicas(deployment), sizes.max_surge(deployment)
        held = revisions.for_new(deployment, {}, revision)
        new_spec = {
            "replicas": sizes.for_new(deployment, old, 0),
            "selector": {**selector, "matchLabels": {**(selector.get("matchLabels") or {}), HASH_LABEL: digest}},
            "template": template,
        }
        if spec.get("minReadySeconds"):
            new_spec["minReadySeconds"] = spec["minReadySeconds"]
        return {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "metadata": {
                "name": f"{name[: LONGEST_NAME - 1 - len(digest)]}-{digest}",
                "namespace": meta.namespace_of(deployment),
                "labels": template["metadata"]["labels"],
                "annotations": revisions.with_sizes(held, wanted, wanted + surge),
                "ownerReferences": [meta.owner_reference(deployment)],
            },
            "spec": new_spec,
        }

    def _failed_create(self, body: Object, error: ApiError) -> Object:
        """Answers the Deployment's own ReplicaSet of that name, else notes what went wrong and raises the error."""
        deployment = self.deployment
        if error.is_already_exists:
            there = self._transport.get(names.REPLICA_SETS, meta.namespace_of(body), meta.name_of(body))
            owner = meta.controller_of(there)
            template = deployment["spec"]["template"]
            is_own = owner is not None and owner["uid"] == meta.uid_of(deployment)
            if is_own and templates.equal(there["spec"]["template"], template):
                return there
            before = deployment.get("status") or {}
            collisions = before.get("collisionCount", 0) + 1
            self.deployment = meta.with_status(deployment, {**before, "collisionCount": collisions})
            self._update_status()
        elif not _writes.namespace_is_going(error):
            text = f'Failed to create new replica set "{meta.name_of(body)}": {error.message}'
            if status.has_deadline(deployment):
                self._note_progress("False", "ReplicaSetCreateError", text)
                self._try_update_status()
            self._recorder.event(deployment, "Warning", "ReplicaSetCreateError", text)
        raise error

    def _try_update_status(self) -> None:
        try:
            self._update_status()
        except ApiError:
            return

    def _set_revision(self, revision: str) -> bool:
        held = meta.annotations_of(self.deployment)
        if held.get(revisions.REVISION) == revision:
            return False
        changed = {**held, revisions.REVISION: revision}
        self.deployment = meta.with_metadata(self.deployment, annotations=changed)
        return True

    def _note_progress(self, value: str, reason: str, text: str) -> None:
        now = self._context.now_text()
        new = status.condition(status.PROGRESSING, value, reason, text, now)
        self.deployment = status.with_condition(self.deployment, new)

    def _update_set(self, replica_set: Object) -> Object:
        return self._transport.update(
            names.REPLICA_SETS,
            meta.namespace_of(replica_set),
            meta.name_of(replica_set),
            replica_set,
            options=_writes.AS_MANAGER,
        )

    def scale_set(self, replica_set: Object, size: int, *, force: bool = False) -> tuple[bool, Object]:
        """(whether the size changed, the ReplicaSet after it). `force` also brings the annotations up to date."""
        before = sizes.replicas(replica_set)
        if before == size and not force:
            return False, replica_set
        wanted = sizes.replicas(self.deployment)
        held = meta.annotations_of(replica_set)
        sized = revisions.with_sizes(held, wanted, wanted + sizes.max_surge(self.deployment))
        if before == size and sized == held:
            return False, replica_set
        changed = meta.with_metadata(replica_set, annotations=sized)
        updated = self._update_set({**changed, "spec": {**changed["spec"], "replicas": size}})
        if before == size:
            return False, updated
        self._scaled_event("up" if before < size else "down", meta.name_of(updated), before, size)
        return True, updated

    def _scaled_event(self, way: str, name: str, before: int, after: int) -> None:
        text = f"Scaled {way} replica set {name} from {before} to {after}"
        self._recorder.event(self.deployment, "Normal", "ScalingReplicaSet", text)

    def clean_up(self, old: Sequence[Object]) -> None:
        """Delete the oldest of the empty ReplicaSets beyond the history limit."""
        limit = self.deployment["spec"].get("revisionHistoryLimit")
        if limit is None or limit == status.NO_LIMIT:
            return
        alive = [found for found in old if not meta.is_deleting(found)]
        surplus = len(alive) - limit
        if surplus <= 0:
            return
        alive.sort(key=lambda found: (revisions.revision(found) or 0, *sizes.by_age(found)))
        for found in alive[:surplus]:
            state = found.get("status") or {}
            is_seen = found["metadata"].get("generation", 0) <= state.get("observedGeneration", 0)
            if state.get("replicas", 0) or sizes.replicas(found) or not is_seen:
                continue
            try:
                self._transport.delete(names.REPLICA_SETS, meta.namespace_of(found), meta.name_of(found))
            except ApiError as error:
                if not error.is_not_found:
                    raise


def some(found: Object | None) -> list[Object]:
    return [] if found is None else [found]
