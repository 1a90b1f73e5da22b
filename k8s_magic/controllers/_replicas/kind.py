"""What differs between the kinds that keep replicas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.selectors import Selector


@dataclass(frozen=True, slots=True)
class ReplicaKind:
    kind: str
    resource: GroupVersionResource
    component: str  # the events' source
    selector: Callable[[Object], Selector]
    counts_terminating: bool  # whether the status tells terminatingReplicas
