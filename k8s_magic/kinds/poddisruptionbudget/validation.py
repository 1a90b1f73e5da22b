"""Source: pkg/apis/policy/validation/validation.go"""

from __future__ import annotations

from k8s_magic.kinds.validation import amounts, field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

POLICIES = ("AlwaysAllow", "IfHealthyBudget")


def validate(obj: Object) -> Errors:
    """The name has no rule of its own but the one for all: it stands in a URL."""
    return _spec(obj["spec"]) or metadata.validate(obj, name=words.path_segment, is_core=False)


def validate_update(new: Object, old: Object) -> Errors:
    return metadata.validate_update(new, old, is_core=False) + _spec(new["spec"])


def _spec(spec: Object) -> Errors:
    found: Errors = []
    low, high = spec.get("minAvailable"), spec.get("maxUnavailable")
    if low is not None and high is not None:
        shown = {
            "MinAvailable": low,
            "Selector": spec.get("selector"),
            "MaxUnavailable": high,
            "UnhealthyPodEvictionPolicy": spec.get("unhealthyPodEvictionPolicy"),
        }
        message = "minAvailable and maxUnavailable cannot be both set"
        found.append(field.invalid("spec", shown, message))
    for name, value in (("minAvailable", low), ("maxUnavailable", high)):
        if value is not None:
            found += amounts.number_or_percent(value, f"spec.{name}") + amounts.at_most_all(value, f"spec.{name}")
    found += metadata.label_selector(spec.get("selector"), "spec.selector")
    policy = spec.get("unhealthyPodEvictionPolicy")
    if policy is not None and policy not in POLICIES:
        found.append(field.unsupported("spec.unhealthyPodEvictionPolicy", policy, POLICIES))
    return found
