"""`kubectl create serviceaccount`. Source: kubectl/pkg/cmd/create/create_serviceaccount.go"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing.generated import bare, generator
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import SERVICE_ACCOUNTS
from k8s_magic.machinery.protocols import Transport


def build(call: Call, client: Transport, streams: Streams) -> Object:
    return bare(call, "v1", "ServiceAccount")


COMMAND = generator(
    "serviceaccount",
    build,
    SERVICE_ACCOUNTS,
    usage="serviceaccount NAME [--dry-run=server|client|none]",
    short="Make a ServiceAccount",
    failure="serviceaccount:",
    aliases=("sa",),
)
