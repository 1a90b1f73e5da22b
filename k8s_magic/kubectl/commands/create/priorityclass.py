"""`kubectl create priorityclass`. Source: kubectl/pkg/cmd/create/create_priorityclass.go"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing.generated import bare, generator
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Transport


def build(call: Call, client: Transport, streams: Streams) -> Object:
    found = bare(call, "scheduling.k8s.io/v1", "PriorityClass", namespaced=False)
    found["value"] = call.number("value")
    if call.flag("global-default"):
        found["globalDefault"] = True
    if call.text("description"):
        found["description"] = call.text("description")
    found["preemptionPolicy"] = call.text("preemption-policy")
    return found


COMMAND = generator(
    "priorityclass",
    build,
    GroupVersionResource("scheduling.k8s.io", "v1", "priorityclasses"),
    usage="priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]",
    short="Make a PriorityClass",
    flags=(
        Flag("value", "int32", help="The priority; more is more important."),
        Flag("global-default", "bool", help="Whether Pods without a class get this one."),
        Flag("description", help="When to use the class."),
        Flag("preemption-policy", default="PreemptLowerPriority", help="PreemptLowerPriority or Never."),
    ),
    namespaced=False,
    failure="priorityclass:",
    aliases=("pc",),
)
