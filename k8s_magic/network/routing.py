"""Where a packet for an address and a port goes: a sandbox's port, through a Service or not.

Source: pkg/proxy/iptables/proxier.go: a Service without endpoints refuses; with a Local policy and no endpoint on the
node it drops; a port that no Service has is dropped. Pod networks and ClusterIPs are not reached from outside.
"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.machinery.meta import ObjectKey
from k8s_magic.network.nodes import NodeTable
from k8s_magic.network.services import Endpoint, Service, ServicePort, ServiceTable, usable
from k8s_magic.runtime.contract import Handler, NetworkError, Sandbox
from k8s_magic.runtime.listener import Listener, accepts
from k8s_magic.runtime.world import World
from k8s_magic.sim.time import MICROSECOND, MILLISECOND, SECOND, SimTime

# Round trips. Our figures, of the order of what a cluster in one data centre has.
SAME_POD: SimTime = 50 * MICROSECOND
SAME_NODE: SimTime = 200 * MICROSECOND
OTHER_NODE: SimTime = 500 * MICROSECOND
FROM_OUTSIDE: SimTime = 1 * MILLISECOND
# Source: tcp(7): SYNs are sent again after 1, 2, 4, … 64 s (tcp_syn_retries 6), then connect(2) gives up.
SYN_TIMEOUT: SimTime = 127 * SECOND
# Source: arp(7): three probes a second apart until the host counts as unreachable.
ARP_TIMEOUT: SimTime = 3 * SECOND
# Source: pkg/apis/core/v1/defaults.go (ClientIPConfig.TimeoutSeconds).
AFFINITY_SECONDS = 10_800
# The address of the person outside: the gateway of the nodes' own network.
OUTSIDE = "172.18.0.1"


@dataclass(frozen=True, slots=True)
class Route:
    """An open port and the way to it."""

    handler: Handler
    pod: ObjectKey | None
    service: ObjectKey | None
    source_ip: str
    latency: SimTime


class Router:
    def __init__(self, world: World, services: ServiceTable, nodes: NodeTable) -> None:
        self._world = world
        self._services = services
        self._nodes = nodes

    def route(self, source: Sandbox | None, address: str, port: int, protocol: str = "TCP") -> Route:
        """Raises: NetworkError refused, timeout or no_route, with the time it takes to know."""
        if source is not None and (address.startswith("127.") or (address == source.ip and not source.host_network)):
            return self._arrive(
                source, source, port, protocol, source.ip if address == source.ip else "127.0.0.1", None
            )
        if address.startswith("127."):
            raise self._error("refused", address, port, SAME_POD)
        service = self._services.by_address.get(address)
        if service is not None:
            return self._service_address(source, service, address, port, protocol)
        node = self._nodes.node_at(address)
        if node:
            return self._node(source, node, address, port, protocol)
        sandbox = self._world.sandbox_at(address)
        if source is not None and sandbox is not None:
            return self._arrive(source, sandbox, port, protocol, source.ip, None)
        if source is not None and self._nodes.is_pod_address(address):
            raise self._error("no_route", address, port, ARP_TIMEOUT)
        raise self._error("timeout", address, port, SYN_TIMEOUT)

    def ping(self, source: Sandbox | None, address: str) -> SimTime:
        """Pods and nodes answer; a ClusterIP is only a rule for ports and does not."""
        if source is not None and (address.startswith("127.") or address == source.ip):
            return SAME_POD
        sandbox = self._world.sandbox_at(address)
        node = sandbox.node if sandbox is not None and source is not None else self._nodes.node_at(address)
        if not node or not self.is_reached(source, node):
            raise NetworkError("timeout", elapsed=SECOND, address=address)
        return self._distance(source, node)

    # -- the ways

    def _service_address(
        self, source: Sandbox | None, service: Service, address: str, port: int, protocol: str
    ) -> Route:
        outside = address in service.outside
        found = next((one for one in service.ports if one.port == port and one.protocol == protocol), None)
        if found is None or (source is None and not outside):
            raise self._error("timeout", address, port, SYN_TIMEOUT)
        if not outside:
            local = service.spec.get("internalTrafficPolicy") == "Local"
            return self._through(
                source, service, found, address, port, source.node if source is not None else "", local
            )
        # From inside the cluster an outside address is short-circuited to all endpoints.
        local = source is None and service.spec.get("externalTrafficPolicy") == "Local"
        return self._through(source, service, found, address, port, "", local)

    def _node(self, source: Sandbox | None, node: str, address: str, port: int, protocol: str) -> Route:
        if not self.is_reached(source, node):
            raise self._error("timeout", address, port, SYN_TIMEOUT)
        held = self._services.by_node_port.get((protocol, port))
        if held is not None:
            service, service_port = held
            local = service.spec.get("externalTrafficPolicy") == "Local"
            return self._through(source, service, service_port, address, port, node, local)
        runtime = self._world.node(node)
        source_ip = source.ip if source is not None else OUTSIDE
        mapped = runtime.host_port(protocol, port)
        if mapped is not None:
            return self._arrive(source, mapped[0], mapped[1], protocol, source_ip, None, address, port)
        handler = runtime.host_listeners.get((protocol, port))
        return self._open(handler, source, node, address, port, source_ip, None)

    def _through(
        self,
        source: Sandbox | None,
        service: Service,
        port: ServicePort,
        address: str,
        asked: int,
        node: str,
        local: bool,
    ) -> Route:
        """kube-proxy on a node ("": whichever a load balancer takes) chooses an endpoint."""
        chosen = self.candidates(source, service, port, address, asked, node, local)
        endpoint = self.choose(service, port, chosen, node, source.ip if source is not None else OUTSIDE)
        return self.reach(source, service, port, endpoint, address, asked, node, local)

    def candidates(
        self,
        source: Sandbox | None,
        service: Service,
        port: ServicePort,
        address: str,
        asked: int,
        node: str,
        local: bool,
    ) -> list[Endpoint]:
        """Those that kube-proxy on a node chooses from. Raises: NetworkError refused or timeout where none is."""
        endpoints = service.endpoints(port.name)
        chosen = usable(endpoints, node if local else "")
        if not chosen:
            dropped = local and bool(usable(endpoints))
            kind, elapsed = ("timeout", SYN_TIMEOUT) if dropped else ("refused", self._distance(source, node))
            raise self._error(kind, address, asked, elapsed)
        return chosen

    def reach(
        self,
        source: Sandbox | None,
        service: Service,
        port: ServicePort,
        endpoint: Endpoint,
        address: str,
        asked: int,
        node: str,
        local: bool,
    ) -> Route:
        """The way to an endpoint that was chosen. Raises: NetworkError."""
        client = source.ip if source is not None else OUTSIDE
        is_outside = source is None or self._nodes.node_at(address) != ""
        seen = client
        if is_outside and not local:
            first = self._nodes.addresses(node or endpoint.node)
            seen = first[0] if first else client
        elif source is not None and endpoint.ip == source.ip:
            seen = source.ip.rpartition(".")[0] + ".1"  # hairpin traffic is masqueraded
        return self._endpoint(source, endpoint, port.protocol, seen, service.key, address, asked)

    def choose(
        self, service: Service, port: ServicePort, endpoints: list[Endpoint], node: str, client: str
    ) -> Endpoint:
        """One at random, or the one that a client with session affinity had before."""
        sticky = service.spec.get("sessionAffinity") == "ClientIP"
        now = self._world.kernel.now
        place = (port.name, node, client)
        if sticky:
            config = (service.spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
            held = service.affinity.get(place)
            if held is not None and now - held[1] <= config.get("timeoutSeconds", AFFINITY_SECONDS) * SECOND:
                for endpoint in endpoints:
                    if endpoint.ip == held[0]:
                        service.affinity[place] = (endpoint.ip, now)
                        return endpoint
        if len(endpoints) == 1:
            chosen = endpoints[0]
        else:
            stream = self._world.streams.stream(f"network/service/{service.key}")
            chosen = endpoints[int(stream.random() * len(endpoints))]
        if sticky:
            service.affinity[place] = (chosen.ip, now)
        return chosen

    def _endpoint(
        self,
        source: Sandbox | None,
        endpoint: Endpoint,
        protocol: str,
        source_ip: str,
        service: ObjectKey,
        address: str,
        asked: int,
    ) -> Route:
        sandbox = self._world.sandbox_at(endpoint.ip)
        if sandbox is not None:
            return self._arrive(source, sandbox, endpoint.port, protocol, source_ip, service, address, asked)
        node = self._nodes.node_at(endpoint.ip)
        if not node:
            gone = self._nodes.is_pod_address(endpoint.ip)
            raise self._error("no_route" if gone else "timeout", address, asked, ARP_TIMEOUT if gone else SYN_TIMEOUT)
        if not self.is_reached(source, node):
            raise self._error("timeout", address, asked, SYN_TIMEOUT)
        handler = self._world.node(node).host_listeners.get((protocol, endpoint.port))
        return self._open(handler, source, node, address, asked, source_ip, service)

    def _arrive(
        self,
        source: Sandbox | None,
        sandbox: Sandbox,
        port: int,
        protocol: str,
        source_ip: str,
        service: ObjectKey | None,
        address: str = "",
        asked: int = 0,
    ) -> Route:
        address, asked = address or sandbox.ip, asked or port
        if sandbox is not source and not self.is_reached(source, sandbox.node):
            raise self._error("timeout", address, asked, SYN_TIMEOUT)
        handler = sandbox.listeners.get((protocol, port))
        return self._open(handler, source, sandbox.node, address, asked, source_ip, service, sandbox)

    def _open(
        self,
        handler: Handler | None,
        source: Sandbox | None,
        node: str,
        address: str,
        port: int,
        source_ip: str,
        service: ObjectKey | None,
        sandbox: Sandbox | None = None,
    ) -> Route:
        latency = SAME_POD if sandbox is source and source is not None else self._distance(source, node)
        if handler is None or not accepts(handler):
            raise self._error("refused", address, port, latency)
        if sandbox is None and isinstance(handler, Listener):
            sandbox = handler.container.sandbox
        pod = ObjectKey(sandbox.namespace, sandbox.name) if sandbox is not None else None
        return Route(handler, pod, service, source_ip, latency)

    # -- distances

    def is_reached(self, source: Sandbox | None, node: str) -> bool:
        """Whether packets pass between a sandbox (or outside) and a node."""
        if source is not None and source.node == node:
            return True
        here = self._world.known_node(source.node) if source is not None else None
        there = self._world.known_node(node)
        return (here is None or here.online) and (there is None or there.online)

    def _distance(self, source: Sandbox | None, node: str) -> SimTime:
        if source is None:
            return FROM_OUTSIDE
        return SAME_NODE if not node or source.node == node else OTHER_NODE

    def _error(self, kind: str, address: str, port: int, elapsed: SimTime) -> NetworkError:
        return NetworkError(kind, elapsed=elapsed, address=f"{address}:{port}")
