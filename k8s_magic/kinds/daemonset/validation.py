"""Source: pkg/apis/apps/validation/validation.go ValidateDaemonSet"""

from __future__ import annotations

from k8s_magic.kinds.pod import template
from k8s_magic.kinds.validation import amounts, field, metadata
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import selectors
from k8s_magic.machinery.meta import Object

STRATEGIES = ("RollingUpdate", "OnDelete")


def validate(obj: Object) -> Errors:
    return metadata.validate(obj) + spec(obj["spec"], "spec")


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    if new["spec"] is old["spec"]:
        return found
    found += field.immutable(new["spec"].get("selector"), old["spec"].get("selector"), "spec.selector")
    return found + spec(new["spec"], "spec")


def spec(obj: Object, path: str) -> Errors:
    selector = obj.get("selector")
    found = metadata.label_selector(selector, f"{path}.selector")
    labels = obj["template"]["metadata"].get("labels")
    try:
        if not selectors.from_label_selector(selector).matches(labels or {}):
            found.append(field.invalid(f"{path}.template.metadata.labels", labels, template.NO_MATCH))
    except selectors.SelectorError:
        pass
    if selector is not None and not selector.get("matchLabels") and not selector.get("matchExpressions"):
        found.append(field.invalid(f"{path}.selector", selector, "empty selector is invalid for daemonset"))
    found += template.validate(obj["template"], f"{path}.template")
    found += template.always_running(obj["template"], "DaemonSet", f"{path}.template")
    found += field.not_negative(obj.get("minReadySeconds", 0), f"{path}.minReadySeconds")
    found += _strategy(obj["updateStrategy"], f"{path}.updateStrategy")
    if obj.get("revisionHistoryLimit") is not None:
        found += field.not_negative(obj["revisionHistoryLimit"], f"{path}.revisionHistoryLimit")
    return found


def _strategy(obj: Object, path: str) -> Errors:
    type_, rolling = obj.get("type", ""), obj.get("rollingUpdate")
    if type_ == "OnDelete":
        return []
    if type_ != "RollingUpdate":
        return [field.unsupported(path, {"Type": type_, "RollingUpdate": None}, STRATEGIES)]
    at = f"{path}.rollingUpdate"
    if rolling is None:
        return [field.required(at)]
    unavailable, surge = rolling.get("maxUnavailable", 0), rolling.get("maxSurge", 0)
    found: Errors = []
    for check in (amounts.number_or_percent, amounts.at_most_all):
        found += check(unavailable, f"{at}.maxUnavailable") + check(surge, f"{at}.maxSurge")
    has_unavailable, has_surge = amounts.bare(unavailable) != 0, amounts.bare(surge) != 0
    if has_unavailable and has_surge:
        message = "may not be set when maxUnavailable is non-zero"
        found.append(field.invalid(f"{at}.maxSurge", surge, message))
    elif not has_unavailable and not has_surge:
        found.append(field.required(f"{at}.maxUnavailable", "cannot be 0 when maxSurge is 0"))
    return found
