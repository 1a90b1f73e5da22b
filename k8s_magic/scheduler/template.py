"""What of a Pod decides its place. Pods that agree in all of it share one Template and so one evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8s_magic.machinery import meta, node_match, selectors
from k8s_magic.machinery.meta import Object
from k8s_magic.scheduler import requests

HOSTNAME_LABEL = "kubernetes.io/hostname"
ZONE_LABEL = "topology.kubernetes.io/zone"
# Source: plugins/podtopologyspread/plugin.go (systemDefaultConstraints)
DEFAULT_SKEWS = ((HOSTNAME_LABEL, 3), (ZONE_LABEL, 5))

_SPEC_PARTS = ("nodeSelector", "affinity", "tolerations", "topologySpreadConstraints", "priority", "overhead")


MAX_OWNERS = 4096  # our bound on remembered owners


class AffinityTerm:
    """One Pod (anti-)affinity term, read. `weight` is 0 for a required one."""

    __slots__ = ("everywhere", "namespaces", "selector", "topology_key", "weight")

    def __init__(self, term: Mapping[str, Any], pod: Object, weight: int = 0) -> None:
        self.topology_key: str = term["topologyKey"]
        self.weight = weight
        named = term.get("namespaces") or ()
        # Our simplification: a namespaceSelector that is not empty is taken to select no namespace.
        self.everywhere = term.get("namespaceSelector") == {}
        self.namespaces = frozenset(named) if named or "namespaceSelector" in term else {meta.namespace_of(pod)}
        selector = term.get("labelSelector")
        keys = [(key, "In") for key in term.get("matchLabelKeys") or ()]
        keys += [(key, "NotIn") for key in term.get("mismatchLabelKeys") or ()]
        if selector is not None and keys:
            labels = meta.labels_of(pod)
            more = [
                {"key": key, "operator": operator, "values": [labels[key]]} for key, operator in keys if key in labels
            ]
            selector = {**selector, "matchExpressions": [*(selector.get("matchExpressions") or ()), *more]}
        self.selector = selectors.from_label_selector(selector)

    def matches(self, namespace: str, labels: Mapping[str, str]) -> bool:
        return (self.everywhere or namespace in self.namespaces) and self.selector.matches(labels)


class Constraint:
    """One topology spread constraint, read."""

    __slots__ = ("honor_affinity", "honor_taints", "is_hard", "max_skew", "min_domains", "selector", "topology_key")

    def __init__(self, constraint: Mapping[str, Any], pod: Object) -> None:
        self.topology_key: str = constraint["topologyKey"]
        self.max_skew: int = constraint["maxSkew"]
        self.min_domains: int = constraint.get("minDomains") or 1
        self.is_hard = constraint.get("whenUnsatisfiable", "DoNotSchedule") == "DoNotSchedule"
        self.honor_affinity = constraint.get("nodeAffinityPolicy", "Honor") == "Honor"
        self.honor_taints = constraint.get("nodeTaintsPolicy", "Ignore") == "Honor"
        selector = constraint.get("labelSelector")
        keys = constraint.get("matchLabelKeys") or ()
        if selector is not None and keys:
            labels = meta.labels_of(pod)
            more = [{"key": key, "operator": "In", "values": [labels[key]]} for key in keys if key in labels]
            selector = {**selector, "matchExpressions": [*(selector.get("matchExpressions") or ()), *more]}
        self.selector = selectors.from_label_selector(selector)


def image_name(image: str) -> str:
    """Source: plugins/imagelocality/image_locality.go (normalizedImageName)."""
    return image if image.rfind(":") > image.rfind("/") else image + ":latest"


class Template:
    """The reading of one Pod for all that are like it. Compared by identity."""

    __slots__ = (
        "affinity",
        "affinity_preferred",
        "anti_affinity",
        "claims",
        "constraints",
        "controller",
        "has_inter_pod_terms",
        "images",
        "labels",
        "named_nodes",
        "namespace",
        "node_name",
        "node_preferred",
        "node_required",
        "node_selector",
        "ports",
        "preemption_policy",
        "priority",
        "request",
        "tolerations",
    )

    def __init__(self, pod: Object) -> None:
        spec = pod["spec"]
        self.namespace = meta.namespace_of(pod)
        self.labels = meta.labels_of(pod)
        self.controller = meta.controller_of(pod)
        self.priority: int = spec.get("priority") or 0
        self.preemption_policy: str = spec.get("preemptionPolicy") or "PreemptLowerPriority"
        self.request = requests.of_pod(pod)
        self.tolerations: tuple[Mapping[str, Any], ...] = tuple(spec.get("tolerations") or ())
        self.node_selector: Mapping[str, str] = spec.get("nodeSelector") or {}
        self.node_name: str = spec.get("nodeName") or ""
        affinity = spec.get("affinity") or {}
        node_affinity = affinity.get("nodeAffinity") or {}
        self.node_required = node_affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
        self.node_preferred = tuple(node_affinity.get("preferredDuringSchedulingIgnoredDuringExecution") or ())
        self.named_nodes = node_match.named_nodes(self.node_required)
        containers = [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]
        self.images = tuple(image_name(container.get("image") or "") for container in containers)
        self.ports = tuple(_host_ports(spec, containers))
        self.constraints = tuple(Constraint(one, pod) for one in spec.get("topologySpreadConstraints") or ())
        self.claims = tuple(
            volume["persistentVolumeClaim"]["claimName"]
            for volume in spec.get("volumes") or ()
            if volume.get("persistentVolumeClaim")
        )
        self.affinity, preferred = _terms(affinity.get("podAffinity"), pod, 1)
        self.anti_affinity, against = _terms(affinity.get("podAntiAffinity"), pod, -1)
        self.affinity_preferred = preferred + against
        self.has_inter_pod_terms = bool(self.affinity or self.anti_affinity or self.affinity_preferred)


def _terms(
    affinity: Mapping[str, Any] | None, pod: Object, sign: int
) -> tuple[tuple[AffinityTerm, ...], tuple[AffinityTerm, ...]]:
    affinity = affinity or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or ()
    preferred = affinity.get("preferredDuringSchedulingIgnoredDuringExecution") or ()
    return (
        tuple(AffinityTerm(term, pod) for term in required),
        tuple(AffinityTerm(one["podAffinityTerm"], pod, sign * one["weight"]) for one in preferred),
    )


def _host_ports(spec: Mapping[str, Any], containers: list[Any]) -> list[tuple[str, str, int]]:
    found = []
    for container in containers:
        for port in container.get("ports") or ():
            number = port.get("hostPort") or (port["containerPort"] if spec.get("hostNetwork") else 0)
            if number:
                found.append((port.get("hostIP") or "0.0.0.0", port.get("protocol") or "TCP", number))
    return found


class Templates:
    """Recognises Pods of one make. The last Template of each owner is tried first, so most Pods cost one comparison."""

    __slots__ = ("_by_owner",)

    def __init__(self) -> None:
        self._by_owner: dict[str, tuple[Object, Template]] = {}

    def of(self, pod: Object) -> Template:
        controller = meta.controller_of(pod)
        if controller is None:
            return Template(pod)
        uid: str = controller["uid"]
        known = self._by_owner.get(uid)
        if known is not None and _is_alike(known[0], pod):
            return known[1]
        template = Template(pod)
        if known is None and len(self._by_owner) >= MAX_OWNERS:
            del self._by_owner[next(iter(self._by_owner))]
        self._by_owner[uid] = (pod, template)
        return template


def _is_alike(one: Object, other: Object) -> bool:
    if one["metadata"].get("labels") != other["metadata"].get("labels"):
        return False
    mine, its = one["spec"], other["spec"]
    for part in _SPEC_PARTS:
        if mine.get(part) != its.get(part):
            return False
    if not _containers_alike(mine["containers"], its["containers"]):
        return False
    if not _containers_alike(mine.get("initContainers") or (), its.get("initContainers") or ()):
        return False
    if mine.get("hostNetwork") != its.get("hostNetwork"):
        return False
    return _claims(mine) == _claims(its)


def _containers_alike(mine: Any, its: Any) -> bool:
    if len(mine) != len(its):
        return False
    for a, b in zip(mine, its, strict=True):
        if a.get("image") != b.get("image") or a.get("resources") != b.get("resources"):
            return False
        if a.get("ports") != b.get("ports"):
            return False
    return True


def _claims(spec: Mapping[str, Any]) -> list[Any]:
    return [
        volume["persistentVolumeClaim"] for volume in spec.get("volumes") or () if "persistentVolumeClaim" in volume
    ]
