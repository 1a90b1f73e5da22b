"""VolumeBinding as far as claims that are missing or unbound: a Pod waits until its claims are bound.

Source: framework/plugins/volumebinding/volume_binding.go (podHasPVCs, PreFilter, 1.36). Our simplification: an
unbound claim that waits for its first consumer finds no volume on any node.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from k8s_magic import kinds
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Informer, WatchType
from k8s_magic.scheduler.filters import Refusal
from k8s_magic.scheduler.template import Template

PLUGIN = "VolumeBinding"
CLAIMS = names.core("persistentvolumeclaims")
CLASSES = GroupVersionResource("storage.k8s.io", "v1", "storageclasses")
UNBOUND = "pod has unbound immediate PersistentVolumeClaims"
NOTHING_TO_BIND = "node(s) didn't find available persistent volumes to bind"


class Objection(NamedTuple):
    """`is_global`: said once for the Pod (PreFilter), not once a node."""

    message: str
    is_global: bool

    @property
    def refusal(self) -> Refusal:
        return Refusal(PLUGIN, (self.message,))


class VolumeBinding:
    def __init__(self, informer: Callable[[GroupVersionResource], Informer], changed: Callable[[], None]) -> None:
        self._claims = informer(CLAIMS) if kinds.by_resource(CLAIMS) is not None else None
        self._classes = informer(CLASSES) if kinds.by_resource(CLASSES) is not None else None
        self._changed = changed
        for heard in (self._claims, self._classes):
            if heard is not None:
                heard.add_handler(self._hear)

    def _hear(self, type: WatchType, new: Object, old: Object | None) -> None:
        self._changed()

    def objection(self, template: Template) -> Objection | None:
        waits = False
        for name in template.claims:
            claim = self._claims.get(template.namespace, name) if self._claims is not None else None
            if claim is None:
                return Objection(f'persistentvolumeclaim "{name}" not found', True)
            if meta.is_deleting(claim):
                return Objection(f'persistentvolumeclaim "{name}" is being deleted', True)
            if (claim.get("status") or {}).get("phase") == "Lost":
                volume = claim["spec"].get("volumeName", "")
                return Objection(
                    f'persistentvolumeclaim "{name}" bound to non-existent persistentvolume "{volume}"', True
                )
            if not claim["spec"].get("volumeName"):
                if not self._waits_for_consumer(claim):
                    return Objection(UNBOUND, True)
                waits = True
        return Objection(NOTHING_TO_BIND, False) if waits else None

    def _waits_for_consumer(self, claim: Object) -> bool:
        name = claim["spec"].get("storageClassName")
        found = self._classes.get("", name) if self._classes is not None and name else None
        return found is not None and found.get("volumeBindingMode") == "WaitForFirstConsumer"
