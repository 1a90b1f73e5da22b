"""Fields of a Service that fall away when its type no longer has them and the user left them as they were.

Source: pkg/registry/core/service/strategy.go dropTypeDependentFields
"""

from __future__ import annotations

from k8s_magic.machinery.meta import Object

EXPOSED = ("NodePort", "LoadBalancer")


def drop_dependent_fields(new: Object, old: Object) -> None:
    after, before = new["spec"], old["spec"]
    now, was = after.get("type"), before.get("type")
    if was != "ExternalName" and now == "ExternalName":
        if all(after.get(name) == before.get(name) for name in ("clusterIP", "clusterIPs")):
            _drop(after, "clusterIP", "clusterIPs")
        for name in ("ipFamilies", "ipFamilyPolicy"):
            if after.get(name) == before.get(name):
                _drop(after, name)
    if was in EXPOSED and now not in EXPOSED and _node_ports(after) <= _node_ports(before):
        for port in after.get("ports") or ():
            port.pop("nodePort", None)
    if _needs_health_port(before) and not _needs_health_port(after):
        _drop_same(after, before, "healthCheckNodePort")
    if was == "LoadBalancer" and now != "LoadBalancer":
        _drop_same(after, before, "allocateLoadBalancerNodePorts")
        _drop_same(after, before, "loadBalancerClass")
    if _is_exposed(before) and not _is_exposed(after):
        _drop_same(after, before, "externalTrafficPolicy")
    if now != "LoadBalancer":
        new["status"] = {**new["status"], "loadBalancer": {}}


def _drop(spec: Object, *names: str) -> None:
    for name in names:
        spec.pop(name, None)


def _drop_same(after: Object, before: Object, name: str) -> None:
    if after.get(name) == before.get(name):
        after.pop(name, None)


def _node_ports(spec: Object) -> set[int]:
    return {port["nodePort"] for port in spec.get("ports") or () if port.get("nodePort")}


def _needs_health_port(spec: Object) -> bool:
    return spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"


def _is_exposed(spec: Object) -> bool:
    return spec.get("type") in EXPOSED or (spec.get("type") == "ClusterIP" and bool(spec.get("externalIPs")))
