"""A Deployment's status and conditions, with the real controller's reasons and its rules for timestamps.

Source: pkg/controller/deployment/{sync,progress}.go, util/deployment_util.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from k8s_magic.controllers import _pods
from k8s_magic.controllers.deployment import sizes
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.sim.time import SECOND, SimTime, TimeFormatter

AVAILABLE, PROGRESSING, REPLICA_FAILURE = "Available", "Progressing", "ReplicaFailure"
NEW_AVAILABLE = "NewReplicaSetAvailable"
TIMED_OUT = "ProgressDeadlineExceeded"
# "No deadline" and "no limit" are the largest int32. Source: util/deployment_util.go HasProgressDeadline
NO_LIMIT = (1 << 31) - 1

Condition = dict[str, Any]
Status = dict[str, Any]


def has_deadline(deployment: Object) -> bool:
    return deployment["spec"].get("progressDeadlineSeconds") not in (None, NO_LIMIT)


def condition(type: str, status: str, reason: str, message: str, now: str) -> Condition:
    return {
        "type": type,
        "status": status,
        "lastUpdateTime": now,
        "lastTransitionTime": now,
        "reason": reason,
        "message": message,
    }


def find(conditions: Sequence[Condition], type: str) -> Condition | None:
    return next((found for found in conditions if found["type"] == type), None)


def set_condition(conditions: list[Condition], new: Condition) -> list[Condition]:
    """A condition of the same status and reason stays as it is; one of the same status keeps its transition time."""
    current = find(conditions, new["type"])
    if current is not None and current["status"] == new["status"]:
        if current.get("reason") == new["reason"]:
            return conditions
        new = {**new, "lastTransitionTime": current["lastTransitionTime"]}
    return [*without(conditions, new["type"]), new]


def without(conditions: list[Condition], type: str) -> list[Condition]:
    return [found for found in conditions if found["type"] != type]


def with_condition(deployment: Object, new: Condition) -> Object:
    status = deployment.get("status") or {}
    return meta.with_status(deployment, {**status, "conditions": set_condition(status.get("conditions") or [], new)})


def calculate(deployment: Object, all_sets: Sequence[Object], new_set: Object | None, now: str) -> Status:
    """Counts of zero are left out, as the wire form does, but for terminatingReplicas."""
    before = deployment.get("status") or {}
    available = sizes.status_total(all_sets, "availableReplicas")
    status: Status = {"observedGeneration": deployment["metadata"].get("generation", 0)}
    for field, count in (
        ("replicas", sizes.status_total(all_sets, "replicas")),
        ("updatedReplicas", sizes.status_total([new_set] if new_set else [], "replicas")),
        ("readyReplicas", sizes.status_total(all_sets, "readyReplicas")),
        ("availableReplicas", available),
        ("unavailableReplicas", max(0, sizes.total(all_sets) - available)),
    ):
        if count:
            status[field] = count
    terminating = _terminating(all_sets)
    if terminating is not None:
        status["terminatingReplicas"] = terminating
    conditions = list(before.get("conditions") or ())
    if available >= sizes.replicas(deployment) - sizes.max_unavailable(deployment):
        new = condition(AVAILABLE, "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
    else:
        text = "Deployment does not have minimum availability."
        new = condition(AVAILABLE, "False", "MinimumReplicasUnavailable", text, now)
    status["conditions"] = set_condition(conditions, new)
    if "collisionCount" in before:
        status["collisionCount"] = before["collisionCount"]
    return status


def _terminating(all_sets: Sequence[Object]) -> int | None:
    count = 0
    for found in all_sets:
        status = found.get("status") or {}
        if "terminatingReplicas" in status:
            count += status["terminatingReplicas"]
        elif status.get("observedGeneration"):
            return None
    return count


def is_complete(deployment: Object, status: Status) -> bool:
    wanted = sizes.replicas(deployment)
    return (
        all(status.get(field, 0) == wanted for field in ("updatedReplicas", "replicas", "availableReplicas"))
        and status.get("observedGeneration", 0) >= deployment["metadata"]["generation"]
    )


def has_progressed(deployment: Object, status: Status) -> bool:
    before = deployment.get("status") or {}

    def old_replicas(state: Status) -> int:
        count: int = state.get("replicas", 0) - state.get("updatedReplicas", 0)
        return count

    return (
        status.get("updatedReplicas", 0) > before.get("updatedReplicas", 0)
        or old_replicas(status) < old_replicas(before)
        or status.get("readyReplicas", 0) > before.get("readyReplicas", 0)
        or status.get("availableReplicas", 0) > before.get("availableReplicas", 0)
    )


def time_left(deployment: Object, progressing: Condition, now: SimTime, times: TimeFormatter) -> SimTime:
    """Until the progress deadline; below zero when it has passed."""
    deadline: int = deployment["spec"]["progressDeadlineSeconds"]
    return times.parse(progressing["lastUpdateTime"]) + deadline * SECOND - now


def roll_out(
    deployment: Object,
    all_sets: Sequence[Object],
    new_set: Object | None,
    now: SimTime,
    times: TimeFormatter,
) -> Status:
    """The status of a rollout under way: what `calculate` says, the progress, and failures of ReplicaSets."""
    stamp = times.seconds(now)
    status = calculate(deployment, all_sets, new_set, stamp)
    conditions = status["conditions"]
    if not has_deadline(deployment):
        conditions = without(conditions, PROGRESSING)
    current = _pods.condition(deployment, PROGRESSING)
    was_complete = (
        status.get("replicas", 0) == status.get("updatedReplicas", 0)
        and current is not None
        and current["reason"] == NEW_AVAILABLE
    )
    if has_deadline(deployment) and not was_complete:
        conditions = _progress(deployment, status, new_set, conditions, now, times)
    failure = _failure(all_sets, new_set)
    if failure is not None:
        conditions = set_condition(conditions, failure)
    else:
        conditions = without(conditions, REPLICA_FAILURE)
    return {**status, "conditions": conditions}


def _progress(
    deployment: Object,
    status: Status,
    new_set: Object | None,
    conditions: list[Condition],
    now: SimTime,
    times: TimeFormatter,
) -> list[Condition]:
    stamp = times.seconds(now)
    what = f'ReplicaSet "{meta.name_of(new_set)}"' if new_set else f'Deployment "{meta.name_of(deployment)}"'
    current = _pods.condition(deployment, PROGRESSING)
    if is_complete(deployment, status):
        text = f"{what} has successfully progressed."
        return set_condition(conditions, condition(PROGRESSING, "True", NEW_AVAILABLE, text, stamp))
    if has_progressed(deployment, status):
        new = condition(PROGRESSING, "True", "ReplicaSetUpdated", f"{what} is progressing.", stamp)
        if current is not None:
            if current["status"] == "True":
                new["lastTransitionTime"] = current["lastTransitionTime"]
            conditions = without(conditions, PROGRESSING)
        return set_condition(conditions, new)
    held = find(conditions, PROGRESSING)
    if held is not None and held["reason"] != NEW_AVAILABLE:
        late = held["reason"] == TIMED_OUT or time_left(deployment, held, now, times) < 0
        if late:
            text = f"{what} has timed out progressing."
            return set_condition(conditions, condition(PROGRESSING, "False", TIMED_OUT, text, stamp))
    return conditions


def _failure(all_sets: Sequence[Object], new_set: Object | None) -> Condition | None:
    for replica_set in [*([new_set] if new_set else []), *all_sets]:
        found = _pods.condition(replica_set, REPLICA_FAILURE)
        if found is not None:
            return {
                "type": found["type"],
                "status": found["status"],
                "lastUpdateTime": found["lastTransitionTime"],
                "lastTransitionTime": found["lastTransitionTime"],
                "reason": found["reason"],
                "message": found["message"],
            }
    return None
