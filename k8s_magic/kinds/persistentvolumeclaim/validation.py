"""Source: pkg/apis/core/validation/validation.go ValidatePersistentVolumeClaim"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds.pod import update_diff
from k8s_magic.kinds.validation import claims, field, metadata
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object

BETA_CLASS = "volume.beta.kubernetes.io/storage-class"
FIXED = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"


def validate(obj: Object) -> Errors:
    return metadata.validate(obj) + claims.spec(obj["spec"], "spec")


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old) + validate(new)
    after, before = new["spec"], old["spec"]
    notes = [(one["metadata"].get("annotations") or {}).get(BETA_CLASS) for one in (new, old)]
    if notes[0] != notes[1]:
        at = f"metadata.annotations.{BETA_CLASS}"
        found.append(field.invalid(at, notes[0] or "", field.IMMUTABLE))
    changed = _without_updatable(new, old)
    if changed != before:
        found.append(field.forbidden("spec", f"{FIXED}\n{update_diff.of_claims(before, changed)}"))
    sizes = [
        quantity.parse(((spec.get("resources") or {}).get("requests") or {}).get("storage", "0"))
        for spec in (after, before)
    ]
    held = quantity.parse(((old.get("status") or {}).get("capacity") or {}).get("storage", "0"))
    if sizes[0] < sizes[1] and sizes[0] <= held:
        message = "field can not be less than status.capacity"
        found.append(field.forbidden("spec.resources.requests.storage", message))
    found += field.immutable(after.get("volumeMode"), before.get("volumeMode"), "volumeMode")
    current = (old.get("status") or {}).get("currentVolumeAttributesClassName")
    if before.get("volumeAttributesClassName") != after.get("volumeAttributesClassName") and current is not None:
        word = {None: "nil", "": "empty string"}.get(after.get("volumeAttributesClassName"))
        if word:
            message = f"update to {word} is forbidden when status.currentVolumeAttributesClassName is not nil"
            found.append(field.forbidden("spec.volumeAttributesClassName", message))
    return found


def _without_updatable(new: Object, old: Object) -> Object:
    """The new spec with the old values of all that may change."""
    after, before = new["spec"], old["spec"]
    changed: dict[str, Any] = dict(after)
    names = []
    if not before.get("volumeName"):
        names.append("volumeName")
    if before.get("storageClassName") is None and after.get("storageClassName") is not None:
        names.append("storageClassName")
    if (new.get("status") or {}).get("phase") == "Bound":
        names.append("volumeAttributesClassName")
        resources = dict(after.get("resources") or {})
        if resources.get("requests"):
            size = ((before.get("resources") or {}).get("requests") or {}).get("storage", "0")
            resources["requests"] = {**resources["requests"], "storage": size}
            changed["resources"] = resources
    for name in names:
        if name in before:
            changed[name] = before[name]
        else:
            changed.pop(name, None)
    return changed
