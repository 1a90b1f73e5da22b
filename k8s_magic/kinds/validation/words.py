"""What may be a name, port, address, percentage, header or key; each check answers its messages.

Source: apimachinery/pkg/util/validation/{validation,ip}.go, apimachinery/pkg/api/validation/generic.go
"""

from __future__ import annotations

import ipaddress
import re

from k8s_magic.kinds.validation import field
from k8s_magic.kinds.validation.field import Errors

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_UNDERSCORE_LABEL = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_UNDERSCORE_SUBDOMAIN = rf"{_UNDERSCORE_LABEL}(\.{_UNDERSCORE_LABEL})*"
_LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?"
_IDENTIFIER = "[A-Za-z_][A-Za-z0-9_]*"
_ENV_NAME = "[-._a-zA-Z][-._a-zA-Z0-9]*"
_CONFIG_KEY = "[-._a-zA-Z0-9]+"
_HEADER = "[-A-Za-z0-9]+"
_PERCENT = "[0-9]+%"


def regex_error(message: str, pattern: str, *examples: str) -> str:
    if not examples:
        return f"{message} (regex used for validation is '{pattern}')"
    named = " or ".join(f"'{example}', " for example in examples)
    return f"{message} (e.g. {named}regex used for validation is '{pattern}')"


def too_long(limit: int) -> str:
    return f"must be no more than {limit} characters"


def in_range(low: int, high: int) -> str:
    return f"must be between {low} and {high}, inclusive"


def matches(pattern: str, value: str) -> bool:
    return re.fullmatch(pattern, value, re.ASCII) is not None


def dns_label(value: str) -> list[str]:
    found = [too_long(63)] if len(value) > 63 else []
    if not matches(_LABEL, value):
        if matches(_SUBDOMAIN, value):
            found.append("must not contain dots")
        else:
            text = (
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
                "and must start and end with an alphanumeric character"
            )
            found.append(regex_error(text, _LABEL, "my-name", "123-abc"))
    return found


def dns_subdomain(value: str) -> list[str]:
    found = [too_long(253)] if len(value) > 253 else []
    if not matches(_SUBDOMAIN, value):
        text = (
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
            "and must start and end with an alphanumeric character"
        )
        found.append(regex_error(text, _SUBDOMAIN, "example.com"))
    return found


def dns_subdomain_with_underscore(value: str) -> list[str]:
    found = [too_long(253)] if len(value) > 253 else []
    if not matches(_UNDERSCORE_SUBDOMAIN, value):
        text = (
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', "
            "and must start and end with an alphanumeric character"
        )
        found.append(regex_error(text, _UNDERSCORE_SUBDOMAIN, "example.com"))
    return found


def dns_1035_label(value: str) -> list[str]:
    found = [too_long(63)] if len(value) > 63 else []
    if not matches(_LABEL_1035, value):
        text = (
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
            "alphabetic character, and end with an alphanumeric character"
        )
        found.append(regex_error(text, _LABEL_1035, "my-name", "abc-123"))
    return found


def wildcard_subdomain(value: str) -> list[str]:
    found = [too_long(253)] if len(value) > 253 else []
    pattern = rf"\*\.{_SUBDOMAIN}"
    if not matches(pattern, value):
        text = (
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must "
            "consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character"
        )
        found.append(regex_error(text, pattern, "*.example.com"))
    return found


def path_segment(value: str) -> list[str]:
    """A name that stands in a URL. Source: apimachinery/pkg/api/validation/path/name.go"""
    if value in (".", ".."):
        return [f"may not be '{value}'"]
    return [f"may not contain '{text}'" for text in ("/", "%") if text in value]


def c_identifier(value: str) -> list[str]:
    if matches(_IDENTIFIER, value):
        return []
    text = (
        "a valid C identifier must start with alphabetic character or '_', followed by a string of "
        "alphanumeric characters or '_'"
    )
    return [regex_error(text, _IDENTIFIER, "my_name", "MY_NAME", "MyName")]


def env_name(value: str) -> list[str]:
    """IsRelaxedEnvVarName: any printable ASCII but `=`."""
    if not value:
        return ["environment variable name must be non-empty"]
    if any(not " " <= char <= "~" or char == "=" for char in value):
        return ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
    return []


def config_key(value: str) -> list[str]:
    found = [too_long(253)] if len(value) > 253 else []
    if not matches(_CONFIG_KEY, value):
        text = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
        found.append(regex_error(text, _CONFIG_KEY, "key.name", "KEY_NAME", "key-name"))
    if value in (".", ".."):
        found.append(f"must not be '{value}'")
    elif value.startswith(".."):
        found.append("must not start with '..'")
    return found


def header_name(value: str) -> list[str]:
    if matches(_HEADER, value):
        return []
    text = "a valid HTTP header must consist of alphanumeric characters or '-'"
    return [regex_error(text, _HEADER, "X-Header-Name")]


def percent(value: str) -> list[str]:
    if matches(_PERCENT, value):
        return []
    text = "a valid percent string must be a numeric string followed by an ending '%'"
    return [regex_error(text, _PERCENT, "1%", "93%")]


def port_number(value: int) -> list[str]:
    return [] if 1 <= value <= 65535 else [in_range(1, 65535)]


def port_name(value: str) -> list[str]:
    found = [too_long(15)] if len(value) > 15 else []
    if not matches("[-a-z0-9]+", value):
        found.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not re.search("[a-z]", value):
        found.append("must contain at least one letter (a-z)")
    if "--" in value:
        found.append("must not contain consecutive hyphens")
    if value.startswith("-") or value.endswith("-"):
        found.append("must not begin or end with a hyphen")
    return found


def user_or_group_id(value: int) -> list[str]:
    return [] if 0 <= value <= 2**31 - 1 else [in_range(0, 2**31 - 1)]


def masked(name: str) -> str:
    """A generateName's trailing dash stands for what will be appended."""
    return name[:-2] + "a" if len(name) > 1 and name.endswith("-") else name


def _sloppy(value: str) -> str:
    """An IPv4 address without leading zeros."""
    parts = value.split(".")
    if len(parts) == 4 and all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
        return ".".join(str(int(part)) for part in parts)
    return value


def ip(path: str, value: str, *, canonical: bool = False) -> Errors:
    """IsValidIPForLegacyField (strict); `canonical` for newer fields (IsValidIP)."""
    try:
        address = ipaddress.ip_address(_sloppy(value))
        if "%" in value:
            raise ValueError
    except ValueError:
        return [field.invalid(path, value, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    if _sloppy(value) != value:
        return [field.invalid(path, value, "must not have leading 0s")]
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return [field.invalid(path, value, "must not be an IPv4-mapped IPv6 address")]
    if canonical and str(address) != value:
        return [field.invalid(path, value, f'must be in canonical form ("{address}")')]
    return []


def cidr(path: str, value: str) -> Errors:
    """IsValidCIDRForLegacyField (strict)."""
    text, slash, length = value.partition("/")
    try:
        if not slash or not length.isdigit() or "%" in value:
            raise ValueError
        interface = ipaddress.ip_interface(f"{_sloppy(text)}/{int(length)}")
    except ValueError:
        message = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
        return [field.invalid(path, value, message)]
    if _sloppy(text) != text or str(int(length)) != length:
        return [field.invalid(path, value, "must not have leading 0s in IP or prefix length")]
    if isinstance(interface, ipaddress.IPv6Interface) and interface.ip.ipv4_mapped is not None:
        return [field.invalid(path, value, "must not have an IPv4-mapped IPv6 address")]
    if interface.ip != interface.network.network_address:
        return [field.invalid(path, value, "must not have bits set beyond the prefix length")]
    return []


def is_ipv6(value: str) -> bool:
    return ":" in value


def qualified_domain(path: str, value: str) -> Errors:
    """IsFullyQualifiedName: at least three segments."""
    if not value:
        return [field.required(path)]
    found = dns_subdomain(value)
    if found:
        return [field.invalid(path, value, ",".join(found))]
    if value.count(".") < 2:
        message = "should be a domain with at least three segments separated by dots"
        return [field.invalid(path, value, message)]
    return []
