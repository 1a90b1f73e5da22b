"""What users may do by roles and bindings, in the real server's words."""

from __future__ import annotations

from typing import Any

import pytest

from k8s_magic import kinds
from k8s_magic.apiserver.access import Attributes, authorizer, impersonated
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.names import PODS, GroupVersionKind, GroupVersionResource
from k8s_magic.machinery.protocols import UserInfo

RBAC = "rbac.authorization.k8s.io"
BOB = impersonated(UserInfo("bob"))
REVIEWS = GroupVersionResource("authorization.k8s.io", "v1", "subjectaccessreviews")


def rule(**fields: Any) -> dict[str, Any]:
    return {"verbs": ["get"], "apiGroups": [""], "resources": ["pods"], **fields}


def asked(**fields: Any) -> Attributes:
    return Attributes(BOB, **{"verb": "get", "namespace": "default", "resource": "pods", **fields})


@pytest.mark.parametrize(
    ("given", "wanted", "is_allowed"),
    [
        ({}, {}, True),
        ({}, {"verb": "list"}, False),
        ({"verbs": ["*"]}, {"verb": "frob"}, True),
        ({}, {"group": "apps"}, False),
        ({"apiGroups": ["*"]}, {"group": "apps"}, True),
        ({}, {"subresource": "log"}, False),
        ({"resources": ["pods/log"]}, {"subresource": "log"}, True),
        ({"resources": ["*/log"]}, {"subresource": "log"}, True),
        ({"resources": ["*/log"]}, {}, False),
        ({"resources": ["*"]}, {"resource": "nodes", "subresource": "proxy"}, True),
        ({"resourceNames": ["a"]}, {"name": "a"}, True),
        ({"resourceNames": ["a"]}, {"name": "b"}, False),
        ({"resourceNames": ["a"]}, {}, False),
        ({}, {"path": "/healthz"}, False),
        ({"nonResourceURLs": ["/api*"]}, {"path": "/apis/apps"}, True),
        ({"nonResourceURLs": ["/api"]}, {"path": "/apis"}, False),
        ({"nonResourceURLs": ["*"]}, {"path": "/x"}, True),
    ],
)
def test_rules_match_as_the_real_ones(given: Any, wanted: Any, is_allowed: bool) -> None:
    assert authorizer.allows(rule(**given), asked(**wanted)) is is_allowed


def test_groups_go_with_names() -> None:
    account = impersonated(UserInfo("system:serviceaccount:dev:ci"))
    assert account.groups == ("system:serviceaccounts", "system:serviceaccounts:dev", "system:authenticated")
    assert impersonated(UserInfo("system:serviceaccount:dev:ci", ("x",))).groups == ("x", "system:authenticated")
    assert impersonated(UserInfo("system:serviceaccount:Bad:ci")).groups == ("system:authenticated",)
    assert impersonated(UserInfo("system:anonymous")).groups == ("system:unauthenticated",)
    assert impersonated(UserInfo("x", ("system:unauthenticated",))).groups == ("system:unauthenticated",)
    with pytest.raises(ApiError, match=r"requested \[\{Group  devs    \}\] without impersonating a user"):
        impersonated(UserInfo("", ("devs",)))


def resource(kind: str) -> GroupVersionResource:
    return GroupVersionResource(RBAC, "v1", f"{kind.lower()}s")


def grant(rig: Any, kind: str, subjects: list[dict[str, str]], role: str = "Role/reader", name: str = "it") -> None:
    """A binding and the role that it refers to."""
    role_kind, _, role_name = role.partition("/")
    space = "default" if kind == "RoleBinding" else ""
    ref = {"apiGroup": RBAC, "kind": role_kind, "name": role_name}
    if rig.server.informer(resource(role_kind)).get("default" if role_kind == "Role" else "", role_name) is None:
        rig.user.create(
            resource(role_kind),
            "default" if role_kind == "Role" else "",
            {"metadata": {"name": role_name}, "rules": [rule()]},
        )
    rig.user.create(resource(kind), space, {"metadata": {"name": name}, "roleRef": ref, "subjects": subjects})


def decision(rig: Any, user: str, namespace: str = "default", **spec: Any) -> dict[str, Any]:
    attributes = {"verb": "get", "resource": "pods", "namespace": namespace}
    answer = rig.user.create(REVIEWS, "", {"spec": {"user": user, "resourceAttributes": attributes, **spec}})
    status: dict[str, Any] = answer["status"]
    return status


def test_reasons_name_binding_role_and_subject(rig: Any) -> None:
    grant(rig, "RoleBinding", [{"kind": "User", "apiGroup": RBAC, "name": "bob"}])
    reason = 'RBAC: allowed by RoleBinding "it/default" of Role "reader" to User "bob"'
    assert decision(rig, "bob") == {"allowed": True, "reason": reason}
    assert decision(rig, "bob", "kube-system") == {"allowed": False}
    assert decision(rig, "amy") == {"allowed": False}
    grant(rig, "ClusterRoleBinding", [{"kind": "Group", "apiGroup": RBAC, "name": "devs"}], "ClusterRole/all")
    reason = 'RBAC: allowed by ClusterRoleBinding "it" of ClusterRole "all" to Group "devs"'
    assert decision(rig, "", "kube-system", groups=["devs"]) == {"allowed": True, "reason": reason}
    account = {"kind": "ServiceAccount", "name": "ci", "namespace": "dev"}
    grant(rig, "RoleBinding", [account], "ClusterRole/all", "accounts")
    reason = 'RBAC: allowed by RoleBinding "accounts/default" of ClusterRole "all" to ServiceAccount "ci/dev"'
    assert decision(rig, "system:serviceaccount:dev:ci")["reason"] == reason
    assert decision(rig, "x", groups=["system:masters"]) == {"allowed": True}


def test_roles_that_are_not_there_are_told(rig: Any) -> None:
    grant(rig, "RoleBinding", [{"kind": "User", "apiGroup": RBAC, "name": "bob"}], "Role/gone")
    rig.user.delete(resource("Role"), "default", "gone")
    reason = 'RBAC: role.rbac.authorization.k8s.io "gone" not found'
    assert decision(rig, "bob") == {"allowed": False, "reason": reason}
    acting = rig.user.acting_as(UserInfo("bob"))
    words = f'User "bob" cannot get resource "pods" in API group "" in the namespace "default": {reason}'
    with pytest.raises(ApiError) as caught:
        acting.get(PODS, "default", "x")
    assert caught.value.message == f'pods "x" is forbidden: {words}'
    assert caught.value.status["details"] == {"name": "x", "kind": "pods"}


def test_others_may_not_grant(rig: Any) -> None:
    rig.server.bootstrap()
    grant(rig, "RoleBinding", [{"kind": "User", "apiGroup": RBAC, "name": "bob"}], "ClusterRole/admin")
    acting = rig.user.acting_as(UserInfo("bob"))
    with pytest.raises(Unsupported, match="escalation"):
        acting.create(resource("Role"), "default", {"metadata": {"name": "x"}, "rules": []})
    root = rig.user.acting_as(UserInfo("root", ("system:masters",)))
    root.create(resource("Role"), "default", {"metadata": {"name": "x"}, "rules": []})


def test_nodes_are_not_modelled(rig: Any) -> None:
    with pytest.raises(Unsupported, match="Node authorizer"):
        decision(rig, "system:node:node-1", groups=["system:nodes"])


def test_the_server_starts_with_its_roles(rig: Any) -> None:
    rig.server.bootstrap()
    assert len(rig.server.informer(resource("ClusterRole"))) == 69
    for kind in ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"):
        for obj in rig.server.informer(resource(kind)).list():
            by_kind = kinds.by_gvk(GroupVersionKind(RBAC, "v1", kind))
            assert by_kind is not None
            assert by_kind.validate(obj) == []
            role = obj.get("roleRef")
            if role is not None:
                space = obj["metadata"].get("namespace", "") if role["kind"] == "Role" else ""
                assert rig.server.informer(resource(role["kind"])).get(space, role["name"]) is not None
    subject = {"kind": "User", "apiGroup": RBAC, "name": "bob"}
    grant(rig, "RoleBinding", [subject], "ClusterRole/view")
    acting = rig.user.acting_as(UserInfo("bob"))
    rig.pod("a")
    assert acting.get(PODS, "default", "a")["metadata"]["name"] == "a"
    with pytest.raises(ApiError, match='cannot delete resource "pods"'):
        acting.delete(PODS, "default", "a")
    with pytest.raises(ApiError, match="at the cluster scope"):
        acting.list(PODS)
