"""Cluster DNS as CoreDNS serves it for `cluster.local`, and the resolver's search through its domains.

Source: the Kubernetes DNS specification 1.1.0 (github.com/kubernetes/dns); ndots:5 as kubelets write it.
Our simplification: outside the cluster's domain only nodes have names.
"""

from __future__ import annotations

import re

from k8s_magic.machinery.meta import ObjectKey
from k8s_magic.network.nodes import NodeTable
from k8s_magic.network.services import Endpoint, Service, ServiceTable
from k8s_magic.runtime.contract import Answer, NetworkError, Sandbox
from k8s_magic.sim.time import MICROSECOND, SimTime

DOMAIN = "cluster.local"
NDOTS = 5
# One question to a DNS Pod in the same cluster. A guess.
QUESTION: SimTime = 400 * MICROSECOND
MAX_ALIASES = 8
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z")

Found = tuple[tuple[str, ...], str]  # records, and what the name is an alias of


def is_address(text: str) -> bool:
    return _ADDRESS.match(text) is not None and all(int(part) < 256 for part in text.split("."))


class Dns:
    def __init__(self, services: ServiceTable, nodes: NodeTable) -> None:
        self._services = services
        self._nodes = nodes

    def lookup(self, source: Sandbox | None, name: str, record: str, search: bool) -> Answer:
        """Raises: NetworkError("unknown_host")."""
        if record in ("A", "ANY"):
            if is_address(name):
                return Answer(name, (name,))
            if name == "localhost":
                return Answer(name, ("127.0.0.1",))
            if source is not None and name == (source.hostname or source.name):
                return Answer(name, (source.ip,))
        asked = 0
        if source is None or self._is_up():
            for candidate in _candidates(source, name) if search else (name.rstrip("."),):
                asked += 1
                answer = self._follow(candidate.lower(), record, asked)
                if answer is not None:
                    return answer
        raise NetworkError("unknown_host", f"no such host: {name}", elapsed=max(asked, 1) * QUESTION)

    def _is_up(self) -> bool:
        """A cluster whose kube-dns Service has no endpoints resolves nothing; one without the Service does."""
        service = self._services.get("kube-system", "kube-dns")
        return service is None or any(endpoint.ready for endpoint in service.all_endpoints())

    def _follow(self, name: str, record: str, asked: int) -> Answer | None:
        aliases: list[tuple[str, str]] = []
        for _ in range(MAX_ALIASES):
            found = self._records(name, record)
            if found is None:
                # An alias stands even where nothing outside the cluster answers for its target.
                return Answer(name, (), tuple(aliases), asked * QUESTION) if aliases else None
            values, target = found
            if not target:
                return Answer(name, values, tuple(aliases), asked * QUESTION)
            aliases.append((name, target))
            if record == "CNAME":
                return Answer(name, (f"{target}.",), (), asked * QUESTION)
            if is_address(target):
                return None
            name = target
        return None

    def _records(self, name: str, record: str) -> Found | None:
        """None: no such name."""
        if name.endswith(".in-addr.arpa"):
            return self._reverse(name) if record == "PTR" else None
        if not name.endswith("." + DOMAIN):
            addresses = self._nodes.addresses(name)
            return (addresses[:1], "") if addresses and record in ("A", "ANY") else None
        labels = name.removesuffix("." + DOMAIN).split(".")
        if labels[-1] == "pod" and len(labels) == 3 and record in ("A", "ANY"):
            address = labels[0].replace("-", ".")
            return ((address,), "") if is_address(address) else None
        if labels[-1] != "svc" or len(labels) < 3:
            return None
        service = self._services.get(labels[-2], labels[-3])
        if service is None:
            return None
        prefix = labels[:-3]
        if service.external_name:
            return ((), service.external_name.rstrip(".").lower()) if not prefix else None
        if len(prefix) == 2 and prefix[0].startswith("_") and prefix[1].startswith("_"):
            values = _services_records(service, prefix[0][1:], prefix[1][1:].upper(), name)
            return (values, "") if values and record in ("SRV", "ANY") else None
        if len(prefix) > 1 or (prefix and not service.is_headless):
            return None
        if not service.is_headless:
            return (_srv_all(service) if record == "SRV" else service.addresses[:1], "")
        endpoints = [endpoint for endpoint in service.all_endpoints() if endpoint.ready]
        if prefix:
            endpoints = [endpoint for endpoint in endpoints if host_label(endpoint) == prefix[0]]
        if not endpoints and prefix:
            return None
        return (_srv_all(service) if record == "SRV" else tuple(endpoint.ip for endpoint in endpoints), "")

    def _reverse(self, name: str) -> Found | None:
        address = ".".join(reversed(name.removesuffix(".in-addr.arpa").split(".")))
        service = self._services.by_address.get(address)
        if service is not None and address in service.addresses:
            return (f"{service.key.name}.{service.key.namespace}.svc.{DOMAIN}",), ""
        for other in self._services.by_key.values():
            if other.object is not None and other.is_headless:
                for endpoint in other.all_endpoints():
                    if endpoint.ip == address and endpoint.ready:
                        return (f"{host_label(endpoint)}.{_domain(other.key)}",), ""
        return None


def _domain(key: ObjectKey) -> str:
    return f"{key.name}.{key.namespace}.svc.{DOMAIN}"


def host_label(endpoint: Endpoint) -> str:
    """An endpoint's own name below a headless Service: its hostname, or its address with dashes."""
    return endpoint.hostname or endpoint.ip.replace(".", "-")


def _candidates(source: Sandbox | None, name: str) -> list[str]:
    """The names a resolver tries, in order."""
    if name.endswith(".") or source is None:
        return [name.rstrip(".")]
    searched = [f"{name}.{domain}" for domain in source.search]
    return [name, *searched] if name.count(".") >= NDOTS else [*searched, name]


def _services_records(service: Service, port_name: str, protocol: str, name: str) -> tuple[str, ...]:
    """SRV records of one named port."""
    found: list[str] = []
    for port in service.ports:
        if port.name == port_name and port.protocol == protocol:
            if service.is_headless:
                endpoints = [one for one in service.endpoints(port.name) if one.ready]
                share = 100 // max(len(endpoints), 1)
                found += [f"0 {share} {one.port} {host_label(one)}.{_domain(service.key)}." for one in endpoints]
            else:
                found.append(f"0 100 {port.port} {_domain(service.key)}.")
    return tuple(found)


def _srv_all(service: Service) -> tuple[str, ...]:
    return tuple(value for port in service.ports for value in _services_records(service, port.name, port.protocol, ""))
