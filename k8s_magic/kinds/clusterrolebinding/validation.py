"""Source: pkg/apis/rbac/validation/validation.go"""

from __future__ import annotations

from k8s_magic.kinds.validation import rbac
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    return rbac.binding(obj, namespaced=False)


def validate_update(new: Object, old: Object) -> Errors:
    return rbac.binding_update(new, old, namespaced=False)
