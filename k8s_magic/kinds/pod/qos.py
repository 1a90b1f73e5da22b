"""A Pod's quality of service class. Source: pkg/apis/core/v1/helper/qos/qos.go"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.quantity import Quantity

COUNTED = ("cpu", "memory")


def qos_class(spec: Object) -> str:
    """BestEffort, Guaranteed or Burstable, by what the Pod (or else its containers) asks for."""
    own = spec.get("resources")
    if own is not None:
        parts: Iterable[Object] = (own,)
    else:
        containers = [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]
        parts = [one.get("resources") or {} for one in containers]
    requests: dict[str, Quantity] = {}
    limits: dict[str, Quantity] = {}
    is_guaranteed = True
    for part in parts:
        _add(requests, part.get("requests") or {})
        limited = _add(limits, part.get("limits") or {})
        if limited != len(COUNTED) and (own is None or part.get("limits")):
            is_guaranteed = False
    if not requests and not limits:
        return "BestEffort"
    return "Guaranteed" if is_guaranteed and requests == limits else "Burstable"


def _add(to: dict[str, Quantity], amounts: Mapping[str, str]) -> int:
    """Adds what counts; answers how many of the counted resources were above zero."""
    number = 0
    for name in COUNTED:
        text = amounts.get(name)
        if text is None:
            continue
        amount = quantity.parse(text)
        if amount.nanos > 0:
            number += 1
            to[name] = to[name] + amount if name in to else amount
    return number
