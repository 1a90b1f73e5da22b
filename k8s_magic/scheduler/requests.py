"""How much of a node a Pod takes: the sum over its containers, in the units the scheduler counts in.

Source: component-helpers/resource/helpers.go (PodRequests), pkg/scheduler/util/pod_resources.go (1.36)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object

# What a container without a request counts for when nodes are scored. Source: scheduler/util/pod_resources.go
DEFAULT_CPU_MILLI = 100
DEFAULT_MEMORY = 200 * 1024 * 1024

CPU, MEMORY, EPHEMERAL_STORAGE, PODS = "cpu", "memory", "ephemeral-storage", "pods"


class Request(NamedTuple):
    """Units: millicores and bytes. The `scored_` pair has defaults in place of missing requests."""

    cpu: int = 0
    memory: int = 0
    ephemeral: int = 0
    scalars: tuple[tuple[str, int], ...] = ()
    scored_cpu: int = 0
    scored_memory: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.cpu or self.memory or self.ephemeral or self.scalars)


def amount(name: str, text: Any) -> int:
    """A quantity of a resource in the unit the scheduler counts it in."""
    return quantity.cpu_milli(text) if name == CPU else quantity.as_bytes(text)


def amounts(resources: Mapping[str, Any] | None) -> dict[str, int]:
    return {name: amount(name, text) for name, text in (resources or {}).items()}


def is_sidecar(container: Mapping[str, Any]) -> bool:
    return container.get("restartPolicy") == "Always"


def _add(total: dict[str, int], more: Mapping[str, int]) -> None:
    for name, value in more.items():
        total[name] = total.get(name, 0) + value


def _raise_to(total: dict[str, int], floor: Mapping[str, int]) -> None:
    for name, value in floor.items():
        if value > total.get(name, 0):
            total[name] = value


def _sum(spec: Mapping[str, Any], *, scored: bool) -> dict[str, int]:
    def requested(container: Mapping[str, Any]) -> dict[str, int]:
        found = amounts((container.get("resources") or {}).get("requests"))
        if scored:
            found.setdefault(CPU, DEFAULT_CPU_MILLI)
            found.setdefault(MEMORY, DEFAULT_MEMORY)
        return found

    total: dict[str, int] = {}
    for container in spec.get("containers") or ():
        _add(total, requested(container))
    peak: dict[str, int] = {}
    sidecars: dict[str, int] = {}
    for container in spec.get("initContainers") or ():
        own = requested(container)
        if is_sidecar(container):
            _add(total, own)
            _add(sidecars, own)
            own = sidecars
        else:
            _add(own, sidecars)
        _raise_to(peak, own)
    _raise_to(total, peak)
    for name, value in amounts((spec.get("resources") or {}).get("requests")).items():
        total[name] = value  # Pod-level requests replace the sum
    _add(total, amounts(spec.get("overhead")))
    return total


def of_pod(pod: Object) -> Request:
    spec = pod["spec"]
    total = _sum(spec, scored=False)
    scored = _sum(spec, scored=True)
    known = (CPU, MEMORY, EPHEMERAL_STORAGE)
    return Request(
        cpu=total.get(CPU, 0),
        memory=total.get(MEMORY, 0),
        ephemeral=total.get(EPHEMERAL_STORAGE, 0),
        scalars=tuple(sorted((name, value) for name, value in total.items() if name not in known and value)),
        scored_cpu=scored.get(CPU, 0),
        scored_memory=scored.get(MEMORY, 0),
    )
