"""Reviews are answered and never stored."""

from __future__ import annotations

from typing import Any

from k8s_magic.machinery.names import GroupVersionResource

SELF = GroupVersionResource("authentication.k8s.io", "v1", "selfsubjectreviews")
TOKENS = GroupVersionResource("authentication.k8s.io", "v1", "tokenreviews")
ACCESS = GroupVersionResource("authorization.k8s.io", "v1", "selfsubjectaccessreviews")


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


def test_reviews_have_no_paths_of_their_own(rig: Any, refused: Any) -> None:
    status = refused(rig.user.get, SELF, "", "x")
    assert (status["code"], status["message"]) == (404, "the server could not find the requested resource")
