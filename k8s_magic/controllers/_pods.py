"""What controllers ask of a Pod: is it active, ready, available; which one goes first.

Source: pkg/api/v1/pod/util.go, pkg/controller/controller_utils.go (v1.36)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cmp_to_key
from typing import Any

from k8s_magic.machinery.meta import Object
from k8s_magic.sim.time import SECOND, SimTime, TimeFormatter

DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
ENDED = ("Succeeded", "Failed")
PHASE_ORDER = {"Pending": 0, "Unknown": 1, "Running": 2}
NANOSECONDS = 1000  # in a unit of simulated time


def condition(obj: Mapping[str, Any], type: str) -> dict[str, Any] | None:
    """The condition of a type in an object's status."""
    status = obj.get("status")
    if status:
        for found in status.get("conditions") or ():
            if found["type"] == type:
                result: dict[str, Any] = found
                return result
    return None


def phase(pod: Object) -> str:
    text: str = (pod.get("status") or {}).get("phase", "")
    return text


def is_ready(pod: Object) -> bool:
    found = condition(pod, "Ready")
    return found is not None and found["status"] == "True"


def is_active(pod: Object) -> bool:
    return "deletionTimestamp" not in pod["metadata"] and phase(pod) not in ENDED


def is_terminating(pod: Object) -> bool:
    return "deletionTimestamp" in pod["metadata"] and phase(pod) not in ENDED


def unavailable_for(pod: Object, min_ready_seconds: int, now: SimTime, times: TimeFormatter) -> SimTime | None:
    """How long until a ready Pod counts as available: 0 when it does, None while it is not ready."""
    found = condition(pod, "Ready")
    if found is None or found["status"] != "True":
        return None
    if min_ready_seconds == 0:
        return 0
    since = found.get("lastTransitionTime")
    if since is None:
        return None
    return max(0, times.parse(since) + min_ready_seconds * SECOND - now)


def deletion_cost(pod: Object) -> int:
    text = (pod["metadata"].get("annotations") or {}).get(DELETION_COST)
    if text is None:
        return 0
    try:
        return int(text)
    except ValueError:
        return 0


def most_restarts(pod: Object) -> tuple[int, int]:
    """The most restarts of a regular container, and of a sidecar."""
    sidecars = {
        container["name"]
        for container in pod["spec"].get("initContainers") or ()
        if container.get("restartPolicy") == "Always"
    }
    status = pod.get("status") or {}
    regular = max((found.get("restartCount", 0) for found in status.get("containerStatuses") or ()), default=0)
    sidecar = max(
        (
            found.get("restartCount", 0)
            for found in status.get("initContainerStatuses") or ()
            if found["name"] in sidecars
        ),
        default=0,
    )
    return regular, sidecar


def age_rank(since: SimTime, now: SimTime) -> int:
    """The age's binary order of magnitude in nanoseconds, so that Pods of about the same age count as equal."""
    age = (now - since) * NANOSECONDS
    return int(math.log2(age)) if age > 0 else -1


def first_to_go(
    pods: Sequence[Object], on_node: Mapping[str, int], now: SimTime, times: TimeFormatter, count: int | None = None
) -> list[Object]:
    """Pods in the order in which a shrinking set gives them up; the first `count` of them, or all.

    Unassigned before assigned, pending before running, not ready before ready, lower deletion cost, nodes with more
    of the related Pods (`on_node`), ready for less time, more restarts, younger.
    Source: pkg/controller/controller_utils.go ActivePodsWithRanks.Less
    """

    def rank(since: str) -> int:
        return age_rank(times.parse(since), now) if since else 0

    def rough(pod: Object) -> tuple[Any, ...]:
        node = pod["spec"].get("nodeName", "")
        return bool(node), PHASE_ORDER.get(phase(pod), 0), is_ready(pod), deletion_cost(pod), -on_node.get(node, 0)

    def facts(pod: Object) -> tuple[tuple[str, int], tuple[int, int], tuple[str, int], Object]:
        ready = condition(pod, "Ready")
        since = ready.get("lastTransitionTime") or "" if ready is not None and ready["status"] == "True" else ""
        created = pod["metadata"].get("creationTimestamp") or ""
        return (since, rank(since)), most_restarts(pod), (created, rank(created)), pod

    def compare(one: Any, other: Any) -> int:
        if differ(one[0], other[0]):
            return by_age(one[0], other[0], one, other)
        if one[1] != other[1]:
            return -1 if one[1] > other[1] else 1
        if differ(one[2], other[2]):
            return by_age(one[2], other[2], one, other)
        return 0

    def differ(one: tuple[str, int], other: tuple[str, int]) -> bool:
        return one[0] != other[0] and bool(one[0]) and bool(other[0])

    def by_age(first: tuple[str, int], second: tuple[str, int], one: Any, other: Any) -> int:
        """The younger first; of about the same age by uid."""
        if first[1] != second[1]:
            return first[1] - second[1]
        return -1 if one[3]["metadata"]["uid"] < other[3]["metadata"]["uid"] else 1

    # Of a large set few go at a time: only those that are roughly alike with them are looked at closely.
    wanted = len(pods) if count is None else count
    alike: dict[tuple[Any, ...], list[Object]] = {}
    for pod in pods:
        alike.setdefault(rough(pod), []).append(pod)
    found: list[Object] = []
    for key in sorted(alike):
        found += [fact[3] for fact in sorted(map(facts, alike[key]), key=cmp_to_key(compare))]
        if len(found) >= wanted:
            break
    return found[:wanted]
