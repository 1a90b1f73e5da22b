"""Services and their endpoints as kube-proxy keeps them: by address and port, changed with each watch event.

Source: pkg/proxy/topology.go (which endpoints are used), pkg/proxy/iptables/proxier.go (affinity, local traffic).
"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType

SERVICE_NAME = "kubernetes.io/service-name"


@dataclass(frozen=True, slots=True)
class Endpoint:
    ip: str
    port: int
    node: str
    hostname: str
    pod: str
    ready: bool
    serving: bool
    terminating: bool


@dataclass(frozen=True, slots=True)
class ServicePort:
    name: str
    protocol: str
    port: int
    node_port: int


class Service:
    """What traffic needs of one Service. Its endpoints are read from the slices when first asked for."""

    __slots__ = ("_backends", "addresses", "affinity", "key", "object", "outside", "ports", "slices")

    def __init__(self, key: ObjectKey) -> None:
        self.key = key
        self.object: Object | None = None
        self.ports: tuple[ServicePort, ...] = ()
        self.addresses: tuple[str, ...] = ()  # ClusterIPs
        self.outside: tuple[str, ...] = ()  # load balancer and external addresses
        self.slices: dict[str, Object] = {}
        # (port name, node, client) -> (endpoint's ip, when last used)
        self.affinity: dict[tuple[str, str, str], tuple[str, int]] = {}
        self._backends: dict[str, tuple[Endpoint, ...]] | None = None

    @property
    def spec(self) -> Object:
        spec: Object = self.object["spec"] if self.object is not None else {}
        return spec

    @property
    def is_headless(self) -> bool:
        return self.spec.get("clusterIP") == "None"

    @property
    def external_name(self) -> str:
        name: str = self.spec.get("externalName", "") if self.spec.get("type") == "ExternalName" else ""
        return name

    def changed(self) -> None:
        self._backends = None

    def endpoints(self, port_name: str) -> tuple[Endpoint, ...]:
        """All endpoints of a port, in order of slice name; an address that stands in two slices counts once."""
        if self._backends is None:
            self._backends = _read(self.slices)
        return self._backends.get(port_name, ())

    def all_endpoints(self) -> tuple[Endpoint, ...]:
        """Endpoints of any port, one an address: what DNS tells of a headless Service."""
        if self._backends is None:
            self._backends = _read(self.slices)
        found: dict[str, Endpoint] = {}
        for endpoints in self._backends.values():
            for endpoint in endpoints:
                found.setdefault(endpoint.ip, endpoint)
        return tuple(found.values())


def usable(endpoints: tuple[Endpoint, ...], node: str = "") -> list[Endpoint]:
    """The ready ones; where none is, those that still serve while they end. `node`: only those on a node."""
    chosen = [endpoint for endpoint in endpoints if not node or endpoint.node == node]
    ready = [endpoint for endpoint in chosen if endpoint.ready]
    return ready or [endpoint for endpoint in chosen if endpoint.serving and endpoint.terminating]


def _read(slices: dict[str, Object]) -> dict[str, tuple[Endpoint, ...]]:
    found: dict[str, dict[str, Endpoint]] = {}
    for name in sorted(slices):
        piece = slices[name]
        if piece.get("addressType", "IPv4") != "IPv4":
            continue
        ports = piece.get("ports") or [{"port": 0}]
        for entry in piece.get("endpoints") or ():
            conditions = entry.get("conditions") or {}
            ready = conditions.get("ready", True) is not False
            terminating = bool(conditions.get("terminating"))
            serving = conditions.get("serving", ready) is not False
            target = entry.get("targetRef") or {}
            for address in entry.get("addresses") or ():
                for port in ports:
                    found.setdefault(port.get("name") or "", {}).setdefault(
                        address,
                        Endpoint(
                            address,
                            port.get("port") or 0,
                            entry.get("nodeName") or "",
                            entry.get("hostname") or "",
                            target.get("name", "") if target.get("kind") == "Pod" else "",
                            ready,
                            serving,
                            terminating,
                        ),
                    )
    return {name: tuple(endpoints.values()) for name, endpoints in found.items()}


class ServiceTable:
    def __init__(self) -> None:
        self.by_key: dict[ObjectKey, Service] = {}
        self.by_address: dict[str, Service] = {}
        self.by_node_port: dict[tuple[str, int], tuple[Service, ServicePort]] = {}

    def on_service(self, type: WatchType, new: Object, old: Object | None) -> None:
        key = meta.key_of(new)
        service = self._of(key)
        for address in (*service.addresses, *service.outside):
            if self.by_address.get(address) is service:
                del self.by_address[address]
        for port in service.ports:
            held = self.by_node_port.get((port.protocol, port.node_port))
            if held is not None and held[0] is service:
                del self.by_node_port[(port.protocol, port.node_port)]
        if type == "DELETED":
            service.object, service.ports, service.addresses, service.outside = None, (), (), ()
            service.affinity.clear()
            self._drop(service)
            return
        service.object = new
        spec = new["spec"]
        service.ports = tuple(
            ServicePort(port.get("name") or "", port.get("protocol", "TCP"), port["port"], port.get("nodePort") or 0)
            for port in spec.get("ports") or ()
        )
        if spec.get("type") == "ExternalName":
            service.addresses = ()
        else:
            addresses = spec.get("clusterIPs") or [spec.get("clusterIP") or ""]
            service.addresses = tuple(address for address in addresses if address not in ("", "None"))
        balancer = ((new.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
        outside = [entry.get("ip") or entry.get("hostname") or "" for entry in balancer]
        service.outside = tuple(address for address in (*outside, *(spec.get("externalIPs") or ())) if address)
        for address in (*service.addresses, *service.outside):
            self.by_address[address] = service
        for port in service.ports:
            if port.node_port:
                self.by_node_port[(port.protocol, port.node_port)] = (service, port)

    def on_slice(self, type: WatchType, new: Object, old: Object | None) -> None:
        for state in (old, new):
            name = meta.labels_of(state).get(SERVICE_NAME) if state is not None else None
            if name is None or state is None:
                continue
            service = self._of(ObjectKey(meta.namespace_of(state), name))
            if state is new and type != "DELETED":
                service.slices[meta.name_of(new)] = new
            else:
                service.slices.pop(meta.name_of(state), None)
            service.changed()
            self._drop(service)

    def _of(self, key: ObjectKey) -> Service:
        service = self.by_key.get(key)
        if service is None:
            service = self.by_key[key] = Service(key)
        return service

    def _drop(self, service: Service) -> None:
        if service.object is None and not service.slices:
            self.by_key.pop(service.key, None)

    def get(self, namespace: str, name: str) -> Service | None:
        service = self.by_key.get(ObjectKey(namespace, name))
        return service if service is not None and service.object is not None else None
