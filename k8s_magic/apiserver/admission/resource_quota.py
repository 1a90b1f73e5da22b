"""ResourceQuota: what a namespace may use in all. What is admitted is counted at once, in the quota's status.

A quota counts from when its controller has written status.hard and status.used.
Source: apiserver/pkg/admission/plugin/resourcequota/controller.go, pkg/quota/v1/evaluator
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from k8s_magic.apiserver.admission import usage
from k8s_magic.apiserver.admission.usage import Usage
from k8s_magic.apiserver.core import Core
from k8s_magic.apiserver.store import Entry
from k8s_magic.machinery import errors, names, quantity
from k8s_magic.machinery.kind import Kind
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS, GroupVersionResource

RESOURCE_QUOTAS = names.core("resourcequotas")
# What every container must state where a quota counts it.
STATED = ("cpu", "limits.cpu", "limits.memory", "memory", "requests.cpu", "requests.memory")
BEST_EFFORT_ONLY = frozenset({"pods", "count/pods"})

Claim = tuple[Entry, Object]


def check(core: Core, kind: Kind, obj: Object, old: Object | None) -> list[Claim]:
    """The quotas' new states, to be written when the object is. Raises: Forbidden."""
    namespace = obj["metadata"].get("namespace", "")
    if not namespace or (kind.gvr == PODS and old is not None):
        return []
    quotas = core.table(RESOURCE_QUOTAS).namespaces.get(namespace)
    if not quotas or kind.gvr.resource == "events":
        return []
    name = obj["metadata"].get("name", "")
    used = usage.of(kind.gvr, obj)
    if old is not None:
        used = _growth(used, usage.of(kind.gvr, old))
    interesting = [entry for entry in quotas if _matches(entry.object, kind.gvr, obj, used)]
    for entry in interesting:
        _check_stated(entry.object, kind.gvr, obj, name)
    claims: list[Claim] = []
    for entry in interesting:
        claim = _claim(entry, kind.gvr, name, used)
        if claim is not None:
            claims.append(claim)
    return claims


def write(core: Core, claims: Iterable[Claim]) -> None:
    table = core.table(RESOURCE_QUOTAS)
    for entry, new in claims:
        core.store.replace(table, entry, {**new, "metadata": {**entry.object["metadata"]}})


def _hard(quota: Object) -> Mapping[str, str]:
    return (quota.get("status") or {}).get("hard") or {}


def _growth(now: Usage, before: Usage) -> Usage:
    zero = quantity.parse("0")
    grown = {name: amount - before.get(name, zero) for name, amount in now.items()}
    return {name: amount for name, amount in grown.items() if amount > zero}


def _matches(quota: Object, gvr: GroupVersionResource, obj: Object, used: Usage) -> bool:
    hard = _hard(quota)
    counts = any(name in used for name in hard) or (gvr == PODS and any(name in STATED for name in hard))
    return counts and all(in_scope(scope, gvr, obj) for scope in scopes(quota))


def scopes(quota: Object) -> list[Object]:
    """A quota's scopes as selector requirements."""
    spec = quota.get("spec") or {}
    plain = [{"scopeName": scope, "operator": "Exists"} for scope in spec.get("scopes") or ()]
    return plain + ((spec.get("scopeSelector") or {}).get("matchExpressions") or [])


def in_scope(scope: Object, gvr: GroupVersionResource, obj: Object) -> bool:
    """Whether an object is of a scope. Only Pods are of any."""
    if gvr != PODS:
        return False
    spec, name = obj["spec"], scope["scopeName"]
    if name in ("Terminating", "NotTerminating"):
        return (spec.get("activeDeadlineSeconds") is not None) is (name == "Terminating")
    if name in ("BestEffort", "NotBestEffort"):
        is_best_effort = (obj.get("status") or {}).get("qosClass") == "BestEffort"
        return is_best_effort is (name == "BestEffort")
    if name == "PriorityClass":
        return _in_class(scope, spec.get("priorityClassName") or "")
    if name == "CrossNamespacePodAffinity":
        return _crosses_namespaces(spec)
    return False


def _in_class(scope: Object, class_name: str) -> bool:
    operator, values = scope.get("operator"), scope.get("values") or ()
    if operator == "In":
        return class_name in values
    if operator == "NotIn":
        return class_name not in values
    return bool(class_name) is (operator == "Exists")


def _crosses_namespaces(spec: Object) -> bool:
    affinity = spec.get("affinity") or {}
    for group in ("podAffinity", "podAntiAffinity"):
        rules = affinity.get(group) or {}
        terms = list(rules.get("requiredDuringSchedulingIgnoredDuringExecution") or ())
        preferred = rules.get("preferredDuringSchedulingIgnoredDuringExecution") or ()
        terms += [each.get("podAffinityTerm") or {} for each in preferred]
        if any(term.get("namespaces") or term.get("namespaceSelector") is not None for term in terms):
            return True
    return False


def _check_stated(quota: Object, gvr: GroupVersionResource, pod: Object, name: str) -> None:
    """Containers must say what they use where that is counted."""
    if gvr != PODS or (pod["spec"].get("resources") or {}):
        return
    counted = [each for each in STATED if each in _hard(quota)]
    missing: dict[str, dict[str, None]] = {}
    for group in ("containers", "initContainers"):
        for container in pod["spec"].get(group) or ():
            stated = usage.named(usage.of_container(container, "requests"), usage.of_container(container, "limits"))
            for each in counted:
                if each not in stated:
                    missing.setdefault(each, {})[container["name"]] = None
    if missing:
        listed = "; ".join(f"{each} for: {','.join(sorted(missing[each]))}" for each in sorted(missing))
        why = f"failed quota: {quota['metadata']['name']}: must specify {listed}"
        raise errors.forbidden(gvr, name, why)


def _claim(entry: Entry, gvr: GroupVersionResource, name: str, used: Usage) -> Claim | None:
    quota = entry.object
    hard = _hard(quota)
    status = quota.get("status") or {}
    before: Mapping[str, str] = status.get("used") or {}
    requested = {each: amount for each, amount in used.items() if each in hard}
    unknown = sorted(each for each in requested if each not in before)
    if unknown:
        why = f"status unknown for quota: {quota['metadata']['name']}, resources: {','.join(unknown)}"
        raise errors.forbidden(gvr, name, why)
    if not requested:
        return None
    after = {each: quantity.parse(before[each]) + amount for each, amount in requested.items()}
    exceeded = sorted(each for each in after if after[each] > quantity.parse(hard[each]))
    if exceeded:
        shown = [
            ",".join(f"{each}={amounts[each]}" for each in exceeded)
            for amounts in (requested, _canonical(before), _canonical(hard))
        ]
        why = (
            f"exceeded quota: {quota['metadata']['name']}, requested: {shown[0]}, used: {shown[1]}, limited: {shown[2]}"
        )
        raise errors.forbidden(gvr, name, why)
    counted = {**before, **{each: str(amount) for each, amount in after.items()}}
    return entry, {**quota, "status": {**status, "used": counted}}


def _canonical(amounts: Mapping[str, str]) -> Usage:
    return {name: quantity.parse(text) for name, text in amounts.items()}
