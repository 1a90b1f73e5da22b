"""Whether a Job has come to its end, and why.

Source: pkg/controller/job/job_controller.go syncJob (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.controllers import _pods
from k8s_magic.controllers.job import failures, indexes, state
from k8s_magic.controllers.job.state import Condition, JobState
from k8s_magic.machinery.meta import Object
from k8s_magic.sim.time import SECOND, SimTime, TimeFormatter


def by_failure(job: JobState, now: SimTime, times: TimeFormatter) -> Condition | None:
    """An end that is settled already, or one by failures or the deadline."""
    text = times.seconds(now)
    met = job.condition("SuccessCriteriaMet")
    if met is not None and met["status"] == "True":
        return met
    target = job.condition("FailureTarget")
    if target is not None and target["status"] == "True":
        return state.new_condition("Failed", target["reason"], target["message"], text)
    for pod in job.pods:
        if failures.is_failed(pod, job.job) and (message := failures.judge(job.job, pod).message):
            return state.new_condition("FailureTarget", "PodFailurePolicy", message, text)
    spec = job.job["spec"]
    if job.failed > spec["backoffLimit"] or _restarted_too_often(job.job, job.pods):
        reached = "Job has reached the specified backoff limit"
        return state.new_condition("FailureTarget", "BackoffLimitExceeded", reached, text)
    left = time_left(job, now, times)
    if left is not None and left <= 0:
        late = "Job was active longer than specified deadline"
        return state.new_condition("FailureTarget", "DeadlineExceeded", late, text)
    return None


def time_left(job: JobState, now: SimTime, times: TimeFormatter) -> SimTime | None:
    """Until the deadline; None where there is none."""
    seconds, start = job.job["spec"].get("activeDeadlineSeconds"), job.status.get("startTime")
    if seconds is None or start is None or state.is_suspended(job.job):
        return None
    span: SimTime = times.parse(start) + seconds * SECOND - now
    return span


def _restarted_too_often(job: Object, pods: Iterable[Object]) -> bool:
    spec = job["spec"]
    if spec["template"]["spec"].get("restartPolicy") != "OnFailure":
        return False
    restarts = sum(
        found.get("restartCount", 0)
        for pod in pods
        if _pods.phase(pod) in ("Running", "Pending")
        for field in ("initContainerStatuses", "containerStatuses")
        for found in (pod.get("status") or {}).get(field) or ()
    )
    return bool(restarts >= max(spec["backoffLimit"], 1))


def note_indexes(job: JobState, times: TimeFormatter) -> None:
    """Which indexes have succeeded and failed, and which failed Pods are held back."""
    completions = job.job["spec"]["completions"]
    job.before = indexes.parse(job.status.get("completedIndexes", ""), completions)
    tracked = [
        (index, pod)
        for pod in job.pods
        if state.is_tracked(pod) and (index := indexes.valid_index_of(pod, job.job)) is not None
    ]
    job.succeeded_indexes = job.before | {index for index, pod in tracked if _pods.phase(pod) == "Succeeded"}
    job.succeeded = len(job.succeeded_indexes)
    if not indexes.has_own_limits(job.job):
        return
    failed = indexes.parse(job.status.get("failedIndexes") or "", completions)
    failed |= {index for index, pod in tracked if failures.has_index_failed(job.job, pod)}
    job.failed_indexes = failed
    settled = failed | job.succeeded_indexes | indexes.indexes_of(job.active_pods)
    for index, pod in tracked:
        if index in settled or not failures.is_failed(pod, job.job):
            continue
        held = job.held_back.get(index)
        if held is None or _standing(held, times) <= _standing(pod, times):
            job.held_back[index] = pod


def _standing(pod: Object, times: TimeFormatter) -> tuple[int, SimTime]:
    return indexes.failures(pod) + indexes.ignored_failures(pod), failures.finished_at(pod, times)


def by_indexes(job: JobState, now: str) -> Condition | None:
    spec = job.job["spec"]
    if job.failed_indexes is not None:
        failed, most = len(job.failed_indexes), spec.get("maxFailedIndexes")
        if most is not None and failed > most:
            message = "Job has exceeded the specified maximal number of failed indexes"
            return state.new_condition("FailureTarget", "MaxFailedIndexesExceeded", message, now)
        if failed and failed + len(job.succeeded_indexes) >= spec["completions"]:
            return state.new_condition("FailureTarget", "FailedIndexes", "Job has failed indexes", now)
    rule = indexes.matched_policy(spec.get("successPolicy"), spec["completions"], job.succeeded_indexes)
    if rule is not None:
        return state.new_condition("SuccessCriteriaMet", "SuccessPolicy", f"Matched rules at index {rule}", now)
    return None


def by_completions(job: JobState, now: str) -> Condition | None:
    completions = job.job["spec"].get("completions")
    enough = job.succeeded > 0 if completions is None else job.succeeded >= completions
    if not enough or job.active:
        return None
    message = "Reached expected number of succeeded pods"
    return state.new_condition("SuccessCriteriaMet", "CompletionsReached", message, now)
