"""The columns of StatefulSets.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (printing.NAME, Column("Ready"), printing.AGE, *printing.CONTAINERS)


def row(obj: Object, clock: Clock) -> list[Any]:
    status = obj.get("status") or {}
    return [
        obj["metadata"]["name"],
        f"{status.get('readyReplicas', 0)}/{obj['spec'].get('replicas', 1)}",
        printing.age(obj, clock),
        *printing.containers(printing.template_spec(obj)),
    ]
