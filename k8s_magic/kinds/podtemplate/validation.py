"""Source: pkg/apis/core/validation/validation.go ValidatePodTemplate"""

from __future__ import annotations

from k8s_magic.kinds.pod import template
from k8s_magic.kinds.validation import metadata
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    return metadata.validate(obj) + template.validate(obj["template"], "template")


def validate_update(new: Object, old: Object) -> Errors:
    return metadata.validate_update(new, old) + template.validate(new["template"], "template")
