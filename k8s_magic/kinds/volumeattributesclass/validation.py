"""Source: pkg/apis/storage/validation/validation.go ValidateVolumeAttributesClass"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, parameters
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj, namespaced=False)
    found += parameters.provisioner(obj.get("driverName", ""), "driverName")
    return found + parameters.validate(obj.get("parameters") or {}, "parameters", may_be_empty=False)


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    for name in ("driverName", "parameters"):
        if new.get(name) != old.get(name):
            found.append(field.forbidden(name, f"updates to {name} are forbidden."))
    return found + validate(new)
