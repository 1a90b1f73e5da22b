"""Pod-level requests and limits, defaulted from those of the containers.

Source: pkg/apis/core/v1/defaults.go defaultPodRequests, defaultHugePagePodLimits; component-helpers/resource
"""

from __future__ import annotations

from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.quantity import Quantity

HUGE_PAGES = "hugepages-"


def is_supported(name: str) -> bool:
    return name in ("cpu", "memory") or name.startswith(HUGE_PAGES)


def total(spec: Object, side: str) -> dict[str, Quantity]:
    """What the containers ask for together: `side` is requests or limits.

    Ordinary containers and sidecars add up; an init container counts with the sidecars started before it.
    """
    running: dict[str, Quantity] = {}
    for one in spec.get("containers") or ():
        _add(running, _amounts(one, side))
    sidecars: dict[str, Quantity] = {}
    highest: dict[str, Quantity] = {}
    for one in spec.get("initContainers") or ():
        amounts = _amounts(one, side)
        if one.get("restartPolicy") == "Always":
            _add(running, amounts)
            _add(sidecars, amounts)
            amounts = dict(sidecars)
        else:
            _add(amounts, sidecars)
        _raise(highest, amounts)
    _raise(running, highest)
    return running


def _amounts(container: Object, side: str) -> dict[str, Quantity]:
    amounts = container["resources"].get(side) or {}
    return {name: quantity.parse(text) for name, text in amounts.items()}


def _add(to: dict[str, Quantity], amounts: dict[str, Quantity]) -> None:
    for name, amount in amounts.items():
        to[name] = to[name] + amount if name in to else amount


def _raise(to: dict[str, Quantity], amounts: dict[str, Quantity]) -> None:
    for name, amount in amounts.items():
        if name not in to or to[name] < amount:
            to[name] = amount


def fill(spec: Object) -> None:
    """Complete the pod's own resources where they are partly given."""
    resources = spec.get("resources")
    if not resources:
        return
    requests, limits = dict(resources.get("requests") or {}), dict(resources.get("limits") or {})
    if requests or limits:
        for name, amount in total(spec, "limits").items():
            if name.startswith(HUGE_PAGES) and name not in requests:
                limits.setdefault(name, str(amount))
    if limits:
        resources["limits"] = limits
        for name, amount in total(spec, "requests").items():
            if name in ("cpu", "memory"):
                requests.setdefault(name, str(amount))
        for name, text in limits.items():
            if is_supported(name):
                requests.setdefault(name, text)
        if requests:
            resources["requests"] = requests
