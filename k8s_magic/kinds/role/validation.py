"""Source: pkg/apis/rbac/validation/validation.go"""

from __future__ import annotations

from k8s_magic.kinds.validation import metadata, rbac
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    return rbac.rules(obj, namespaced=True)


def validate_update(new: Object, old: Object) -> Errors:
    return validate(new) + metadata.validate_update(new, old)
