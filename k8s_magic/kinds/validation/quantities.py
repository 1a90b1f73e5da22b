"""Names of resources and amounts of them. Source: pkg/apis/core/helper/helpers.go, core/validation/validation.go"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from k8s_magic.kinds.validation import field
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax, quantity
from k8s_magic.machinery.meta import Object

COMPUTE = ("cpu", "memory", "ephemeral-storage")
COUNTED = (
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "services.nodeports",
    "services.loadbalancers",
)
QUOTA = {
    *COMPUTE,
    *(f"requests.{name}" for name in (*COMPUTE, "storage")),
    *(f"limits.{name}" for name in COMPUTE),
    *COUNTED,
}
STANDARD = QUOTA | {"storage"}
HUGE_PAGES = "hugepages-"
NAMESPACE = "kubernetes.io/"
NOT_INTEGER = "must be an integer"


def is_huge_page(name: str) -> bool:
    return name.startswith(HUGE_PAGES)


def is_standard(name: str) -> bool:
    return name in STANDARD or name.startswith((HUGE_PAGES, f"requests.{HUGE_PAGES}"))


def is_native(name: str) -> bool:
    return "/" not in name or NAMESPACE in name


def is_extended(name: str) -> bool:
    if is_native(name) or name.startswith("requests."):
        return False
    return not label_syntax.key_errors(f"requests.{name}")


def is_integer(name: str) -> bool:
    return name in COUNTED or is_extended(name)


def may_overcommit(name: str) -> bool:
    return is_native(name) and not is_huge_page(name)


def resource_name(name: str, path: str) -> Errors:
    found = field.each(path, name, label_syntax.key_errors(name))
    if not found and "/" not in name and not is_standard(name):
        found = [field.invalid(path, name, "must be a standard resource type or fully qualified")]
    return found


def container_resource_name(name: str, path: str) -> Errors:
    found = resource_name(name, path)
    if "/" not in name:
        if name not in COMPUTE and not is_huge_page(name):
            found.append(field.invalid(path, name, "must be a standard resource for containers"))
    elif not is_native(name) and not is_extended(name):
        found.append(field.invalid(path, name, "doesn't follow extended resource name standard"))
    return found


def pod_resource_name(name: str, path: str) -> Errors:
    found = resource_name(name, path)
    if not found and name not in ("cpu", "memory") and not is_huge_page(name):
        found = [field.unsupported(path, name, ("cpu", "hugepages-", "memory"))]
    return found


def quota_resource_name(name: str, path: str) -> Errors:
    found = resource_name(name, path)
    if "/" not in name and name not in QUOTA and not name.startswith((HUGE_PAGES, f"requests.{HUGE_PAGES}")):
        found.append(field.invalid(path, name, "must be a standard resource for quota"))
    return found


def amount(name: str, text: str, path: str) -> Errors:
    """ValidateResourceQuantityValue."""
    parsed = quantity.parse(text)
    found: Errors = []
    if parsed.nanos < 0:
        found.append(field.invalid(path, text, field.NOT_NEGATIVE))
    if is_integer(name) and parsed.milli % 1000:
        found.append(field.invalid(path, text, NOT_INTEGER))
    return found


def requirements(
    resources: Object, claims: Iterable[str], path: str, check: Callable[[str, str], Errors] = container_resource_name
) -> Errors:
    """Requests and limits of a container or Pod. Names are looked at in sorted order (upstream's order is a lot)."""
    if not resources:
        return []
    found: Errors = []
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for name in sorted(limits):
        at = f"{path}.limits[{name}]"
        found += check(name, at) + amount(name, limits[name], at) + _huge_page(name, limits[name], at)
    for name in sorted(requests):
        at, text = f"{path}.requests[{name}]", requests[name]
        found += check(name, at) + amount(name, text, at)
        if name in limits:
            request, limit = quantity.parse(text), quantity.parse(limits[name])
            if request != limit and not may_overcommit(name):
                found.append(field.invalid(f"{path}.requests", text, f"must be equal to {name} limit of {limit}"))
            elif request > limit:
                message = f"must be less than or equal to {name} limit of {limit}"
                found.append(field.invalid(f"{path}.requests", text, message))
        elif not may_overcommit(name):
            found.append(field.required(f"{path}.limits", "Limit must be set for non overcommitable resources"))
        found += _huge_page(name, text, at)
    every = {*limits, *requests}
    if any(is_huge_page(name) for name in every) and not every & {"cpu", "memory"}:
        found.append(field.forbidden(path, "HugePages require cpu or memory"))
    return found + claim_names(resources.get("claims") or (), set(claims), f"{path}.claims")


def _huge_page(name: str, text: str, path: str) -> Errors:
    if not is_huge_page(name):
        return []
    try:
        size = quantity.parse(name.removeprefix(HUGE_PAGES)).value
    except quantity.QuantityError:
        return []
    value = quantity.parse(text).value
    if size > 0 and value > 0 and value % size == 0:
        return []
    return [field.invalid(path, text, f"{text} is not positive integer multiple of {name}")]


def claim_names(claims: Iterable[Object], known: set[str], path: str) -> Errors:
    found: Errors = []
    seen: set[str] = set()
    for position, claim in enumerate(claims):
        at, name, request = f"{path}[{position}]", claim.get("name", ""), claim.get("request", "")
        if not name:
            found.append(field.required(at))
            continue
        key = f"{name}/{request}" if request else name
        if name in seen:
            found.append(field.duplicate(at, name))
        elif key in seen:
            found.append(field.duplicate(at, key))
        elif not request and any(other.startswith(f"{name}/") for other in seen):
            found.append(field.duplicate(at, name))
        seen.add(key)
        if name not in known:
            detail = "must be one of the names in pod.spec.resourceClaims"
            detail += ": " + ", ".join(sorted(known)) if known else " which is empty"
            missing = field.not_found(at, name)
            found.append(type(missing)(missing.kind, missing.field, f"{missing.detail}: {detail}"))
    return found
