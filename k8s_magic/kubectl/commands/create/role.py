"""`kubectl create role`. Source: kubectl/pkg/cmd/create/create_role.go"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import rules
from k8s_magic.kubectl.writing.generated import bare, generator
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Transport


def check(call: Call, client: Transport, streams: Streams) -> None:
    if not rules.verbs(call):
        raise KubectlError("at least one verb must be specified")
    rules.warn_of_verbs(call, streams)
    if not rules.resources(call):
        raise KubectlError("at least one resource must be specified")
    rules.check_resources(call, client)


def build(call: Call, client: Transport, streams: Streams) -> Object:
    return bare(call, f"{rules.GROUP}/v1", "Role") | {"rules": rules.policy_rules(call, client)}


COMMAND = generator(
    "role",
    build,
    GroupVersionResource(rules.GROUP, "v1", "roles"),
    usage=(
        "role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] "
        "[--dry-run=server|client|none]"
    ),
    short="Make a Role with one rule",
    flags=rules.ROLE_FLAGS,
    check=check,
)
