"""Resources served in two versions: one table holds them, the other version is converted on the way in and out.

    autoscaling/v1 horizontalpodautoscalers      as autoscaling/v2
    events.k8s.io/v1 events                      as core/v1 events

Source: pkg/apis/autoscaling/v1/conversion.go, pkg/apis/events/v1/conversion.go
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import EVENTS, HORIZONTAL_POD_AUTOSCALERS, GroupVersionResource
from k8s_magic.machinery.protocols import ListOptions
from k8s_magic.text import json_out

METRICS = "autoscaling.alpha.kubernetes.io/metrics"
BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior"
CURRENT_METRICS = "autoscaling.alpha.kubernetes.io/current-metrics"
CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions"
ROUND_TRIP = (METRICS, BEHAVIOR, CURRENT_METRICS, CONDITIONS)
# The target where a v1 autoscaler names none. Source: pkg/apis/autoscaling/types.go (DefaultCPUUtilization)
DEFAULT_UTILIZATION = 80


@dataclass(frozen=True, slots=True)
class Alias:
    """`stored` is the resource that holds the objects; the functions leave their argument alone."""

    stored: GroupVersionResource
    to_stored: Callable[[Object], Object]
    from_stored: Callable[[Object], Object]
    fields: dict[str, str]  # names of field selectors, as the stored resource calls them
    shares_table: bool = False  # a further version of a custom resource, with columns and selectors of its own

    def options(self, options: ListOptions) -> ListOptions:
        text = options.field_selector
        for name, stored in self.fields.items():
            text = text.replace(name, stored)
        return options if text == options.field_selector else replace(options, field_selector=text)

    def shown(self, answer: Object) -> Object:
        """An answer about the stored resource, in the version that was asked for."""
        kind = answer.get("kind", "")
        if kind == "Table":
            rows = [{**row, "object": self.shown(row["object"])} for row in answer["rows"] if row["object"]]
            return {**answer, "rows": rows or answer["rows"]}
        if kind in ("Status", "PartialObjectMetadata", "Scale"):
            return answer
        if kind.endswith("List") and "name" not in answer["metadata"]:
            items = [self.from_stored(item) for item in answer["items"]]
            version = items[0]["apiVersion"] if items else self.from_stored({**EMPTY, "kind": kind[:-4]})["apiVersion"]
            return {**answer, "apiVersion": version, "items": items}
        return self.from_stored(answer)


EMPTY: Object = {"apiVersion": "", "metadata": {}, "spec": {}, "status": {}}


def _autoscaler_to_v2(obj: Object) -> Object:
    spec = {**obj.get("spec", {})}
    metadata = {**obj["metadata"]}
    annotations = {**(metadata.get("annotations") or {})}
    held = {name: annotations.pop(name) for name in ROUND_TRIP if name in annotations}
    metadata.pop("annotations", None)
    if annotations:
        metadata["annotations"] = annotations
    target = spec.pop("targetCPUUtilizationPercentage", None)
    metrics = [_metric_to_v2(metric) for metric in _loaded(held.get(METRICS), [])]
    if target is not None:
        metrics.append(_cpu(target))
    spec["metrics"] = metrics or [_cpu(DEFAULT_UTILIZATION)]
    if behavior := _loaded(held.get(BEHAVIOR), None):
        spec["behavior"] = behavior
    status = {**(obj.get("status") or {})}
    status.pop("currentCPUUtilizationPercentage", None)
    status["conditions"] = _loaded(held.get(CONDITIONS), status.get("conditions"))
    status["currentMetrics"] = _loaded(held.get(CURRENT_METRICS), status.get("currentMetrics"))
    return {**obj, "apiVersion": "autoscaling/v2", "metadata": metadata, "spec": spec, "status": status}


def _autoscaler_to_v1(obj: Object) -> Object:
    spec = {**obj.get("spec", {})}
    status = {**(obj.get("status") or {})}
    annotations = {**(obj["metadata"].get("annotations") or {})}
    others = []
    for metric in spec.pop("metrics", None) or ():
        resource = metric.get("resource") or {}
        utilization = (resource.get("target") or {}).get("averageUtilization")
        if metric.get("type") == "Resource" and resource.get("name") == "cpu" and utilization is not None:
            spec.setdefault("targetCPUUtilizationPercentage", utilization)
        else:
            others.append(_metric_to_v1(metric))
    current = status.pop("currentMetrics", None)
    for name, value in (
        (METRICS, others),
        (BEHAVIOR, spec.pop("behavior", None)),
        (CURRENT_METRICS, current),
        (CONDITIONS, status.pop("conditions", None)),
    ):
        if value:
            annotations[name] = json_out.compact(value, sort=False)
    for metric in current or ():
        resource = (metric or {}).get("resource") or {}
        utilization = (resource.get("current") or {}).get("averageUtilization")
        if resource.get("name") == "cpu" and utilization is not None:
            status["currentCPUUtilizationPercentage"] = utilization
    metadata = {**obj["metadata"]}
    if annotations:
        metadata["annotations"] = annotations
    return {**obj, "apiVersion": "autoscaling/v1", "metadata": metadata, "spec": spec, "status": status}


def _loaded(text: str | None, otherwise: Any) -> Any:
    if text is None:
        return otherwise
    try:
        return json.loads(text)
    except ValueError:
        return otherwise


def _cpu(utilization: int) -> Object:
    target = {"type": "Utilization", "averageUtilization": utilization}
    return {"type": "Resource", "resource": {"name": "cpu", "target": target}}


def _metric_to_v1(metric: Object) -> Object:
    resource = metric.get("resource")
    if metric.get("type") != "Resource" or not resource:
        raise Unsupported("Only resource metrics of an autoscaler can be shown as autoscaling/v1; ask for v2.")
    target = resource.get("target") or {}
    shown: Object = {"name": resource["name"]}
    if "averageUtilization" in target:
        shown["targetAverageUtilization"] = target["averageUtilization"]
    if "averageValue" in target:
        shown["targetAverageValue"] = target["averageValue"]
    return {"type": "Resource", "resource": shown}


def _metric_to_v2(metric: Object) -> Object:
    resource = metric.get("resource")
    if metric.get("type") != "Resource" or not resource:
        raise Unsupported("Only resource metrics can be given to an autoscaler as autoscaling/v1; use v2.")
    if "targetAverageUtilization" in resource:
        target = {"type": "Utilization", "averageUtilization": resource["targetAverageUtilization"]}
    else:
        target = {"type": "AverageValue", "averageValue": resource.get("targetAverageValue", "0")}
    return {"type": "Resource", "resource": {"name": resource["name"], "target": target}}


# events.k8s.io/v1 name -> core/v1 name
EVENT_FIELDS = {
    "regarding": "involvedObject",
    "note": "message",
    "deprecatedSource": "source",
    "deprecatedFirstTimestamp": "firstTimestamp",
    "deprecatedLastTimestamp": "lastTimestamp",
    "deprecatedCount": "count",
    "reportingController": "reportingComponent",
}
CORE_FIELDS = {core: name for name, core in EVENT_FIELDS.items()}


def _event_to_core(obj: Object) -> Object:
    core: Object = {"involvedObject": {}, "source": {}, "firstTimestamp": None, "lastTimestamp": None}
    core |= {"reportingComponent": "", "reportingInstance": "", "eventTime": None}
    for name, value in obj.items():
        core[EVENT_FIELDS.get(name, name)] = value
    core["apiVersion"] = "v1"
    return core


def _event_from_core(obj: Object) -> Object:
    shown = {CORE_FIELDS.get(name, name): value for name, value in obj.items()}
    shown["apiVersion"] = "events.k8s.io/v1"
    if not shown.get("reportingInstance"):
        shown.pop("reportingInstance", None)
    if not shown.get("reportingController"):
        shown.pop("reportingController", None)
    return shown


ALIASES: dict[GroupVersionResource, Alias] = {
    GroupVersionResource("autoscaling", "v1", "horizontalpodautoscalers"): Alias(
        HORIZONTAL_POD_AUTOSCALERS, _autoscaler_to_v2, _autoscaler_to_v1, {}
    ),
    GroupVersionResource("events.k8s.io", "v1", "events"): Alias(
        EVENTS,
        _event_to_core,
        _event_from_core,
        {"regarding.": "involvedObject.", "reportingController": "reportingComponent"},
    ),
}
