"""What an autoscaler measures. Source: pkg/apis/autoscaling/validation/validation.go validateMetricSpec"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, quantities, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object

TYPES = ("ContainerResource", "External", "Object", "Pods", "Resource")
FIELD_OF = {
    "Object": "object",
    "External": "external",
    "Pods": "pods",
    "Resource": "resource",
    "ContainerResource": "containerResource",
}
TARGET_TYPES = ("Utilization", "Value", "AverageValue")


def reference(ref: Object, path: str, *, may_be_core: bool) -> Errors:
    """ValidateCrossVersionObjectReference."""
    found: Errors = []
    for name in ("kind", "name"):
        value = ref.get(name, "")
        if value:
            found += field.each(f"{path}.{name}", value, words.path_segment(value))
        else:
            found.append(field.required(f"{path}.{name}"))
    version = ref.get("apiVersion", "")
    if version.count("/") > 1:
        message = f"unexpected GroupVersion string: {version}"
        found.append(field.invalid(f"{path}.apiVersion", version, message))
    elif not may_be_core and "/" not in version:
        found.append(field.invalid(f"{path}.apiVersion", version, "apiVersion must specify API group"))
    return found


def validate(spec: Object, path: str) -> Errors:
    found: Errors = []
    type_ = spec.get("type", "")
    if not type_:
        found.append(field.required(f"{path}.type", "must specify a metric source type"))
    if type_ not in TYPES:
        found.append(field.unsupported(f"{path}.type", type_, TYPES))
    present = [name for name in FIELD_OF.values() if spec.get(name) is not None]
    if present:
        found += _source(present[0], spec[present[0]], f"{path}.{present[0]}")
    expected = FIELD_OF.get(type_, "")
    if not expected:
        found.append(field.unsupported(f"{path}.type", type_, TYPES))
    elif spec.get(expected) is None:
        message = "must populate information for the given metric source"
        found.append(field.required(f"{path}.{expected}", message))
    if len(present) != 1:
        message = "must populate the given metric source only"
        found += [field.forbidden(f"{path}.{name}", message) for name in sorted(present) if name != expected]
    return found


def _source(name: str, source: Object, path: str) -> Errors:
    found: Errors = []
    target = source["target"]
    if name == "object":
        found += reference(source["describedObject"], f"{path}.describedObject", may_be_core=True)
    if name in ("object", "external", "pods"):
        found += _identifier(source["metric"], f"{path}.metric")
    elif not source.get("name"):
        found.append(field.required(f"{path}.name", "must specify a resource name"))
    elif name == "containerResource":
        found += quantities.container_resource_name(source["name"], f"{path}.name")
    if name == "containerResource":
        container = source.get("container", "")
        if container:
            found += field.each(f"{path}.container", container, words.dns_label(container))
        else:
            found.append(field.required(f"{path}.container", "must specify a container"))
    return found + _target(target, f"{path}.target") + _chosen(name, target, f"{path}.target")


def _identifier(metric: Object, path: str) -> Errors:
    name = metric.get("name", "")
    if not name:
        return [field.required(f"{path}.name", "must specify a metric name")]
    return field.each(f"{path}.name", name, words.path_segment(name))


def _target(target: Object, path: str) -> Errors:
    found: Errors = []
    type_ = target.get("type", "")
    if not type_:
        found.append(field.required(f"{path}.type", "must specify a metric target type"))
    if type_ not in TARGET_TYPES:
        message = "must be either Utilization, Value, or AverageValue"
        found.append(field.invalid(f"{path}.type", type_, message))
    for name in ("value", "averageValue"):
        if target.get(name) is not None and quantity.parse(target[name]).nanos <= 0:
            found.append(field.invalid(f"{path}.{name}", target[name], "must be positive"))
    utilization = target.get("averageUtilization")
    if utilization is not None and utilization < 1:
        found.append(field.invalid(f"{path}.averageUtilization", utilization, "must be greater than 0"))
    return found


def _chosen(name: str, target: Object, path: str) -> Errors:
    """Which of a target's values a source needs and which exclude one another."""
    value, average = target.get("value") is not None, target.get("averageValue") is not None
    utilization = target.get("averageUtilization") is not None
    if name == "object" and not value and not average:
        return [field.required(f"{path}.averageValue", "must set either a target value or averageValue")]
    if name == "external" and not value and not average:
        message = "must set either a target value for metric or a per-pod target"
        return [field.required(f"{path}.averageValue", message)]
    if name == "external" and value and average:
        message = "may not set both a target value for metric and a per-pod target"
        return [field.forbidden(f"{path}.value", message)]
    if name == "pods" and not average:
        return [field.required(f"{path}.averageValue", "must specify a positive target averageValue")]
    if name in ("resource", "containerResource"):
        if not utilization and not average:
            message = "must set either a target raw value or a target utilization"
            return [field.required(f"{path}.averageUtilization", message)]
        if utilization and average:
            message = "may not set both a target raw value and a target utilization"
            return [field.forbidden(f"{path}.averageValue", message)]
    return []
