"""RBAC: what a user may do by the roles and bindings that are stored.

Source: plugin/pkg/auth/authorizer/rbac/rbac.go, pkg/registry/rbac/validation/rule.go,
pkg/apis/rbac/v1/evaluation_helpers.go, apiserver/pkg/endpoints/handlers/responsewriters/errors.go
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from k8s_magic.apiserver.access.users import MASTERS, SERVICE_ACCOUNT
from k8s_magic.apiserver.core import Core
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.label_syntax import quoted
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import (
    CLUSTER_ROLE_BINDINGS,
    CLUSTER_ROLES,
    RBAC,
    ROLE_BINDINGS,
    ROLES,
    GroupVersionResource,
)
from k8s_magic.machinery.protocols import UserInfo

# Writing these may give away rights, which the real server allows only to whoever holds them.
GRANTS = (ROLES, ROLE_BINDINGS, CLUSTER_ROLES, CLUSTER_ROLE_BINDINGS)
Rule = Mapping[str, Any]


class Attributes(NamedTuple):
    """What is asked for. `path` is set for what is no resource."""

    user: UserInfo
    verb: str
    namespace: str = ""
    group: str = ""
    resource: str = ""
    subresource: str = ""
    name: str = ""
    path: str | None = None


class Decision(NamedTuple):
    is_allowed: bool
    reason: str = ""


class Authorizer:
    def __init__(self, core: Core) -> None:
        self._core = core

    def decide(self, asked: Attributes) -> Decision:
        """Raises: Unsupported for what the Node authorizer would decide."""
        user = asked.user
        if MASTERS in user.groups:
            return Decision(True)
        missing: list[str] = []
        for source, rule in self._rules(user, asked.namespace, missing):
            if allows(rule, asked):
                return Decision(True, f"RBAC: allowed by {source}")
        if "system:nodes" in user.groups and user.username.startswith("system:node:"):
            raise Unsupported("What a node's own user may do (the Node authorizer) is not simulated.")
        return Decision(False, f"RBAC: {aggregate(missing)}" if missing else "")

    def check(self, asked: Attributes) -> None:
        """Raises: Forbidden; Unsupported where somebody else than the administrator grants rights."""
        decision = self.decide(asked)
        if not decision.is_allowed:
            raise forbidden(asked, decision.reason)
        is_grant = asked.verb in ("create", "update", "patch") and any(
            (asked.group, asked.resource) == (resource.group, resource.resource) for resource in GRANTS
        )
        if is_grant and MASTERS not in asked.user.groups:
            raise Unsupported("Whether somebody else may grant rights (RBAC's escalation check) is not simulated.")

    def rules(self, user: UserInfo, namespace: str) -> tuple[list[Rule], list[str]]:
        """All that applies to a user in a namespace, and what could not be found of it."""
        missing: list[str] = []
        return [rule for _, rule in self._rules(user, namespace, missing)], missing

    def _rules(self, user: UserInfo, namespace: str, missing: list[str]) -> Iterator[tuple[str, Rule]]:
        """Each rule with the binding that grants it; roles that are not there are noted in `missing`."""
        for binding in self._core.table(CLUSTER_ROLE_BINDINGS).list():
            yield from self._granted(binding, "ClusterRoleBinding", user, "", missing)
        if namespace:
            for binding in self._core.table(ROLE_BINDINGS).list(namespace):
                yield from self._granted(binding, "RoleBinding", user, namespace, missing)

    def _granted(
        self, binding: Object, kind: str, user: UserInfo, namespace: str, missing: list[str]
    ) -> Iterator[tuple[str, Rule]]:
        subject = next((each for each in binding.get("subjects") or () if applies(each, user, namespace)), None)
        if subject is None:
            return
        ref = binding["roleRef"]
        is_local = ref["kind"] == "Role"
        role = self._core.table(ROLES if is_local else CLUSTER_ROLES).get(namespace if is_local else "", ref["name"])
        if role is None:
            missing.append(f"{ref['kind'].lower()}.{RBAC} {quoted(ref['name'])} not found")
            return
        name = binding["metadata"]["name"] + (f"/{namespace}" if namespace else "")
        source = f"{kind} {quoted(name)} of {ref['kind']} {quoted(ref['name'])} to {_described(subject, namespace)}"
        for rule in role.get("rules") or ():
            yield source, rule


def _described(subject: Object, namespace: str) -> str:
    name = subject["name"]
    if subject["kind"] == "ServiceAccount":
        name += f"/{subject.get('namespace') or namespace}"
    return f"{subject['kind']} {quoted(name)}"


def applies(subject: Object, user: UserInfo, namespace: str) -> bool:
    """Whether a binding's subject is a user, in the binding's namespace ("" for a ClusterRoleBinding)."""
    kind, name = subject["kind"], subject["name"]
    if kind == "User":
        return bool(user.username == name)
    if kind == "Group":
        return name in user.groups
    place = subject.get("namespace") or namespace
    return kind == "ServiceAccount" and bool(place) and user.username == f"{SERVICE_ACCOUNT}{place}:{name}"


def allows(rule: Rule, asked: Attributes) -> bool:
    if not _has(rule, "verbs", asked.verb):
        return False
    if asked.path is not None:
        urls = rule.get("nonResourceURLs") or ()
        return any(
            url in ("*", asked.path) or (url.endswith("*") and asked.path.startswith(url.rstrip("*"))) for url in urls
        )
    wanted = [f"{asked.resource}/{asked.subresource}", f"*/{asked.subresource}"]
    return (
        _has(rule, "apiGroups", asked.group)
        and _has(rule, "resources", *(wanted if asked.subresource else [asked.resource]))
        and (not rule.get("resourceNames") or asked.name in rule["resourceNames"])
    )


def _has(rule: Rule, field: str, *wanted: str) -> bool:
    found = rule.get(field) or ()
    return "*" in found or any(each in found for each in wanted)


def aggregate(texts: list[str]) -> str:
    """Errors as Go's Aggregate prints them."""
    single = list(dict.fromkeys(texts))
    return single[0] if len(single) == 1 else f"[{', '.join(single)}]"


def forbidden(asked: Attributes, reason: str) -> ApiError:
    who, place = quoted(asked.user.username), ""
    if asked.path is not None:
        what = f"path {quoted(asked.path)}"
    else:
        resource = asked.resource + (f"/{asked.subresource}" if asked.subresource else "")
        what = f"resource {quoted(resource)} in API group {quoted(asked.group)}"
        place = f" in the namespace {quoted(asked.namespace)}" if asked.namespace else " at the cluster scope"
    message = f"User {who} cannot {asked.verb} {what}{place}"
    for char, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        message = message.replace(char, escaped)
    return errors.forbidden(
        GroupVersionResource(asked.group, "", asked.resource), asked.name, f"{message}: {reason}" if reason else message
    )
