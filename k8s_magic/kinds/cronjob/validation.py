"""Source: pkg/apis/batch/validation/validation.go ValidateCronJobCreate"""

from __future__ import annotations

import re

from k8s_magic.kinds.cronjob import schedule, timezones
from k8s_magic.kinds.job import spec as job_spec
from k8s_magic.kinds.validation import field, metadata
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

POLICIES = ("Allow", "Forbid", "Replace")
LONGEST_NAME = 52  # the Job controller adds 11 characters
_ZONE_PART = re.compile(r"[A-Za-z.\-_0-9+]{1,14}")


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj) + _spec(obj["spec"], {})
    name = obj["metadata"].get("name", "")
    if len(name) > LONGEST_NAME:
        found.append(field.invalid("metadata.name", name, f"must be no more than {LONGEST_NAME} characters"))
    return found


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    return found if new["spec"] is old["spec"] else found + _spec(new["spec"], old["spec"])


def _spec(spec: Object, old: Object) -> Errors:
    found: Errors = []
    text, zone = spec.get("schedule", ""), spec.get("timeZone")
    if not text:
        found.append(field.required("spec.schedule"))
    else:
        wrong = schedule.error(text)
        if wrong:
            found.append(field.invalid("spec.schedule", text, wrong))
        if "TZ" in text:
            if "TZ" not in old.get("schedule", ""):
                message = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
                found.append(field.invalid("spec.schedule", text, message))
            elif zone is not None:
                message = "cannot use both timeZone field and TZ or CRON_TZ in schedule"
                found.append(field.invalid("spec.schedule", text, message))
    if spec.get("startingDeadlineSeconds") is not None:
        found += field.not_negative(spec["startingDeadlineSeconds"], "spec.startingDeadlineSeconds")
    if zone is not None and zone != old.get("timeZone"):
        found += _time_zone(zone)
    policy = spec.get("concurrencyPolicy", "")
    if not policy:
        found.append(field.required("spec.concurrencyPolicy"))
    elif policy not in POLICIES:
        found.append(field.unsupported("spec.concurrencyPolicy", policy, POLICIES))
    job = spec["jobTemplate"]["spec"]
    found += job_spec.validate(job, "spec.jobTemplate.spec")
    if job.get("selector") is not None:
        message = "`selector` will be auto-generated"
        found.append(field.invalid("spec.jobTemplate.spec.selector", job["selector"], message))
    if job.get("manualSelector"):
        found.append(field.unsupported("spec.jobTemplate.spec.manualSelector", True, ("nil", "false")))
    for name in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        if spec.get(name) is not None:
            found += field.not_negative(spec[name], f"spec.{name}")
    return found


def _time_zone(zone: str) -> Errors:
    path = "spec.timeZone"
    if not zone:
        return [field.invalid(path, zone, "timeZone must be nil or non-empty string")]
    for part in zone.split("/"):
        if part in (".", "..") or part.startswith("-") or not _ZONE_PART.fullmatch(part):
            return [field.invalid(path, zone, f"unknown time zone {zone}")]
    if zone.lower() == "local":
        message = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"
        return [field.invalid(path, zone, message)]
    if not timezones.is_known(zone):
        return [field.invalid(path, zone, f"unknown time zone {zone}")]
    return []
