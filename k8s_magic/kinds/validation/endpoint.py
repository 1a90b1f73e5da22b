"""Addresses and protocols that Services and their endpoints share. Source: core/validation ValidateEndpointIP"""

from __future__ import annotations

import ipaddress

from k8s_magic.kinds.validation import field
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object

PROTOCOLS = ("SCTP", "TCP", "UDP")


def usable_ip(value: str, path: str) -> Errors:
    """Not unspecified, loopback or link-local."""
    try:
        ip = ipaddress.ip_address(value)
    except ValueError:
        return [field.invalid(path, value, "must be a valid IP address")]
    found: Errors = []
    if ip.is_unspecified:
        found.append(field.invalid(path, value, f"may not be unspecified ({value})"))
    if ip.is_loopback:
        found.append(field.invalid(path, value, "may not be in the loopback range (127.0.0.0/8, ::1/128)"))
    if ip.is_link_local:
        message = "may not be in the link-local range (169.254.0.0/16, fe80::/10)"
        found.append(field.invalid(path, value, message))
    multicast = ipaddress.ip_network("224.0.0.0/24" if ip.version == 4 else "ff02::/16")
    if ip in multicast:
        message = "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"
        found.append(field.invalid(path, value, message))
    return found


def protocol(port: Object, path: str) -> Errors:
    """The port's protocol and application protocol."""
    found = field.one_of(port.get("protocol", ""), PROTOCOLS, f"{path}.protocol")
    name = port.get("appProtocol")
    if name is not None:
        found += field.each(f"{path}.appProtocol", name, label_syntax.key_errors(name))
    return found
