"""The columns of DaemonSets.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery import selectors
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (
    printing.NAME,
    printing.number("Desired"),
    printing.number("Current"),
    printing.number("Ready"),
    printing.number("Up-to-date"),
    printing.number("Available"),
    Column("Node Selector"),
    printing.AGE,
    *printing.CONTAINERS,
    printing.SELECTOR,
)


def row(obj: Object, clock: Clock) -> list[Any]:
    status = obj.get("status") or {}
    pod_spec = printing.template_spec(obj)
    return [
        obj["metadata"]["name"],
        status.get("desiredNumberScheduled", 0),
        status.get("currentNumberScheduled", 0),
        status.get("numberReady", 0),
        status.get("updatedNumberScheduled", 0),
        status.get("numberAvailable", 0),
        selectors.format_labels(pod_spec.get("nodeSelector")),
        printing.age(obj, clock),
        *printing.containers(pod_spec),
        selectors.format_label_selector(obj["spec"].get("selector")),
    ]
