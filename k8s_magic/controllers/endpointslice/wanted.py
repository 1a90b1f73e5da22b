"""What a Service's slices should hold: endpoints by the ports that they are reached on.

Source: staging/src/k8s.io/endpointslice/utils.go podToEndpoint, getEndpointPorts (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from k8s_magic.controllers import _pods, _services
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Informer

ZONE = "topology.kubernetes.io/zone"

Ports = tuple[tuple[str, int, str, str], ...]
"""(name, number, protocol, application protocol) of each port, sorted: what one slice has in common."""
EndpointKey = tuple[str, tuple[str, ...], str]
Endpoints = dict[EndpointKey, Object]


def address_types(service: Object) -> list[str]:
    spec = service["spec"]
    families = spec.get("ipFamilies")
    if families:
        return list(dict.fromkeys(families))
    ip = spec.get("clusterIP", "")
    if ip not in ("", "None"):
        return ["IPv6" if ":" in ip else "IPv4"]
    return ["IPv4", "IPv6"]


def ports_of(ports: Iterable[Object] | None) -> Ports:
    return tuple(
        sorted(
            (port.get("name", ""), port["port"], port.get("protocol", "TCP"), port.get("appProtocol", ""))
            for port in ports or ()
        )
    )


def wire_ports(ports: Ports, service: Object) -> list[Object]:
    """In the order in which the Service declares them."""
    order = [port.get("name", "") for port in service["spec"].get("ports") or ()]
    result = []
    for name, number, protocol, application in sorted(ports, key=lambda port: order.index(port[0])):
        entry = {"name": name, "protocol": protocol, "port": number}
        if application:
            entry["appProtocol"] = application
        result.append(entry)
    return result


def key_of(endpoint: Object) -> EndpointKey:
    reference = endpoint.get("targetRef") or {}
    return reference.get("uid", ""), tuple(endpoint["addresses"]), endpoint.get("hostname", "")


def by_ports(
    service: Object, pods: Iterable[Object], nodes: Informer, address_type: str
) -> tuple[dict[Ports, Endpoints], bool]:
    """The endpoints wanted, and whether some Pod was left out since its node is not known (yet)."""
    found: dict[Ports, Endpoints] = {}
    is_partial = False
    publishes_all = bool(service["spec"].get("publishNotReadyAddresses"))
    for pod in pods:
        if not _services.may_be_endpoint(pod, even_terminating=True):
            continue
        held = found.setdefault(_ports(service, pod), {})
        node = nodes.get("", pod["spec"].get("nodeName", ""))
        if node is None and not publishes_all:
            is_partial = True
            continue
        addresses = _services.addresses(pod, ipv6=address_type == "IPv6")
        if addresses:
            endpoint = _endpoint(pod, node, service, addresses, publishes_all)
            held[key_of(endpoint)] = endpoint
    return found, is_partial


def _ports(service: Object, pod: Object) -> Ports:
    ports: list[Any] = []
    for port in service["spec"].get("ports") or ():
        number = _services.find_port(pod, port)
        if number is not None:
            ports.append((port.get("name", ""), number, port.get("protocol", "TCP"), port.get("appProtocol", "")))
    return tuple(sorted(ports))


def _endpoint(pod: Object, node: Object | None, service: Object, addresses: list[str], publishes_all: bool) -> Object:
    serving, terminating = _pods.is_ready(pod), meta.is_deleting(pod)
    endpoint: Object = {
        "addresses": addresses,
        "conditions": {
            "ready": publishes_all or (serving and not terminating),
            "serving": serving,
            "terminating": terminating,
        },
    }
    hostname = _services.hostname(pod, service)
    if hostname:
        endpoint["hostname"] = hostname
    endpoint["targetRef"] = _services.target_reference(pod)
    if pod["spec"].get("nodeName"):
        endpoint["nodeName"] = pod["spec"]["nodeName"]
    zone = meta.labels_of(node).get(ZONE) if node is not None else None
    if zone:
        endpoint["zone"] = zone
    return endpoint
