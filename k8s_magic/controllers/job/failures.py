"""What a Pod's failure means for its Job: the failure policy, and how long the next Pod waits.

Source: pkg/controller/job/pod_failure_policy.go, backoff_utils.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from k8s_magic.controllers import _pods
from k8s_magic.controllers.job import indexes
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.sim.time import MINUTE, SECOND, SimTime, TimeFormatter

# Source: pkg/controller/job/job_controller.go DefaultJobPodFailureBackOff, MaxJobPodFailureBackOff
FIRST_WAIT: SimTime = 10 * SECOND
LONGEST_WAIT: SimTime = 10 * MINUTE


def replaces_only_failed(job: Object) -> bool:
    """Whether a Pod that is being deleted is waited for."""
    spec = job["spec"]
    return spec.get("podReplacementPolicy") == "Failed" or spec.get("podFailurePolicy") is not None


def is_failed(pod: Object, job: Object) -> bool:
    phase = _pods.phase(pod)
    if phase == "Failed":
        return True
    return not replaces_only_failed(job) and meta.is_deleting(pod) and phase != "Succeeded"


class Verdict(NamedTuple):
    counts: bool = True
    action: str = ""
    message: str = ""  # why the Job fails


def judge(job: Object, pod: Object) -> Verdict:
    """The first rule that a failed Pod matches."""
    rules = (job["spec"].get("podFailurePolicy") or {}).get("rules") or ()
    status = pod.get("status") or {}
    who = f"{meta.namespace_of(pod)}/{meta.name_of(pod)}"
    for position, rule in enumerate(rules):
        action = rule["action"]
        if rule.get("onExitCodes") is not None:
            ended = _exited(status, rule["onExitCodes"])
            if ended is None:
                continue
            code = ended["state"]["terminated"].get("exitCode", 0)
            why = f"Container {ended['name']} for pod {who} failed with exit code {code}"
        else:
            found = _condition(status, rule.get("onPodConditions") or ())
            if found is None:
                continue
            why = f"Pod {who} has condition {found}"
        if action == "FailJob":
            return Verdict(True, action, f"{why} matching {action} rule at index {position}")
        return Verdict(action != "Ignore", action)
    return Verdict()


def _exited(status: Mapping[str, Any], wanted: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for field in ("containerStatuses", "initContainerStatuses"):
        for found in status.get(field) or ():
            ended = (found.get("state") or {}).get("terminated")
            if ended is None or wanted.get("containerName") not in (None, found["name"]):
                continue
            code = ended.get("exitCode", 0)
            if code and (code in (wanted.get("values") or ())) == (wanted["operator"] == "In"):
                result: Mapping[str, Any] = found
                return result
    return None


def _condition(status: Mapping[str, Any], patterns: Iterable[Mapping[str, Any]]) -> str | None:
    for found in status.get("conditions") or ():
        for pattern in patterns:
            if pattern["type"] == found["type"] and pattern["status"] == found["status"]:
                name: str = found["type"]
                return name
    return None


def has_index_failed(job: Object, pod: Object) -> bool:
    """Whether the Pod's index gets no more Pods."""
    if not is_failed(pod, job):
        return False
    verdict = judge(job, pod)
    if verdict.action == "FailIndex":
        return True
    most: int = job["spec"]["backoffLimitPerIndex"]
    return verdict.counts and indexes.failures(pod) >= most


def finished_at(pod: Object, times: TimeFormatter) -> SimTime:
    """When a Pod ended: by its containers, its readiness, its deletion, or else its creation."""
    status, metadata = pod.get("status") or {}, pod["metadata"]
    sidecars = {
        container["name"]
        for container in pod["spec"].get("initContainers") or ()
        if container.get("restartPolicy") == "Always"
    }
    held = list(status.get("containerStatuses") or ())
    held += [found for found in status.get("initContainerStatuses") or () if found["name"] in sidecars]
    ends = [((found.get("state") or {}).get("terminated") or {}).get("finishedAt") for found in held]
    if ends and all(ends):
        return max(times.parse(end) for end in ends if end)
    ready = _pods.condition(pod, "Ready")
    if ready is not None and ready["status"] == "False" and ready.get("lastTransitionTime"):
        return times.parse(ready["lastTransitionTime"])
    if metadata.get("deletionTimestamp"):
        grace: int = metadata.get("deletionGracePeriodSeconds", 0)
        return times.parse(metadata["deletionTimestamp"]) - grace * SECOND
    return times.parse(metadata["creationTimestamp"])


class Record(NamedTuple):
    """Failures since the last success, and when the last one was."""

    failures: int = 0
    last: SimTime = 0


def record(held: Record, succeeded: list[Object], failed: list[Object], times: TimeFormatter) -> Record:
    """The record after Pods that ended since."""
    failures = sorted(finished_at(pod, times) for pod in failed)
    if not succeeded:
        return Record(held.failures + len(failures), failures[-1]) if failures else held
    last_success = max(finished_at(pod, times) for pod in succeeded)
    later = [end for end in failures if end > last_success]
    return Record(len(later), later[-1]) if later else Record()


def wait(held: Record, now: SimTime) -> SimTime:
    """How long until the next Pod may be made: 10 s, doubled by each failure, up to 10 minutes."""
    if held.failures == 0:
        return 0
    span = min(FIRST_WAIT << min(held.failures - 1, 20), LONGEST_WAIT)
    return max(0, span - (now - held.last))
