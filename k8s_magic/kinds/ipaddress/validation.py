"""Source: pkg/apis/networking/validation/validation.go ValidateIPAddress"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj, namespaced=False, name=_is_address)
    ref = obj["spec"].get("parentRef")
    if ref is None:
        return [*found, field.required("spec.parentRef")]
    at = "spec.parentRef"
    group = ref.get("group", "")
    if group:
        found += field.each(f"{at}.group", group, words.dns_subdomain(group))
    for name in ("resource", "name", "namespace"):
        value = ref.get(name, "")
        if value:
            found += field.each(f"{at}.{name}", value, words.path_segment(value))
        elif name != "namespace":
            found.append(field.required(f"{at}.{name}"))
    return found


def _is_address(name: str) -> list[str]:
    return [error.detail.rpartition('": ')[2] for error in words.ip("", name, canonical=True)]


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    return found + field.immutable(new["spec"].get("parentRef"), old["spec"].get("parentRef"), "spec.parentRef")
