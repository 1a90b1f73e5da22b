"""Questions about who somebody is and may do what: answered and never stored.

Whoever asks is kubeadm's administrator, who may do everything; so no subject is refused anything.
Source: pkg/registry/{authentication,authorization}, the recorded answers of a real control plane
"""

from __future__ import annotations

from typing import Any

from k8s_magic.apiserver.core import Core
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import FieldError
from k8s_magic.machinery.kind import Kind, Warn
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionKind
from k8s_magic.machinery.protocols import WriteOptions

USER: Object = {"username": "kubernetes-admin", "groups": ["system:masters", "system:authenticated"]}
# What the bootstrap roles grant to kubeadm's administrator, as recorded.
HEALTH = ["/healthz", "/livez", "/readyz", "/version", "/version/"]
DISCOVERY = "/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/"
RULES: Object = {
    "resourceRules": [
        {
            "verbs": ["create"],
            "apiGroups": ["authorization.k8s.io"],
            "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
        },
        {"verbs": ["create"], "apiGroups": ["authentication.k8s.io"], "resources": ["selfsubjectreviews"]},
        {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]},
    ],
    "nonResourceRules": [
        {"verbs": ["get"], "nonResourceURLs": HEALTH},
        {"verbs": ["get"], "nonResourceURLs": DISCOVERY.split(" ")},
        {"verbs": ["get"], "nonResourceURLs": ["/.well-known", "/.well-known/*"]},
        {"verbs": ["*"], "nonResourceURLs": ["*"]},
    ],
    "incomplete": False,
}
ACCESS = ("SelfSubjectAccessReview", "SubjectAccessReview", "LocalSubjectAccessReview")
KINDS = frozenset({*ACCESS, "SelfSubjectReview", "SelfSubjectRulesReview", "TokenReview"})


def answer(core: Core, kind: Kind, body: Any, options: WriteOptions, warn: Warn) -> Object:
    """Raises: BadRequest, Invalid."""
    obj = core.decode(kind, body, options.field_validation, warn)
    kind.default(obj)
    name = kind.gvk.kind
    if name == "SelfSubjectReview":
        return {**obj, "metadata": {"creationTimestamp": core.now_text()}, "status": {"userInfo": USER}}
    if name == "SelfSubjectRulesReview":
        return {"kind": name, "apiVersion": obj["apiVersion"], "metadata": {}, "spec": {}, "status": RULES}
    if name == "TokenReview":
        status = {key: each for key, each in (obj.get("status") or {}).items() if key != "authenticated"}
        for field in ("deletionTimestamp", "deletionGracePeriodSeconds"):
            obj["metadata"].pop(field, None)
        return {**obj, "status": {**status, "error": "invalid bearer token"}}
    if complaints := _complaints(obj, name):
        raise errors.invalid(GroupVersionKind(kind.gvk.group, kind.gvk.version, ""), "", complaints)
    return {**obj, "status": {"allowed": True}}


def _complaints(obj: Object, name: str) -> list[FieldError]:
    """Source: pkg/apis/authorization/validation/validation.go"""
    spec = obj.get("spec") or {}
    found = []
    paths, resource = spec.get("nonResourceAttributes"), spec.get("resourceAttributes")
    if paths is not None and resource is not None:
        shown = f'{{"Path":"{paths.get("path", "")}","Verb":"{paths.get("verb", "")}"}}'
        words = "cannot be specified in combination with resourceAttributes"
        found.append(_invalid("spec.nonResourceAttributes", shown, words))
    if paths is None and resource is None:
        words = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
        found.append(_invalid("spec.resourceAttributes", "null", words))
    if name != "SelfSubjectAccessReview" and not spec.get("user") and not spec.get("groups"):
        found.append(_invalid("spec.user", '""', "at least one of user or group must be specified"))
    return found


def _invalid(path: str, shown: str, words: str) -> FieldError:
    return FieldError("FieldValueInvalid", path, f"Invalid value: {shown}: {words}")
