"""pods/eviction: a deletion that disruption budgets may refuse.

Source: pkg/registry/core/pod/storage/eviction.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.apiserver import managed
from k8s_magic.apiserver.core import Core, success
from k8s_magic.apiserver.deletion import Deleter
from k8s_magic.apiserver.store import Entry
from k8s_magic.machinery import errors, selectors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS, GroupVersionResource
from k8s_magic.machinery.protocols import DeleteOptions, WriteOptions

BUDGETS = GroupVersionResource("policy", "v1", "poddisruptionbudgets")
# Source: MaxDisruptedPodSize
MOST_DISRUPTED = 2_000


def evict(
    core: Core, deleter: Deleter, actor: str, namespace: str, name: str, body: Any, options: WriteOptions
) -> Object:
    """Raises: NotFound, TooManyRequests while a budget is used up."""
    entry = core.entry(PODS, namespace, name)
    pod = entry.object
    given = (body or {}).get("deleteOptions") or {}
    preconditions = given.get("preconditions") or {}
    delete = DeleteOptions(
        dry_run=options.dry_run or bool(given.get("dryRun")),
        grace_period_seconds=given.get("gracePeriodSeconds"),
        propagation=given.get("propagationPolicy") or "",
        uid=preconditions.get("uid") or "",
        resource_version=preconditions.get("resourceVersion") or "",
    )
    if not _is_free(pod):
        budgets = _budgets(core, pod)
        if len(budgets) > 1:
            raise errors.failure(
                500,
                "InternalError",
                "Internal error occurred: This pod has more than one PodDisruptionBudget, which the eviction "
                "subresource does not support.",
            )
        for budget in budgets:
            if not _unready(pod, budget.object):
                _spend(core, budget, name, delete.dry_run)
    deleter.delete(actor, PODS, namespace, name, delete)
    return success(201)


def _is_free(pod: Object) -> bool:
    """Finished, pending and terminating Pods are nobody's budget."""
    phase = (pod.get("status") or {}).get("phase")
    return phase in ("Succeeded", "Failed", "Pending") or pod["metadata"].get("deletionTimestamp") is not None


def _budgets(core: Core, pod: Object) -> list[Entry]:
    if BUDGETS not in core.kinds:
        return []
    labels = pod["metadata"].get("labels") or {}
    table = core.table(BUDGETS)
    return [
        entry
        for entry in table.namespaces.get(pod["metadata"]["namespace"], ())
        if selectors.from_label_selector((entry.object.get("spec") or {}).get("selector")).matches(labels)
    ]


def _unready(pod: Object, budget: Object) -> bool:
    """A Pod that is not ready may go when its application is healthy enough without it."""
    conditions = (pod.get("status") or {}).get("conditions") or ()
    if any(each["type"] == "Ready" and each["status"] == "True" for each in conditions):
        return False
    if budget["spec"].get("unhealthyPodEvictionPolicy") == "AlwaysAllow":
        return True
    status = budget.get("status") or {}
    healthy, desired = status.get("currentHealthy", 0), status.get("desiredHealthy", 0)
    return bool(desired > 0 and healthy >= desired)


def _spend(core: Core, entry: Entry, pod_name: str, dry_run: bool) -> None:
    budget = entry.object
    status = budget.get("status") or {}
    name = budget["metadata"]["name"]
    if status.get("observedGeneration", 0) < budget["metadata"].get("generation", 0):
        raise _too_many(f"The disruption budget {name} is still being processed by the server.", name)
    allowed = status.get("disruptionsAllowed", 0)
    if allowed < 0:
        raise errors.forbidden(BUDGETS, name, "pdb disruptions allowed is negative")
    disrupted = status.get("disruptedPods") or {}
    if len(disrupted) > MOST_DISRUPTED:
        raise errors.forbidden(
            BUDGETS, name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller"
        )
    if not allowed:
        healthy, desired = status.get("currentHealthy", 0), status.get("desiredHealthy", 0)
        if healthy <= desired:
            why = f"The disruption budget {name} needs {desired} healthy pods and has {healthy} currently"
        else:
            why = f"The disruption budget {name} does not allow evicting pods currently because it failed sync: "
        raise _too_many(why, name)
    if dry_run:
        return
    now = core.now_text()
    status = {**status, "disruptionsAllowed": allowed - 1, "disruptedPods": {**disrupted, pod_name: now}}
    new = {**budget, "metadata": {**budget["metadata"]}, "status": status}
    core.store.replace(core.table(BUDGETS), entry, new)
    managed.note(entry, "", "", now, budget)


def _too_many(why: str, name: str) -> errors.ApiError:
    failure = errors.too_many_requests("Cannot evict pod as it would violate the pod's disruption budget.")
    failure.status["details"]["causes"] = [{"reason": "DisruptionBudget", "message": why}]
    return failure
