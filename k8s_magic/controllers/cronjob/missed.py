"""The latest time at which a CronJob should have made a Job, and when to look again.

Source: pkg/controller/cronjob/utils.go mostRecentScheduleTime, nextScheduleTimeDuration (v1.36)
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from k8s_magic.controllers.cronjob.schedule import Schedule
from k8s_magic.machinery.meta import Object

# Source: pkg/controller/cronjob/cronjob_controllerv2.go nextScheduleDelta
PADDING = timedelta(milliseconds=100)
MANY = 100


class Missed(NamedTuple):
    earliest: datetime
    latest: datetime | None
    number: int


def missed(cron_job: Object, now: datetime, schedule: Schedule, *, with_deadline: bool) -> Missed:
    """Raises: ValueError for a schedule that never comes."""
    status = cron_job.get("status") or {}
    earliest = datetime.fromisoformat(status.get("lastScheduleTime") or cron_job["metadata"]["creationTimestamp"])
    seconds = cron_job["spec"].get("startingDeadlineSeconds")
    if with_deadline and seconds is not None:
        earliest = max(earliest, now - timedelta(seconds=seconds))
    first = schedule.next(earliest)
    second = None if first is None else schedule.next(first)
    if first is None or second is None:
        raise ValueError("time difference between two schedules is less than 1 second")
    if now < first:
        return Missed(earliest, None, 0)
    if now < second:
        return Missed(earliest, first, 0)
    between = round((second - first).total_seconds())
    count = int((now - first).total_seconds()) // between + 1
    latest = None
    at = schedule.next(first + timedelta(seconds=(count - 2) * between))
    while at is not None and at <= now:
        latest = at
        at = schedule.next(at)
    return Missed(earliest, latest, count)


def until_next(cron_job: Object, now: datetime, schedule: Schedule) -> timedelta:
    try:
        found = missed(cron_job, now, schedule, with_deadline=False)
    except ValueError:
        since = now
    else:
        since = found.latest or (now if found.number else found.earliest)
    following = schedule.next(since)
    return PADDING if following is None else following + PADDING - now
