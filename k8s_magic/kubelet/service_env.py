"""The variables that tell a container where the Services are. Source: pkg/kubelet/envvars/envvars.go (1.36)"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object


def has_address(service: Object) -> bool:
    return service["spec"].get("clusterIP") not in (None, "", "None")


def _variable(name: str) -> str:
    return name.replace("-", "_").upper()


def of_service(service: Object) -> dict[str, str]:
    spec, prefix = service["spec"], _variable(meta.name_of(service))
    address: str = spec["clusterIP"]
    ports = spec.get("ports") or ()
    if not ports:
        return {}
    found = {f"{prefix}_SERVICE_HOST": address, f"{prefix}_SERVICE_PORT": str(ports[0]["port"])}
    for port in ports:
        if port.get("name"):
            found[f"{prefix}_SERVICE_PORT_{_variable(port['name'])}"] = str(port["port"])
    host = f"[{address}]" if ":" in address else address
    for position, port in enumerate(ports):
        protocol: str = port.get("protocol") or "TCP"
        url = f"{protocol.lower()}://{host}:{port['port']}"
        if position == 0:
            found[f"{prefix}_PORT"] = url
        own = f"{prefix}_PORT_{port['port']}_{protocol.upper()}"
        found |= {
            own: url,
            f"{own}_PROTO": protocol.lower(),
            f"{own}_PORT": str(port["port"]),
            f"{own}_ADDR": address,
        }
    return found


def of_services(services: Iterable[Object], namespace: str, links: bool) -> dict[str, str]:
    """Those of a Pod: `default/kubernetes` always, its own namespace's with enableServiceLinks."""
    found: dict[str, str] = {}
    for service in services:
        if not has_address(service):
            continue
        place = meta.namespace_of(service)
        is_master = place == "default" and meta.name_of(service) == "kubernetes"
        if is_master or (links and place == namespace):
            found |= of_service(service)
    return found
