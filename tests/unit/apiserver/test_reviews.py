"""Reviews are answered and never stored."""

from __future__ import annotations

from typing import Any

import pytest

from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import UserInfo

SELF = GroupVersionResource("authentication.k8s.io", "v1", "selfsubjectreviews")
TOKENS = GroupVersionResource("authentication.k8s.io", "v1", "tokenreviews")
ACCESS = GroupVersionResource("authorization.k8s.io", "v1", "selfsubjectaccessreviews")

RULES = GroupVersionResource("authorization.k8s.io", "v1", "selfsubjectrulesreviews")
LOCAL = GroupVersionResource("authorization.k8s.io", "v1", "localsubjectaccessreviews")


def test_who_asks_is_the_administrator(rig: Any) -> None:
    before = rig.server.store.writes
    answer = rig.user.create(SELF, "", {"metadata": {"name": "x"}})
    assert answer["status"]["userInfo"]["username"] == "kubernetes-admin"
    assert answer["metadata"] == {"creationTimestamp": "2026-01-01T00:00:00Z"}
    assert rig.server.store.writes == before


def test_who_may_do_everything(rig: Any, refused: Any) -> None:
    body = {"spec": {"resourceAttributes": {"verb": "delete", "resource": "nodes"}}}
    assert rig.user.create(ACCESS, "", body)["status"] == {"allowed": True}
    status = refused(rig.user.create, ACCESS, "", {"spec": {}})
    assert "exactly one of nonResourceAttributes or resourceAttributes must be specified" in status["message"]


def test_no_token_is_known(rig: Any) -> None:
    answer = rig.user.create(TOKENS, "", {"spec": {"token": "x"}})
    assert answer["status"]["error"] == "invalid bearer token"
    assert "authenticated" not in answer["status"]


def test_a_review_wants_a_token(rig: Any, refused: Any) -> None:
    assert refused(rig.user.create, TOKENS, "", {"spec": {}})["code"] == 400


def test_the_rules_of_oneself_come_from_the_roles(rig: Any, refused: Any) -> None:
    assert refused(rig.user.create, RULES, "", {"spec": {}})["message"] == "no namespace on request"
    rig.server.bootstrap()
    status = rig.user.create(RULES, "", {"spec": {"namespace": "default"}})["status"]
    assert {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]} in status["resourceRules"]
    assert {"verbs": ["*"], "nonResourceURLs": ["*"]} in status["nonResourceRules"]
    status = rig.user.acting_as(UserInfo("bob")).create(RULES, "", {"spec": {"namespace": "default"}})["status"]
    verbs = [(rule["resources"], rule["verbs"]) for rule in status["resourceRules"]]
    assert verbs == [
        (["selfsubjectaccessreviews", "selfsubjectrulesreviews"], ["create"]),
        (["selfsubjectreviews"], ["create"]),
    ]


def test_who_is_acted_as_asks(rig: Any) -> None:
    rig.server.bootstrap()
    acting = rig.user.acting_as(UserInfo("bob", ("devs",), "7", {"k": ("v",)}))
    user = acting.create(SELF, "", {})["status"]["userInfo"]
    groups = ["devs", "system:authenticated"]
    assert user == {"username": "bob", "uid": "7", "groups": groups, "extra": {"k": ["v"]}}
    body = {"spec": {"resourceAttributes": {"verb": "delete", "resource": "nodes"}}}
    assert acting.create(ACCESS, "", body)["status"] == {"allowed": False}


def test_a_local_review_is_of_its_namespace(rig: Any, refused: Any) -> None:
    spec = {"user": "bob", "resourceAttributes": {"verb": "get", "resource": "pods", "namespace": "other"}}
    message = refused(rig.user.create, LOCAL, "default", {"spec": spec})["message"]
    assert 'spec.resourceAttributes.namespace: Invalid value: "other": must match metadata.namespace' in message
    spec["resourceAttributes"]["namespace"] = "default"  # type: ignore[index]
    assert rig.user.create(LOCAL, "default", {"spec": spec})["status"] == {"allowed": False}
    message = refused(rig.user.create, LOCAL, "default", {"metadata": {"name": "x"}, "spec": spec})["message"]
    assert '"name":"x","namespace":"default","managedFields":[{"manager":"kubectl"' in message
    assert message.endswith("must be empty except for namespace")


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ({"fieldSelector": {"rawSelector": "a=b"}}, {}),
        ({"fieldSelector": {"rawSelector": "a"}}, "fieldSelector ignored due to parse error"),
        (
            {"labelSelector": {"requirements": [{"key": "a", "operator": "New"}, {"key": "b", "operator": "Exists"}]}},
            "labelSelector partially ignored due to parse error",
        ),
    ],
)
def test_selectors_that_cannot_be_read_narrow_nothing(rig: Any, attributes: Any, status: Any) -> None:
    body = {"spec": {"resourceAttributes": {"verb": "list", "resource": "pods", **attributes}}}
    error = rig.user.create(ACCESS, "", body)["status"].get("evaluationError", "")
    assert error == (f"spec.resourceAttributes.{status}" if status else "")


def test_reviews_have_no_paths_of_their_own(rig: Any, refused: Any) -> None:
    status = refused(rig.user.get, SELF, "", "x")
    assert (status["code"], status["message"]) == (404, "the server could not find the requested resource")
