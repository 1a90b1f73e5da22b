"""Source: pkg/apis/apps/validation/validation.go ValidateReplicaSet"""

from __future__ import annotations

from k8s_magic.kinds.pod import template
from k8s_magic.kinds.validation import field, metadata
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    return metadata.validate(obj) + spec(obj["spec"], "spec")


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    if new["spec"] is old["spec"]:
        return found
    found += spec(new["spec"], "spec")
    return found + field.immutable(new["spec"].get("selector"), old["spec"].get("selector"), "spec.selector")


def spec(obj: Object, path: str) -> Errors:
    found = field.not_negative(obj.get("replicas", 0), f"{path}.replicas")
    found += field.not_negative(obj.get("minReadySeconds", 0), f"{path}.minReadySeconds")
    selector, wrong = template.label_selector(obj.get("selector"), "deployment", f"{path}.selector")
    found += wrong
    if selector is None:
        return [*found, field.invalid(f"{path}.selector", obj.get("selector"), "invalid label selector")]
    at = f"{path}.template"
    found += template.matching(obj["template"], selector, at) + template.validate(obj["template"], at)
    return found + template.always_running(obj["template"], "ReplicaSet", at)
