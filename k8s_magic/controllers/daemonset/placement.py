"""On which nodes a DaemonSet runs, and the Pod that it makes for one of them.

Source: pkg/controller/daemon/daemon_controller.go NodeShouldRunDaemonPod, util/daemonset_util.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8s_magic.controllers._history import HASH_LABEL
from k8s_magic.controllers._replicas.pod_control import from_template
from k8s_magic.machinery import meta, node_match
from k8s_magic.machinery.meta import Object

TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"
GENERATION_LABEL = "pod-template-generation"
TOLERATED = (
    ("node.kubernetes.io/not-ready", "NoExecute"),
    ("node.kubernetes.io/unreachable", "NoExecute"),
    ("node.kubernetes.io/disk-pressure", "NoSchedule"),
    ("node.kubernetes.io/memory-pressure", "NoSchedule"),
    ("node.kubernetes.io/pid-pressure", "NoSchedule"),
    ("node.kubernetes.io/unschedulable", "NoSchedule"),
)
OF_HOST_NETWORK = ("node.kubernetes.io/network-unavailable", "NoSchedule")


def tolerations(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The template's own, and those that every Pod of a DaemonSet has."""
    found = list(spec.get("tolerations") or ())
    for key, effect in (*TOLERATED, OF_HOST_NETWORK) if spec.get("hostNetwork") else TOLERATED:
        wanted = {"key": key, "operator": "Exists", "effect": effect}
        same = [position for position, held in enumerate(found) if _without_seconds(held) == wanted]
        for position in same:
            found[position] = wanted
        if not same:
            found.append(wanted)
    return found


def _without_seconds(toleration: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in toleration.items() if name != "tolerationSeconds" and value}


class Placement:
    """What a template says of nodes."""

    __slots__ = ("_node_name", "_node_selector", "_required", "_tolerations")

    def __init__(self, template: Object) -> None:
        spec = template["spec"]
        self._node_name = spec.get("nodeName")
        self._node_selector = spec.get("nodeSelector") or {}
        affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
        self._required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
        self._tolerations = tolerations(spec)

    def suits(self, node: Object) -> tuple[bool, bool]:
        """Whether a Pod should be made for a node, and whether one that is there may stay."""
        name = meta.name_of(node)
        if self._node_name and self._node_name != name:
            return False, False
        if not node_match.required_matches(self._node_selector, self._required, meta.labels_of(node), name):
            return False, False
        taints = node["spec"].get("taints") or ()
        if node_match.has_untolerated(taints, self._tolerations):
            return False, not node_match.has_untolerated(taints, self._tolerations, ("NoExecute",))
        return True, True


def generation(daemon_set: Object) -> str | None:
    """The deprecated count of template changes."""
    text = meta.annotations_of(daemon_set).get(TEMPLATE_GENERATION)
    try:
        return None if text is None else str(int(text))
    except ValueError:
        return None


class PodMaker:
    """Makes the Pods of one version of a DaemonSet; they share all but the affinity."""

    def __init__(self, daemon_set: Object, hash: str) -> None:
        template = daemon_set["spec"]["template"]
        pod = from_template(template, daemon_set)
        labels = dict(meta.labels_of(pod))
        number = generation(daemon_set)
        if number is not None:
            labels[GENERATION_LABEL] = number
        labels[HASH_LABEL] = hash
        spec = {**template["spec"], "tolerations": tolerations(template["spec"])}
        self._pod = {**meta.with_metadata(pod, labels=labels), "spec": spec}

    def pod_for(self, node: str) -> Object:
        """A Pod that only a node of this name may get: the scheduler binds it."""
        spec = self._pod["spec"]
        affinity = spec.get("affinity") or {}
        of_nodes = affinity.get("nodeAffinity") or {}
        required = of_nodes.get("requiredDuringSchedulingIgnoredDuringExecution") or {}
        field = {"key": "metadata.name", "operator": "In", "values": [node]}
        required = {**required, "nodeSelectorTerms": [{"matchFields": [field]}]}
        of_nodes = {**of_nodes, "requiredDuringSchedulingIgnoredDuringExecution": required}
        return {**self._pod, "spec": {**spec, "affinity": {**affinity, "nodeAffinity": of_nodes}}}


def target_of(pod: Object) -> str:
    """The node that a Pod is on or is meant for; "" where it does not say."""
    bound: str = pod["spec"].get("nodeName", "")
    if bound:
        return bound
    affinity = (pod["spec"].get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}
    for term in required.get("nodeSelectorTerms") or ():
        for field in term.get("matchFields") or ():
            if field["key"] == "metadata.name" and field["operator"] == "In":
                values: list[str] = field.get("values") or []
                return values[0] if len(values) == 1 else ""
    return ""


def is_updated(pod: Object, hash: str, number: str | None) -> bool:
    labels = meta.labels_of(pod)
    return labels.get(HASH_LABEL) == hash or (number is not None and labels.get(GENERATION_LABEL) == number)


def by_age(pod: Object) -> tuple[bool, str, str]:
    """Sort key: bound Pods first, then the oldest."""
    metadata = pod["metadata"]
    return not pod["spec"].get("nodeName"), metadata.get("creationTimestamp") or "", metadata["name"]
