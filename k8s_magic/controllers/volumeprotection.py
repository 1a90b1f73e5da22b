"""A claim that a Pod uses, and a volume that is bound, wait to be deleted until nobody uses them.

Source: pkg/controller/volume/{pvcprotection,pvprotection} (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result
from k8s_magic.controllers import _writes
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import WatchType

COMPONENT = "volume-protection-controllers"
# Source: pkg/volume/util/finalizer.go
CLAIM_FINALIZER = "kubernetes.io/pvc-protection"
VOLUME_FINALIZER = "kubernetes.io/pv-protection"
ENDED = ("Succeeded", "Failed")


class VolumeProtection:
    """Both controllers in one: a Request without a namespace is a volume's."""

    def __init__(self, context: Context) -> None:
        self._transport = context.transport(COMPONENT)
        self._claims = context.informer(names.PERSISTENT_VOLUME_CLAIMS)
        self._volumes = context.informer(names.PERSISTENT_VOLUMES)
        self._pods = context.informer(names.PODS)
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._claims, _going)
        self.controller.watch(self._volumes, _going)
        self.controller.watch(self._pods, self._released)

    def _released(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        """The claims of a Pod that has ended or gone and that wait for it."""
        if "volumes" not in (new.get("spec") or {}) or (type != "DELETED" and not _has_ended(new)):
            return ()
        namespace = meta.namespace_of(new)
        found = []
        for name in _claims_of(new):
            claim = self._claims.get(namespace, name)
            if claim is not None and meta.is_deleting(claim):
                found.append(ObjectKey(namespace, name))
        return found

    def reconcile(self, request: Request) -> Result | None:
        if request.namespace:
            claim = self._claims.get(request.namespace, request.name)
            if claim is not None and not self._is_used(claim):
                self._release(names.PERSISTENT_VOLUME_CLAIMS, claim, CLAIM_FINALIZER)
        else:
            volume = self._volumes.get("", request.name)
            if volume is not None and (volume.get("status") or {}).get("phase") != "Bound":
                self._release(names.PERSISTENT_VOLUMES, volume, VOLUME_FINALIZER)
        return None

    def _is_used(self, claim: Object) -> bool:
        name = meta.name_of(claim)
        return any(
            name in _claims_of(pod) and pod["spec"].get("nodeName") and not _has_ended(pod)
            for pod in self._pods.list(meta.namespace_of(claim))
        )

    def _release(self, gvr: GroupVersionResource, obj: Object, finalizer: str) -> None:
        finalizers = obj["metadata"].get("finalizers") or []
        if not meta.is_deleting(obj) or finalizer not in finalizers:
            return
        left = [each for each in finalizers if each != finalizer]
        body = meta.with_metadata(obj, finalizers=left)
        try:
            self._transport.update(gvr, *meta.key_of(obj), body, options=_writes.AS_MANAGER)
        except ApiError as error:
            if not error.is_not_found:
                raise


def _going(type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
    return (meta.key_of(new),) if type != "DELETED" and meta.is_deleting(new) else ()


def _has_ended(pod: Object) -> bool:
    return (pod.get("status") or {}).get("phase") in ENDED


def _claims_of(pod: Object) -> list[str]:
    found = []
    for volume in pod["spec"].get("volumes") or ():
        if source := volume.get("persistentVolumeClaim"):
            found.append(source["claimName"])
        elif "ephemeral" in volume:
            found.append(f"{meta.name_of(pod)}-{volume['name']}")
    return found


def build(context: Context) -> Component:
    return VolumeProtection(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
