"""The selector that system default spreading counts by: of the Services and the controller that a Pod belongs to.

Source: framework/plugins/helper/spread.go (DefaultSelector, 1.36)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8s_magic.machinery import meta, names, selectors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Informer, WatchType
from k8s_magic.machinery.selectors import Requirement, Selector
from k8s_magic.scheduler.template import MAX_OWNERS, Template

_CONTROLLERS = {
    ("v1", "ReplicationController"): names.REPLICATION_CONTROLLERS,
    ("apps/v1", "ReplicaSet"): names.REPLICA_SETS,
    ("apps/v1", "StatefulSet"): names.STATEFUL_SETS,
}


class DefaultSelectors:
    """Answers by template; remembered until a Service of the namespace changes."""

    def __init__(self, informer: Callable[[GroupVersionResource], Informer]) -> None:
        self._informer = informer
        self._services = informer(names.SERVICES)
        self._versions: dict[str, int] = {}
        self._known: dict[Template, tuple[int, Selector | None]] = {}
        self._services.add_handler(self._service_changed)

    def _service_changed(self, type: WatchType, new: Object, old: Object | None) -> None:
        namespace = meta.namespace_of(new)
        self._versions[namespace] = self._versions.get(namespace, 0) + 1

    def of(self, template: Template) -> Selector | None:
        """None where there is nothing to spread by."""
        version = self._versions.get(template.namespace, 0)
        known = self._known.get(template)
        if known is not None and known[0] == version:
            return known[1]
        selector = self._work_out(template)
        if template.controller is not None:
            if len(self._known) >= MAX_OWNERS:
                self._known.clear()
            self._known[template] = (version, selector)
        return selector

    def _work_out(self, template: Template) -> Selector | None:
        if template.constraints:
            return None
        labels: dict[str, str] = {}
        for service in self._services.list(template.namespace):
            wanted = (service.get("spec") or {}).get("selector")
            if wanted and wanted.items() <= template.labels.items():
                labels |= wanted
        requirements = [Requirement(key, "=", (value,)) for key, value in labels.items()]
        requirements += self._by_controller(template)
        return Selector(requirements) if requirements else None

    def _by_controller(self, template: Template) -> tuple[Requirement, ...]:
        reference: dict[str, Any] | None = template.controller
        if reference is None:
            return ()
        resource = _CONTROLLERS.get((reference["apiVersion"], reference["kind"]))
        if resource is None:
            return ()
        owner = self._informer(resource).get(template.namespace, reference["name"])
        if owner is None:
            return ()
        wanted = owner["spec"].get("selector") or {}
        if resource == names.REPLICATION_CONTROLLERS:
            return tuple(Requirement(key, "=", (value,)) for key, value in wanted.items())
        return selectors.from_label_selector(wanted).requirements
