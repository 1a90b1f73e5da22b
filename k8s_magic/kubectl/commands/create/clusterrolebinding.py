"""`kubectl create clusterrolebinding`. Source: kubectl/pkg/cmd/create/create_clusterrolebinding.go"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import rules
from k8s_magic.kubectl.writing.generated import bare, generator
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Transport


def build(call: Call, client: Transport, streams: Streams) -> Object:
    head = bare(call, f"{rules.GROUP}/v1", "ClusterRoleBinding", namespaced=False)
    return rules.binding(call, head, "ClusterRole", call.text("clusterrole"))


COMMAND = generator(
    "clusterrolebinding",
    build,
    GroupVersionResource(rules.GROUP, "v1", "clusterrolebindings"),
    usage=(
        "clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] "
        "[--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]"
    ),
    short="Make a ClusterRoleBinding",
    flags=(Flag("clusterrole", help="The ClusterRole to bind."), *rules.SUBJECT_FLAGS),
    namespaced=False,
    failure="clusterrolebinding:",
    required=("clusterrole",),
)
