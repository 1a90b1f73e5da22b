"""The columns of Services.

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
    Column("Type"),
    Column("Cluster-IP"),
    Column("External-IP"),
    Column("Port(s)"),
    printing.AGE,
    printing.SELECTOR,
)


def row(obj: Object, clock: Clock) -> list[Any]:
    spec = obj["spec"]
    addresses = spec.get("clusterIPs") or ()
    return [
        obj["metadata"]["name"],
        spec.get("type", ""),
        addresses[0] if addresses else "<none>",
        _external(obj, spec),
        ",".join([_port(port) for port in spec.get("ports") or ()]) or "<none>",
        printing.age(obj, clock),
        selectors.format_labels(spec.get("selector")),
    ]


def _external(obj: Object, spec: Object) -> str:
    given = spec.get("externalIPs") or []
    sort = spec.get("type")
    if sort in ("ClusterIP", "NodePort"):
        return ",".join(given) or "<none>"
    if sort == "LoadBalancer":
        balanced = printing.load_balancer(obj)
        return ",".join(([balanced] if balanced else []) + given) or "<pending>"
    if sort == "ExternalName":
        name: str = spec.get("externalName", "")
        return name
    return "<unknown>"


def _port(port: Object) -> str:
    node_port = f":{port['nodePort']}" if port.get("nodePort") else ""
    return f"{port['port']}{node_port}/{port.get('protocol', 'TCP')}"
