"""Source: pkg/apis/apps/validation/validation.go ValidateControllerRevisionCreate"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    found = _common(obj)
    data = obj.get("data")
    if data is None:
        found.append(field.required("data", "data is mandatory"))
    elif not isinstance(data, dict):
        found.append(field.required("data", "data must be a valid JSON object"))
    return found


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old) + _common(new)
    return found + field.immutable(new.get("data"), old.get("data"), "data")


def _common(obj: Object) -> Errors:
    return metadata.validate(obj) + field.not_negative(obj.get("revision", 0), "revision")
