"""The columns of CSIDrivers.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (
    printing.NAME,
    printing.flag("AttachRequired"),
    printing.flag("PodInfoOnMount"),
    printing.flag("StorageCapacity"),
    Column("TokenRequests"),
    printing.flag("RequiresRepublish"),
    Column("Modes"),
    printing.AGE,
)


def row(obj: Object, clock: Clock) -> list[Any]:
    spec = obj["spec"]
    tokens = spec.get("tokenRequests")
    return [
        obj["metadata"]["name"],
        spec.get("attachRequired", True),
        spec.get("podInfoOnMount", False),
        spec.get("storageCapacity", False),
        "<unset>" if tokens is None else ",".join([token.get("audience", "") for token in tokens]),
        spec.get("requiresRepublish", False),
        ",".join(spec.get("volumeLifecycleModes") or ()) or "<none>",
        printing.age(obj, clock),
    ]
