"""The columns of ReplicationControllers.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery import selectors
from k8s_magic.machinery.kind import Clock
from k8s_magic.machinery.meta import Object

COLUMNS = (
    printing.NAME,
    printing.number("Desired"),
    printing.number("Current"),
    printing.number("Ready"),
    printing.AGE,
    *printing.CONTAINERS,
    printing.SELECTOR,
)


def row(obj: Object, clock: Clock) -> list[Any]:
    spec, status = obj["spec"], obj.get("status") or {}
    return [
        obj["metadata"]["name"],
        spec.get("replicas", 1),
        status.get("replicas", 0),
        status.get("readyReplicas", 0),
        printing.age(obj, clock),
        *printing.containers(printing.template_spec(obj)),
        selectors.format_labels(spec.get("selector")),
    ]
