"""ClusterIP and node-port allocation.

What is in use is read off the stored Services as they change, so that nothing is ever leaked: a failed or dry request
takes nothing. Addresses and ports are drawn at random, from the part of the range that the server prefers.

Source: pkg/registry/core/service/storage/alloc.go, ipallocator, portallocator
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

from k8s_magic.apiserver.core import Core
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import FieldError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import SERVICES, GroupVersionKind
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.text import json_out

CLUSTER_CIDR = ipaddress.IPv4Network("10.96.0.0/12")
# The addresses that stand for the API server and for cluster DNS, by kubeadm's convention.
RESERVED = frozenset({"10.96.0.1", "10.96.0.10"})
RESERVED_FOR = {("default", "kubernetes"), ("kube-system", "kube-dns")}
FIRST_PORT, LAST_PORT = 30_000, 32_767
# Random draws leave the lower band to those who choose for themselves: min(max(16, size/16), 256) addresses,
# min(max(16, size/32), 128) ports. Source: ipallocator.go and portallocator (calculateRangeOffset)
LOWER_ADDRESSES = 256
LOWER_PORTS = 86
ATTEMPTS = 1_000

SERVICE = GroupVersionKind("", "v1", "Service")


class ServiceAllocator:
    def __init__(self, core: Core) -> None:
        self._addresses: dict[str, tuple[str, str]] = {}
        self._ports: dict[int, tuple[str, str]] = {}
        self._address_draws = core.streams.stream("apiserver/cluster-ips")
        self._port_draws = core.streams.stream("apiserver/node-ports")
        if SERVICES in core.kinds:
            core.table(SERVICES).add_handler(self._changed)

    def allocate(self, service: Object, old: Object | None, dry_run: bool) -> None:
        """Fill addresses and ports into the caller's own Service. Raises: Invalid."""
        spec = service.get("spec")
        if not isinstance(spec, dict):
            return
        if old is not None:
            _normalize_addresses(spec, old["spec"])
            _keep_allocated(spec, old["spec"])
        elif spec.get("clusterIP") and not spec.get("clusterIPs"):
            spec["clusterIPs"] = [spec["clusterIP"]]
        if spec.get("type") != "ExternalName":
            self._families(spec, old)
            self._allocate_addresses(service, spec, old, dry_run)
        self._allocate_ports(service, spec, old)

    def _families(self, spec: Object, old: Object | None) -> None:
        selectorless_headless = spec.get("clusterIP") == "None" and not spec.get("selector")
        before = old["spec"] if old is not None else {}
        if not spec.get("ipFamilyPolicy"):
            default = "RequireDualStack" if selectorless_headless else "SingleStack"
            spec["ipFamilyPolicy"] = before.get("ipFamilyPolicy", default)
        families = spec.get("ipFamilies") or before.get("ipFamilies") or ["IPv4"]
        if selectorless_headless and spec["ipFamilyPolicy"] != "SingleStack" and len(families) < 2:
            families = [*families, "IPv6" if families[0] == "IPv4" else "IPv4"]
        spec["ipFamilies"] = families

    def _allocate_addresses(self, service: Object, spec: Object, old: Object | None, dry_run: bool) -> None:
        wanted = spec.get("clusterIPs") or []
        if wanted and wanted[0] == "None":
            return
        if old is not None and old["spec"].get("type") != "ExternalName":
            return
        name = service["metadata"].get("name", "")
        address = wanted[0] if wanted else ""
        if address:
            why = self._refusal(address, service)
            if why:
                detail = f"Invalid value: {json_out.compact(wanted)}: failed to allocate IP {address}: {why}"
                raise errors.invalid(SERVICE, name, [FieldError("FieldValueInvalid", "spec.clusterIPs", detail)])
        elif dry_run:
            # The real allocator answers a dry run with the network's own address.
            address = str(CLUSTER_CIDR.network_address)
        else:
            address = self._draw_address()
        spec["clusterIP"] = address
        spec["clusterIPs"] = [address]

    def _refusal(self, address: str, service: Object) -> str:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return ""  # validation says it better
        if parsed not in CLUSTER_CIDR or address == str(CLUSTER_CIDR.network_address):
            return (
                f"the provided IP ({address}) is not in the valid range. "
                f"The range of valid IPs is {CLUSTER_CIDR.with_prefixlen}"
            )
        if address in self._addresses:
            return "provided IP is already allocated"
        metadata = service["metadata"]
        if address in RESERVED and (metadata.get("namespace", ""), metadata.get("name", "")) not in RESERVED_FOR:
            return "provided IP is already allocated"
        return ""

    def _draw_address(self) -> str:
        base, size = int(CLUSTER_CIDR.network_address), CLUSTER_CIDR.num_addresses
        for _ in range(ATTEMPTS):
            address = str(ipaddress.IPv4Address(base + self._address_draws.randrange(LOWER_ADDRESSES, size - 1)))
            if address not in self._addresses:
                return address
        raise errors.internal_error("failed to allocate a serviceIP: range is full")

    def _allocate_ports(self, service: Object, spec: Object, old: Object | None) -> None:
        """initNodePorts and updateNodePorts."""
        if spec.get("type") not in ("NodePort", "LoadBalancer"):
            return
        ports: list[dict[str, Any]] = spec.get("ports") or []
        mine = set(_node_ports([old])) if old is not None else set()
        chosen: dict[int, int] = {}  # service port -> node port: the protocols of one port share theirs
        taken: set[int] = set()
        draws = spec.get("allocateLoadBalancerNodePorts") is not False or spec["type"] == "NodePort"
        for at, port in enumerate(ports):
            wanted = port.get("nodePort") or 0
            number = port.get("port", 0)
            if not wanted and old is None:
                wanted = chosen.get(number) or _requested(number, ports)
            if not wanted:
                if not draws:
                    continue
                wanted = self._draw_port(taken)
            elif wanted not in mine and wanted not in taken:
                self._check_port(service, at, wanted)
            taken.add(wanted)
            chosen.setdefault(number, wanted)
            port["nodePort"] = wanted
        if spec["type"] == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local":
            wanted = spec.get("healthCheckNodePort") or 0
            if not wanted:
                spec["healthCheckNodePort"] = self._draw_port(taken)
            elif wanted not in mine and wanted in self._ports:
                raise errors.internal_error(
                    f"failed to allocate requested HealthCheck NodePort {wanted}: provided port is already allocated"
                )

    def _check_port(self, service: Object, at: int, port: int) -> None:
        if not FIRST_PORT <= port <= LAST_PORT:
            why = f"provided port is not in the valid range. The range of valid ports is {FIRST_PORT}-{LAST_PORT}"
        elif port in self._ports:
            why = "provided port is already allocated"
        else:
            return
        field = f"spec.ports[{at}].nodePort"
        complaint = FieldError("FieldValueInvalid", field, f"Invalid value: {port}: {why}")
        raise errors.invalid(SERVICE, service["metadata"].get("name", ""), [complaint])

    def _draw_port(self, taken: set[int]) -> int:
        for _ in range(ATTEMPTS):
            port = self._port_draws.randrange(FIRST_PORT + LOWER_PORTS, LAST_PORT + 1)
            if port not in self._ports and port not in taken:
                return port
        for port in range(FIRST_PORT, LAST_PORT + 1):
            if port not in self._ports and port not in taken:
                return port
        raise errors.internal_error("failed to allocate a nodePort: range is full")

    def _changed(self, type: WatchType, new: Object, old: Object | None) -> None:
        if old is not None:
            for address in old["spec"].get("clusterIPs") or ():
                self._addresses.pop(address, None)
            for port in _node_ports([old]):
                self._ports.pop(port, None)
        if type != "DELETED":
            owner = (new["metadata"]["namespace"], new["metadata"]["name"])
            for address in new["spec"].get("clusterIPs") or ():
                if address and address != "None":
                    self._addresses[address] = owner
            for port in _node_ports([new]):
                self._ports[port] = owner


def _node_ports(services: Iterable[Object]) -> Iterable[int]:
    for service in services:
        spec = service["spec"]
        for port in spec.get("ports") or ():
            if port.get("nodePort"):
                yield port["nodePort"]
        if spec.get("healthCheckNodePort"):
            yield spec["healthCheckNodePort"]


def _requested(number: int, ports: list[dict[str, Any]]) -> int:
    """The node port that another protocol of the same port asks for."""
    for port in ports:
        if port.get("port") == number and port.get("nodePort"):
            found: int = port["nodePort"]
            return found
    return 0


def _normalize_addresses(spec: Object, before: Object) -> None:
    """Keeps clusterIP and clusterIPs in step when a client knows only one of them."""
    old_address, new_address = before.get("clusterIP") or "", spec.get("clusterIP") or ""
    old_list, new_list = before.get("clusterIPs") or [], spec.get("clusterIPs") or []
    if old_list and not new_list and old_address == new_address:
        spec["clusterIPs"] = old_list
    if old_address != new_address and old_list == new_list:
        if old_address and not new_address:
            spec.pop("clusterIPs", None)
        else:
            spec["clusterIPs"] = [new_address]


def _keep_allocated(spec: Object, before: Object) -> None:
    """What an update leaves out although its Service has it: addresses and node ports by port name."""
    has_address = "ExternalName" not in (spec.get("type"), before.get("type"))
    if has_address:
        if not spec.get("clusterIP") and before.get("clusterIP"):
            spec["clusterIP"] = before["clusterIP"]
        if not spec.get("clusterIPs") and before.get("clusterIPs"):
            spec["clusterIPs"] = before["clusterIPs"]
    exposed = ("NodePort", "LoadBalancer")
    if spec.get("type") in exposed and before.get("type") in exposed:
        old_ports, new_ports = before.get("ports") or [], spec.get("ports") or []
        used = {port.get("nodePort") for port in old_ports} & {port.get("nodePort") for port in new_ports}
        by_name = {port.get("name", ""): port.get("nodePort") for port in old_ports}
        for port in new_ports:
            kept = by_name.get(port.get("name", ""))
            if not port.get("nodePort") and kept and kept not in used:
                port["nodePort"] = kept
        if before.get("healthCheckNodePort") and not spec.get("healthCheckNodePort"):
            spec["healthCheckNodePort"] = before["healthCheckNodePort"]
