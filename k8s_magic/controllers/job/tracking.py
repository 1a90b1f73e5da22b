"""Counts each ended Pod once: first its uid is told in the status, then its finalizer goes, then the count is told.

Source: pkg/controller/job/job_controller.go trackJobStatusAndRemoveFinalizers (v1.36)
"""

from __future__ import annotations

from collections.abc import Callable

from k8s_magic.client.recorder import EventRecorder
from k8s_magic.controllers import _pods, _writes
from k8s_magic.controllers._replicas.pod_control import PodControl
from k8s_magic.controllers.job import failures, indexes, state
from k8s_magic.controllers.job.managing import UNTRACK
from k8s_magic.controllers.job.state import JobState
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Transport

JOBS = GroupVersionResource("batch", "v1", "jobs")
# Source: pkg/controller/job/job_controller.go MaxUncountedPods
MOST_UNCOUNTED = 500


class Tracking:
    def __init__(self, transport: Transport, control: PodControl, recorder: EventRecorder) -> None:
        self._transport = transport
        self._control = control
        self._recorder = recorder

    def track(self, job: JobState, changed: bool, now: str, on_flush: Callable[[], None]) -> None:
        """`on_flush` is called once the ended Pods are told in the status."""
        if indexes.is_indexed(job.job):
            job.pods.sort(key=lambda pod: -1 if (index := indexes.index_of(pod)) is None else index)
        tracked = {meta.uid_of(pod) for pod in job.pods if state.is_tracked(pod)}
        changed |= _count(job, tracked)
        counted, told, is_full = self._note(job)
        changed |= told
        changed |= self._note_end(job, now)
        if changed:
            self._flush(job)
            on_flush()
        for pod in counted:
            self._control.patch(pod, UNTRACK)
            tracked.discard(meta.uid_of(pod))
        changed = _count(job, tracked)
        is_finished = not is_full and self._finish(job)
        if changed or is_finished:
            self._flush(job)
        if is_finished:
            self._tell_end(job)

    def _note(self, job: JobState) -> tuple[list[Object], bool, bool]:
        """The Pods to be counted now, whether the status changed, and whether more have to wait."""
        counted: list[Object] = []
        new_indexes: set[int] = set()
        changed = is_full = False
        is_indexed = indexes.is_indexed(job.job)
        is_over = job.finished is not None and job.finished["type"] != "SuccessCriteriaMet"
        for pod in job.pods:
            is_failed = failures.is_failed(pod, job.job)
            if not state.is_tracked(pod) or not _is_settled(job, pod, is_failed):
                continue
            counted.append(pod)
            uid, index = meta.uid_of(pod), indexes.valid_index_of(pod, job.job) if is_indexed else None
            if _pods.phase(pod) == "Succeeded" and uid not in job.known_failed:
                if is_indexed:
                    if index is not None and index not in job.before:
                        new_indexes.add(index)
                        changed = True
                elif uid not in job.known_succeeded:
                    job.uncounted_succeeded.append(uid)
                    changed = True
            elif is_failed or is_over:
                is_new = uid not in job.known_failed and (not is_indexed or index is not None)
                if is_new and failures.judge(job.job, pod).counts:
                    job.uncounted_failed.append(uid)
                    changed = True
            if len(new_indexes) + len(job.uncounted_succeeded) + len(job.uncounted_failed) >= MOST_UNCOUNTED:
                is_full = True
                break
        if is_indexed:
            changed |= _note_indexes(job, new_indexes)
        return counted, changed, is_full

    def _note_end(self, job: JobState, now: str) -> bool:
        """The condition that comes before the end; `finished` becomes the end itself."""
        end, changed = job.finished, False
        if end is None:
            return False
        if end["type"] == "FailureTarget":
            job.conditions.append(end)
            job.finished = state.new_condition("Failed", end["reason"], end["message"], now)
            changed = True
        elif end["type"] == "SuccessCriteriaMet":
            if job.condition("SuccessCriteriaMet") is None:
                job.conditions.append(end)
                changed = True
            job.finished = state.new_condition("Complete", end["reason"], end["message"], now)
        return changed

    def _finish(self, job: JobState) -> bool:
        end = job.finished
        if end is None or job.uncounted_succeeded or job.uncounted_failed or job.terminating:
            return False
        job.ensure(end)
        if end["type"] == "Complete":
            job.status["completionTime"] = end["lastTransitionTime"]
        return True

    def _tell_end(self, job: JobState) -> None:
        end = job.finished
        assert end is not None
        if end["type"] != "Complete":
            self._recorder.event(job.job, "Warning", end["reason"], end["message"])
            return
        completions = job.job["spec"].get("completions")
        if completions is not None and job.told("succeeded") > completions:
            message = "Too many succeeded pods running after completion count reached"
            self._recorder.event(job.job, "Warning", "TooManySucceededPods", message)
        self._recorder.event(job.job, "Normal", "Completed", "Job completed")

    def _flush(self, job: JobState) -> None:
        job.job = self._transport.update(
            JOBS,
            meta.namespace_of(job.job),
            meta.name_of(job.job),
            meta.with_status(job.job, job.wire_status()),
            subresource="status",
            options=_writes.AS_MANAGER,
        )


def _is_settled(job: JobState, pod: Object, is_failed: bool) -> bool:
    """Whether the finalizer may go."""
    if meta.is_deleting(job.job) or job.finished is not None or _pods.phase(pod) == "Succeeded":
        return True
    if not is_failed:
        return False
    index = indexes.index_of(pod)
    held = None if index is None else job.held_back.get(index)
    return held is None or meta.uid_of(held) != meta.uid_of(pod)


def _count(job: JobState, tracked: set[str]) -> bool:
    """Count the Pods that are told and have lost their finalizer."""
    changed = False
    for field, uids in (("succeeded", job.uncounted_succeeded), ("failed", job.uncounted_failed)):
        left = [uid for uid in uids if uid in tracked]
        if len(left) != len(uids):
            job.status[field] = job.told(field) + len(uids) - len(left)
            uids[:] = left
            changed = True
    return changed


def _note_indexes(job: JobState, new: set[int]) -> bool:
    job.succeeded_indexes |= new
    text = indexes.spell(job.succeeded_indexes)
    before: str = job.status.get("completedIndexes", "")
    changed = text != before
    job.status["completedIndexes"] = text
    job.status["succeeded"] = len(job.succeeded_indexes)
    failed = None if job.failed_indexes is None else indexes.spell(job.failed_indexes)
    if failed != job.status.get("failedIndexes"):
        changed = True
        job.status["failedIndexes"] = failed
    return changed
