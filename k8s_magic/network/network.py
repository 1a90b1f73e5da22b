"""contract.Net on the simulated cluster, kept up to date by informers.

A request is answered within the call: what it takes is said in its latency, and the caller lets that time pass.
"""

from __future__ import annotations

from k8s_magic.client.context import Context
from k8s_magic.machinery import names
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.network.dns import Dns
from k8s_magic.network.forwarded import Forwarded
from k8s_magic.network.nodes import NodeTable
from k8s_magic.network.routing import Route, Router
from k8s_magic.network.services import ServiceTable
from k8s_magic.network.traffic import Hit, Observer
from k8s_magic.runtime.contract import Answer, Conversation, HttpRequest, HttpResponse, NetworkError, Sandbox
from k8s_magic.runtime.url import parse_url
from k8s_magic.runtime.world import World
from k8s_magic.sim.time import SimTime


class Network:
    """Component and Net. `observers` hear of every request; an empty list costs nothing."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._world: World = context.services["world"]
        self.services = ServiceTable()
        self.nodes = NodeTable()
        self._dns = Dns(self.services, self.nodes)
        self.router = Router(self._world, self.services, self.nodes)
        self.observers: list[Observer] = []
        self._running = False
        self._watching = False
        self._world.net = self

    # -- Component

    def start(self) -> None:
        self._running = True
        if self._watching:
            return
        self._watching = True
        informer = self._context.informer
        informer(names.SERVICES).add_handler(self._on_service)
        informer(names.ENDPOINT_SLICES).add_handler(self._on_slice)
        informer(names.NODES).add_handler(self._on_node)

    def stop(self) -> None:
        """Rules stay as they are, as they do on nodes whose kube-proxy has stopped."""
        self._running = False

    def _on_service(self, type: WatchType, new: Object, old: Object | None) -> None:
        self.services.on_service(type, new, old)

    def _on_slice(self, type: WatchType, new: Object, old: Object | None) -> None:
        self.services.on_slice(type, new, old)

    def _on_node(self, type: WatchType, new: Object, old: Object | None) -> None:
        self.nodes.on_node(type, new, old)

    # -- Net

    def lookup(self, source: Sandbox | None, name: str, record: str = "A", search: bool = True) -> Answer:
        return self._dns.lookup(source, name, record, search)

    def resolve(self, source: Sandbox | None, name: str, record: str = "A") -> list[str]:
        return list(self.lookup(source, name, record).values)

    def ping(self, source: Sandbox | None, address: str) -> SimTime:
        return self.router.ping(source, address)

    def connect(self, source: Sandbox | None, host: str, port: int, protocol: str = "TCP") -> SimTime:
        answer = self._addresses(source, host)
        _, latency, _ = self._first(source, answer, port, protocol)
        return latency + answer.latency

    def http(
        self, source: Sandbox | None, url: str, request: HttpRequest, timeout: SimTime | None = None
    ) -> HttpResponse:
        try:
            response, route = self._http(source, url, request, timeout)
        except NetworkError as error:
            if self.observers:
                self._tell(source, url, None, 0, error.elapsed, error.kind)
            raise
        if self.observers:
            self._tell(source, url, route, response.status, response.latency)
        return response

    def forward(self, sandbox: Sandbox, port: int) -> Forwarded:
        return self._forwarded(None, self.router.route(sandbox, "127.0.0.1", port), f"127.0.0.1:{port}")

    def dial(self, source: Sandbox | None, host: str, port: int) -> Conversation:
        route, _, address = self._first(source, self._addresses(source, host), port, "TCP")
        return self._forwarded(source, route, address).converse()

    def _forwarded(self, source: Sandbox | None, route: Route, address: str) -> Forwarded:
        def observe(path: str, status: int, latency: SimTime, failure: str) -> None:
            if self.observers:
                self._tell(source, f"http://{address}{path}", route, status, latency, failure)

        return Forwarded(route, observe)

    def _http(
        self, source: Sandbox | None, url: str, request: HttpRequest, timeout: SimTime | None
    ) -> tuple[HttpResponse, Route]:
        target = parse_url(url)
        if target is None:
            raise NetworkError("unknown_host", f"bad URL: {url}")
        answer = self._addresses(source, target.host)
        try:
            route, latency, address = self._first(source, answer, target.port, "TCP")
            if target.scheme == "https":
                raise Unsupported("k8s-magic does not model TLS: ask with http://")
            request.source_ip = route.source_ip
            request.path = request.path or target.path
            response = route.handler(request)
        except NetworkError as error:
            if timeout is not None and error.elapsed > timeout:
                error.kind, error.elapsed = "timeout", timeout
            raise
        response.latency += latency + answer.latency
        response.address = address
        return response, route

    def _addresses(self, source: Sandbox | None, host: str) -> Answer:
        answer = self.lookup(source, host)
        if not answer.values:
            raise NetworkError("unknown_host", f"no such host: {host}", elapsed=answer.latency)
        return answer

    def _first(self, source: Sandbox | None, answer: Answer, port: int, protocol: str) -> tuple[Route, SimTime, str]:
        """Of several addresses the first that connects, from a random one on: CoreDNS turns them around."""
        values = answer.values
        if len(values) > 1:
            start = int(self._context.streams.stream(f"network/dns/{answer.name}").random() * len(values))
            values = values[start:] + values[:start]
        failure: NetworkError | None = None
        spent: SimTime = 0
        for address in values:
            try:
                route = self.router.route(source, address, port, protocol)
            except NetworkError as error:
                spent += error.elapsed
                failure = error
            else:
                return route, spent + route.latency, f"{address}:{port}"
        assert failure is not None
        failure.elapsed = spent + answer.latency
        raise failure

    def _tell(
        self, source: Sandbox | None, url: str, route: Route | None, status: int, latency: SimTime, failure: str = ""
    ) -> None:
        asker = ObjectKey(source.namespace, source.name) if source is not None else None
        service, pod = (route.service, route.pod) if route is not None else (None, None)
        hit = Hit(self._context.kernel.now, asker, url, service, pod, status, latency, failure)
        for observer in list(self.observers):
            observer(hit)
