"""How `kubectl describe hpa` tells of a HorizontalPodAutoscaler.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines, metadata_lines, moment, name_lines
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.meta import Object
from k8s_magic.text import go_values


def describe(obj: Object, context: DescribeContext) -> str:
    if obj.get("apiVersion") == "autoscaling/v1":
        # kubectl asks for the second version, whichever was named.
        resource = names.HORIZONTAL_POD_AUTOSCALERS
        obj = context.transport.get(resource, meta.namespace_of(obj), meta.name_of(obj))
    events = context.events(obj)
    spec, status = obj["spec"], obj.get("status") or {}
    target = spec["scaleTargetRef"]
    w = Writer()
    name_lines(w, obj)
    metadata_lines(w, obj)
    w(0, f"CreationTimestamp:\t{moment(obj['metadata'].get('creationTimestamp'))}")
    w(0, f"Reference:\t{target['kind']}/{target['name']}")
    w(0, "Metrics:\t( current / target )")
    current = status.get("currentMetrics") or []
    for index, metric in enumerate(spec.get("metrics") or ()):
        w(1, _metric(metric, current[index] if index < len(current) else {}))
    least = spec.get("minReplicas")
    w(0, f"Min replicas:\t{'<unset>' if least is None else least}")
    w(0, f"Max replicas:\t{spec.get('maxReplicas', 0)}")
    behavior = spec.get("behavior")
    if behavior is not None:
        w(0, "Behavior:")
        _behavior(w, "Scale Up", behavior.get("scaleUp"))
        _behavior(w, "Scale Down", behavior.get("scaleDown"))
    counts = f"{status.get('currentReplicas', 0)} current / {status.get('desiredReplicas', 0)} desired"
    w(0, f"{target['kind']} pods:\t{counts}")
    if status.get("conditions"):
        w(0, "Conditions:")
        w(1, "Type\tStatus\tReason\tMessage")
        w(1, "----\t------\t------\t-------")
        for each in status["conditions"]:
            what = f"{each.get('reason', '')}\t{each.get('message', '')}"
            w(1, f"{each['type']}\t{each.get('status', '')}\t{what}")
    event_lines(w, events, context)
    return w.text()


_KEYS = {
    "External": "external",
    "Pods": "pods",
    "Object": "object",
    "Resource": "resource",
    "ContainerResource": "containerResource",
}


def _metric(metric: Object, status: Object) -> str:
    sort = metric.get("type", "")
    key = _KEYS.get(sort)
    if key is None:
        return f"<unknown metric type {go_values.quoted(sort)}>"
    source = metric.get(key) or {}
    target = source.get("target") or {}
    observed = status.get(key)
    current = (observed or {}).get("current") or {}
    name = (source.get("metric") or {}).get("name", "")
    average = target.get("averageValue")
    if key in ("resource", "containerResource"):
        return _resource(source, target, observed, current)
    if key == "pods":
        value = "<unknown>" if observed is None else current.get("averageValue", "0")
        return f"{go_values.quoted(name)} on pods:\t{value} / {target.get('averageValue', '0')}"
    if key == "external" and average is not None:
        value = current.get("averageValue", "<unknown>")
        return f"{go_values.quoted(name)} (target average value):\t{value} / {average}"
    kind_of_target = "averageValue" if key == "object" and target.get("type") == "AverageValue" else "value"
    value = "<unknown>" if observed is None else current.get(kind_of_target, "0")
    words = "(target average value)" if kind_of_target == "averageValue" else "(target value)"
    title = go_values.quoted(name)
    if key == "object":
        described = source.get("describedObject") or {}
        title = f'"{name}" on {described.get("kind", "")}/{described.get("name", "")}'
    return f"{title} {words}:\t{value} / {target.get(kind_of_target, '0')}"


def _resource(source: Object, target: Object, observed: Object | None, current: Object) -> str:
    container = f' of container "{source["container"]}"' if source.get("container") else ""
    title = f"resource {source.get('name', '')}{container} on pods"
    if target.get("averageValue") is not None:
        value = "<unknown>" if observed is None else current.get("averageValue", "0")
        return f"{title}:\t{value} / {target['averageValue']}"
    used = current.get("averageUtilization")
    value = "<unknown>" if used is None else f"{used}% ({current.get('averageValue', '0')})"
    wanted = target.get("averageUtilization")
    goal = "<auto>" if wanted is None else f"{wanted}%"
    return f"{title}  (as a percentage of request):\t{value} / {goal}"


def _behavior(w: Writer, direction: str, rules: Object | None) -> None:
    if rules is None:
        return
    w(1, f"{direction}:")
    if rules.get("stabilizationWindowSeconds") is not None:
        w(2, f"Stabilization Window: {rules['stabilizationWindowSeconds']} seconds")
    if rules.get("policies"):
        w(2, f"Select Policy: {rules.get('selectPolicy') or 'Max'}")
        w(2, "Policies:")
        for each in rules["policies"]:
            w(3, f"- Type: {each['type']}\tValue: {each['value']}\tPeriod: {each['periodSeconds']} seconds")
