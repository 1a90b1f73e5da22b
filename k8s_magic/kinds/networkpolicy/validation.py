"""Source: pkg/apis/networking/validation/validation.go ValidateNetworkPolicy"""

from __future__ import annotations

import ipaddress

from k8s_magic.kinds.validation import field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

PROTOCOLS = ("TCP", "UDP", "SCTP")
TYPES = ("Ingress", "Egress")


def validate(obj: Object) -> Errors:
    return metadata.validate(obj) + _spec(obj["spec"])


def validate_update(new: Object, old: Object) -> Errors:
    return metadata.validate_update(new, old) + _spec(new["spec"])


def _spec(spec: Object) -> Errors:
    found = metadata.label_selector(spec.get("podSelector"), "spec.podSelector")
    for side, peers in (("ingress", "from"), ("egress", "to")):
        for position, rule in enumerate(spec.get(side) or ()):
            at = f"spec.{side}[{position}]"
            for index, port in enumerate(rule.get("ports") or ()):
                found += _port(port, f"{at}.ports[{index}]")
            for index, peer in enumerate(rule.get(peers) or ()):
                found += _peer(peer, f"{at}.{peers}[{index}]")
    types = spec.get("policyTypes") or []
    if len(types) > len(TYPES):
        return [*found, field.invalid("spec.policyTypes", types, "may not specify more than two policyTypes")]
    for position, type_ in enumerate(types):
        if type_ not in TYPES:
            found.append(field.unsupported(f"spec.policyTypes[{position}]", type_, TYPES))
    return found


def _port(port: Object, path: str) -> Errors:
    found: Errors = []
    protocol, number, end = port.get("protocol"), port.get("port"), port.get("endPort")
    if protocol is not None and protocol not in PROTOCOLS:
        found.append(field.unsupported(f"{path}.protocol", protocol, PROTOCOLS))
    if number is None:
        if end is not None:
            message = "may not be specified when `port` is not specified"
            found.append(field.invalid(f"{path}.endPort", end, message))
    elif isinstance(number, int):
        found += field.each(f"{path}.port", number, words.port_number(number))
        if end is not None:
            if end < number:
                message = "must be greater than or equal to `port`"
                found.append(field.invalid(f"{path}.endPort", number, message))
            found += field.each(f"{path}.endPort", end, words.port_number(end))
    else:
        if end is not None:
            message = "may not be specified when `port` is non-numeric"
            found.append(field.invalid(f"{path}.endPort", end, message))
        found += field.each(f"{path}.port", number, words.port_name(number))
    return found


def _peer(peer: Object, path: str) -> Errors:
    found: Errors = []
    names = [name for name in ("podSelector", "namespaceSelector") if peer.get(name) is not None]
    for name in names:
        found += metadata.label_selector(peer[name], f"{path}.{name}")
    block = peer.get("ipBlock")
    if block is not None:
        found += _block(block, f"{path}.ipBlock")
    if not names and block is None:
        found.append(field.required(path, "must specify a peer"))
    elif names and block is not None:
        found.append(field.forbidden(path, "may not specify both ipBlock and another peer"))
    return found


def _block(block: Object, path: str) -> Errors:
    text = block.get("cidr", "")
    if not text:
        return [field.required(f"{path}.cidr")]
    found = words.cidr(f"{path}.cidr", text)
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return found
    for position, value in enumerate(block.get("except") or ()):
        at = f"{path}.except[{position}]"
        found += words.cidr(at, value)
        try:
            inner = ipaddress.ip_network(value, strict=False)
        except ValueError:
            continue
        if inner.network_address not in network or network.prefixlen >= inner.prefixlen:
            found.append(field.invalid(at, value, "must be a strict subset of `cidr`"))
    return found
