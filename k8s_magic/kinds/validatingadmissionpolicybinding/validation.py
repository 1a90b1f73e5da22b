"""Source: pkg/apis/admissionregistration/validation/validation.go validateValidatingAdmissionPolicyBinding"""

from __future__ import annotations

from k8s_magic.kinds.validation import admission
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    return admission.binding(obj, mutating=False)
