"""One sync of a CronJob: forget Jobs that ended, delete old ones, make the next if its time has come.

Source: pkg/controller/cronjob/cronjob_controllerv2.go (v1.36)
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import format_datetime
from typing import Any

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result, controller_owner
from k8s_magic.controllers import _writes
from k8s_magic.controllers.cronjob import schedule as schedules
from k8s_magic.controllers.cronjob.missed import MANY, missed, until_next
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import DeleteOptions, WatchType
from k8s_magic.sim.time import MICROSECOND

COMPONENT = "cronjob-controller"
JOBS = GroupVersionResource("batch", "v1", "jobs")
CRON_JOBS = GroupVersionResource("batch", "v1", "cronjobs")
SCHEDULED_AT = "batch.kubernetes.io/cronjob-scheduled-timestamp"


class CronJobController:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._transport = context.transport(COMPONENT)
        self._recorder = context.recorder(COMPONENT)
        self._cron_jobs = context.informer(CRON_JOBS)
        self._jobs = context.informer(JOBS)
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._cron_jobs, self._note)
        self.controller.watch(self._jobs, controller_owner("CronJob"))

    def _now(self) -> datetime:
        return self._context.times.epoch + timedelta(microseconds=self._context.kernel.now)

    def _note(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        """A changed schedule moves the next look; any other change asks for one now."""
        if old is not None and type != "DELETED" and _timing(old) != _timing(new):
            try:
                span = until_next(new, self._now(), schedules.parse(new["spec"]["schedule"], _zone(new)))
            except (ValueError, KeyError, OSError):
                return (meta.key_of(new),)
            self.controller.queue.add_after(meta.key_of(new), span // timedelta(microseconds=MICROSECOND))
            return ()
        return (meta.key_of(new),)

    def reconcile(self, request: Request) -> Result | None:
        held = self._cron_jobs.get(request.namespace, request.name)
        if held is None:
            return None
        jobs = list(self._jobs.by_owner(meta.uid_of(held)))
        cron_job = meta.with_status(held, dict(held.get("status") or {}))
        failure, span = None, None
        self._clean_up(cron_job, jobs)
        try:
            span = self._sync(cron_job, jobs)
        except ApiError as error:
            failure = error
        status = {name: value for name, value in cron_job["status"].items() if value}
        if status != (held.get("status") or {}):
            self._transport.update(
                CRON_JOBS,
                request.namespace,
                request.name,
                meta.with_status(held, status),
                subresource="status",
                options=_writes.AS_MANAGER,
            )
        if failure is not None:
            raise failure
        return None if span is None else Result(requeue_after=span // timedelta(microseconds=1))

    def _clean_up(self, cron_job: Object, jobs: list[Object]) -> None:
        """The oldest of the ended Jobs go. Those are the ones that began first."""
        for field, end in (("successfulJobsHistoryLimit", "Complete"), ("failedJobsHistoryLimit", "Failed")):
            most = cron_job["spec"].get(field)
            ended = sorted((job for job in jobs if _end(job) == end), key=_by_start)
            for job in ended[: max(0, len(ended) - most)] if most is not None else ():
                self._delete(cron_job, job)

    def _delete(self, cron_job: Object, job: Object) -> bool:
        options = DeleteOptions(propagation="Background")
        try:
            self._transport.delete(JOBS, meta.namespace_of(job), meta.name_of(job), options=options)
        except ApiError as error:
            self._recorder.event(cron_job, "Warning", "FailedDelete", f"Deleted job: {error.message}")
            return False
        _forget(cron_job, meta.uid_of(job))
        self._recorder.event(cron_job, "Normal", "SuccessfulDelete", f"Deleted job {meta.name_of(job)}")
        return True

    def _sync(self, cron_job: Object, jobs: list[Object]) -> timedelta | None:
        """How long until the next look. Changes the status of `cron_job`, which is a copy."""
        self._follow(cron_job, jobs)
        spec, now = cron_job["spec"], self._now()
        if meta.is_deleting(cron_job):
            return None
        try:
            zone = _zone(cron_job)
        except (ValueError, KeyError, OSError):
            name = spec["timeZone"]
            message = f'invalid timeZone: "{name}": unknown time zone {name}'
            self._recorder.event(cron_job, "Warning", "UnknownTimeZone", message)
            return None
        if spec.get("suspend"):
            return None
        text = spec["schedule"]
        try:
            schedule = schedules.parse(text, zone)
        except ValueError as error:
            message = f'unparseable schedule: "{text}" : {error}'
            self._recorder.event(cron_job, "Warning", "UnparseableSchedule", message)
            return None
        try:
            due = missed(cron_job, now, schedule, with_deadline=True)
        except ValueError as error:
            self._recorder.event(cron_job, "Warning", "InvalidSchedule", f"invalid schedule: {text} : {error}")
            return None
        if due.latest is not None and due.number > MANY:
            message = "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew"
            self._recorder.event(cron_job, "Warning", "TooManyMissedTimes", message)
        if due.latest is not None and self._is_due(cron_job, due.latest, now):
            self._start(cron_job, due.latest, zone)
        return until_next(cron_job, now, schedule)

    def _follow(self, cron_job: Object, jobs: list[Object]) -> None:
        """Take the Jobs that ended or went from the active ones."""
        status = cron_job["status"]
        known = {meta.uid_of(job) for job in jobs}
        for job in jobs:
            uid, name, end = meta.uid_of(job), meta.name_of(job), _end(job)
            is_active = any(active["uid"] == uid for active in status.get("active") or ())
            if not end:
                if not is_active and self._jobs.get(meta.namespace_of(job), name) is not None:
                    message = f"Saw a job that the controller did not create or forgot: {name}"
                    self._recorder.event(cron_job, "Warning", "UnexpectedJob", message)
                continue
            if is_active:
                _forget(cron_job, uid)
                message = f"Saw completed job: {name}, condition: {end}"
                self._recorder.event(cron_job, "Normal", "SawCompletedJob", message)
            completed = (job.get("status") or {}).get("completionTime")
            if end == "Complete" and completed and completed > status.get("lastSuccessfulTime", ""):
                status["lastSuccessfulTime"] = completed
        for active in list(status.get("active") or ()):
            if active["uid"] not in known:
                self._recorder.event(cron_job, "Normal", "MissingJob", f"Active job went missing: {active['name']}")
                _forget(cron_job, active["uid"])

    def _is_due(self, cron_job: Object, at: datetime, now: datetime) -> bool:
        spec, status = cron_job["spec"], cron_job["status"]
        deadline = spec.get("startingDeadlineSeconds")
        if deadline is not None and at + timedelta(seconds=deadline) < now:
            message = f"Missed scheduled time to start a job: {format_datetime(at)}"
            self._recorder.event(cron_job, "Warning", "MissSchedule", message)
            return False
        active = status.get("active") or ()
        name = _job_name(cron_job, at)
        if any(found["name"] == name for found in active) or status.get("lastScheduleTime") == _text(at):
            return False
        if spec["concurrencyPolicy"] == "Forbid" and active:
            message = "Not starting job because prior execution is running and concurrency policy is Forbid"
            self._recorder.event(cron_job, "Normal", "JobAlreadyActive", message)
            return False
        return True

    def _start(self, cron_job: Object, at: datetime, zone: tzinfo) -> None:
        status, namespace = cron_job["status"], meta.namespace_of(cron_job)
        if cron_job["spec"]["concurrencyPolicy"] == "Replace":
            for active in list(status.get("active") or ()):
                job = self._jobs.get(namespace, active["name"])
                if job is not None and not self._delete(cron_job, job):
                    raise _not_replaced(job)
        try:
            job = self._transport.create(JOBS, namespace, _job(cron_job, at, zone), options=_writes.AS_MANAGER)
        except ApiError as error:
            if not error.is_already_exists:
                if not _writes.namespace_is_going(error):
                    message = f"Error creating job: {error.message}"
                    self._recorder.event(cron_job, "Warning", "FailedCreate", message)
                raise
            held = self._jobs.get(namespace, _job_name(cron_job, at))
            owner = None if held is None else meta.controller_of(held)
            if held is None or owner is None or owner["uid"] != meta.uid_of(cron_job):
                return
            job = held
        else:
            self._recorder.event(cron_job, "Normal", "SuccessfulCreate", f"Created job {meta.name_of(job)}")
        status["active"] = [*(status.get("active") or ()), _reference(job)]
        status["lastScheduleTime"] = _text(at)


def _timing(cron_job: Object) -> tuple[Any, Any]:
    return cron_job["spec"]["schedule"], cron_job["spec"].get("timeZone")


def _zone(cron_job: Object) -> tzinfo:
    """Raises: ValueError, KeyError or OSError for a zone that there is not."""
    name = cron_job["spec"].get("timeZone")
    return UTC if name in (None, "UTC", "Etc/UTC") else zoneinfo.ZoneInfo(name)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _job_name(cron_job: Object, at: datetime) -> str:
    """Source: getJobName: one name for each scheduled minute."""
    return f"{meta.name_of(cron_job)}-{int(at.timestamp()) // 60}"


def _job(cron_job: Object, at: datetime, zone: tzinfo) -> Object:
    template = cron_job["spec"]["jobTemplate"]
    source = template.get("metadata") or {}
    local = at.astimezone(zone)
    told = _text(at) if local.utcoffset() == timedelta(0) else local.isoformat(timespec="seconds")
    metadata: dict[str, Any] = {
        "name": _job_name(cron_job, at),
        "annotations": {**(source.get("annotations") or {}), SCHEDULED_AT: told},
        "ownerReferences": [meta.owner_reference(cron_job)],
    }
    if source.get("labels"):
        metadata["labels"] = source["labels"]
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": template["spec"]}


def _reference(job: Object) -> Object:
    metadata = job["metadata"]
    fields = {name: metadata[name] for name in ("name", "namespace", "uid", "resourceVersion")}
    return {"kind": "Job", "apiVersion": "batch/v1", **fields}


def _forget(cron_job: Object, uid: str) -> None:
    status = cron_job["status"]
    status["active"] = [active for active in status.get("active") or () if active["uid"] != uid]


def _end(job: Object) -> str:
    for found in (job.get("status") or {}).get("conditions") or ():
        if found["type"] in ("Complete", "Failed") and found["status"] == "True":
            return str(found["type"])
    return ""


def _by_start(job: Object) -> tuple[bool, str, str]:
    start = (job.get("status") or {}).get("startTime")
    return start is None, start or "", meta.name_of(job)


def _not_replaced(job: Object) -> ApiError:
    message = f"could not replace job {meta.namespace_of(job)}/{meta.name_of(job)}"
    return ApiError({"kind": "Status", "status": "Failure", "reason": "InternalError", "code": 500, "message": message})


def build(context: Context) -> Component:
    return CronJobController(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
