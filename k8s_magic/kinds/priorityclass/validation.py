"""Source: pkg/apis/scheduling/validation/validation.go ValidatePriorityClass"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

SYSTEM = {"system-node-critical": 2_000_001_000, "system-cluster-critical": 2_000_000_000}
HIGHEST = 1_000_000_000  # scheduling.HighestUserDefinablePriority
POLICIES = ("PreemptLowerPriority", "Never")


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj, namespaced=False)
    name, value = obj["metadata"].get("name", ""), obj.get("value", 0)
    if name.startswith("system-"):
        wrong = _system(name, value, bool(obj.get("globalDefault")))
        if wrong:
            message = f"priority class names with 'system-' prefix are reserved for system use only. error: {wrong}"
            found.append(field.forbidden("metadata.name", message))
    elif value > HIGHEST:
        message = f"maximum allowed value of a user defined priority is {HIGHEST}"
        found.append(field.forbidden("value", message))
    policy = obj.get("preemptionPolicy")
    if policy is not None and policy not in POLICIES:
        found.append(field.unsupported("preemptionPolicy", policy, POLICIES))
    return found


def _system(name: str, value: int, is_default: bool) -> str:
    if name not in SYSTEM:
        return f"{name} is not a known system priority class"
    if value != SYSTEM[name]:
        return f"value of {name} PriorityClass must be {SYSTEM[name]}"
    return f"globalDefault of {name} PriorityClass must be false" if is_default else ""


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    if new.get("value", 0) != old.get("value", 0):
        found.append(field.forbidden("value", "may not be changed in an update."))
    return found + field.immutable(new.get("preemptionPolicy"), old.get("preemptionPolicy"), "preemptionPolicy")
