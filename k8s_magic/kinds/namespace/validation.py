"""Source: pkg/apis/core/validation/validation.go ValidateNamespace"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj, namespaced=False, name=words.dns_label)
    message = "name is neither a standard finalizer name nor is it fully qualified"
    for name in obj["spec"].get("finalizers") or ():
        found += field.each("spec.finalizers", name, label_syntax.key_errors(name))
        if "/" not in name and name not in metadata.STANDARD_FINALIZERS:
            found.append(field.invalid("spec.finalizers", name, message))
    return found


def validate_update(new: Object, old: Object) -> Errors:
    return metadata.validate_update(new, old)
