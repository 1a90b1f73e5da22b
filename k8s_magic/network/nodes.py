"""Where nodes are: their addresses and names, and which Pod networks they have."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import WatchType


class NodeTable:
    def __init__(self) -> None:
        self._addresses: dict[str, tuple[str, ...]] = {}  # node -> its addresses, InternalIP first
        self._by_address: dict[str, str] = {}
        self._cidrs: dict[str, str] = {}

    def on_node(self, type: WatchType, new: Object, old: Object | None) -> None:
        name = meta.name_of(new)
        if (
            type == "MODIFIED"
            and old is not None
            and old.get("status", {}).get("addresses") == new.get("status", {}).get("addresses")
            and old.get("spec", {}).get("podCIDR") == new.get("spec", {}).get("podCIDR")
        ):
            return  # a heartbeat
        for address in self._addresses.pop(name, ()):
            if self._by_address.get(address) == name:
                del self._by_address[address]
        self._cidrs.pop(name, None)
        if type == "DELETED":
            return
        found = [
            entry["address"]
            for entry in (new.get("status") or {}).get("addresses") or ()
            if entry["type"] in ("InternalIP", "ExternalIP")
        ]
        self._addresses[name] = tuple(found)
        for address in found:
            self._by_address.setdefault(address, name)
        cidr = (new.get("spec") or {}).get("podCIDR")
        if cidr:
            self._cidrs[name] = cidr

    def node_at(self, address: str) -> str:
        """The node that has an address; "" when none has."""
        return self._by_address.get(address, "")

    def addresses(self, name: str) -> tuple[str, ...]:
        return self._addresses.get(name, ())

    def is_pod_address(self, address: str) -> bool:
        """Whether an address lies in a node's Pod network (so that a node answers for it)."""
        try:
            wanted = ip_address(address)
        except ValueError:
            return False
        return any(wanted in ip_network(cidr, strict=False) for cidr in self._cidrs.values())
