"""The columns of EndpointSlices.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (printing.NAME, Column("AddressType"), Column("Ports"), Column("Endpoints"), printing.AGE)


def row(obj: Object, clock: Clock) -> list[Any]:
    return [
        obj["metadata"]["name"],
        obj.get("addressType", ""),
        printing.listed([_port(port) for port in obj.get("ports") or ()]),
        printing.listed([ip for each in obj.get("endpoints") or () for ip in each.get("addresses") or ()]),
        printing.age(obj, clock),
    ]


def _port(port: Object) -> str:
    if port.get("port") is not None:
        return str(port["port"])
    return "*" if port.get("name") is None else str(port["name"])
