"""Source: pkg/apis/apps/validation/validation.go ValidateDeployment"""

from __future__ import annotations

from k8s_magic.kinds.pod import template
from k8s_magic.kinds.validation import amounts, field, metadata
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

STRATEGIES = ("Recreate", "RollingUpdate")


def validate(obj: Object) -> Errors:
    return metadata.validate(obj) + spec(obj["spec"], "spec")


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    if new["spec"] is old["spec"]:
        return found
    found += spec(new["spec"], "spec")
    return found + field.immutable(new["spec"].get("selector"), old["spec"].get("selector"), "spec.selector")


def spec(obj: Object, path: str) -> Errors:
    found = field.not_negative(obj.get("replicas", 0), f"{path}.replicas")
    selector, wrong = template.label_selector(obj.get("selector"), "deployment", f"{path}.selector")
    found += wrong
    if selector is None:
        found.append(field.invalid(f"{path}.selector", obj.get("selector"), "invalid label selector"))
    else:
        at = f"{path}.template"
        found += template.matching(obj["template"], selector, at)
        found += template.validate(obj["template"], at)
        found += template.always_running(obj["template"], "ReplicaSet", at)
    found += _strategy(obj["strategy"], f"{path}.strategy")
    ready = obj.get("minReadySeconds", 0)
    found += field.not_negative(ready, f"{path}.minReadySeconds")
    if obj.get("revisionHistoryLimit") is not None:
        found += field.not_negative(obj["revisionHistoryLimit"], f"{path}.revisionHistoryLimit")
    deadline = obj.get("progressDeadlineSeconds")
    if deadline is not None:
        found += field.not_negative(deadline, f"{path}.progressDeadlineSeconds")
        if deadline <= ready:
            message = "must be greater than minReadySeconds"
            found.append(field.invalid(f"{path}.progressDeadlineSeconds", deadline, message))
    return found


def _strategy(obj: Object, path: str) -> Errors:
    type_, rolling = obj.get("type", ""), obj.get("rollingUpdate")
    at = f"{path}.rollingUpdate"
    if type_ == "Recreate":
        if rolling is not None:
            return [field.forbidden(at, "may not be specified when strategy `type` is 'Recreate'")]
        return []
    if type_ != "RollingUpdate":
        shown = {"Type": type_, "RollingUpdate": None}
        if rolling is not None:
            parts = {"MaxUnavailable": rolling.get("maxUnavailable", 0), "MaxSurge": rolling.get("maxSurge", 0)}
            shown["RollingUpdate"] = parts
        return [field.unsupported(path, shown, STRATEGIES)]
    if rolling is None:
        return [field.required(at, "this should be defaulted and never be nil")]
    unavailable, surge = rolling.get("maxUnavailable", 0), rolling.get("maxSurge", 0)
    found = amounts.number_or_percent(unavailable, f"{at}.maxUnavailable")
    found += amounts.number_or_percent(surge, f"{at}.maxSurge")
    if amounts.bare(unavailable) == 0 and amounts.bare(surge) == 0:
        found.append(field.invalid(f"{at}.maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0"))
    return found + amounts.at_most_all(unavailable, f"{at}.maxUnavailable")
