"""What one sync of a Job sees and changes: its Pods as they were when it began, and the status it will write.

Source: pkg/controller/job/job_controller.go syncJobCtx (v1.36)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8s_magic.controllers import _pods
from k8s_magic.controllers.job import failures, indexes
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object

FINALIZER = "batch.kubernetes.io/job-tracking"
Condition = dict[str, Any]


def is_tracked(pod: Object) -> bool:
    return FINALIZER in (pod["metadata"].get("finalizers") or ())


def is_finished(job: Object) -> bool:
    conditions = (job.get("status") or {}).get("conditions") or ()
    return any(found["type"] in ("Complete", "Failed") and found["status"] == "True" for found in conditions)


def is_suspended(job: Object) -> bool:
    return bool(job["spec"].get("suspend"))


def new_condition(type: str, reason: str, message: str, now: str, status: str = "True") -> Condition:
    return {
        "type": type,
        "status": status,
        "lastProbeTime": now,
        "lastTransitionTime": now,
        "reason": reason,
        "message": message,
    }


class JobState:
    def __init__(self, job: Object, pods: list[Object]) -> None:
        self.job = job
        self.pods = pods
        self.active_pods = [pod for pod in pods if _pods.is_active(pod)]
        self.active = len(self.active_pods)
        self.ready = sum(map(_pods.is_ready, self.active_pods))
        self.terminating = sum(map(_pods.is_terminating, pods))
        self.status = dict(job.get("status") or {})
        self.conditions: list[Condition] = list(self.status.get("conditions") or ())
        uncounted = self.status.get("uncountedTerminatedPods") or {}
        self.uncounted_succeeded: list[str] = list(uncounted.get("succeeded") or ())
        self.uncounted_failed: list[str] = list(uncounted.get("failed") or ())
        self.known_succeeded = frozenset(self.uncounted_succeeded)
        self.known_failed = frozenset(self.uncounted_failed)
        self.new_succeeded = self._new(self.known_succeeded, lambda pod: _pods.phase(pod) == "Succeeded")
        self.new_failed = self._new(self.known_failed, lambda pod: failures.is_failed(pod, job))
        self.succeeded = self.told("succeeded") + len(self.new_succeeded) + len(self.uncounted_succeeded)
        counted = sum(failures.judge(job, pod).counts for pod in self.new_failed)
        self.failed = self.told("failed") + counted + len(self.uncounted_failed)
        self.record = failures.Record()
        self.finished: Condition | None = None
        # Of indexed Jobs
        self.before: set[int] = set()  # indexes that the status tells as succeeded
        self.succeeded_indexes: set[int] = set()
        self.failed_indexes: set[int] | None = None
        self.held_back: dict[int, Object] = {}  # failed Pods that are kept until their index has the next one

    def told(self, field: str) -> int:
        number: int = self.status.get(field, 0)
        return number

    def _new(self, known: frozenset[str], ended: Callable[[Object], bool]) -> list[Object]:
        """Pods that ended and are not accounted for in the status."""
        is_indexed = indexes.is_indexed(self.job)
        return [
            pod
            for pod in self.pods
            if is_tracked(pod)
            and meta.uid_of(pod) not in known
            and (not is_indexed or indexes.valid_index_of(pod, self.job) is not None)
            and ended(pod)
        ]

    def condition(self, type: str) -> Condition | None:
        return next((found for found in self.conditions if found["type"] == type), None)

    def ensure(self, wanted: Condition) -> bool:
        """Add or change a condition; one that is False is never added. Answers whether anything changed."""
        for position, found in enumerate(self.conditions):
            if found["type"] == wanted["type"]:
                if all(found.get(field) == wanted[field] for field in ("status", "reason", "message")):
                    return False
                self.conditions[position] = wanted
                return True
        if wanted["status"] != "False":
            self.conditions.append(wanted)
            return True
        return False

    def wire_status(self) -> Object:
        """The status as it goes out: zero counts but `ready` and `terminating` are left out."""
        status = {name: value for name, value in self.status.items() if value or name in ("ready", "terminating")}
        if "failedIndexes" in self.status:
            status["failedIndexes"] = self.status["failedIndexes"]
        uncounted = {"succeeded": list(self.uncounted_succeeded), "failed": list(self.uncounted_failed)}
        status["uncountedTerminatedPods"] = {name: uids for name, uids in uncounted.items() if uids}
        if self.conditions:
            status["conditions"] = list(self.conditions)
        return status
