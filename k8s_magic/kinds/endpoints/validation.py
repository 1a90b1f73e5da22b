"""Source: pkg/apis/core/validation/validation.go ValidateEndpoints"""

from __future__ import annotations

from k8s_magic.kinds.validation import endpoint, field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    return metadata.validate(obj) + _subsets(obj)


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old) + metadata.validate(new)
    return found if new.get("subsets") == old.get("subsets") else found + _subsets(new)


def _subsets(obj: Object) -> Errors:
    found: Errors = []
    for position, subset in enumerate(obj.get("subsets") or ()):
        at = f"subsets[{position}]"
        if not subset.get("addresses") and not subset.get("notReadyAddresses"):
            found.append(field.required(at, "must specify `addresses` or `notReadyAddresses`"))
        for name in ("addresses", "notReadyAddresses"):
            for index, address in enumerate(subset.get(name) or ()):
                found += _address(address, f"{at}.{name}[{index}]")
        ports = subset.get("ports") or []
        for index, port in enumerate(ports):
            found += _port(port, len(ports) > 1, f"{at}.ports[{index}]")
    return found


def _address(address: Object, path: str) -> Errors:
    ip = address.get("ip", "")
    found = words.ip(f"{path}.ip", ip)
    if address.get("hostname"):
        found += field.each(f"{path}.hostname", address["hostname"], words.dns_label(address["hostname"]))
    node = address.get("nodeName")
    if node is not None:
        found += field.each(f"{path}.nodeName", node, words.dns_subdomain(node))
    return found + endpoint.usable_ip(ip, f"{path}.ip")


def _port(port: Object, needs_name: bool, path: str) -> Errors:
    found: Errors = []
    name = port.get("name", "")
    if name:
        found += field.each(f"{path}.name", name, words.dns_label(name))
    elif needs_name:
        found.append(field.required(f"{path}.name"))
    number = port.get("port", 0)
    found += field.each(f"{path}.port", number, words.port_number(number))
    return found + endpoint.protocol(port, path)
