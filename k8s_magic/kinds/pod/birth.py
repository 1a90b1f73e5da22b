"""What the server gives a Pod at its creation and keeps through status updates.

Source: pkg/registry/core/pod/strategy.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds.pod import gates
from k8s_magic.kinds.pod.qos import qos_class
from k8s_magic.machinery.meta import Object

GATED = {
    "type": "PodScheduled",
    "status": "False",
    "reason": "SchedulingGated",
    "message": "Scheduling is blocked due to non-empty scheduling gates",
}
APP_ARMOR_PREFIX = "container.apparmor.security.beta.kubernetes.io/"
AFFINITIES = ("podAffinity", "podAntiAffinity")
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def prepare(obj: Object) -> None:
    """Changes the spec on a copy of its own: specs are shared between Pods of a template."""
    obj["spec"] = spec = gates.drop(obj["spec"])
    status: dict[str, Any] = {"phase": "Pending", "qosClass": qos_class(spec)}
    if spec.get("schedulingGates"):
        status["conditions"] = [{**GATED, "lastProbeTime": None, "lastTransitionTime": None}]
    obj["status"] = status
    labels = obj["metadata"].get("labels") or {}
    if spec.get("affinity"):
        affinity = merge_affinity(spec["affinity"], labels)
        if affinity is not spec["affinity"]:
            obj["spec"] = spec = {**spec, "affinity": affinity}
    constraints = spec.get("topologySpreadConstraints")
    if constraints and any(one.get("matchLabelKeys") for one in constraints):
        merged = [merge_keys(one, labels, mismatch=False) for one in constraints]
        obj["spec"] = spec = {**spec, "topologySpreadConstraints": merged}
    annotations = obj["metadata"].get("annotations") or {}
    if any(key.startswith(APP_ARMOR_PREFIX) for key in annotations):
        obj["spec"] = with_app_armor(spec, annotations)


def merge_affinity(affinity: Object, labels: dict[str, str]) -> Object:
    """Terms with matchLabelKeys or mismatchLabelKeys get them as requirements of their selector."""
    changed: dict[str, Any] = {}
    for side in AFFINITIES:
        terms = affinity.get(side)
        if not terms:
            continue
        required = [merge_keys(term, labels) for term in terms.get(REQUIRED) or ()]
        preferred = [
            {**weighted, "podAffinityTerm": merge_keys(weighted["podAffinityTerm"], labels)}
            for weighted in terms.get(PREFERRED) or ()
        ]
        new = {**terms, REQUIRED: required, PREFERRED: preferred}
        new = {name: value for name, value in new.items() if value}
        if new != terms:
            changed[side] = new
    return {**affinity, **changed} if changed else affinity


def merge_keys(term: Object, labels: dict[str, str], *, mismatch: bool = True) -> Object:
    selector = term.get("labelSelector")
    keys = [(key, "In") for key in term.get("matchLabelKeys") or ()]
    if mismatch:
        keys += [(key, "NotIn") for key in term.get("mismatchLabelKeys") or ()]
    if selector is None or not keys:
        return term
    more = [{"key": key, "operator": word, "values": [labels[key]]} for key, word in keys if key in labels]
    if not more:
        return term
    expressions = [*(selector.get("matchExpressions") or ()), *more]
    return {**term, "labelSelector": {**selector, "matchExpressions": expressions}}


def with_app_armor(spec: Object, annotations: dict[str, str]) -> Object:
    """The deprecated annotation becomes the field. Source: applyAppArmorVersionSkew"""
    if (spec.get("os") or {}).get("name") == "windows":
        return spec
    changed = dict(spec)
    for part in ("initContainers", "containers", "ephemeralContainers"):
        if spec.get(part):
            changed[part] = [_profiled(one, annotations, spec) for one in spec[part]]
    return changed


def _profiled(container: Object, annotations: dict[str, str], spec: Object) -> Object:
    text = annotations.get(APP_ARMOR_PREFIX + container["name"])
    context = container.get("securityContext") or {}
    profile = app_armor_profile(text) if text is not None else None
    if profile is None or "appArmorProfile" in context:
        return container
    if profile == (spec.get("securityContext") or {}).get("appArmorProfile"):
        return container
    return {**container, "securityContext": {**context, "appArmorProfile": profile}}


def app_armor_profile(text: str) -> dict[str, str] | None:
    if text == "unconfined":
        return {"type": "Unconfined"}
    if text == "runtime/default":
        return {"type": "RuntimeDefault"}
    name = text.removeprefix("localhost/")
    if name != text and name and name == name.strip():
        return {"type": "Localhost", "localhostProfile": name}
    return None


def prepare_status(new: Object, old: Object) -> None:
    """A status update keeps owners, the QoS class and observed generations that it does not mention."""
    new["metadata"].pop("deletionTimestamp", None)
    for name in ("deletionTimestamp", "ownerReferences"):
        if name in old["metadata"]:
            new["metadata"][name] = old["metadata"][name]
        else:
            new["metadata"].pop(name, None)
    status, before = new["status"], old.get("status") or {}
    for name in ("qosClass", "observedGeneration"):
        if not status.get(name) and before.get(name):
            status[name] = before[name]
    generations: dict[str, list[int]] = {}
    for condition in before.get("conditions") or ():
        generations.setdefault(condition["type"], []).append(condition.get("observedGeneration", 0))
    if not generations:
        return
    conditions = []
    for condition in status.get("conditions") or ():
        known = generations.get(condition["type"])
        number = known.pop(0) if known else 0
        if number and not condition.get("observedGeneration"):
            condition = {**condition, "observedGeneration": number}
        conditions.append(condition)
    if conditions:
        status["conditions"] = conditions
