"""Source: pkg/apis/core/validation/validation.go ValidateNode"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, quantities, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.errors import FieldError
from k8s_magic.machinery.meta import Object

EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
CIDR_FIXED = 'node updates may not change podCIDR except from "" to valid'


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj, namespaced=False)
    spec = obj["spec"]
    found += taints(spec.get("taints") or (), "metadata.taints") + _resources(obj)
    cidrs = spec.get("podCIDRs") or []
    for position, cidr in enumerate(cidrs):
        found += words.cidr(f"spec.podCIDRs[{position}]", cidr)
    if len(cidrs) > 1 and (len(cidrs) > 2 or len({words.is_ipv6(cidr) for cidr in cidrs}) < 2):
        message = "may specify no more than one CIDR for each IP family"
        found.append(field.invalid("spec.podCIDRs", cidrs, message))
    return found


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    after, before = new["spec"], old["spec"]
    if new.get("status") is not old.get("status"):
        found += _resources(new)
        seen: list[Object] = []
        for position, address in enumerate((new.get("status") or {}).get("addresses") or ()):
            if address in seen:
                shown = {"Type": address.get("type", ""), "Address": address.get("address", "")}
                found.append(field.duplicate(f"status.addresses[{position}]", shown))
            seen.append(address)
    cidrs = before.get("podCIDRs") or []
    if cidrs and cidrs != (after.get("podCIDRs") or []):
        found.append(field.forbidden("spec.podCIDRs", CIDR_FIXED))
    if before.get("providerID") and before["providerID"] != after.get("providerID"):
        message = 'node updates may not change providerID except from "" to valid'
        found.append(field.forbidden("spec.providerID", message))
    return found + taints(after.get("taints") or (), "metadata.taints")


def _resources(obj: Object) -> Errors:
    found: Errors = []
    for part in ("capacity", "allocatable"):
        values = (obj.get("status") or {}).get(part) or {}
        for name in sorted(values):
            found += quantities.amount(name, values[name], f"status.{part}.{name}")
    return found


def taints(items: list[Object] | tuple[()], path: str) -> Errors:
    found: Errors = []
    seen: set[tuple[str, str]] = set()
    for position, taint in enumerate(items):
        at = f"{path}[{position}]"
        key, value, effect = (taint.get(name, "") for name in ("key", "value", "effect"))
        found += field.each(f"{at}.key", key, label_syntax.key_errors(key))
        wrong = label_syntax.value_errors(value)
        if wrong:
            found.append(field.invalid(f"{at}.value", value, ";".join(wrong)))
        if not effect:
            found.append(field.required(f"{at}.effect"))
        elif effect not in EFFECTS:
            found.append(field.unsupported(f"{at}.effect", effect, EFFECTS))
        if (effect, key) in seen:
            shown = {"Key": key, "Value": value, "Effect": effect, "TimeAdded": taint.get("timeAdded")}
            twice = field.duplicate(at, shown)
            detail = f"{twice.detail}: taints must be unique by key and effect pair"
            found.append(FieldError(twice.kind, at, detail))
        seen.add((effect, key))
    return found
