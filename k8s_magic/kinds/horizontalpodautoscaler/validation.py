"""Source: pkg/apis/autoscaling/validation/validation.go; both versions (v1 has no metrics of its own)"""

from __future__ import annotations

from k8s_magic.kinds.horizontalpodautoscaler import metric
from k8s_magic.kinds.validation import field, metadata
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object

MAX_PERIOD, MAX_WINDOW = 1800, 3600
POLICY_TYPES = ("Percent", "Pods")
SELECT_POLICIES = ("Disabled", "Max", "Min")


def validate(obj: Object) -> Errors:
    return metadata.validate(obj) + _spec(obj["spec"])


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    return found if new["spec"] is old["spec"] else found + _spec(new["spec"])


def _spec(spec: Object) -> Errors:
    found: Errors = []
    low, high = spec.get("minReplicas"), spec.get("maxReplicas", 0)
    if low is not None and low < 1:
        found.append(field.invalid("spec.minReplicas", low, "must be greater than or equal to 1"))
    if high == 0:
        found.append(field.required("spec.maxReplicas", "must be set and greater than 0"))
    elif high < 0:
        found.append(field.invalid("spec.maxReplicas", high, "must be greater than or equal to 1"))
    if low is not None and high < low:
        message = "must be greater than or equal to `minReplicas`"
        found.append(field.invalid("spec.maxReplicas", high, message))
    found += metric.reference(spec["scaleTargetRef"], "spec.scaleTargetRef", may_be_core=True)
    metrics = spec.get("metrics") or []
    for position, one in enumerate(metrics):
        found += metric.validate(one, f"spec.metrics[{position}]")
    utilization = spec.get("targetCPUUtilizationPercentage")
    if utilization is not None and utilization < 1:
        at = "spec.metrics[0].resource.target.averageUtilization"
        found.append(field.invalid(at, utilization, "must be greater than 0"))
    behavior = spec.get("behavior") or {}
    for name in ("scaleUp", "scaleDown"):
        if behavior.get(name) is not None:
            found += _rules(behavior[name], f"spec.behavior.{name}")
    return found


def _rules(rules: Object, path: str) -> Errors:
    found: Errors = []
    window, select = rules.get("stabilizationWindowSeconds"), rules.get("selectPolicy")
    at = f"{path}.stabilizationWindowSeconds"
    if window is not None and window < 0:
        found.append(field.invalid(at, window, "must be greater than or equal to zero"))
    if window is not None and window > MAX_WINDOW:
        found.append(field.invalid(at, window, f"must be less than or equal to {MAX_WINDOW}"))
    if select is not None and select not in SELECT_POLICIES:
        found.append(field.unsupported(f"{path}.selectPolicy", select, SELECT_POLICIES))
    if not rules.get("policies"):
        found.append(field.required(f"{path}.policies", "must specify at least one Policy"))
    for position, policy in enumerate(rules.get("policies") or ()):
        found += _policy(policy, f"{path}.policies[{position}]")
    tolerance = rules.get("tolerance")
    if tolerance is not None and quantity.parse(tolerance).nanos < 0:
        found.append(field.invalid(f"{path}.tolerance", tolerance, field.NOT_NEGATIVE))
    return found


def _policy(policy: Object, path: str) -> Errors:
    found: Errors = []
    type_, value, period = policy.get("type", ""), policy.get("value", 0), policy.get("periodSeconds", 0)
    if type_ not in POLICY_TYPES:
        found.append(field.unsupported(f"{path}.type", type_, POLICY_TYPES))
    for name, number in (("value", value), ("periodSeconds", period)):
        if number <= 0:
            found.append(field.invalid(f"{path}.{name}", number, "must be greater than zero"))
    if period > MAX_PERIOD:
        message = f"must be less than or equal to {MAX_PERIOD}"
        found.append(field.invalid(f"{path}.periodSeconds", period, message))
    return found
