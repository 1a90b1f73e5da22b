"""Source: pkg/apis/networking/validation/validation.go ValidateIngressClass"""

from __future__ import annotations

from k8s_magic.kinds.ingress.validation import typed_reference
from k8s_magic.kinds.job.spec import domain_path
from k8s_magic.kinds.validation import field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

LONGEST_CONTROLLER = 250
SCOPES = ("Cluster", "Namespace")


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj, namespaced=False)
    controller = obj["spec"].get("controller", "")
    if len(controller) > LONGEST_CONTROLLER:
        found.append(field.too_long("spec.controller", LONGEST_CONTROLLER))
    found += domain_path(controller, "spec.controller")
    parameters = obj["spec"].get("parameters")
    return found if parameters is None else found + _parameters(parameters, "spec.parameters")


def _parameters(ref: Object, path: str) -> Errors:
    found = typed_reference(ref, path)
    scope, namespace = ref.get("scope"), ref.get("namespace")
    if scope is None:
        return [*found, field.required(f"{path}.scope")]
    if scope not in SCOPES:
        return [*found, field.unsupported(f"{path}.scope", scope, SCOPES)]
    at = f"{path}.namespace"
    if scope == "Namespace" and namespace is None:
        found.append(field.required(at, "`parameters.scope` is set to 'Namespace'"))
    elif scope == "Namespace":
        found += field.each(at, namespace, words.dns_label(str(namespace)))
    elif namespace is not None:
        found.append(field.forbidden(at, "`parameters.scope` is set to 'Cluster'"))
    return found


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    found += field.immutable(new["spec"].get("controller"), old["spec"].get("controller"), "spec.controller")
    return found + validate(new)
