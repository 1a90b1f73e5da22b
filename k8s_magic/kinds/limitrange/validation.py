"""Source: pkg/apis/core/validation/validation.go ValidateLimitRange"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, quantities
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax, quantity
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.quantity import Quantity

TYPES = ("Pod", "Container", "PersistentVolumeClaim")
PARTS = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj)
    seen: set[str] = set()
    for position, limit in enumerate(obj["spec"].get("limits") or ()):
        at, type_ = f"spec.limits[{position}]", limit.get("type", "")
        messages = label_syntax.key_errors(type_)
        found += field.each(f"{at}.type", type_, messages)
        if not messages and "/" not in type_ and type_ not in TYPES:
            found.append(field.invalid(f"{at}.type", type_, "must be a standard limit type or fully qualified"))
        if type_ in seen:
            found.append(field.duplicate(f"{at}.type", type_))
        seen.add(type_)
        found += _limit(limit, type_, at)
    return found


def validate_update(new: Object, old: Object) -> Errors:
    return metadata.validate_update(new, old) + validate(new)


def _limit(limit: Object, type_: str, path: str) -> Errors:
    found: Errors = []
    check = quantities.container_resource_name if type_ in ("Pod", "Container") else quantities.resource_name
    amounts: dict[str, dict[str, Quantity]] = {}
    for part in PARTS:
        values = limit.get(part) or {}
        if type_ == "Pod" and part in ("default", "defaultRequest"):
            if values:
                found.append(field.forbidden(f"{path}.{part}", "may not be specified when `type` is 'Pod'"))
            values = {}
        is_bounded = any("storage" in (limit.get(bound) or {}) for bound in ("min", "max"))
        if part == "maxLimitRequestRatio" and type_ == "PersistentVolumeClaim" and not is_bounded:
            message = "either minimum or maximum storage value is required, but neither was provided"
            found.append(field.required(f"{path}.limits", message))
        for name in sorted(values):
            found += check(name, f"{path}.{part}[{name}]")
        amounts[part] = {name: quantity.parse(text) for name, text in values.items()}
    for name in sorted({name for values in amounts.values() for name in values}):
        found += _order(name, amounts, path)
    return found


def _order(name: str, amounts: dict[str, dict[str, Quantity]], path: str) -> Errors:
    """How minimum, default and maximum of one resource lie to one another."""
    high, low, default, request, ratio = (amounts[part].get(name) for part in PARTS)
    found: Errors = []

    def wrong(part: str, shown: Quantity, message: str) -> None:
        found.append(field.invalid(f"{path}.{part}[{name}]", str(shown), message))

    if low is not None and high is not None and low > high:
        wrong("min", low, f"min value {low} is greater than max value {high}")
    if request is not None and low is not None and low > request:
        wrong("defaultRequest", request, f"min value {low} is greater than default request value {request}")
    if request is not None and high is not None and request > high:
        wrong("defaultRequest", request, f"default request value {request} is greater than max value {high}")
    if request is not None and default is not None and request > default:
        message = f"default request value {request} is greater than default limit value {default}"
        wrong("defaultRequest", request, message)
    if default is not None and low is not None and low > default:
        wrong("default", low, f"min value {low} is greater than default value {default}")
    if default is not None and high is not None and default > high:
        wrong("default", high, f"default value {default} is greater than max value {high}")
    if ratio is not None and ratio.nanos < quantity.NANO:
        wrong("maxLimitRequestRatio", ratio, f"ratio {ratio} is less than 1")
    if ratio is not None and low is not None and high is not None and low.nanos:
        most = high.milli / low.milli
        if ratio.milli / 1000 > most:
            message = f"ratio {ratio} is greater than max/min = {most:f}"
            wrong("maxLimitRequestRatio", ratio, message)
    if default is not None and request is not None and default != request and not quantities.may_overcommit(name):
        message = f"default value {default} must equal to defaultRequest value {request} in {name}"
        wrong("defaultRequest", request, message)
    return found
