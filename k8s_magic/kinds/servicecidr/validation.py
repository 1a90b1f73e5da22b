"""Source: pkg/apis/networking/validation/validation.go ValidateServiceCIDR"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj, namespaced=False)
    cidrs = obj["spec"].get("cidrs") or []
    at = "spec.cidrs"
    if not cidrs:
        return [*found, field.required(at, "at least one CIDR required")]
    if len(cidrs) > 2:
        found.append(field.invalid(at, obj["spec"], "may only hold up to 2 values"))
    if len(cidrs) == 2 and words.is_ipv6(cidrs[0]) == words.is_ipv6(cidrs[1]):
        message = "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/96"
        found.append(field.invalid(at, obj["spec"], message))
    for position, cidr in enumerate(cidrs):
        found += words.cidr(f"{at}[{position}]", cidr)
    return found
