"""Pod addresses of a node's podCIDR, given out in turn as the host-local IPAM plugin does.

Source: containernetworking/plugins, ipam/host-local: the gateway has the first address; the search goes on after
the address given out last and wraps around.
"""

from __future__ import annotations

from ipaddress import ip_network


class NoAddressLeft(Exception):
    """Every address of the range is taken."""


class AddressPool:
    def __init__(self, cidr: str) -> None:
        network = ip_network(cidr, strict=False)
        self._first = int(network.network_address) + 2
        self._last = int(network.broadcast_address) - 1
        self._next = self._first
        self._used: set[int] = set()
        self._range = f"{network.network_address + 1}-{network.broadcast_address - 1}"

    def take(self) -> str:
        if len(self._used) > self._last - self._first:
            raise NoAddressLeft(
                "failed to allocate for range 0: no IP addresses available in range set: " + self._range
            )
        while self._next in self._used:
            self._next = self._next + 1 if self._next < self._last else self._first
        address = self._next
        self._used.add(address)
        self._next = address + 1 if address < self._last else self._first
        return f"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}"

    def give_back(self, address: str) -> None:
        a, b, c, d = address.split(".")
        self._used.discard(int(a) << 24 | int(b) << 16 | int(c) << 8 | int(d))
