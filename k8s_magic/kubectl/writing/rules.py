"""RBAC rules and subjects from flags. Source: kubectl/pkg/cmd/create/create_{role,clusterrole,rolebinding}.go"""

from __future__ import annotations

from typing import NamedTuple

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.mapper import Mapper
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport

GROUP = "rbac.authorization.k8s.io"
RESOURCE_VERBS = (
    "*",
    "get",
    "delete",
    "list",
    "create",
    "update",
    "patch",
    "watch",
    "proxy",
    "deletecollection",
    "use",
    "bind",
    "escalate",
    "impersonate",
)
_ROLES = ((GROUP, "roles"), (GROUP, "clusterroles"))
_SPECIAL: dict[str, tuple[tuple[str, str], ...]] = {
    "use": (("policy", "podsecuritypolicies"), ("extensions", "podsecuritypolicies")),
    "bind": _ROLES,
    "escalate": _ROLES,
    "impersonate": (
        ("", "users"),
        ("", "serviceaccounts"),
        ("", "groups"),
        ("authentication.k8s.io", "userextras"),
    ),
}
ROLE_FLAGS: tuple[Flag, ...] = (
    Flag("verb", "slice", help="A verb that the rule allows."),
    Flag("resource", "slice", help="A resource that the rule is about."),
    Flag("resource-name", "array", help="The name of an object that the rule is about."),
)
SUBJECT_FLAGS: tuple[Flag, ...] = (
    Flag("user", "array", help="A user to bind; may be repeated."),
    Flag("group", "array", help="A group to bind; may be repeated."),
    Flag("serviceaccount", "array", help="A service account to bind, as namespace:name; may be repeated."),
)


class Resource(NamedTuple):
    group: str
    name: str
    subresource: str


def verbs(call: Call) -> list[str]:
    given = call.texts("verb")
    return ["*"] if "*" in given else list(dict.fromkeys(given))


def resources(call: Call) -> list[Resource]:
    found: list[Resource] = []
    for text in call.texts("resource"):
        head, _, subresource = text.partition("/")
        name, dot, group = head.partition(".")
        if name == "*" and not dot and "/" not in text:
            return [Resource("", "*", "")]
        found.append(Resource(group, name, subresource))
    return found


def warn_of_verbs(call: Call, streams: Streams) -> None:
    for verb in verbs(call):
        if verb not in RESOURCE_VERBS:
            streams.err(f"Warning: '{verb}' is not a standard resource verb\n")


def check_resources(call: Call, client: Transport) -> None:
    mapper = Mapper(client)
    for resource in resources(call):
        if not resource.name:
            raise KubectlError("resource must be specified if apiGroup/subresource specified")
        if resource.name == "*":
            return
        group, name, known = _resolved(mapper, resource)
        for verb in verbs(call):
            if verb not in _SPECIAL:
                continue
            if (group, name) not in _SPECIAL[verb]:
                raise KubectlError(f"can not perform '{verb}' on '{name}' in group '{group}'")
            known = True
        if not known:
            suffix = f".{resource.group}" if resource.group else ""
            raise KubectlError(f'the server doesn\'t have a resource type "{resource.name}{suffix}"')


def _resolved(mapper: Mapper, resource: Resource) -> tuple[str, str, bool]:
    argument = f"{resource.name}.{resource.group}" if resource.group else resource.name
    found = mapper.find(argument) if resource.name != "*" else None
    if found is None:
        return resource.group, resource.name, False
    return found.gvr.group, found.gvr.resource, True


def policy_rules(call: Call, client: Transport, urls: tuple[str, ...] = ()) -> list[Object]:
    mapper = Mapper(client)
    by_group: dict[str, list[str]] = {}
    for resource in resources(call):
        group, name, _ = _resolved(mapper, resource)
        if resource.subresource:
            name = f"{name}/{resource.subresource}"
        held = by_group.setdefault(group, [])
        if name not in held:
            held.append(name)
    found: list[Object] = []
    names = list(dict.fromkeys(call.texts("resource-name")))
    for group in sorted(by_group):
        rule: Object = {"verbs": verbs(call), "apiGroups": [group], "resources": by_group[group]}
        found.append(rule | ({"resourceNames": names} if names else {}))
    if urls:
        found.append({"verbs": verbs(call), "nonResourceURLs": list(dict.fromkeys(urls))})
    return found


def binding(call: Call, head: Object, kind: str, name: str) -> Object:
    """A binding of the flags' subjects to a role. Raises: KubectlError."""
    subjects: list[Object] = [{"kind": "User", "apiGroup": GROUP, "name": user} for user in call.texts("user")]
    subjects += [{"kind": "Group", "apiGroup": GROUP, "name": group} for group in call.texts("group")]
    for account in call.texts("serviceaccount"):
        parts = account.split(":")
        if len(parts) != 2 or not all(parts):
            raise KubectlError("serviceaccount must be <namespace>:<name>")
        subjects.append({"kind": "ServiceAccount", "name": parts[1], "namespace": parts[0]})
    found = {**head, "subjects": subjects} if subjects else head
    return found | {"roleRef": {"apiGroup": GROUP, "kind": kind, "name": name}}
