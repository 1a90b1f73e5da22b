"""`kubectl create rolebinding`. Source: kubectl/pkg/cmd/create/create_rolebinding.go"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import rules
from k8s_magic.kubectl.writing.generated import bare, generator
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Transport


def check(call: Call, client: Transport, streams: Streams) -> None:
    if bool(call.text("clusterrole")) == bool(call.text("role")):
        raise KubectlError("exactly one of clusterrole or role must be specified")


def build(call: Call, client: Transport, streams: Streams) -> Object:
    head = bare(call, f"{rules.GROUP}/v1", "RoleBinding")
    if call.text("role"):
        return rules.binding(call, head, "Role", call.text("role"))
    return rules.binding(call, head, "ClusterRole", call.text("clusterrole"))


COMMAND = generator(
    "rolebinding",
    build,
    GroupVersionResource(rules.GROUP, "v1", "rolebindings"),
    usage=(
        "rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] "
        "[--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]"
    ),
    short="Make a RoleBinding",
    flags=(
        Flag("clusterrole", help="The ClusterRole to bind."),
        Flag("role", help="The Role to bind."),
        *rules.SUBJECT_FLAGS,
    ),
    failure="rolebinding:",
    check=check,
)
