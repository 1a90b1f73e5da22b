"""Questions about who may do what: on this cluster whoever carries the token may do everything, as kubeadm's admin.

A review is answered and never stored. Source: pkg/registry/{authentication,authorization}
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from k8s_magic.apiserver import ApiServer
from k8s_magic.machinery import errors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import SERVICE_ACCOUNTS, GroupVersionResource
from k8s_magic.sim.time import SECOND

USER: dict[str, Any] = {"username": "kubernetes-admin", "groups": ["system:masters", "system:authenticated"]}
EVERYTHING = {
    "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}],
    "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}],
    "incomplete": False,
}
# Source: pkg/registry/core/serviceaccount/storage/token.go, pkg/apis/authentication/v1/defaults.go
ONE_HOUR = 3600


def _may(body: Object) -> dict[str, Any]:
    return {"allowed": True}


def _who(body: Object) -> dict[str, Any]:
    return {"userInfo": USER}


def _rules(body: Object) -> dict[str, Any]:
    return EVERYTHING


def _is_known(body: Object) -> dict[str, Any]:
    subject = _claims((body.get("spec") or {}).get("token", "")).get("sub", "")
    if not subject.startswith("system:serviceaccount:"):
        return {"user": {}, "error": "invalid bearer token"}
    namespace = subject.split(":")[2]
    groups = ["system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated"]
    return {"authenticated": True, "user": {"username": subject, "groups": groups}}


REVIEWS: dict[tuple[str, str], tuple[str, Callable[[Object], dict[str, Any]]]] = {
    ("authorization.k8s.io", "selfsubjectaccessreviews"): ("SelfSubjectAccessReview", _may),
    ("authorization.k8s.io", "subjectaccessreviews"): ("SubjectAccessReview", _may),
    ("authorization.k8s.io", "localsubjectaccessreviews"): ("LocalSubjectAccessReview", _may),
    ("authorization.k8s.io", "selfsubjectrulesreviews"): ("SelfSubjectRulesReview", _rules),
    ("authentication.k8s.io", "selfsubjectreviews"): ("SelfSubjectReview", _who),
    ("authentication.k8s.io", "tokenreviews"): ("TokenReview", _is_known),
}


def review(resource: GroupVersionResource, body: Any) -> Object:
    kind, answer = REVIEWS[resource.group, resource.resource]
    given = body if isinstance(body, dict) else {}
    metadata = {**(given.get("metadata") or {}), "creationTimestamp": None}
    answered: Object = {"kind": kind, "apiVersion": resource.api_version, "metadata": metadata}
    if kind != "SelfSubjectReview":
        answered["spec"] = given.get("spec") or {}
    return {**answered, "status": answer(given)}


def token(server: ApiServer, namespace: str, name: str, body: Any) -> Object:
    """A service account's token: its claims are the real ones, its signature is nobody's. Raises: NotFound."""
    account = server.informer(SERVICE_ACCOUNTS).get(namespace, name)
    if account is None:
        raise errors.not_found(SERVICE_ACCOUNTS, name)
    given = body if isinstance(body, dict) else {}
    spec = dict(given.get("spec") or {})
    seconds = spec.setdefault("expirationSeconds", ONE_HOUR)
    audiences = spec.setdefault("audiences", None) or ["https://kubernetes.default.svc.cluster.local"]
    spec["audiences"] = audiences
    spec.setdefault("boundObjectRef", None)
    now = server.kernel.now
    issued = int(server.times.epoch.timestamp()) + now // SECOND
    claims = {
        "aud": audiences,
        "exp": issued + seconds,
        "iat": issued,
        "iss": "https://kubernetes.default.svc.cluster.local",
        "kubernetes.io": {"namespace": namespace, "serviceaccount": {"name": name, "uid": account["metadata"]["uid"]}},
        "nbf": issued,
        "sub": f"system:serviceaccount:{namespace}:{name}",
    }
    text = ".".join(_coded(part) for part in ({"alg": "RS256", "kid": "k8s-magic"}, claims)) + ".c2ltdWxhdGVk"
    expires = server.times.seconds(now + seconds * SECOND)
    return {
        "kind": "TokenRequest",
        "apiVersion": "authentication.k8s.io/v1",
        "metadata": {"name": name, "namespace": namespace, "creationTimestamp": server.times.seconds(now)},
        "spec": spec,
        "status": {"token": text, "expirationTimestamp": expires},
    }


def _coded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part, separators=(",", ":")).encode()).decode().rstrip("=")


def _claims(text: str) -> dict[str, Any]:
    try:
        middle = text.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (IndexError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
