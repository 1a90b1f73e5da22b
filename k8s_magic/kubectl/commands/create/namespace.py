"""`kubectl create namespace`. Source: kubectl/pkg/cmd/create/create_namespace.go"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing.generated import bare, generator
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import NAMESPACES
from k8s_magic.machinery.protocols import Transport


def build(call: Call, client: Transport, streams: Streams) -> Object:
    return bare(call, "v1", "Namespace", namespaced=False) | {"spec": {}, "status": {}}


COMMAND = generator(
    "namespace",
    build,
    NAMESPACES,
    usage="namespace NAME [--dry-run=server|client|none]",
    short="Make a Namespace",
    namespaced=False,
    aliases=("ns",),
)
