"""The status of a set of replicas, field by field as the real controller writes it.

Source: pkg/controller/replicaset/replica_set_utils.go calculateStatus, updateReplicaSetStatus (v1.36)
"""

from __future__ import annotations

from typing import Any, NamedTuple

from k8s_magic.controllers import _pods
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object

FAILURE = "ReplicaFailure"


class Counts(NamedTuple):
    active: int
    fully_labeled: int
    ready: int
    available: int
    terminating: int | None  # None where the kind does not tell it


def calculate(owner: Object, counts: Counts, failure: ApiError | None, now: str) -> dict[str, Any]:
    """Zero counts but `replicas` and `terminatingReplicas` are left out, as the wire form does."""
    status: dict[str, Any] = {"replicas": counts.active}
    for field, count in (
        ("fullyLabeledReplicas", counts.fully_labeled),
        ("readyReplicas", counts.ready),
        ("availableReplicas", counts.available),
    ):
        if count:
            status[field] = count
    if counts.terminating is not None:
        status["terminatingReplicas"] = counts.terminating
    status["observedGeneration"] = owner["metadata"].get("generation", 0)
    conditions = _conditions(owner, counts, failure, now)
    if conditions:
        status["conditions"] = conditions
    return status


def _conditions(owner: Object, counts: Counts, failure: ApiError | None, now: str) -> list[dict[str, Any]]:
    held = list((owner.get("status") or {}).get("conditions") or ())
    present = _pods.condition(owner, FAILURE)
    if failure is not None and present is None:
        reason = "FailedCreate" if counts.active < owner["spec"]["replicas"] else "FailedDelete"
        return [
            *held,
            {
                "type": FAILURE,
                "status": "True",
                "lastTransitionTime": now,
                "reason": reason,
                "message": failure.message,
            },
        ]
    if failure is None and present is not None:
        return [found for found in held if found["type"] != FAILURE]
    return held
