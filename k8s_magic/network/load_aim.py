"""Whom a load's requests reach at an instant, by kube-proxy's own rules: the Router's candidates, choice and ways.

An aim holds until something changes: a Service, its endpoints, a container that begins or stops to listen, a node.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from k8s_magic.client.context import Context
from k8s_magic.machinery import meta, names
from k8s_magic.network.load_latency import Spread, service_time
from k8s_magic.network.load_sampling import Shares
from k8s_magic.network.load_spec import LoadSpec
from k8s_magic.network.load_tally import NOBODY, Tally, Version
from k8s_magic.network.nodes import NodeTable
from k8s_magic.network.routing import FROM_OUTSIDE, OUTSIDE, SYN_TIMEOUT, Router
from k8s_magic.network.services import Endpoint, Service, ServicePort, ServiceTable
from k8s_magic.runtime.contract import Handler, NetworkError, Sandbox
from k8s_magic.runtime.listener import Listener
from k8s_magic.runtime.world import World
from k8s_magic.sim.time import SimTime

HASHES = ("pod-template-hash", "controller-revision-hash")
# A loop-back query to the cluster's DNS. Our figure, as in dns.py.
NO_NAME: SimTime = 400


@dataclass(slots=True)
class Target:
    """Where a share of the requests goes. `cause` is "" where it is answered; `travel` the time it is on its way."""

    tally: Tally
    weight: int
    share: int = 0  # what an even choice would give it, among `Aim.ready`
    cause: str = ""
    why: str = ""
    travel: SimTime = 0
    handler: Handler | None = None
    source_ip: str = ""
    spread: Spread | None = None
    address: str = ""


@dataclass(slots=True)
class Aim:
    targets: list[Target]
    ready: int = 0  # how many endpoints kube-proxy chooses from
    opens_at: SimTime | None = None  # when the next of them begins to listen
    is_loose: bool = False  # a connection could not be made: try again
    shares: Shares = field(init=False)

    def __post_init__(self) -> None:
        self.shares = Shares([target.weight for target in self.targets])


@dataclass(frozen=True, slots=True)
class _Entry:
    """How a client comes in: to which address and port, on which node, with which policy."""

    service: Service
    port: ServicePort
    address: str
    asked: int
    node: str
    local: bool


class Aimer:
    """Aims for one load. `tallies` are the load's, by Pod; new ones are made here."""

    def __init__(
        self, spec: LoadSpec, context: Context, world: World, router: Router, services: ServiceTable, nodes: NodeTable
    ) -> None:
        self.spec = spec
        self._context = context
        self._world = world
        self._router = router
        self._services = services
        self._nodes = nodes
        self._pods = context.informer(names.PODS)
        self._connections: list[Endpoint | None] = []
        self._spreads: dict[tuple[SimTime, SimTime, SimTime], Spread] = {}
        self.source: Sandbox | None = None
        self.via = ""
        self.tallies: dict[str, Tally] = {}
        self.versions: list[Version] = []
        self.newest = NOBODY  # of the Pod that came last

    # -- who asks

    def settle_source(self) -> str:
        """Find where the requests come from; "" or, in a sentence, why they cannot."""
        spec = self.spec
        if spec.source == "pod" and spec.source_name:
            pod = self._pods.get(spec.namespace, spec.source_name)
            address = ((pod or {}).get("status") or {}).get("podIP", "")
            if pod is None or not address:
                return f'pods "{spec.source_name}" not found or without an address'
            found = self._world.sandbox_at(address)
            self.source = found or Sandbox(
                "", spec.namespace, spec.source_name, pod["spec"].get("nodeName", ""), address
            )
            return ""
        node = spec.source_name or self._first_worker()
        if not node or self._context.informer(names.NODES).get("", node) is None:
            return f'nodes "{node}" not found' if node else "the cluster has no node"
        if spec.source == "outside":
            self.source, self.via = None, node
        elif spec.source == "node":
            addresses = self._nodes.addresses(node) or ("",)
            self.source = Sandbox("", "", node, node, addresses[0], host_network=True)
        else:
            self.source = Sandbox("", spec.namespace, "load", node, self._client_address(node))
        return ""

    @property
    def is_source_gone(self) -> bool:
        """Whether the Pod that the requests come from no longer exists."""
        spec = self.spec
        return bool(
            spec.source == "pod" and spec.source_name and self._pods.get(spec.namespace, spec.source_name) is None
        )

    def _first_worker(self) -> str:
        found = self._context.informer(names.NODES).list()
        role = "node-role.kubernetes.io/control-plane"
        workers = [meta.name_of(node) for node in found if role not in meta.labels_of(node)]
        ordered = sorted(workers or [meta.name_of(node) for node in found], key=lambda name: (len(name), name))
        return ordered[0] if ordered else ""

    def _client_address(self, node: str) -> str:
        """The last address of the node's Pod network, which no Pod of a node with up to 250 Pods has."""
        found = self._context.informer(names.NODES).get("", node) or {}
        network: str = (found.get("spec") or {}).get("podCIDR", "")
        return network.rpartition(".")[0] + ".254" if network else ""

    # -- whom

    def refusal(self) -> str:
        """Why no load can be sent to this Service from there, in a sentence; "" where it can."""
        spec = self.spec
        service = self._services.get(spec.namespace, spec.service)
        if service is None:
            return f'services "{spec.service}" not found'
        if service.external_name or service.is_headless:
            kind = "an alias for another name" if service.external_name else "headless"
            return f"service {spec.service} is {kind}: kube-proxy chooses no endpoint for it"
        if self._port(service) is None:
            known = ", ".join(str(port.port) for port in service.ports if port.protocol == "TCP")
            return f"service {spec.service} has no TCP port {spec.port or ''}".rstrip() + (
                f"; it has {known}" if known else ""
            )
        if spec.source == "outside" and not service.outside and not self._port_of_node(service):
            return (
                f"nobody outside reaches service {spec.service}: it is a ClusterIP; "
                "make it a NodePort or a LoadBalancer, or send from a pod"
            )
        return ""

    def _port(self, service: Service) -> ServicePort | None:
        wanted = self.spec.port
        return next((p for p in service.ports if p.protocol == "TCP" and (not wanted or p.port == wanted)), None)

    def _port_of_node(self, service: Service) -> int:
        port = self._port(service)
        return port.node_port if port is not None else 0

    def _enter(self) -> _Entry:
        """Raises: NetworkError."""
        spec = self.spec
        service = self._services.get(spec.namespace, spec.service)
        if service is None:
            raise NetworkError("unknown_host", elapsed=NO_NAME)
        port = self._port(service)
        if port is None:
            raise NetworkError("timeout", elapsed=SYN_TIMEOUT)
        if self.source is not None:
            if not service.addresses:
                raise NetworkError("unknown_host", elapsed=NO_NAME)
            local = service.spec.get("internalTrafficPolicy") == "Local"
            return _Entry(service, port, service.addresses[0], port.port, self.source.node, local)
        local = service.spec.get("externalTrafficPolicy") == "Local"
        if service.outside:
            return _Entry(service, port, service.outside[0], port.port, "", local)
        addresses = self._nodes.addresses(self.via)
        if not port.node_port or not addresses or not self._router.is_reached(None, self.via):
            raise NetworkError("timeout", elapsed=SYN_TIMEOUT)
        return _Entry(service, port, addresses[0], port.node_port, self.via, local)

    def aim(self) -> Aim:
        try:
            entry = self._enter()
            candidates = self._router.candidates(
                self.source, entry.service, entry.port, entry.address, entry.asked, entry.node, entry.local
            )
        except NetworkError as error:
            return Aim([self._nobody(error)])
        if entry.service.spec.get("sessionAffinity") == "ClientIP":
            chosen = {self._affine(entry, candidates): 1}
        elif self.spec.keep_alive:
            return self._connected(entry, candidates)
        else:
            chosen = dict.fromkeys(candidates, 1)
        return self._made(entry, candidates, chosen)

    def _affine(self, entry: _Entry, candidates: list[Endpoint]) -> Endpoint:
        client = self.source.ip if self.source is not None else OUTSIDE
        return self._router.choose(entry.service, entry.port, candidates, entry.node, client)

    def refresh(self) -> None:
        """Session affinity counts from the last request."""
        try:
            entry = self._enter()
            if entry.service.spec.get("sessionAffinity") == "ClientIP":
                self._affine(
                    entry,
                    self._router.candidates(
                        self.source, entry.service, entry.port, entry.address, entry.asked, entry.node, entry.local
                    ),
                )
        except NetworkError:
            return

    def _connected(self, entry: _Entry, candidates: list[Endpoint]) -> Aim:
        """A connection stays with its endpoint until that one closes it, whether it is still ready or not."""
        held = self._connections or [None] * self.spec.keep_alive
        stream = self._world.streams.stream(f"network/load/{self.spec.key}/connections")
        present = {endpoint.ip: endpoint for endpoint in candidates}
        works: dict[str, bool] = {}
        chosen: dict[Endpoint, int] = {}
        self._connections = []
        for endpoint in held:
            if endpoint is not None and endpoint.ip not in works:
                works[endpoint.ip] = not self._way(entry, endpoint).cause
            if endpoint is None or not works[endpoint.ip]:
                endpoint = candidates[int(stream.random() * len(candidates))]
            endpoint = present.get(endpoint.ip, endpoint)
            chosen[endpoint] = chosen.get(endpoint, 0) + 1
            self._connections.append(endpoint)
        aim = self._made(entry, candidates, chosen)
        aim.is_loose = any(target.cause for target in aim.targets if target.weight)
        return aim

    def _made(self, entry: _Entry, candidates: list[Endpoint], chosen: dict[Endpoint, int]) -> Aim:
        targets: dict[Endpoint, Target] = {}
        for endpoint in dict.fromkeys([*candidates, *chosen]):
            target = targets[endpoint] = self._way(entry, endpoint)
            target.weight = chosen.get(endpoint, 0)
        for endpoint in candidates:
            targets[endpoint].share = 1
        opens = [opens_at for endpoint in targets if (opens_at := self._opens_at(endpoint)) is not None]
        return Aim(list(targets.values()), len(candidates), min(opens, default=None))

    def _way(self, entry: _Entry, endpoint: Endpoint) -> Target:
        tally = self._tally(endpoint)
        target = Target(tally, 0, address=f"{endpoint.ip}:{endpoint.port}")
        try:
            route = self._router.reach(
                self.source, entry.service, entry.port, endpoint, entry.address, entry.asked, entry.node, entry.local
            )
        except NetworkError as error:
            target.cause, target.travel = self._failure(error)
            target.why = self._why(endpoint, target.cause)
            return target
        target.handler, target.travel, target.source_ip = route.handler, route.latency, route.source_ip
        target.spread = self._spread(target.travel, tally.extra or service_time(tally.version.image))
        return target

    def _spread(self, travel: SimTime, middle: SimTime) -> Spread:
        """The same one for the same figures: answers are divided once for all endpoints that share one."""
        key = (travel, middle, self.spec.timeout)
        spread = self._spreads.get(key)
        if spread is None:
            spread = self._spreads[key] = Spread(*key)
        return spread

    def _failure(self, error: NetworkError) -> tuple[str, SimTime]:
        """As a client with a timeout of its own sees it."""
        if error.elapsed > self.spec.timeout:
            return "timeout", self.spec.timeout
        return error.kind, error.elapsed

    def _why(self, endpoint: Endpoint, cause: str) -> str:
        if cause != "refused":
            node = self._world.known_node(endpoint.node)
            return f"its node {endpoint.node} is cut off" if node is not None and not node.online else "it is gone"
        return "it was not listening yet" if self._opens_at(endpoint) is not None else "it no longer listened"

    def _opens_at(self, endpoint: Endpoint) -> SimTime | None:
        sandbox = self._world.sandbox_at(endpoint.ip)
        handler = sandbox.listeners.get(("TCP", endpoint.port)) if sandbox is not None else None
        if isinstance(handler, Listener) and handler.opens_at > self._world.kernel.now:
            return handler.opens_at
        return None

    def _nobody(self, error: NetworkError) -> Target:
        tally = self.tallies.get("")
        if tally is None:
            tally = self.tallies[""] = Tally("", "", NOBODY)
        cause, travel = self._failure(error)
        words = {
            "refused": "no endpoint was ready",
            "unknown_host": "the Service was gone",
            "timeout": "nothing took them in",
        }
        return Target(tally, 1, cause=cause, why=words.get(cause, cause), travel=travel or FROM_OUTSIDE)

    def _tally(self, endpoint: Endpoint) -> Tally:
        name = endpoint.pod or endpoint.ip
        tally = self.tallies.get(name)
        if tally is None:
            pod = self._pods.get(self.spec.namespace, endpoint.pod) if endpoint.pod else None
            labels = meta.labels_of(pod) if pod is not None else {}
            hash_ = next((labels[label] for label in HASHES if label in labels), "")
            image = pod["spec"]["containers"][0].get("image", "") if pod is not None else ""
            version = Version(hash_, image)
            if version not in self.versions:
                self.versions.append(version)
            self.newest = version
            tally = self.tallies[name] = Tally(name, endpoint.node, version)
        return tally
