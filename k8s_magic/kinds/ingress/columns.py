"""The columns of Ingresses.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (
    printing.NAME,
    Column("Class"),
    Column("Hosts"),
    Column("Address"),
    Column("Ports"),
    printing.AGE,
)

_MOST = 3


def row(obj: Object, clock: Clock) -> list[Any]:
    spec = obj["spec"]
    return [
        obj["metadata"]["name"],
        spec.get("ingressClassName") or "<none>",
        _hosts(spec.get("rules") or []),
        printing.load_balancer(obj),
        "80, 443" if spec.get("tls") else "80",
        printing.age(obj, clock),
    ]


def _hosts(rules: list[Object]) -> str:
    found: list[str] = []
    more = False
    for rule in rules:
        if len(found) == _MOST:
            more = True
        elif rule.get("host"):
            found.append(rule["host"])
    if not found:
        return "*"
    return ",".join(found) + (f" + {len(rules) - _MOST} more..." if more else "")
