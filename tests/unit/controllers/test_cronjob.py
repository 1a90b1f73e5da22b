"""CronJobs make Jobs when simulated time reaches their schedule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rig import Rig

from k8s_magic import controllers
from k8s_magic.controllers.cronjob import schedule
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource

JOBS = GroupVersionResource("batch", "v1", "jobs")
CRON_JOBS = GroupVersionResource("batch", "v1", "cronjobs")
FIRST = 29453760  # minutes from 1970 to the rig's epoch


def cron_job(text: str = "*/1 * * * *", **spec: Any) -> Object:
    pod = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"template": {"spec": pod}}}
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "tick"},
        "spec": {"schedule": text, "jobTemplate": template, **spec},
    }


def started(seconds: float, text: str = "*/1 * * * *", **spec: Any) -> Rig:
    made = Rig(controllers.discover())
    made.run(5)
    made.create(CRON_JOBS, "default", cron_job(text, **spec))
    made.run(seconds)
    return made


def finish(made: Rig, name: str, type: str = "Complete") -> None:
    job = made.get(JOBS, name)
    now = made.times.seconds(made.kernel.now)
    condition = {"type": type, "status": "True", "lastProbeTime": now, "lastTransitionTime": now}
    met = {**condition, "type": "SuccessCriteriaMet" if type == "Complete" else "FailureTarget"}
    status = {**job["status"], "conditions": [met, condition], "active": 0, "uncountedTerminatedPods": {}}
    if type == "Complete":
        status |= {"completionTime": now, "succeeded": 1}
    made.api.update(JOBS, "default", name, {**job, "status": status}, subresource="status")
    made.run(0.1)


def told(made: Rig) -> list[tuple[str, str]]:
    return [(reason, message) for subject, reason, message in made.events if subject == "CronJob/tick"]


def job_names(made: Rig) -> list[str]:
    return [job["metadata"]["name"] for job in made.all(JOBS)]


def test_a_job_is_made_at_each_minute() -> None:
    made = started(54.9)
    assert job_names(made) == []
    made.run(0.3)
    name = f"tick-{FIRST + 1}"
    assert job_names(made) == [name]
    job = made.get(JOBS, name)
    stamp = "batch.kubernetes.io/cronjob-scheduled-timestamp"
    assert job["metadata"]["annotations"] == {stamp: "2026-01-01T00:01:00Z"}
    assert job["metadata"]["labels"]["a"] == "b"
    status = made.get(CRON_JOBS, "tick")["status"]
    assert status["lastScheduleTime"] == "2026-01-01T00:01:00Z"
    assert [active["name"] for active in status["active"]] == [name]
    finish(made, name)
    status = made.get(CRON_JOBS, "tick")["status"]
    assert status == {"lastScheduleTime": "2026-01-01T00:01:00Z", "lastSuccessfulTime": "2026-01-01T00:01:00Z"}
    made.run(60)
    assert job_names(made) == [name, f"tick-{FIRST + 2}"]
    assert told(made) == [
        ("SuccessfulCreate", f"Created job {name}"),
        ("SawCompletedJob", f"Saw completed job: {name}, condition: Complete"),
        ("SuccessfulCreate", f"Created job tick-{FIRST + 2}"),
    ]


@pytest.mark.parametrize(
    ("policy", "left", "last"),
    [
        ("Allow", [1, 2], ("SuccessfulCreate", f"Created job tick-{FIRST + 2}")),
        (
            "Forbid",
            [1],
            (
                "JobAlreadyActive",
                "Not starting job because prior execution is running and concurrency policy is Forbid",
            ),
        ),
        ("Replace", [2], ("SuccessfulCreate", f"Created job tick-{FIRST + 2}")),
    ],
)
def test_what_happens_to_a_job_that_still_runs(policy: str, left: list[int], last: tuple[str, str]) -> None:
    made = started(116, concurrencyPolicy=policy)
    assert job_names(made) == [f"tick-{FIRST + number}" for number in left]
    assert told(made)[-1] == last


def test_old_jobs_go_beyond_the_limits() -> None:
    made = started(56, successfulJobsHistoryLimit=1, failedJobsHistoryLimit=0)
    finish(made, f"tick-{FIRST + 1}")
    made.run(60)
    finish(made, f"tick-{FIRST + 2}", "Failed")
    assert job_names(made) == [f"tick-{FIRST + 1}"]
    made.run(60)
    finish(made, f"tick-{FIRST + 3}")
    assert job_names(made) == [f"tick-{FIRST + 3}"]
    assert ("SuccessfulDelete", f"Deleted job tick-{FIRST + 1}") in told(made)


def test_suspension_and_deadline() -> None:
    made = started(300, suspend=True, startingDeadlineSeconds=30)
    assert job_names(made) == []
    made.run(45)
    made.patch(CRON_JOBS, "tick", {"spec": {"suspend": False}})
    made.run(1)
    assert job_names(made) == []
    made.run(60)
    assert job_names(made) == [f"tick-{FIRST + 6}"]


def test_missed_times_are_made_up_for_once() -> None:
    made = started(330, suspend=True)
    made.patch(CRON_JOBS, "tick", {"spec": {"suspend": False}})
    made.run(1)
    assert job_names(made) == [f"tick-{FIRST + 5}"]


def test_a_changed_schedule_moves_the_next_time() -> None:
    made = started(10, "0 5 * * *")
    made.patch(CRON_JOBS, "tick", {"spec": {"schedule": "2 0 * * *"}})
    made.run(120)
    assert job_names(made) == [f"tick-{FIRST + 2}"]


@pytest.mark.parametrize(
    ("text", "zone", "after", "following"),
    [
        ("*/15 * * * *", "UTC", "2026-01-01T00:15:00", "2026-01-01T00:30:00"),
        ("30 6-16/4 * * 1-5", "UTC", "2026-01-02T14:31:00", "2026-01-05T06:30:00"),
        ("0 0 1,15 * 3", "UTC", "2026-01-01T00:00:00", "2026-01-07T00:00:00"),
        ("0 0 */2 * 3", "UTC", "2026-01-01T00:00:00", "2026-01-03T00:00:00"),
        ("0 0 29 FEB *", "UTC", "2026-01-01T00:00:00", "2028-02-29T00:00:00"),
        ("@weekly", "UTC", "2026-01-01T00:00:00", "2026-01-04T00:00:00"),
        ("@every 1h30m", "UTC", "2026-01-01T00:00:07.5", "2026-01-01T01:30:07"),
        ("0 9 * * *", "America/New_York", "2026-03-07T15:00:00", "2026-03-08T13:00:00"),
        ("30 2 * * *", "America/New_York", "2026-03-08T00:00:00", "2026-03-09T06:30:00"),
        ("59 23 31 2 *", "UTC", "2026-01-01T00:00:00", None),
    ],
)
def test_schedules(text: str, zone: str, after: str, following: str | None) -> None:
    found = schedule.parse(text, ZoneInfo(zone) if zone != "UTC" else UTC)
    wanted = None if following is None else datetime.fromisoformat(following).replace(tzinfo=UTC)
    assert found.next(datetime.fromisoformat(after).replace(tzinfo=UTC)) == wanted


def test_a_schedule_comes_strictly_later() -> None:
    found = schedule.parse("* * * * *", UTC)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert found.next(at - timedelta(microseconds=1)) == at
    assert found.next(at) == at + timedelta(minutes=1)
