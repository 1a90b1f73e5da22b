"""RollingUpdate: the new ReplicaSet grows and the old ones shrink, a step a sync.

Source: pkg/controller/deployment/rolling.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Sequence

from k8s_magic.client.controller import Result
from k8s_magic.controllers.deployment import sizes, status
from k8s_magic.controllers.deployment.rollout import Rollout
from k8s_magic.machinery.meta import Object


def roll(rollout: Rollout) -> Result | None:
    new, old = rollout.sync_revision(create=True)
    assert new is not None
    everything = [*old, new]
    if _grow_new(rollout, new, everything) or _shrink_old(rollout, new, old):
        return rollout.tell_rollout(everything, new)
    if status.is_complete(rollout.deployment, rollout.deployment.get("status") or {}):
        rollout.clean_up(old)
    return rollout.tell_rollout(everything, new)


def _grow_new(rollout: Rollout, new: Object, everything: Sequence[Object]) -> bool:
    wanted, size = sizes.replicas(rollout.deployment), sizes.replicas(new)
    if size == wanted:
        return False
    target = wanted if size > wanted else sizes.for_new(rollout.deployment, everything, size)
    return rollout.scale_set(new, target)[0]


def _shrink_old(rollout: Rollout, new: Object, old: Sequence[Object]) -> bool:
    """Take from the old ReplicaSets what availability allows: first Pods not available, then the oldest sets'."""
    active = [found for found in old if sizes.replicas(found) > 0]
    if not active:
        return False
    least = sizes.replicas(rollout.deployment) - sizes.max_unavailable(rollout.deployment)
    new_missing = sizes.replicas(new) - sizes.status_total([new], "availableReplicas")
    most = sizes.total([*old, new]) - least - new_missing
    if most <= 0:
        return False
    taken = 0
    for position, found in enumerate(active):
        size, available = sizes.replicas(found), sizes.status_total([found], "availableReplicas")
        step = min(most - taken, size - available)
        if taken >= most:
            break
        if step < 0:
            return False
        if step:
            active[position] = rollout.scale_set(found, size - step)[1]
            taken += step
    spare = sizes.status_total([*active, new], "availableReplicas") - least
    for found in active:
        if spare <= 0:
            break
        step = min(sizes.replicas(found), spare)
        if step:
            rollout.scale_set(found, sizes.replicas(found) - step)
            spare -= step
            taken += step
    return taken > 0
