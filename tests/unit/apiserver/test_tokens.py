"""Tokens of service accounts: made, known, refused."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from k8s_magic.machinery.names import PODS, SERVICE_ACCOUNTS, GroupVersionResource
from k8s_magic.sim.time import SECOND

REVIEWS = GroupVersionResource("authentication.k8s.io", "v1", "tokenreviews")
ISSUER = "https://kubernetes.default.svc.cluster.local"


def request(rig: Any, name: str = "default", **spec: Any) -> dict[str, Any]:
    answer: dict[str, Any] = rig.user.create(
        SERVICE_ACCOUNTS, "default", {"spec": spec}, name=name, subresource="token"
    )
    return answer


def review(rig: Any, token: str, **spec: Any) -> dict[str, Any]:
    status: dict[str, Any] = rig.user.create(REVIEWS, "", {"spec": {"token": token, **spec}})["status"]
    return status


def claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def test_a_token_is_known(rig: Any) -> None:
    account = rig.stored(SERVICE_ACCOUNTS, "default")
    answer = request(rig)
    assert answer["spec"] == {"audiences": [ISSUER], "expirationSeconds": 3600, "boundObjectRef": None}
    assert answer["metadata"]["uid"] == account["metadata"]["uid"]
    assert answer["status"]["expirationTimestamp"] == "2026-01-01T01:00:00Z"
    token = answer["status"]["token"]
    found = claims(token)
    assert found["exp"] - found["iat"] == 3600
    assert review(rig, token) == {
        "authenticated": True,
        "user": {
            "username": "system:serviceaccount:default:default",
            "uid": account["metadata"]["uid"],
            "groups": ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
            "extra": {"authentication.kubernetes.io/credential-id": [f"JTI={found['jti']}"]},
        },
        "audiences": [ISSUER],
    }


def test_tokens_end(rig: Any) -> None:
    token = request(rig, expirationSeconds=600)["status"]["token"]
    rig.kernel.run_until(660 * SECOND)  # a minute's leeway
    assert review(rig, token)["authenticated"]
    rig.kernel.run_until(661 * SECOND)
    assert review(rig, token) == {"user": {}, "error": "service account token has expired"}


def test_audiences_must_meet(rig: Any) -> None:
    token = request(rig, audiences=["vault"])["status"]["token"]
    words = f'token audiences ["vault"] is invalid for the target audiences ["{ISSUER}"]'
    assert review(rig, token) == {"user": {}, "error": words}
    assert review(rig, token, audiences=["vault", "other"])["audiences"] == ["vault"]


def test_foreign_and_changed_tokens_are_refused(rig: Any) -> None:
    token = request(rig)["status"]["token"]
    head, body, signature = token.split(".")
    other = base64.urlsafe_b64encode(json.dumps({**claims(token), "sub": "me"}).encode()).decode().rstrip("=")
    assert review(rig, f"{head}.{other}.{signature}")["error"] == "go-jose/go-jose: error in cryptographic primitive"
    assert review(rig, f"{_coded({'kid': 'x'})}.{body}.{signature}")["error"] == "invalid signature, no keys found"
    foreign = f"{head}.{_coded({'iss': 'https://elsewhere'})}.{signature}"
    for text in (foreign, "x", "a.b.c", f"{head}.{body}"):
        assert review(rig, text) == {"user": {}, "error": "invalid bearer token"}


def _coded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def test_tokens_go_with_their_account_and_pod(rig: Any, refused: Any) -> None:
    rig.user.create(SERVICE_ACCOUNTS, "default", {"metadata": {"name": "ci"}})
    rig.pod("p", serviceAccountName="ci")
    rig.user.create(GroupVersionResource("", "v1", "nodes"), "", {"metadata": {"name": "node-1"}})
    rig.bind("p", "node-1")
    bound = {"kind": "Pod", "apiVersion": "v1", "name": "p"}
    token = request(rig, "ci", boundObjectRef=bound, expirationSeconds=3607)["status"]["token"]
    found = claims(token)
    assert found["exp"] - found["iat"] == 365 * 24 * 3600
    assert found["kubernetes.io"]["warnafter"] - found["iat"] == 3607
    extra = review(rig, token)["user"]["extra"]
    assert extra["authentication.kubernetes.io/pod-name"] == ["p"]
    assert extra["authentication.kubernetes.io/node-name"] == ["node-1"]
    status = refused(request, rig, "default", boundObjectRef=bound)
    words = 'cannot bind token for serviceaccount "default" to pod running with different serviceaccount name.'
    assert (status["code"], status["message"]) == (400, words)
    status = refused(request, rig, "ci", boundObjectRef={**bound, "uid": "other"})
    assert status["code"] == 409
    assert refused(request, rig, "ci", boundObjectRef={**bound, "name": "q"})["message"] == 'pods "q" not found'
    status = refused(request, rig, "ci", boundObjectRef={"kind": "ConfigMap", "apiVersion": "v1", "name": "x"})
    assert status["message"] == "cannot bind token to object of type /v1, Kind=ConfigMap"
    rig.kubelet.delete(PODS, "default", "p")
    if rig.stored(PODS, "p") is None:
        assert review(rig, token) == {"user": {}, "error": "service account token has been invalidated"}
    other = request(rig, "ci")["status"]["token"]
    rig.user.delete(SERVICE_ACCOUNTS, "default", "ci")
    assert review(rig, other) == {"user": {}, "error": 'serviceaccounts "ci" not found'}
    rig.user.create(SERVICE_ACCOUNTS, "default", {"metadata": {"name": "ci"}})
    assert "does not match claim" in review(rig, other)["error"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (599, "may not specify a duration less than 10 minutes"),
        ((1 << 32) + 1, "may not specify a duration larger than 2^32 seconds"),
    ],
)
def test_bounds(rig: Any, refused: Any, seconds: int, words: str) -> None:
    status = refused(request, rig, expirationSeconds=seconds)
    assert status["code"] == 422
    at = f"spec.expirationSeconds: Invalid value: {seconds}: {words}"
    assert status["message"] == f'TokenRequest.authentication.k8s.io "" is invalid: {at}'


def test_no_account_no_token(rig: Any, refused: Any) -> None:
    assert refused(request, rig, "nobody")["message"] == 'serviceaccounts "nobody" not found'
    body = {"metadata": {"name": "other"}}
    status = refused(rig.user.create, SERVICE_ACCOUNTS, "default", body, name="default", subresource="token")
    assert 'metadata.name: Invalid value: "other": must match the service account name' in status["message"]
