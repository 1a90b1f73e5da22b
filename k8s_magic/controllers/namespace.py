"""A namespace that is being deleted goes when all that is in it has gone: Pods first, then the rest.

Source: pkg/controller/namespace/{namespace_controller.go,deletion} (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result
from k8s_magic.controllers import _writes
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Informer, WatchType
from k8s_magic.sim.time import SECOND, SimTime

COMPONENT = "namespace-controller"
FINALIZER = "kubernetes"
# Source: namespace_controller.go namespaceDeletionGracePeriod
GRACE: SimTime = 5 * SECOND
# What remains with a finalizer is looked at again after (15 s / 2 + 1).
# Source: deletion/namespaced_resources_deleter.go finalizerEstimateSeconds, namespace_controller.go worker
FINALIZER_ESTIMATE = 15
FINE = {
    "NamespaceDeletionDiscoveryFailure": ("ResourcesDiscovered", "All resources successfully discovered"),
    "NamespaceDeletionGroupVersionParsingFailure": (
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed",
    ),
    "NamespaceDeletionContentFailure": (
        "ContentDeleted",
        "All content successfully deleted, may be waiting on finalization",
    ),
    "NamespaceContentRemaining": ("ContentRemoved", "All content successfully removed"),
    "NamespaceFinalizersRemaining": ("ContentHasNoFinalizers", "All content-preserving finalizers finished"),
}


class NamespaceController:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._transport = context.transport(COMPONENT)
        self._namespaces = context.informer(names.NAMESPACES)
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._namespaces, self._note_namespace)

    def _note_namespace(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        if type != "DELETED" and meta.is_deleting(new):
            self.controller.queue.add_after(meta.key_of(new), GRACE)
        return ()

    def _resources(self) -> dict[GroupVersionResource, Informer]:
        """Namespaced resources that can be deleted, by discovery, which changes with custom resources."""
        found: dict[GroupVersionResource, Informer] = {}
        seen: set[tuple[str, str]] = set()
        for entry in self._transport.resources():
            gvr = GroupVersionResource(entry["group"], entry["version"], entry["name"])
            if entry["namespaced"] and "delete" in entry["verbs"] and (gvr.group, gvr.resource) not in seen:
                seen.add((gvr.group, gvr.resource))
                found[gvr] = self._context.informer(gvr)
        return found

    def reconcile(self, request: Request) -> Result | None:
        namespace = self._namespaces.get("", request.name)
        if namespace is None or not meta.is_deleting(namespace):
            return None
        finalizers = (namespace.get("spec") or {}).get("finalizers") or []
        if FINALIZER not in finalizers:
            return None
        resources = self._resources()
        estimate = self._empty(request.name, names.PODS, resources[names.PODS])
        has_pods = any(True for _ in resources[names.PODS].list(request.name))
        if not has_pods:
            for gvr, informer in resources.items():
                if gvr != names.PODS:
                    estimate = max(estimate, self._empty(request.name, gvr, informer))
        conditions = self._conditions(namespace, request.name, only_pods=has_pods)
        if conditions != (namespace["status"].get("conditions") or []):
            namespace = self._transport.update(
                names.NAMESPACES,
                "",
                request.name,
                meta.with_status(namespace, {**namespace["status"], "conditions": conditions}),
                subresource="status",
                options=_writes.AS_MANAGER,
            )
        if estimate:
            return Result(requeue_after=(estimate // 2 + 1) * SECOND)
        left = [name for name in finalizers if name != FINALIZER]
        body = {**namespace, "spec": {**namespace["spec"], "finalizers": left}}
        try:
            self._transport.update(
                names.NAMESPACES, "", request.name, body, subresource="finalize", options=_writes.AS_MANAGER
            )
        except ApiError as error:
            if not error.is_not_found:
                raise
        return None

    def _empty(self, namespace: str, gvr: GroupVersionResource, informer: Informer) -> int:
        """Delete all objects of a resource; answers how many seconds what remains may take."""
        held = list(informer.list(namespace))
        if not held:
            return 0
        for obj in held:
            if meta.is_deleting(obj):
                continue
            try:
                self._transport.delete(gvr, namespace, meta.name_of(obj))
            except ApiError as error:
                if not error.is_not_found:
                    raise
        left = list(informer.list(namespace))
        if any(obj["metadata"].get("finalizers") for obj in left):
            return FINALIZER_ESTIMATE
        if gvr == names.PODS:
            graces = [obj["metadata"].get("deletionGracePeriodSeconds") or 0 for obj in left]
            return max([1, *graces]) if left else 0
        return FINALIZER_ESTIMATE if left else 0

    def _conditions(self, namespace: Object, name: str, *, only_pods: bool) -> list[dict[str, Any]]:
        remaining, finalizers = self._remaining(name)
        now = self._context.now_text()
        held = {found["type"]: found for found in namespace["status"].get("conditions") or ()}
        result = []
        for kind, (reason, message) in FINE.items():
            status = "False"
            if kind == "NamespaceContentRemaining" and remaining and not only_pods:
                status, reason = "True", "SomeResourcesRemain"
                message = f"Some resources are remaining: {', '.join(remaining)}"
            elif kind == "NamespaceFinalizersRemaining" and finalizers and not only_pods:
                status, reason = "True", "SomeFinalizersRemain"
                message = f"Some content in the namespace has finalizers remaining: {', '.join(finalizers)}"
            before = held.get(kind)
            if before is not None and (before["status"], before["reason"], before["message"]) == (
                status,
                reason,
                message,
            ):
                result.append(before)
                continue
            result.append(
                {
                    "type": kind,
                    "status": status,
                    "lastTransitionTime": now,
                    "reason": reason,
                    "message": message,
                }
            )
        return result

    def _remaining(self, namespace: str) -> tuple[list[str], list[str]]:
        """What is left by resource and by finalizer, in the controller's words, sorted."""
        resources, finalizers = [], dict[str, int]()
        for gvr, informer in self._resources().items():
            held = list(informer.list(namespace))
            if held:
                resources.append(f"{gvr.resource}.{gvr.group} has {len(held)} resource instances")
            for obj in held:
                for name in obj["metadata"].get("finalizers") or ():
                    finalizers[name] = finalizers.get(name, 0) + 1
        told = [f"{name} in {count} resource instances" for name, count in finalizers.items()]
        return sorted(resources), sorted(told)


def build(context: Context) -> Component:
    return NamespaceController(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
