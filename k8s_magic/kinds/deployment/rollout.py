"""How far a Deployment's rollout is, in kubectl's own sentence, and how many Pods it may have on the way.

Source: kubectl/pkg/polymorphichelpers/rollout_status.go, pkg/controller/deployment/util/deployment_util.go (v1.36)
"""

from __future__ import annotations

from typing import Any, NamedTuple

from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.text.go_values import quoted

TIMED_OUT = "ProgressDeadlineExceeded"


class Progress(NamedTuple):
    """`text` is one line without its end; a rollout that has failed is not done."""

    text: str
    is_done: bool = False
    has_failed: bool = False


def progress(deployment: Object) -> Progress:
    """What `kubectl rollout status` says now."""
    name = quoted(meta.name_of(deployment))
    status = deployment.get("status") or {}
    if deployment["metadata"].get("generation", 0) > status.get("observedGeneration", 0):
        return Progress("Waiting for deployment spec update to be observed...")
    for condition in status.get("conditions") or ():
        if condition["type"] == "Progressing" and condition.get("reason") == TIMED_OUT:
            return Progress(f"deployment {name} exceeded its progress deadline", has_failed=True)
    lead = f"Waiting for deployment {name} rollout to finish: "
    wanted = deployment["spec"].get("replicas")
    updated, total = status.get("updatedReplicas", 0), status.get("replicas", 0)
    available = status.get("availableReplicas", 0)
    if wanted is not None and updated < wanted:
        return Progress(f"{lead}{updated} out of {wanted} new replicas have been updated...")
    if total > updated:
        return Progress(f"{lead}{total - updated} old replicas are pending termination...")
    if available < updated:
        return Progress(f"{lead}{available} of {updated} updated replicas are available...")
    return Progress(f"deployment {name} successfully rolled out", is_done=True)


def replicas(obj: Object) -> int:
    """Pods asked for."""
    count: int = obj["spec"].get("replicas", 1)
    return count


def scaled(value: Any, total: int, *, round_up: bool) -> int:
    """A count, or a share in per cent of a total."""
    if isinstance(value, str):
        share = int(value.removesuffix("%")) * total
        return -(-share // 100) if round_up else share // 100
    return int(value or 0)


def is_rolling(deployment: Object) -> bool:
    return bool(deployment["spec"]["strategy"]["type"] == "RollingUpdate")


def fenceposts(deployment: Object) -> tuple[int, int]:
    """(surge, unavailable) of a rolling update; both zero would never move, so that one Pod may be missing."""
    limits = deployment["spec"]["strategy"].get("rollingUpdate") or {}
    wanted = replicas(deployment)
    surge = scaled(limits.get("maxSurge"), wanted, round_up=True)
    unavailable = scaled(limits.get("maxUnavailable"), wanted, round_up=False)
    if surge == 0 and unavailable == 0:
        unavailable = 1
    return surge, unavailable
