"""`kubectl create poddisruptionbudget`. Source: kubectl/pkg/cmd/create/create_pdb.go"""

from __future__ import annotations

import re

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import parsing
from k8s_magic.kubectl.writing.generated import bare, generator
from k8s_magic.machinery import selectors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Transport
from k8s_magic.machinery.selectors import SelectorError

_AMOUNT = re.compile(r"[0-9]+%?", re.ASCII)


def check(call: Call, client: Transport, streams: Streams) -> None:
    least, most = call.text("min-available"), call.text("max-unavailable")
    if not call.text("selector"):
        raise KubectlError("a selector must be specified")
    if not least and not most:
        raise KubectlError("one of min-available or max-unavailable must be specified")
    if least and most:
        raise KubectlError("min-available and max-unavailable cannot be both specified")
    for name, value in (("min-available", least), ("max-unavailable", most)):
        if value and _AMOUNT.fullmatch(value) is None:
            raise KubectlError(f"invalid format specified for {name}")


def build(call: Call, client: Transport, streams: Streams) -> Object:
    try:
        selector = selectors.to_label_selector(call.text("selector"))
    except SelectorError as error:
        raise KubectlError(str(error)) from None
    spec: Object = {}
    if call.text("min-available"):
        spec["minAvailable"] = parsing.int_or_string(call.text("min-available"))
    spec["selector"] = selector
    if call.text("max-unavailable"):
        spec["maxUnavailable"] = parsing.int_or_string(call.text("max-unavailable"))
    counts = ("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods")
    return bare(call, "policy/v1", "PodDisruptionBudget") | {"spec": spec, "status": dict.fromkeys(counts, 0)}


COMMAND = generator(
    "poddisruptionbudget",
    build,
    GroupVersionResource("policy", "v1", "poddisruptionbudgets"),
    usage="poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]",
    short="Make a PodDisruptionBudget",
    flags=(
        Flag("min-available", help="How many Pods (or how many percent) must stay."),
        Flag("max-unavailable", help="How many Pods (or how many percent) may be away."),
        Flag("selector", help="The labels of the Pods, as key=value,…"),
    ),
    failure="poddisruptionbudgets:",
    check=check,
    aliases=("pdb",),
)
