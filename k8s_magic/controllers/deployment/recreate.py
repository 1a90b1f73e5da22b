"""Recreate: all old Pods go before the first new one comes.

Source: pkg/controller/deployment/recreate.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.client.controller import Result
from k8s_magic.controllers.deployment import sizes, status
from k8s_magic.controllers.deployment.rollout import Rollout, some


def recreate(rollout: Rollout) -> Result | None:
    new, old = rollout.sync_revision(create=False)
    everything = [*old, *some(new)]
    scaled_down = False
    for found in old:
        if sizes.replicas(found) > 0:
            scaled_down = rollout.scale_set(found, 0)[0] or scaled_down
    if scaled_down or sizes.status_total(old, "replicas") > 0 or rollout.has_old_pods(new):
        return rollout.tell_rollout(everything, new)
    if new is None:
        new, old = rollout.sync_revision(create=True)
        everything = [*old, *some(new)]
    assert new is not None
    rollout.scale_set(new, sizes.replicas(rollout.deployment))
    if status.is_complete(rollout.deployment, rollout.deployment.get("status") or {}):
        rollout.clean_up(old)
    return rollout.tell_rollout(everything, new)
