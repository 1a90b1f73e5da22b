"""Which Services select a Pod, which of a Pod's changes they care for, and the ports they reach it on.

Source: endpointslice/util/controller_utils.go, trigger_time_tracker.go, endpointslice/utils.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from k8s_magic.controllers import _pods
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType

# Source: core/v1 annotation_key_constants.go, well_known_labels.go
TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time"
HEADLESS = "service.kubernetes.io/headless"


def is_headless(service: Object) -> bool:
    return service["spec"].get("clusterIP", "") in ("", "None")


def may_be_endpoint(pod: Object, *, even_terminating: bool) -> bool:
    status = pod.get("status") or {}
    if status.get("phase") in _pods.ENDED or not (status.get("podIP") or status.get("podIPs")):
        return False
    return even_terminating or not meta.is_deleting(pod)


def addresses(pod: Object, *, ipv6: bool) -> list[str]:
    status = pod.get("status") or {}
    return [entry["ip"] for entry in status.get("podIPs") or () if (":" in entry["ip"]) == ipv6]


def hostname(pod: Object, service: Object) -> str:
    """The name that the Pod has below a headless Service; "" where it has none."""
    spec = pod["spec"]
    name: str = spec.get("hostname", "")
    return name if spec.get("subdomain") == meta.name_of(service) else ""


def find_port(pod: Object, service_port: Mapping[str, Any]) -> int | None:
    """The Pod's port behind a Service's port; None where its containers have none of that name."""
    target = service_port.get("targetPort", service_port["port"])
    if not isinstance(target, str):
        return int(target)
    spec = pod["spec"]
    sidecars = [found for found in spec.get("initContainers") or () if found.get("restartPolicy") == "Always"]
    for container in [*spec["containers"], *sidecars]:
        for port in container.get("ports") or ():
            if port.get("name") == target and port.get("protocol", "TCP") == service_port.get("protocol", "TCP"):
                return int(port["containerPort"])
    return None


def target_reference(pod: Object) -> Object:
    metadata = pod["metadata"]
    return {
        "kind": "Pod",
        "namespace": metadata["namespace"],
        "name": metadata["name"],
        "uid": metadata["uid"],
    }


class ServiceIndex:
    """Services by one label of their selector, so that a Pod finds those that select it without a scan."""

    def __init__(self) -> None:
        self._held: dict[ObjectKey, dict[str, str]] = {}
        self._by_label: dict[tuple[str, str, str], dict[ObjectKey, None]] = {}

    def note(self, type: WatchType, service: Object) -> None:
        key = meta.key_of(service)
        selector = service["spec"].get("selector") or {}
        before = self._held.get(key)
        if before is not None and (type == "DELETED" or before != selector):
            label = self._label(key, before)
            self._by_label[label].pop(key)
            if not self._by_label[label]:
                del self._by_label[label]
            del self._held[key]
        if selector and type != "DELETED" and key not in self._held:
            self._held[key] = selector
            self._by_label.setdefault(self._label(key, selector), {})[key] = None

    @staticmethod
    def _label(key: ObjectKey, selector: dict[str, str]) -> tuple[str, str, str]:
        name = min(selector)
        return key.namespace, name, selector[name]

    def selecting(self, namespace: str, labels: Mapping[str, str]) -> list[ObjectKey]:
        if not self._held:
            return []
        found = []
        for name, value in labels.items():
            for key in self._by_label.get((namespace, name, value), ()):
                if self._held[key].items() <= labels.items():
                    found.append(key)
        return found

    def concerned(self, type: WatchType, new: Object, old: Object | None) -> Iterable[ObjectKey]:
        """The Services whose endpoints a Pod's change may change."""
        if not self._held:
            return ()
        namespace, labels = meta.namespace_of(new), meta.labels_of(new)
        if type != "MODIFIED" or old is None:
            return self.selecting(namespace, labels)
        before = meta.labels_of(old)
        changed = _facts(new) != _facts(old)
        if before is labels or before == labels:
            return self.selecting(namespace, labels) if changed else ()
        now, then = self.selecting(namespace, labels), self.selecting(namespace, before)
        if changed:
            return dict.fromkeys([*now, *then])
        return [key for key in [*now, *then] if (key in now) != (key in then)]


def _facts(pod: Object) -> tuple[Any, ...]:
    status = pod.get("status") or {}
    return (
        "deletionTimestamp" in pod["metadata"],
        _pods.is_ready(pod),
        status.get("podIPs"),
        status.get("phase") in _pods.ENDED,
    )


class TriggerTimes:
    """When the change happened that made endpoints change: for the annotation that the real controllers leave.

    A Pod that is the same object as last time cannot have changed.
    """

    def __init__(self) -> None:
        self._states: dict[ObjectKey, tuple[dict[str, tuple[Object, str]], str]] = {}

    def compute(self, service: Object, pods: Iterable[Object]) -> str | None:
        """The earliest instant that is new since the last call; None where there is none."""
        key = meta.key_of(service)
        state = self._states.get(key)
        known, known_service = state if state is not None else ({}, "")
        times: dict[str, tuple[Object, str]] = {}
        changed: list[str] = []
        for pod in pods:
            name = pod["metadata"]["name"]
            held = known.get(name)
            if held is not None and held[0] is pod:
                times[name] = held
                continue
            ready = _pods.condition(pod, "Ready")
            instant = ready.get("lastTransitionTime") if ready is not None else None
            if instant:
                times[name] = (pod, instant)
                if held is None or instant > held[1]:
                    changed.append(instant)
        created = service["metadata"]["creationTimestamp"]
        if created > known_service:
            changed.append(created)
        self._states[key] = (times, created)
        if state is None:
            result: str = created
            return result
        return min(changed, default=None)

    def forget(self, key: ObjectKey) -> None:
        self._states.pop(key, None)
