"""One sync of a Job: see what ended, decide whether that is the end, make or delete Pods, tell the status.

Source: pkg/controller/job/job_controller.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result
from k8s_magic.client.workqueue import WorkQueue
from k8s_magic.controllers._orphans import Orphans
from k8s_magic.controllers._replicas.pod_control import PodControl
from k8s_magic.controllers.job import ends, failures, indexes, state
from k8s_magic.controllers.job.failures import Record
from k8s_magic.controllers.job.managing import UNTRACK, Managing
from k8s_magic.controllers.job.state import FINALIZER, JobState
from k8s_magic.controllers.job.tracking import JOBS, Tracking
from k8s_magic.machinery import meta, names, selectors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.sim.time import SECOND, SimTime

COMPONENT = "job-controller"
# Source: batch/v1 JobControllerName
OURS = "kubernetes.io/job-controller"
# Source: pkg/controller/job/job_controller.go SyncJobBatchPeriod
BATCH: SimTime = SECOND


class JobController:
    def __init__(self, context: Context) -> None:
        self._context = context
        transport = context.transport(COMPONENT)
        self._jobs = context.informer(JOBS)
        self._pods = context.informer(names.PODS)
        self._recorder = context.recorder(COMPONENT)
        self._control = PodControl(transport, self._recorder)
        self._managing = Managing(self._control, context.times)
        self._tracking = Tracking(transport, self._control, self._recorder)
        self._orphans = Orphans()
        self._records: dict[Request, Record] = {}
        self._strays: WorkQueue[ObjectKey] = WorkQueue(context.kernel, self._untrack)
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._jobs, self._note_job)
        self.controller.watch(self._pods, self._note_pod)

    def start(self) -> None:
        self.controller.start()

    def stop(self) -> None:
        self.controller.stop()
        self._strays.stop()

    def _note_job(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        key = meta.key_of(new)
        if type == "DELETED" or state.is_finished(new):
            for pod in self._pods.by_owner(meta.uid_of(new)):
                if state.is_tracked(pod):
                    self._strays.add(meta.key_of(pod))
            if type != "DELETED":
                return ()
        if old is not None and type != "DELETED" and _generation(old) == _generation(new):
            self.controller.queue.add_after(key, BATCH)
            return ()
        return (key,)

    def _note_pod(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        namespace = meta.namespace_of(new)
        for one in (new, old):
            job = None if one is None else self._job_of(one)
            if job is not None:
                self.controller.queue.add_after(meta.key_of(job), BATCH)
        is_orphan = self._orphans.note(type, new)
        if type != "DELETED" and state.is_tracked(new):
            reference = meta.controller_of(new)
            if reference is None or (meta.is_deleting(new) and reference["kind"] == "Job"):
                job = self._job_of(new)
                if job is None or state.is_finished(job):
                    self._strays.add(meta.key_of(new))
        if is_orphan:
            labels = meta.labels_of(new)
            for job in self._jobs.list(namespace):
                if selectors.from_label_selector(job["spec"]["selector"]).matches(labels):
                    self.controller.queue.add_after(meta.key_of(job), BATCH)
        return ()

    def _job_of(self, pod: Object) -> Object | None:
        reference = meta.controller_of(pod)
        if reference is None or reference["kind"] != "Job":
            return None
        job = self._jobs.get(meta.namespace_of(pod), reference["name"])
        return job if job is not None and meta.uid_of(job) == reference["uid"] else None

    def _untrack(self, key: ObjectKey) -> None:
        """Free a Pod that no Job will count. Source: handleSingleOrphanPod"""
        pod = self._pods.get(key.namespace, key.name)
        if pod is None or not state.is_tracked(pod):
            return
        reference = meta.controller_of(pod)
        if reference is not None:
            if reference["kind"] != "Job" or reference["apiVersion"] != "batch/v1":
                return
            job = self._job_of(pod)
            if job is not None and (_is_foreign(job) or not state.is_finished(job)):
                return
        try:
            self._control.patch(pod, UNTRACK)
        except ApiError:
            self._strays.add_rate_limited(key)

    def reconcile(self, request: Request) -> Result | None:
        job = self._jobs.get(request.namespace, request.name)
        if job is None or state.is_finished(job):
            self._records.pop(request, None)
            return None
        if not _is_foreign(job):
            self._sync(request, JobState(job, self._claimed(job)))
        return None

    def _claimed(self, job: Object) -> list[Object]:
        uid = meta.uid_of(job)
        pods = [*self._pods.by_owner(uid), *self._orphans.of(meta.namespace_of(job))]
        claimed = self._control.claim(pods, job, selectors.from_label_selector(job["spec"]["selector"]), FINALIZER)
        fresh = (self._pods.get(meta.namespace_of(pod), meta.name_of(pod)) for pod in claimed)
        return [pod for pod in fresh if pod is not None]

    def _sync(self, request: Request, job: JobState) -> None:
        now, times, queue = self._context.kernel.now, self._context.times, self.controller.queue
        text = times.seconds(now)
        if not job.status.get("startTime") and not state.is_suspended(job.job):
            job.status["startTime"] = text
        held = self._records.get(request, Record())
        job.record = failures.record(held, job.new_succeeded, job.new_failed, times)
        job.finished = ends.by_failure(job, now, times)
        left = ends.time_left(job, now, times)
        if job.finished is None and left is not None:
            queue.add_after(request, left)
        if indexes.is_indexed(job.job):
            ends.note_indexes(job, times)
            if job.finished is None:
                job.finished = ends.by_indexes(job, text)
        changed = False
        failure = None
        if job.finished is not None:
            failure = self._managing.delete_active(job)
            if job.active:
                job.finished = None
        else:
            is_managed = not meta.is_deleting(job.job)
            if is_managed:
                wait, failure = self._managing.manage(job, now)
                if wait > 0:
                    queue.add_after(request, max(wait, BATCH))
            job.finished = ends.by_completions(job, text)
            if job.finished is None and is_managed:
                changed = self._note_suspension(job, text)
        counts = {"ready": job.ready, "terminating": job.terminating}
        changed |= job.told("active") != job.active
        changed |= any(job.status.get(field) != count for field, count in counts.items())
        job.status |= {"active": job.active, **counts}

        def keep_record() -> None:
            self._records[request] = job.record

        self._tracking.track(job, changed, text, keep_record)
        if failure is not None:
            raise failure

    def _note_suspension(self, job: JobState, now: str) -> bool:
        if state.is_suspended(job.job):
            if job.ensure(state.new_condition("Suspended", "JobSuspended", "Job suspended", now)):
                self._recorder.event(job.job, "Normal", "Suspended", "Job suspended")
                job.status.pop("startTime", None)
                return True
        elif job.ensure(state.new_condition("Suspended", "JobResumed", "Job resumed", now, "False")):
            self._recorder.event(job.job, "Normal", "Resumed", "Job resumed")
            job.status["startTime"] = now
            return True
        return False


def _generation(job: Object) -> int:
    number: int = job["metadata"].get("generation", 0)
    return number


def _is_foreign(job: Object) -> bool:
    return job["spec"].get("managedBy") not in (None, OURS)


def build(context: Context) -> Component:
    return JobController(context)


CONTROLLER = ComponentRecord(COMPONENT, build)
