"""What an object counts for in a quota, and what a Pod asks for in all.

The resource quota controller counts by the same figures.
Source: pkg/quota/v1/evaluator/core/{pods,services,persistent_volume_claims,registry}.go,
component-helpers/resource/helpers.go
"""

from __future__ import annotations

from k8s_magic.machinery import names, quantity
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS, SERVICES, GroupVersionResource
from k8s_magic.machinery.quantity import Quantity

Usage = dict[str, Quantity]

CLAIMS = names.core("persistentvolumeclaims")
ONE = quantity.parse("1")
# Resources that also count under their plain name. Source: registry.go legacyObjectCountAliases
PLAIN = frozenset(
    {"configmaps", "persistentvolumeclaims", "replicationcontrollers", "resourcequotas", "secrets", "services"}
)
MEASURED = ("cpu", "memory", "ephemeral-storage")
POD_LEVEL = ("cpu", "memory")
COUNTED_CLASS = ".storageclass.storage.k8s.io/"


def of(gvr: GroupVersionResource, obj: Object) -> Usage:
    """Resource name -> amount, zeros left out."""
    used: Usage = {f"count/{gvr.qualified}": ONE}
    if not gvr.group and gvr.resource in PLAIN:
        used[gvr.resource] = ONE
    if gvr == PODS:
        phase = (obj.get("status") or {}).get("phase")
        if phase not in ("Succeeded", "Failed"):
            used["pods"] = ONE
            used |= _pod(obj["spec"])
    elif gvr == SERVICES:
        used |= _service(obj["spec"])
    elif gvr == CLAIMS:
        used |= _claim(obj)
    return {name: amount for name, amount in used.items() if not amount.is_zero}


def named(requests: Usage, limits: Usage) -> Usage:
    """Requests and limits under the names that quotas use."""
    used: Usage = {}
    for name, amount in requests.items():
        if name in MEASURED or name.startswith("hugepages-"):
            used[name] = amount
            used[f"requests.{name}"] = amount
        elif "/" in name:
            used[f"requests.{name}"] = amount
    for name, amount in limits.items():
        if name in MEASURED:
            used[f"limits.{name}"] = amount
    return used


def of_container(container: Object, field: str) -> Usage:
    amounts = (container.get("resources") or {}).get(field) or {}
    return {name: quantity.parse(text) for name, text in amounts.items()}


def of_pod(spec: Object, field: str) -> Usage:
    """The sum of a Pod's containers or, where more, its greediest moment of starting. `field`: requests or limits."""
    total: Usage = {}
    for container in spec.get("containers") or ():
        _add(total, of_container(container, field))
    sidecars: Usage = {}
    starting: Usage = {}
    for container in spec.get("initContainers") or ():
        amounts = of_container(container, field)
        if container.get("restartPolicy") == "Always":
            _add(total, amounts)
            _add(sidecars, amounts)
            moment = dict(sidecars)
        else:
            moment = dict(amounts)
            _add(moment, sidecars)
        _raise_to(starting, moment)
    _raise_to(total, starting)
    for name, text in ((spec.get("resources") or {}).get(field) or {}).items():
        if name in POD_LEVEL:
            total[name] = quantity.parse(text)
    return total


def _pod(spec: Object) -> Usage:
    requests, limits = of_pod(spec, "requests"), of_pod(spec, "limits")
    for name, text in (spec.get("overhead") or {}).items():
        amount = quantity.parse(text)
        requests[name] = requests[name] + amount if name in requests else amount
        if name in limits:
            limits[name] = limits[name] + amount
    return named(requests, limits)


def _service(spec: Object) -> Usage:
    ports = spec.get("ports") or ()
    kind = spec.get("type")
    node_ports = 0
    if kind == "NodePort":
        node_ports = len(ports)
    elif kind == "LoadBalancer":
        if spec.get("allocateLoadBalancerNodePorts") is False:
            ports = [port for port in ports if port.get("nodePort")]
        node_ports = len(ports)
    return {
        "services.nodeports": quantity.parse(node_ports),
        "services.loadbalancers": quantity.parse(1 if kind == "LoadBalancer" else 0),
    }


def _claim(claim: Object) -> Usage:
    spec = claim.get("spec") or {}
    text = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
    used: Usage = {}
    storage_class = spec.get("storageClassName")
    if storage_class:
        used[f"{storage_class}{COUNTED_CLASS}persistentvolumeclaims"] = ONE
    if text is not None:
        used["requests.storage"] = quantity.parse(text)
        if storage_class:
            used[f"{storage_class}{COUNTED_CLASS}requests.storage"] = quantity.parse(text)
    return used


def _add(total: Usage, more: Usage) -> None:
    for name, amount in more.items():
        total[name] = total[name] + amount if name in total else amount


def _raise_to(total: Usage, least: Usage) -> None:
    for name, amount in least.items():
        if name not in total or total[name] < amount:
            total[name] = amount
