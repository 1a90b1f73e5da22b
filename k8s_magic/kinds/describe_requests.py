"""What a Pod asks for and may use in all: the sums that `kubectl describe node` shows.

Source: component-helpers/resource/helpers.go (PodRequests, PodLimits)
"""

from __future__ import annotations

from collections.abc import Mapping

from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.quantity import Quantity

Amounts = dict[str, Quantity]


def requests(pod: Object) -> Amounts:
    return _total(pod, "requests")


def limits(pod: Object) -> Amounts:
    return _total(pod, "limits")


def add(to: Amounts, amounts: Mapping[str, Quantity]) -> None:
    for name, value in amounts.items():
        to[name] = to[name] + value if name in to else value


def _total(pod: Object, key: str) -> Amounts:
    """Containers and sidecars together, or the largest init container with the sidecars before it; overhead on top."""
    spec = pod["spec"]
    total: Amounts = {}
    for container in spec.get("containers") or ():
        add(total, _amounts(container.get("resources"), key))
    sidecars: Amounts = {}
    largest: Amounts = {}
    for container in spec.get("initContainers") or ():
        own = _amounts(container.get("resources"), key)
        if container.get("restartPolicy") == "Always":
            add(total, own)
            add(sidecars, own)
            own = dict(sidecars)
        else:
            add(own, sidecars)
        _raise(largest, own)
    _raise(total, largest)
    total |= _amounts(spec.get("resources"), key)
    overhead = spec.get("overhead") or {}
    for name, text in overhead.items():
        if key == "requests" or (name in total and not total[name].is_zero):
            add(total, {name: quantity.parse(text)})
    return total


def _amounts(resources: Object | None, key: str) -> Amounts:
    found = (resources or {}).get(key) or {}
    return {name: quantity.parse(text) for name, text in found.items()}


def _raise(to: Amounts, amounts: Amounts) -> None:
    for name, value in amounts.items():
        if name not in to or to[name] < value:
            to[name] = value
