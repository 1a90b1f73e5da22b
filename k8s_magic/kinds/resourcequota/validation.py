"""Source: pkg/apis/core/validation/validation.go ValidateResourceQuota"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, quantities
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

POD_COMPUTE = ("cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory")
PODS = ("pods", *POD_COMPUTE)
# Scope -> the standard resources that it may be applied to.
SCOPES = {
    "Terminating": PODS,
    "NotTerminating": PODS,
    "BestEffort": ("pods",),
    "NotBestEffort": PODS,
    "PriorityClass": PODS,
    "VolumeAttributesClass": ("persistentvolumeclaims", "requests.storage"),
    "CrossNamespacePodAffinity": PODS,
}
CONFLICTS = ({"BestEffort", "NotBestEffort"}, {"Terminating", "NotTerminating"})
MUST_EXIST = (
    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
    "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
)
UNFIT = "unsupported scope applied to resource"


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj) + _spec(obj["spec"])
    for part in ("hard", "used"):
        found += _amounts((obj.get("status") or {}).get(part) or {}, f"status.{part}")
    return found


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old) + _spec(new["spec"])
    if set(new["spec"].get("scopes") or ()) != set(old["spec"].get("scopes") or ()):
        found.append(field.invalid("spec.scopes", new["spec"].get("scopes"), field.IMMUTABLE))
    return found


def _amounts(values: dict[str, str], path: str) -> Errors:
    found: Errors = []
    for name in sorted(values):
        at = f"{path}[{name}]"
        found += quantities.quota_resource_name(name, at) + quantities.amount(name, values[name], at)
    return found


def _spec(spec: Object) -> Errors:
    hard = spec.get("hard") or {}
    found = _amounts(hard, "spec.hard")
    scopes = spec.get("scopes") or []
    for scope in scopes:
        if scope not in SCOPES:
            found.append(field.invalid("spec.scopes", scopes, "unsupported scope"))
        found += [field.invalid("spec.scopes", scopes, UNFIT) for _ in _unfit(scope, hard)]
    found += _conflicts(set(scopes), scopes, "spec.scopes")
    selector = spec.get("scopeSelector")
    return found if selector is None else found + _selector(selector, hard, scopes)


def _unfit(scope: str, hard: dict[str, str]) -> list[str]:
    if scope not in SCOPES:
        return []
    standard = (name for name in sorted(hard) if name in quantities.QUOTA or "hugepages-" in name)
    return [name for name in standard if name not in SCOPES[scope]]


def _conflicts(given: set[str], shown: list[str], path: str) -> Errors:
    return [field.invalid(path, shown or None, "conflicting scopes") for pair in CONFLICTS if pair <= given]


def _selector(selector: Object, hard: dict[str, str], scopes: list[str]) -> Errors:
    found: Errors = []
    path = "spec.scopeSelector.matchExpressions"
    names: set[str] = set()
    expressions = selector.get("matchExpressions") or []
    shown = {
        "MatchExpressions": [
            {"ScopeName": one.get("scopeName", ""), "Operator": one.get("operator", ""), "Values": one.get("values")}
            for one in expressions
        ]
    }
    for one in expressions:
        scope, operator, values = one.get("scopeName", ""), one.get("operator", ""), one.get("values") or []
        if scope not in SCOPES:
            found.append(field.invalid(f"{path}.scopeName", scope, "unsupported scope"))
        found += [field.invalid(path, shown, UNFIT) for _ in _unfit(scope, hard)]
        if scope in SCOPES and scope not in ("PriorityClass", "VolumeAttributesClass") and operator != "Exists":
            found.append(field.invalid(f"{path}.operator", operator, MUST_EXIST))
        if operator in ("In", "NotIn"):
            if not values:
                message = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
                found.append(field.required(f"{path}.values", message))
        elif operator in ("Exists", "DoesNotExist"):
            if values:
                message = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
                found.append(field.invalid(f"{path}.values", values, message))
        else:
            found.append(field.invalid(f"{path}.operator", operator, "not a valid selector operator"))
        names.add(scope)
    return found + _conflicts(names, scopes, path)
