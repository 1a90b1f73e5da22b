"""LimitRanger: a namespace's defaults for containers, and bounds for containers, Pods and claims.

Source: plugin/pkg/admission/limitranger/admission.go
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from k8s_magic.apiserver.admission import usage
from k8s_magic.apiserver.core import Core
from k8s_magic.machinery import errors, names, quantity
from k8s_magic.machinery.kind import Kind
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS
from k8s_magic.machinery.quantity import Quantity

LIMIT_RANGES = names.core("limitranges")
CLAIMS = names.core("persistentvolumeclaims")
ANNOTATION = "kubernetes.io/limit-ranger"
# Above this an amount is compared in whole units. Source: resource.MaxMilliValue
MOST_MILLI = (2**63 - 1) // 1000

Resources = Mapping[str, str]
# (scope, resource, bound, request, limit) -> complaint or ""
Rule = Callable[[str, str, Quantity, "Quantity | None", "Quantity | None"], str]


def admit(core: Core, pod: Object) -> None:
    """Fill in what containers leave out."""
    for limit_range in _ranges(core, pod["metadata"]["namespace"]):
        _merge_defaults(pod, limit_range)


def check(core: Core, kind: Kind, obj: Object) -> None:
    """Raises: Forbidden for what is out of bounds."""
    if kind.gvr not in (PODS, CLAIMS):
        return
    for limit_range in _ranges(core, obj["metadata"]["namespace"]):
        complaints = list(dict.fromkeys(_complaints(limit_range, kind, obj)))
        if complaints:
            text = complaints[0] if len(complaints) == 1 else f"[{', '.join(complaints)}]"
            raise errors.forbidden(kind.gvr, obj["metadata"].get("name", ""), text)


def _ranges(core: Core, namespace: str) -> list[Object]:
    if LIMIT_RANGES not in core.kinds:
        return []
    return core.table(LIMIT_RANGES).list(namespace)


def _merge_defaults(pod: Object, limit_range: Object) -> None:
    requests: dict[str, str] = {}
    limits: dict[str, str] = {}
    for limit in limit_range["spec"].get("limits") or ():
        if limit.get("type") == "Container":
            requests |= limit.get("defaultRequest") or {}
            limits |= limit.get("default") or {}
    notes: list[str] = []
    for group, title in (("containers", "container"), ("initContainers", "init container")):
        for container in pod["spec"].get(group) or ():
            resources = {**(container.get("resources") or {})}
            for field, given, word in (("requests", requests, "request"), ("limits", limits, "limit")):
                held = resources.get(field) or {}
                added = sorted(name for name in given if name not in held)
                if added:
                    resources[field] = {**held, **{name: given[name] for name in added}}
                    notes.append(f"{', '.join(added)} {word} for {title} {container['name']}")
            container["resources"] = resources
    if notes:
        metadata = pod["metadata"]
        text = f"LimitRanger plugin set: {'; '.join(notes)}"
        metadata["annotations"] = {**(metadata.get("annotations") or {}), ANNOTATION: text}


def _complaints(limit_range: Object, kind: Kind, obj: Object) -> Iterator[str]:
    spec = obj["spec"]
    for limit in limit_range["spec"].get("limits") or ():
        scope = limit.get("type", "")
        if kind.gvr == CLAIMS:
            if scope == "PersistentVolumeClaim":
                requests = (spec.get("resources") or {}).get("requests") or {}
                yield from _each(_below, scope, limit.get("min"), requests, {})
                yield from _each(_above_request, scope, limit.get("max"), requests, {})
        elif scope == "Container":
            for group in ("containers", "initContainers"):
                for container in spec.get(group) or ():
                    resources = container.get("resources") or {}
                    yield from _bounds(limit, resources.get("requests") or {}, resources.get("limits") or {})
        elif scope == "Pod":
            requests, limits = (
                {name: str(amount) for name, amount in usage.of_pod(spec, field).items()}
                for field in ("requests", "limits")
            )
            yield from _bounds(limit, requests, limits)


def _bounds(limit: Object, requests: Resources, limits: Resources) -> Iterator[str]:
    scope = limit["type"]
    yield from _each(_below, scope, limit.get("min"), requests, limits)
    yield from _each(_above, scope, limit.get("max"), requests, limits)
    yield from _each(_ratio, scope, limit.get("maxLimitRequestRatio"), requests, limits)


def _each(
    rule: Rule, scope: str, bounds: Mapping[str, str] | None, requests: Resources, limits: Resources
) -> Iterator[str]:
    for name, text in sorted((bounds or {}).items()):
        request = quantity.parse(requests[name]) if name in requests else None
        limit = quantity.parse(limits[name]) if name in limits else None
        complaint = rule(scope, name, quantity.parse(text), request, limit)
        if complaint:
            yield complaint


def _below(scope: str, name: str, bound: Quantity, request: Quantity | None, limit: Quantity | None) -> str:
    words = f"minimum {name} usage per {scope} is {bound}"
    if request is None:
        return f"{words}.  No request is specified"
    if request < bound:
        return f"{words}, but request is {request}"
    if limit is not None and limit < bound:
        return f"{words}, but limit is {limit}"
    return ""


def _above(scope: str, name: str, bound: Quantity, request: Quantity | None, limit: Quantity | None) -> str:
    words = f"maximum {name} usage per {scope} is {bound}"
    if limit is None:
        return f"{words}.  No limit is specified"
    if limit > bound:
        return f"{words}, but limit is {limit}"
    if request is not None and request > bound:
        return f"{words}, but request is {request}"
    return ""


def _above_request(scope: str, name: str, bound: Quantity, request: Quantity | None, limit: Quantity | None) -> str:
    words = f"maximum {name} usage per {scope} is {bound}"
    if request is None:
        return f"{words}.  No request is specified"
    return f"{words}, but request is {request}" if request > bound else ""


def _ratio(scope: str, name: str, bound: Quantity, request: Quantity | None, limit: Quantity | None) -> str:
    words = f"{name} max limit to request ratio per {scope} is {bound}"
    if request is None or request.is_zero:
        return f"{words}, but no request is specified or request is 0"
    if limit is None or limit.is_zero:
        return f"{words}, but no limit is specified or limit is 0"
    observed = _in_one_unit(limit, request)
    return f"{words}, but provided ratio is {observed:f}" if observed * 1000 > bound.milli else ""


def _in_one_unit(limit: Quantity, request: Quantity) -> float:
    if max(limit.value, request.value) <= MOST_MILLI:
        return limit.milli / request.milli
    return limit.value / request.value
