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
Known = dict[str, tuple[Object, Any, Any, Ports, Object | None]]
"""By a Pod's uid: the Pod, its node's labels, the Service's spec, and the ports and endpoint that followed."""


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
    service: Object, pods: Iterable[Object], nodes: Informer, address_type: str, known: Known
) -> tuple[dict[Ports, Endpoints], bool]:
    """The endpoints wanted, and whether some Pod was left out since its node is not known (yet).

    `known` is brought up to date: of a thousand Pods only those that changed are worked out anew.
    """
    found: dict[Ports, Endpoints] = {}
    is_partial = False
    spec = service["spec"]
    publishes_all = bool(spec.get("publishNotReadyAddresses"))
    before = dict(known)
    known.clear()
    for pod in pods:
        uid = pod["metadata"]["uid"]
        node = nodes.get("", pod["spec"].get("nodeName", ""))
        labels = None if node is None else meta.labels_of(node)
        held = before.get(uid)
        if held is None or held[0] is not pod or held[2] is not spec or held[1] != labels:
            if not _services.may_be_endpoint(pod, even_terminating=True):
                continue
            held = (pod, labels, spec, _ports(service, pod), None)
            if node is None and not publishes_all:
                found.setdefault(held[3], {})
                is_partial = True
                continue
            addresses = _services.addresses(pod, ipv6=address_type == "IPv6")
            if addresses:
                held = (*held[:4], _endpoint(pod, node, service, addresses, publishes_all))
        known[uid] = held
        endpoints = found.setdefault(held[3], {})
        if held[4] is not None:
            endpoints[key_of(held[4])] = held[4]
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
