"""A Deployment's new size shared among its ReplicaSets, without a rollout or in the midst of one.

Source: pkg/controller/deployment/sync.go sync, scale (v1.36)
"""

from __future__ import annotations

from k8s_magic.controllers.deployment import revisions, sizes
from k8s_magic.controllers.deployment.rollout import Rollout, some
from k8s_magic.machinery.meta import Object


def is_scaling(rollout: Rollout) -> bool:
    """Whether the Deployment's size is not the one that its ReplicaSets were last made for."""
    new, old = rollout.sync_revision(create=False)
    wanted = sizes.replicas(rollout.deployment)
    for found in [*old, *some(new)]:
        if sizes.replicas(found) > 0:
            desired = revisions.count(found, revisions.DESIRED_REPLICAS)
            if desired is not None and desired != wanted:
                return True
    return False


def resize(rollout: Rollout) -> None:
    new, old = rollout.sync_revision(create=False)
    _share_out(rollout, new, old)
    if rollout.deployment["spec"].get("paused"):
        rollout.clean_up(old)
    rollout.tell_status([*old, *some(new)], new)


def _share_out(rollout: Rollout, new: Object | None, old: list[Object]) -> None:
    wanted = sizes.replicas(rollout.deployment)
    newest_first = sorted(old, key=sizes.by_age, reverse=True)
    active = [found for found in [*newest_first, *some(new)] if sizes.replicas(found) > 0]
    if len(active) <= 1:
        only = active[0] if active else new or (newest_first[0] if newest_first else None)
        if only is not None:
            rollout.scale_set(only, wanted)
        return
    if new is not None and _is_saturated(rollout, new):
        for found in newest_first:
            if sizes.replicas(found) > 0:
                rollout.scale_set(found, 0)
        return
    if sizes.is_rolling(rollout.deployment):
        _share_in_proportion(rollout, active)


def _is_saturated(rollout: Rollout, new: Object) -> bool:
    wanted = sizes.replicas(rollout.deployment)
    return (
        sizes.replicas(new) == wanted
        and revisions.count(new, revisions.DESIRED_REPLICAS) == wanted
        and (new.get("status") or {}).get("availableReplicas", 0) == wanted
    )


def _share_in_proportion(rollout: Rollout, active: list[Object]) -> None:
    deployment = rollout.deployment
    wanted = sizes.replicas(deployment)
    allowed = wanted + sizes.max_surge(deployment) if wanted > 0 else 0
    to_add = allowed - sizes.total(active)
    # The larger first; of equal ones the newer first when growing, the older first when shrinking.
    active.sort(key=sizes.by_age, reverse=to_add > 0)
    active.sort(key=sizes.replicas, reverse=True)
    added, targets = 0, []
    for found in active:
        share = sizes.proportion(deployment, found, to_add, added)
        targets.append(sizes.replicas(found) + share)
        added += share
    if to_add:
        targets[0] = max(0, targets[0] + to_add - added)
    for found, target in zip(active, targets, strict=True):
        rollout.scale_set(found, target, force=True)
