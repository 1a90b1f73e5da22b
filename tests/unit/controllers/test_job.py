"""Jobs: counting, ends, failures, indexes, and what becomes of them afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from rig import Rig

from k8s_magic.controllers import garbagecollector, serviceaccount, ttlafterfinished
from k8s_magic.controllers import job as jobs
from k8s_magic.controllers.job import failures, indexes
from k8s_magic.controllers.job.failures import Record
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.sim.time import MINUTE, SECOND

JOBS = GroupVersionResource("batch", "v1", "jobs")
RECORDS = [each.CONTROLLER for each in (jobs, ttlafterfinished, garbagecollector, serviceaccount)]
FINALIZER = "batch.kubernetes.io/job-tracking"


class Runner(Rig):
    """Pods end a second after they were made, with exit code 0 unless `code` says another for their index."""

    def __init__(self, code: int = 0, ends_after: float | None = 1.0) -> None:
        super().__init__(RECORDS)
        self.codes: dict[str, int] = {}
        self.code = code
        self.run(1)
        self._ends_after = ends_after
        self.server.informer(names.PODS).add_handler(self._hear)

    def _hear(self, type: str, new: Object, old: Object | None) -> None:
        key = (new["metadata"]["namespace"], new["metadata"]["name"])
        if type == "ADDED":
            self.kernel.call_after(1000, self._bind, *key, "node-1")
            self.kernel.call_after(2000, self.make_ready, *key)
            if self._ends_after is not None:
                self.kernel.call_after(int(self._ends_after * SECOND), self.end, *key)
        elif type == "MODIFIED" and "deletionTimestamp" in new["metadata"]:
            self.kernel.call_after(SECOND, self._vanish, *key)

    def _vanish(self, namespace: str, name: str) -> None:
        pod = self.server.informer(names.PODS).get(namespace, name)
        if pod is not None:
            if pod["status"]["phase"] not in ("Succeeded", "Failed"):
                self.end(namespace, name, 137)
            self._gone(namespace, name)

    def end(self, namespace: str, name: str, code: int | None = None) -> None:
        pod = self.server.informer(names.PODS).get(namespace, name)
        if pod is None or pod["status"]["phase"] in ("Succeeded", "Failed"):
            return
        if code is None:
            code = self.codes.get(pod["metadata"].get("annotations", {}).get(indexes.INDEX, ""), self.code)
        now = self.times.seconds(self.kernel.now)
        ended = {"exitCode": code, "finishedAt": now, "startedAt": now, "reason": "Error" if code else "Completed"}
        status = {
            **pod["status"],
            "phase": "Failed" if code else "Succeeded",
            "conditions": [{"type": "Ready", "status": "False", "lastTransitionTime": now}],
            "containerStatuses": [
                {
                    "name": "c",
                    "image": "i",
                    "imageID": "",
                    "ready": False,
                    "restartCount": 0,
                    "state": {"terminated": ended},
                }
            ],
        }
        self.api.update(names.PODS, namespace, name, {**pod, "status": status}, subresource="status")

    def status(self, name: str = "work") -> Object:
        status: Object = self.get(JOBS, name)["status"]
        return status

    def ends(self, name: str = "work") -> list[tuple[str, str]]:
        conditions = self.status(name).get("conditions", [])
        return [(found["type"], found["reason"]) for found in conditions if found["status"] == "True"]

    def reasons(self) -> list[str]:
        return [reason for subject, reason, _ in self.events if subject.startswith("Job/")]


def job(**spec: Any) -> Object:
    pod = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "work"},
        "spec": {"template": {"spec": pod}, **spec},
    }


def started(made: Runner | None = None, seconds: float = 0.5, **spec: Any) -> Runner:
    made = made or Runner()
    made.create(JOBS, "default", job(**spec))
    made.run(seconds)
    return made


def test_one_pod_runs_to_its_end_and_is_counted_once() -> None:
    made = Runner(ends_after=2.5)
    told: list[Object] = []

    def hear(type: str, new: Object, old: Object | None) -> None:
        told.append(new.get("status") or {})

    made.server.informer(JOBS).add_handler(hear)
    started(made, 6)
    (pod,) = made.all(names.PODS)
    assert pod["metadata"]["generateName"] == "work-"
    assert "finalizers" not in pod["metadata"]
    started_at = {"startTime": "2026-01-01T00:00:01Z", "terminating": 0}
    end = {
        "status": "True",
        "lastProbeTime": "2026-01-01T00:00:04Z",
        "lastTransitionTime": "2026-01-01T00:00:04Z",
        "reason": "CompletionsReached",
        "message": "Reached expected number of succeeded pods",
    }
    met, complete = {"type": "SuccessCriteriaMet", **end}, {"type": "Complete", **end}
    assert told[1:] == [
        {**started_at, "active": 1, "ready": 0, "uncountedTerminatedPods": {}},
        {**started_at, "active": 1, "ready": 1, "uncountedTerminatedPods": {}},
        {
            **started_at,
            "ready": 0,
            "conditions": [met],
            "uncountedTerminatedPods": {"succeeded": [pod["metadata"]["uid"]]},
        },
        {
            **started_at,
            "ready": 0,
            "succeeded": 1,
            "conditions": [met, complete],
            "completionTime": "2026-01-01T00:00:04Z",
            "uncountedTerminatedPods": {},
        },
    ]
    assert made.events == [
        ("Job/work", "SuccessfulCreate", f"Created pod: {pod['metadata']['name']}"),
        ("Job/work", "Completed", "Job completed"),
    ]


def test_pods_carry_the_finalizer_while_they_run() -> None:
    made = started(parallelism=2, completions=3)
    assert [pod["metadata"]["finalizers"] for pod in made.all(names.PODS)] == [[FINALIZER]] * 2
    made.run(10)
    assert made.status()["succeeded"] == 3
    assert len(made.all(names.PODS)) == 3


def test_failures_wait_longer_and_longer_until_the_limit() -> None:
    made = started(Runner(code=1), 100, backoffLimit=2)
    born = [pod["metadata"]["creationTimestamp"][-9:-1] for pod in made.all(names.PODS)]
    assert born == ["00:00:01", "00:00:12", "00:00:33"]
    assert made.ends() == [("FailureTarget", "BackoffLimitExceeded"), ("Failed", "BackoffLimitExceeded")]
    assert made.status()["failed"] == 3
    assert made.events[-1] == ("Job/work", "BackoffLimitExceeded", "Job has reached the specified backoff limit")
    assert [failures.wait(Record(count, 0), 0) // SECOND for count in (0, 1, 2, 3, 7, 40)] == [0, 10, 20, 40, 600, 600]
    assert failures.wait(Record(1, 0), MINUTE) == 0


def test_a_deadline_ends_what_runs() -> None:
    made = started(Runner(ends_after=None), 5.5, activeDeadlineSeconds=5)
    assert made.ends() == [("FailureTarget", "DeadlineExceeded")]
    assert made.status()["terminating"] == 1
    made.run(5)
    assert made.ends()[-1] == ("Failed", "DeadlineExceeded")
    assert made.all(names.PODS) == []
    assert made.reasons() == ["SuccessfulCreate", "SuccessfulDelete", "DeadlineExceeded"]


def test_indexed_jobs_give_each_index_a_pod() -> None:
    made = started(completions=5, parallelism=3, completionMode="Indexed")
    pods = made.all(names.PODS)
    assert [pod["metadata"]["generateName"] for pod in pods] == ["work-0-", "work-1-", "work-2-"]
    assert [pod["spec"]["hostname"] for pod in pods] == ["work-0", "work-1", "work-2"]
    assert pods[1]["metadata"]["annotations"] == {indexes.INDEX: "1"}
    assert pods[1]["metadata"]["labels"][indexes.INDEX] == "1"
    (variable,) = pods[1]["spec"]["containers"][0]["env"]
    assert variable["name"] == "JOB_COMPLETION_INDEX"
    made.run(10)
    assert (made.status()["completedIndexes"], made.status()["succeeded"]) == ("0-4", 5)
    assert made.ends()[-1] == ("Complete", "CompletionsReached")


def test_an_index_may_fail_alone() -> None:
    runner = Runner()
    runner.codes["1"] = 1
    made = started(runner, 40, completions=3, parallelism=3, completionMode="Indexed", backoffLimitPerIndex=1)
    assert (made.status()["completedIndexes"], made.status()["failedIndexes"]) == ("0,2", "1")
    assert made.ends()[-1] == ("Failed", "FailedIndexes")
    told = [pod["metadata"]["annotations"][indexes.FAILURES] for pod in made.all(names.PODS)]
    assert sorted(told) == ["0", "0", "0", "1"]


def test_a_success_policy_ends_early() -> None:
    runner = Runner(ends_after=None)
    policy = {"rules": [{"succeededIndexes": "0", "succeededCount": 1}]}
    made = started(runner, completions=3, parallelism=3, completionMode="Indexed", successPolicy=policy)
    made.end("default", made.all(names.PODS)[0]["metadata"]["name"])
    made.run(6)
    assert made.ends() == [("SuccessCriteriaMet", "SuccessPolicy"), ("Complete", "SuccessPolicy")]
    assert made.status()["conditions"][0]["message"] == "Matched rules at index 0"
    assert (made.status()["succeeded"], made.status().get("failed", 0)) == (1, 0)


@pytest.mark.parametrize(
    ("action", "ends", "failed"),
    [("FailJob", [("FailureTarget", "PodFailurePolicy"), ("Failed", "PodFailurePolicy")], 1), ("Ignore", [], 0)],
)
def test_a_failure_policy_judges_exit_codes(action: str, ends: list[tuple[str, str]], failed: int) -> None:
    rule = {"action": action, "onExitCodes": {"operator": "In", "values": [42]}}
    made = started(Runner(code=42), 3.5, podFailurePolicy={"rules": [rule]}, backoffLimit=0)
    assert made.ends() == ends
    assert made.status().get("failed", 0) == failed
    if ends:
        name = made.all(names.PODS)[0]["metadata"]["name"]
        message = f"Container c for pod default/{name} failed with exit code 42 matching FailJob rule at index 0"
        assert made.events[-1] == ("Job/work", "PodFailurePolicy", message)


def test_suspending_takes_the_pods_and_the_start() -> None:
    made = started(Runner(ends_after=None), suspend=True)
    assert made.all(names.PODS) == []
    assert made.ends() == [("Suspended", "JobSuspended")]
    made.patch(JOBS, "work", {"spec": {"suspend": False}})
    made.run(1)
    assert (made.status()["active"], made.ends()) == (1, [])
    made.patch(JOBS, "work", {"spec": {"suspend": True}})
    made.run(3)
    assert made.all(names.PODS) == []
    assert "startTime" not in made.status()
    assert made.reasons() == ["Suspended", "SuccessfulCreate", "Resumed", "SuccessfulDelete", "Suspended"]


def test_a_job_goes_with_its_pods_when_its_time_is_over() -> None:
    made = started(seconds=6, ttlSecondsAfterFinished=5)
    assert made.ends()[-1][0] == "Complete"
    made.run(4)
    assert (made.all(JOBS), made.all(names.PODS)) == ([], [])


def test_a_deleted_job_frees_its_pods() -> None:
    made = started(Runner(ends_after=None))
    made.delete(JOBS, "work", propagation="Background")
    made.run(3)
    assert made.all(names.PODS) == []


def test_indexes_are_spelled_in_intervals() -> None:
    assert indexes.spell([5, 0, 1, 2, 7, 8]) == "0-2,5,7,8"
    assert indexes.parse("0-2,5,7,8", 8) == {0, 1, 2, 5, 7}
    assert indexes.parse("", 3) == set()
    assert indexes.first_free({0, 2}, 2, 4) == [1, 3]
