"""Which changes ask for which Deployment, and what a sync is given."""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result, controller_owner, itself
from k8s_magic.controllers import _pods, _writes
from k8s_magic.controllers._orphans import Orphans
from k8s_magic.controllers._template_hash import TemplateHashes
from k8s_magic.controllers.deployment import recreate, resizing, rolling, sizes
from k8s_magic.controllers.deployment.rollout import Rollout, some
from k8s_magic.machinery import meta, names, selectors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType

# The events' source. Source: deployment_controller.go
COMPONENT = "deployment-controller"


class DeploymentController:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._transport = context.transport(COMPONENT)
        self._recorder = context.recorder(COMPONENT)
        self._deployments = context.informer(names.DEPLOYMENTS)
        self._sets = context.informer(names.REPLICA_SETS)
        self._pods = context.informer(names.PODS)
        self._hashes = TemplateHashes()
        self._orphans = Orphans()
        self._owner_of_set = controller_owner("Deployment")
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._deployments, itself)
        self.controller.watch(self._sets, self._note_set)
        self.controller.watch(self._pods, self._note_pod)

    def _note_set(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        yield from dict.fromkeys(self._owner_of_set(type, new, old))
        if self._orphans.note(type, new):
            labels = meta.labels_of(new)
            for deployment in self._deployments.list(meta.namespace_of(new)):
                selector = selectors.from_label_selector(deployment["spec"]["selector"])
                if not selector.is_everything and selector.matches(labels):
                    yield meta.key_of(deployment)

    def _note_pod(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        """A Recreate rollout waits for the last old Pod to go."""
        if type != "DELETED":
            return
        reference = meta.controller_of(new)
        if reference is None or reference["kind"] != "ReplicaSet":
            return
        namespace = meta.namespace_of(new)
        replica_set = self._sets.get(namespace, reference["name"])
        owner = meta.controller_of(replica_set) if replica_set is not None else None
        if owner is None or owner["kind"] != "Deployment":
            return
        deployment = self._deployments.get(namespace, owner["name"])
        if deployment is not None and deployment["spec"]["strategy"]["type"] == "Recreate":
            yield ObjectKey(namespace, owner["name"])

    def reconcile(self, request: Request) -> Result | None:
        deployment = self._deployments.get(request.namespace, request.name)
        if deployment is None:
            return None
        selector = selectors.from_label_selector(deployment["spec"]["selector"])
        if selector.is_everything:
            self._refuse(deployment)
            return None
        replica_sets = self._claim(deployment, selector)
        rollout = Rollout(
            self._context,
            self._transport,
            self._recorder,
            self._hashes,
            deployment,
            replica_sets,
            lambda new: self._has_old_pods(replica_sets, new),
        )
        return _sync(rollout)

    def _refuse(self, deployment: Object) -> None:
        text = "This deployment is selecting all pods. A non-empty selector is required."
        self._recorder.event(deployment, "Warning", "SelectingAll", text)
        status = deployment.get("status") or {}
        generation = deployment["metadata"]["generation"]
        if status.get("observedGeneration", 0) < generation:
            self._transport.update(
                names.DEPLOYMENTS,
                meta.namespace_of(deployment),
                meta.name_of(deployment),
                meta.with_status(deployment, {**status, "observedGeneration": generation}),
                subresource="status",
                options=_writes.AS_MANAGER,
            )

    def _claim(self, deployment: Object, selector: selectors.Selector) -> list[Object]:
        """The Deployment's ReplicaSets: orphans that match are adopted, own ones that do not match are released."""
        uid = meta.uid_of(deployment)
        claimed: list[Object] = []
        for found in [*self._sets.by_owner(uid), *self._orphans.of(meta.namespace_of(deployment))]:
            owner = meta.controller_of(found)
            matches = selector.matches(meta.labels_of(found))
            if owner is not None and (owner["uid"] != uid or matches):
                if owner["uid"] == uid:
                    claimed.append(found)
                continue
            if meta.is_deleting(deployment) or (owner is None and (not matches or meta.is_deleting(found))):
                continue
            patched = self._patch(deployment, found, is_orphan=owner is None)
            if patched is not None and owner is None:
                claimed.append(patched)
        return claimed

    def _patch(self, deployment: Object, found: Object, *, is_orphan: bool) -> Object | None:
        change = _writes.adopting if is_orphan else _writes.releasing
        try:
            return self._transport.patch(
                names.REPLICA_SETS,
                meta.namespace_of(found),
                meta.name_of(found),
                change(deployment, meta.uid_of(found)),
                "strategic",
                options=_writes.AS_MANAGER,
            )
        except ApiError as error:
            if error.is_not_found or error.reason == "Invalid":
                return None
            raise

    def _has_old_pods(self, replica_sets: list[Object], new: Object | None) -> bool:
        for found in replica_sets:
            if new is not None and meta.uid_of(new) == meta.uid_of(found):
                continue
            for pod in self._pods.by_owner(meta.uid_of(found)):
                if _pods.phase(pod) not in _pods.ENDED:
                    return True
        return False


def _sync(rollout: Rollout) -> Result | None:
    if meta.is_deleting(rollout.deployment):
        new, old = rollout.sync_revision(create=False)
        rollout.tell_status([*old, *some(new)], new)
        return None
    rollout.check_paused()
    if rollout.deployment["spec"].get("paused") or resizing.is_scaling(rollout):
        resizing.resize(rollout)
        return None
    if sizes.is_rolling(rollout.deployment):
        return rolling.roll(rollout)
    return recreate.recreate(rollout)


def build(context: Context) -> Component:
    return DeploymentController(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
