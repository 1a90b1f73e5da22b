"""Source: pkg/apis/core/validation/validation.go ValidateReplicationController"""

from __future__ import annotations

from k8s_magic.kinds.pod import template
from k8s_magic.kinds.validation import field, metadata
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import selectors
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    return metadata.validate(obj, with_generate_name=False) + spec(obj["spec"], "spec")


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    return found if new["spec"] is old["spec"] else found + spec(new["spec"], "spec")


def spec(obj: Object, path: str) -> Errors:
    found = field.not_negative(obj.get("minReadySeconds", 0), f"{path}.minReadySeconds")
    selector = obj.get("selector")
    if not selector:
        found.append(field.required(f"{path}.selector"))
    if obj.get("replicas") is None:
        found.append(field.required(f"{path}.replicas"))
    else:
        found += field.not_negative(obj["replicas"], f"{path}.replicas")
    at, inner = f"{path}.template", obj.get("template")
    if inner is None:
        return [*found, field.required(at)]
    found += template.matching(inner, selectors.from_labels(selector), at)
    found += template.validate(inner, at)
    return found + template.always_running(inner, "ReplicationController", at)
