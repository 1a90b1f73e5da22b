"""How `kubectl describe deployment` tells of a Deployment and its ReplicaSets.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import describe_template
from k8s_magic.kinds.describe import (
    DescribeContext,
    Writer,
    condition_lines,
    event_lines,
    metadata_lines,
    moment,
    name_lines,
)
from k8s_magic.machinery import meta, names, selectors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object

_HASH = "pod-template-hash"


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    spec, status = obj["spec"], obj.get("status") or {}
    selector = str(selectors.from_label_selector(spec.get("selector")))
    old, new = replica_sets(obj, selector, context)
    w = Writer()
    name_lines(w, obj)
    w(0, f"CreationTimestamp:\t{moment(obj['metadata'].get('creationTimestamp'))}")
    metadata_lines(w, obj)
    w(0, f"Selector:\t{selector}")
    counts = [
        f"{spec.get('replicas', 1)} desired",
        f"{status.get('updatedReplicas', 0)} updated",
        f"{status.get('replicas', 0)} total",
        f"{status.get('availableReplicas', 0)} available",
        f"{status.get('unavailableReplicas', 0)} unavailable",
    ]
    w(0, f"Replicas:\t{' | '.join(counts)}")
    strategy = spec.get("strategy") or {}
    w(0, f"StrategyType:\t{strategy.get('type', '')}")
    w(0, f"MinReadySeconds:\t{spec.get('minReadySeconds', 0)}")
    rolling = strategy.get("rollingUpdate")
    if rolling is not None:
        unavailable, surge = rolling.get("maxUnavailable", "<nil>"), rolling.get("maxSurge", "<nil>")
        w(0, f"RollingUpdateStrategy:\t{unavailable} max unavailable, {surge} max surge")
    describe_template.template_lines(w, spec["template"])
    condition_lines(w, status.get("conditions"))
    if old or new:
        w(0, f"OldReplicaSets:\t{_shown(old)}")
        w(0, f"NewReplicaSet:\t{_shown(new)}")
    event_lines(w, events, context)
    return w.text()


def replica_sets(obj: Object, selector: str, context: DescribeContext) -> tuple[list[Object], list[Object]]:
    """The ReplicaSets that a Deployment controls: the old ones, and the one of its present template."""
    try:
        found = context.fetch(names.REPLICA_SETS, meta.namespace_of(obj), labels=selector)
    except ApiError:
        return [], []
    owned = []
    for replica_set in found:
        owner = meta.controller_of(replica_set)
        if owner is not None and owner.get("uid") == meta.uid_of(obj):
            owned.append(replica_set)
    wanted = _comparable(obj["spec"]["template"])
    by_age = sorted(owned, key=lambda each: (each["metadata"].get("creationTimestamp", ""), meta.name_of(each)))
    new = [each for each in by_age if _comparable(each["spec"]["template"]) == wanted][:1]
    return [each for each in owned if not new or each is not new[0]], new


def _comparable(template: Object) -> Any:
    """A template without the label that the controller gives it."""
    metadata = template.get("metadata") or {}
    labels = {key: value for key, value in (metadata.get("labels") or {}).items() if key != _HASH}
    return labels, metadata.get("annotations") or {}, template.get("spec")


def _shown(found: list[Object]) -> str:
    texts = []
    for each in found:
        created = (each.get("status") or {}).get("replicas", 0)
        texts.append(f"{meta.name_of(each)} ({created}/{each['spec'].get('replicas', 1)} replicas created)")
    return ", ".join(texts) or "<none>"
