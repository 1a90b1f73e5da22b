"""Defaults of the batch group. Source: pkg/apis/batch/v1/defaults.go"""

from __future__ import annotations

from k8s_magic.machinery.meta import Object

MAX_INT32 = 2**31 - 1


def job(obj: Object) -> None:
    spec = obj["spec"]
    if "completions" not in spec and "parallelism" not in spec:
        spec["completions"] = 1
    spec.setdefault("parallelism", 1)
    spec.setdefault("backoffLimit", MAX_INT32 if "backoffLimitPerIndex" in spec else 6)
    labels = spec["template"]["metadata"].get("labels")
    if labels and not obj["metadata"].get("labels"):
        obj["metadata"]["labels"] = labels  # the same map, as upstream: what the server adds to one, both have
    spec.setdefault("completionMode", "NonIndexed")
    spec.setdefault("suspend", False)
    spec.setdefault("podReplacementPolicy", "Failed" if "podFailurePolicy" in spec else "TerminatingOrFailed")
    spec.setdefault("manualSelector", False)


def cron_job(obj: Object) -> None:
    spec = obj["spec"]
    spec.setdefault("concurrencyPolicy", "Allow")
    spec.setdefault("suspend", False)
    spec.setdefault("successfulJobsHistoryLimit", 3)
    spec.setdefault("failedJobsHistoryLimit", 1)


def pod_condition_pattern(obj: Object) -> None:
    if not obj.get("status"):
        obj["status"] = "True"


TYPES = {
    "batch.v1.Job": job,
    "batch.v1.CronJob": cron_job,
    "batch.v1.PodFailurePolicyOnPodConditionsPattern": pod_condition_pattern,
}
