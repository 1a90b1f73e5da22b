"""How many Pods a rollout may have: surge, unavailability, and shares of a size among ReplicaSets.

Source: pkg/controller/deployment/util/deployment_util.go, apimachinery/pkg/util/intstr, k8s.io/utils/integer (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.controllers.deployment import revisions
from k8s_magic.kinds.deployment.rollout import fenceposts as fenceposts
from k8s_magic.kinds.deployment.rollout import is_rolling as is_rolling
from k8s_magic.kinds.deployment.rollout import replicas as replicas
from k8s_magic.kinds.deployment.rollout import scaled as scaled
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object


def max_surge(deployment: Object) -> int:
    return fenceposts(deployment)[0] if is_rolling(deployment) else 0


def max_unavailable(deployment: Object) -> int:
    wanted = replicas(deployment)
    if not is_rolling(deployment) or wanted == 0:
        return 0
    return min(fenceposts(deployment)[1], wanted)


def total(replica_sets: Iterable[Object]) -> int:
    """Pods asked for."""
    return sum(replicas(found) for found in replica_sets)


def status_total(replica_sets: Iterable[Object], field: str) -> int:
    return sum((found.get("status") or {}).get(field, 0) for found in replica_sets)


def for_new(deployment: Object, replica_sets: Iterable[Object], new_size: int) -> int:
    """What the newest ReplicaSet may grow to now."""
    wanted = replicas(deployment)
    if not is_rolling(deployment):
        return wanted
    limits = deployment["spec"]["strategy"].get("rollingUpdate") or {}
    room = wanted + scaled(limits.get("maxSurge"), wanted, round_up=True) - total(replica_sets)
    if room <= 0:
        return new_size
    return new_size + min(room, wanted - new_size)


def proportion(deployment: Object, replica_set: Object, to_add: int, added: int) -> int:
    """A ReplicaSet's share of the Pods to add (or, below zero, to take) when a rollout under way is scaled."""
    size = replicas(replica_set)
    if size == 0 or to_add in (0, added):
        return 0
    fraction, allowed = _fraction(deployment, replica_set, size), to_add - added
    return min(fraction, allowed) if to_add > 0 else max(fraction, allowed)


def _fraction(deployment: Object, replica_set: Object, size: int) -> int:
    wanted = replicas(deployment)
    if wanted == 0:
        return -size
    most_before = revisions.count(replica_set, revisions.MAX_REPLICAS)
    if not most_before:
        most_before = (deployment.get("status") or {}).get("replicas", 0)
        if not most_before:
            return 0
    share = size * (wanted + max_surge(deployment)) / most_before
    return int(share - 0.5 if share < 0 else share + 0.5) - size


def by_age(replica_set: Object) -> tuple[str, str]:
    """Sort key: oldest first, then by name."""
    return replica_set["metadata"].get("creationTimestamp") or "", meta.name_of(replica_set)
