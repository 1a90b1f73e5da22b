"""Source: pkg/apis/storage/validation/validation.go ValidateStorageClass"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, parameters
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object

RECLAIM_POLICIES = ("Delete", "Retain")
BINDING_MODES = ("Immediate", "WaitForFirstConsumer")


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj, namespaced=False)
    found += parameters.provisioner(obj.get("provisioner", ""), "provisioner")
    found += parameters.validate(obj.get("parameters") or {}, "parameters")
    policy, mode = obj.get("reclaimPolicy"), obj.get("volumeBindingMode")
    if policy and policy not in RECLAIM_POLICIES:
        found.append(field.unsupported("reclaimPolicy", policy, RECLAIM_POLICIES))
    if mode is None:
        found.append(field.required("volumeBindingMode"))
    elif mode not in BINDING_MODES:
        found.append(field.unsupported("volumeBindingMode", mode, BINDING_MODES))
    known: list[dict[str, set[str]]] = []
    for position, term in enumerate(obj.get("allowedTopologies") or ()):
        at = f"allowedTopologies[{position}]"
        wrong, keys = _term(term, at)
        found += wrong
        if keys in known:
            found.append(field.duplicate(f"{at}.matchLabelExpressions", ""))
        known.append(keys)
    return found


def _term(term: Object, path: str) -> tuple[Errors, dict[str, set[str]]]:
    found: Errors = []
    keys: dict[str, set[str]] = {}
    for position, expression in enumerate(term.get("matchLabelExpressions") or ()):
        at = f"{path}.matchLabelExpressions[{position}]"
        key, values = expression.get("key", ""), expression.get("values") or []
        if not values:
            found.append(field.required(f"{at}.values"))
        for index, value in enumerate(values):
            if value in values[:index]:
                found.append(field.duplicate(f"{at}.values[{index}]", value))
        found += field.each(f"{at}.key", key, label_syntax.key_errors(key))
        if key in keys:
            found.append(field.duplicate(f"{at}.key", key))
        keys[key] = set(values)
    return found, keys


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    for name in ("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"):
        found += field.immutable(new.get(name), old.get(name), name)
    return found
