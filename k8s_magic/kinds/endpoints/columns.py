"""The columns of Endpoints.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (printing.NAME, Column("Endpoints"), printing.AGE)

_MOST = 3


def row(obj: Object, clock: Clock) -> list[Any]:
    return [obj["metadata"]["name"], addresses(obj), printing.age(obj, clock)]


def addresses(obj: Object) -> str:
    """The first addresses with their ports: `10.1.1.1:80,10.1.1.2:80 + 3 more...`."""
    subsets = obj.get("subsets") or ()
    if not subsets:
        return "<none>"
    found: list[str] = []
    for subset in subsets:
        ips = [address["ip"] for address in subset.get("addresses") or ()]
        ports = subset.get("ports")
        if not ports:
            found += ips
        for port in ports or ():
            found += [f"[{ip}]:{port['port']}" if ":" in ip else f"{ip}:{port['port']}" for ip in ips]
    if len(found) > _MOST:
        return f"{','.join(found[:_MOST])} + {len(found) - _MOST} more..."
    return ",".join(found)
