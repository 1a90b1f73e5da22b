"""Cluster IPs and IP families of a Service: how they fit together, and how they may change.

Source: core/validation ValidateServiceClusterIPsRelatedFields, validateUpgradeDowngrade*
"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

FAMILIES = ("IPv4", "IPv6")
POLICIES = ("PreferDualStack", "RequireDualStack", "SingleStack")
FIXED = "may not change once set"
ONE_PER_FAMILY = "may specify no more than one IP for each IP family"


def is_headless(spec: Object) -> bool:
    """Upstream fills clusterIPs from clusterIP before it looks; so do we here."""
    return cluster_ips(spec) == ["None"]


def cluster_ips(spec: Object) -> list[str]:
    ips: list[str] = spec.get("clusterIPs") or ([spec["clusterIP"]] if spec.get("clusterIP") else [])
    return ips


def related(spec: Object, old: Object) -> Errors:
    if spec.get("type") == "ExternalName":
        return []
    found: Errors = []
    path, ip, ips = "spec.clusterIPs", spec.get("clusterIP", ""), cluster_ips(spec)
    has_wrong = False
    if ip and ips[0] != ip:
        found.append(field.invalid(path, ips, "first value must match `clusterIP`"))
    if not ip and ips:
        found.append(field.invalid(path, ips, "must be empty when `clusterIP` is not specified"))
    families = spec.get("ipFamilies") or []
    for position, family in enumerate(families):
        if family not in FAMILIES:
            found.append(field.unsupported(f"spec.ipFamilies[{position}]", family, FAMILIES))
        if family in families[:position]:
            found.append(field.duplicate(f"spec.ipFamilies[{position}]", family))
    policy = spec.get("ipFamilyPolicy")
    if policy is not None and policy not in POLICIES:
        found.append(field.unsupported("spec.ipFamilyPolicy", policy, POLICIES))
    for position, value in enumerate(ips):
        if position == 0 and value == "None":
            if len(ips) > 1:
                has_wrong = True
                found.append(field.invalid(path, ips, "'None' must be the first and only value"))
            continue
        wrong = [] if value in (old.get("clusterIPs") or ()) else words.ip(f"{path}[{position}]", value)
        has_wrong = has_wrong or bool(wrong)
        found += wrong
    if len(ips) > 2:
        found.append(field.invalid(path, ips, "may only hold up to 2 values"))
    if has_wrong:
        return found
    if len(ips) > 1 and len({words.is_ipv6(value) for value in ips}) < 2:
        found.append(field.invalid(path, ips, ONE_PER_FAMILY))
    if not is_headless(spec):
        for position, (value, family) in enumerate(zip(ips, families, strict=False)):
            if words.is_ipv6(value) != (family == "IPv6") and family in FAMILIES:
                message = f"expected an {family} value as indicated by `ipFamilies[{position}]`"
                found.append(field.invalid(f"{path}[{position}]", value, message))
    return found


def changes(new: Object, old: Object) -> Errors:
    if "ExternalName" in (new.get("type"), old.get("type")):
        return []
    found: Errors = []
    before, after = is_headless(old), is_headless(new)
    if not (before and after):
        found += _ips(new, old)
    if not before and not after:
        found += _families(new, old)
    name = "loadBalancerClass"
    if new.get("type") == old.get("type") == "LoadBalancer" and new.get(name) != old.get(name):
        found.append(field.invalid(f"spec.{name}", new.get(name), FIXED))
    return found


def _ips(new: Object, old: Object) -> Errors:
    path = "spec.clusterIPs"
    before, after = cluster_ips(old), cluster_ips(new)
    if len(before) == len(after):
        return [
            field.invalid(f"{path}[{position}]", after, FIXED)
            for position, value in enumerate(before)
            if value != after[position]
        ]
    found: Errors = []
    if before and not after:
        found.append(field.invalid(f"{path}[0]", new.get("clusterIPs"), "primary clusterIP can not be unset"))
    if before and after and before[0] != after[0]:
        found.append(field.invalid(f"{path}[0]", after, FIXED))
    if len(after) == 1 and len(before) > 1 and new.get("ipFamilyPolicy") != "SingleStack":
        message = "must be set to 'SingleStack' when releasing the secondary clusterIP"
        found.append(field.invalid("spec.ipFamilyPolicy", new.get("ipFamilyPolicy"), message))
    return found


def _families(new: Object, old: Object) -> Errors:
    path = "spec.ipFamilies"
    before, after = old.get("ipFamilies") or [], new.get("ipFamilies") or []
    if len(before) == len(after):
        return [
            field.invalid(f"{path}[0]", after, FIXED)
            for position, value in enumerate(before)
            if value != after[position]
        ]
    found: Errors = []
    if len(before) > len(after) and not cluster_ips(new):
        found.append(field.invalid(f"{path}[0]", after or None, "primary ipFamily can not be unset"))
    if before and after and before[0] != after[0]:
        found.append(field.invalid(f"{path}[0]", cluster_ips(new), FIXED))
    if len(before) > len(after) == 1 and new.get("ipFamilyPolicy") != "SingleStack":
        message = "must be set to 'SingleStack' when releasing the secondary ipFamily"
        found.append(field.invalid("spec.ipFamilyPolicy", new.get("ipFamilyPolicy"), message))
    return found
