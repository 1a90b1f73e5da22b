"""`kubectl create quota`. Source: kubectl/pkg/cmd/create/create_quota.go"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import parsing
from k8s_magic.kubectl.writing.generated import bare, generator
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import core
from k8s_magic.machinery.protocols import Transport


def build(call: Call, client: Transport, streams: Streams) -> Object:
    spec: Object = {}
    hard = parsing.resource_list(call.text("hard"))
    if hard:
        spec["hard"] = hard
    if call.text("scopes"):
        spec["scopes"] = call.text("scopes").split(",")
        if "" in spec["scopes"]:
            raise KubectlError('invalid resource quota scope ""')
    return bare(call, "v1", "ResourceQuota") | {"spec": spec, "status": {}}


COMMAND = generator(
    "quota",
    build,
    core("resourcequotas"),
    usage="quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]",
    short="Make a ResourceQuota",
    flags=(
        Flag("hard", help="Limits as resource=quantity,…"),
        Flag("scopes", help="Scopes that an object must all be in, with commas between."),
    ),
    failure="quota:",
    aliases=("resourcequota",),
)
