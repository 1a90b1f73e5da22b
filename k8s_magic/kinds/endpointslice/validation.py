"""Source: pkg/apis/discovery/validation/validation.go"""

from __future__ import annotations

from k8s_magic.kinds.validation import endpoint, field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object

ADDRESS_TYPES = ("FQDN", "IPv4", "IPv6")
MAX_ADDRESSES, MAX_PORTS, MAX_ENDPOINTS, MAX_HINTS = 100, 20000, 1000, 8


def validate(obj: Object) -> Errors:
    return _common(obj) + _endpoints(obj)


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old) + _common(new)
    if new.get("endpoints") != old.get("endpoints"):
        found += _endpoints(new)
    return found + field.immutable(new.get("addressType"), old.get("addressType"), "addressType")


def _common(obj: Object) -> Errors:
    found = metadata.validate(obj)
    found += field.one_of(obj.get("addressType", ""), ADDRESS_TYPES, "addressType")
    return found + _ports(obj.get("ports") or [])


def _ports(ports: list[Object]) -> Errors:
    if len(ports) > MAX_PORTS:
        return [field.too_many("ports", len(ports), MAX_PORTS)]
    found: Errors = []
    names: set[str] = set()
    for position, port in enumerate(ports):
        at, name = f"ports[{position}]", port.get("name") or ""
        if name:
            found += field.each(f"{at}.name", name, words.dns_label(name))
        if name in names:
            found.append(field.duplicate(f"{at}.name", name))
        names.add(name)
        found += endpoint.protocol(port, at)
    return found


def _endpoints(obj: Object) -> Errors:
    endpoints, type_ = obj.get("endpoints") or [], obj.get("addressType", "")
    if len(endpoints) > MAX_ENDPOINTS:
        return [field.too_many("endpoints", len(endpoints), MAX_ENDPOINTS)]
    found: Errors = []
    for position, one in enumerate(endpoints):
        at = f"endpoints[{position}]"
        addresses = one.get("addresses") or []
        if not addresses:
            found.append(field.required(f"{at}.addresses", "must contain at least 1 address"))
        elif len(addresses) > MAX_ADDRESSES:
            found.append(field.too_many(f"{at}.addresses", len(addresses), MAX_ADDRESSES))
        for index, address in enumerate(addresses):
            found += _address(address, type_, f"{at}.addresses", index)
        if one.get("nodeName") is not None:
            found += field.each(f"{at}.nodeName", one["nodeName"], words.dns_subdomain(one["nodeName"]))
        if one.get("deprecatedTopology"):
            found += metadata.labels(one["deprecatedTopology"], f"{at}.deprecatedTopology")
        if one.get("hostname") is not None:
            found += field.each(f"{at}.hostname", one["hostname"], words.dns_label(one["hostname"]))
        found += _hints(one.get("hints") or {}, f"{at}.hints")
    return found


def _address(address: str, type_: str, path: str, index: int) -> Errors:
    at = f"{path}[{index}]"
    if type_ == "FQDN":
        messages = words.dns_subdomain(address.removesuffix("."))
        if not messages and "." not in address.removesuffix("."):
            messages = ["should be a domain with at least two segments separated by dots"]
        return [field.invalid(at, address, ",".join(messages))] if messages else []
    found = words.ip(at, address, canonical=type_ == "IPv6")
    if found or type_ not in ADDRESS_TYPES:
        return found if type_ in ADDRESS_TYPES else []
    if words.is_ipv6(address) != (type_ == "IPv6"):
        found.append(field.invalid(path, address, f"must be an {type_} address"))
    return found + endpoint.usable_ip(address, at)


def _hints(hints: Object, path: str) -> Errors:
    found: Errors = []
    for name, check in (("forZones", label_syntax.value_errors), ("forNodes", words.dns_subdomain)):
        items = hints.get(name) or []
        if len(items) > MAX_HINTS:
            return [*found, field.too_many(f"{path}.{name}", len(items), MAX_HINTS)]
        seen: set[str] = set()
        for position, item in enumerate(items):
            at, value = f"{path}.{name}[{position}].name", item.get("name", "")
            if value in seen:
                found.append(field.duplicate(at, value))
            seen.add(value)
            found += field.each(at, value, check(value))
    return found
