"""The status of a Pod as its kubelet writes it: phase, conditions, containers.

Parts that Pods have in common (conditions of one second, host addresses) are the same object in all of them.
Source: pkg/kubelet/kubelet_pods.go (generateAPIPodStatus, getPhase), pkg/kubelet/status/generate.go (1.36)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from k8s_magic.kubelet.record import ContainerRecord
from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object
from k8s_magic.runtime import reference
from k8s_magic.runtime.contract import Container
from k8s_magic.sim.time import SimTime, TimeFormatter

if TYPE_CHECKING:
    from k8s_magic.kubelet.worker import PodWorker

OWNED = ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")
EPOCH = "1970-01-01T00:00:00Z"
LOST = {
    "exitCode": 137,
    "reason": "ContainerStatusUnknown",
    "message": "The container could not be located when the pod was terminated",
    "startedAt": None,
    "finishedAt": None,
}
_CACHE_LIMIT = 4096

Finding = tuple[str, str, str]  # status, reason, message


class StatusWriter:
    """Builds statuses for all Pods of all nodes; keeps what they share."""

    def __init__(self, times: TimeFormatter) -> None:
        self._times = times
        self._conditions: dict[tuple[Any, ...], list[Object]] = {}

    def build(self, worker: PodWorker, now: SimTime) -> Object:
        pod = worker.pod
        old: Mapping[str, Any] = pod.get("status") or {}
        is_over = worker.is_over
        phase = worker.fixed_phase or phase_of(worker, is_over)
        inits = [self.container(record, worker, is_over) for record in worker.init_records]
        mains = [self.container(record, worker, is_over) for record in worker.records]
        ephemeral = [self.container(record, worker, is_over) for record in worker.ephemeral_records]
        status: Object = {
            "observedGeneration": pod["metadata"].get("generation", 1),
            "phase": phase,
            "conditions": self._build_conditions(worker, old, phase, now),
            "hostIP": worker.kubelet.config.address,
            "hostIPs": worker.kubelet.host_ips,
        }
        if worker.reason:
            status["reason"] = worker.reason
        if worker.message:
            status["message"] = worker.message
        ip = worker.shown_ip
        if ip:
            status["podIP"] = ip
            status["podIPs"] = [{"ip": ip}]
        status["startTime"] = worker.start_time
        if inits:
            status["initContainerStatuses"] = inits
        status["containerStatuses"] = mains if len(mains) < 2 else sorted(mains, key=lambda one: str(one["name"]))
        status["qosClass"] = old.get("qosClass", "BestEffort")
        if ephemeral:
            status["ephemeralContainerStatuses"] = sorted(ephemeral, key=lambda one: str(one["name"]))
        if worker.allocated:
            status["allocatedResources"] = worker.allocated
        status["resources"] = worker.resources
        return status

    # --- Conditions

    def _build_conditions(self, worker: PodWorker, old: Mapping[str, Any], phase: str, now: SimTime) -> list[Object]:
        ready = _containers_ready(worker, phase)
        findings: tuple[Finding, ...] = (
            ("True" if worker.has_sandbox else "False", "", ""),
            _initialized(worker, phase),
            _pod_ready(worker, old, ready),
            ready,
            ("True", "", ""),
        )
        text = self._times.seconds(now)
        since, before = [], worker.since
        previous = {one["type"]: one for one in old.get("conditions") or ()} if before is None else None
        for position, (name, finding) in enumerate(zip(OWNED, findings, strict=True)):
            if before is not None and before[position][0] == finding[0]:
                since.append(before[position])
            elif previous is not None and name in previous and previous[name]["status"] == finding[0]:
                since.append((finding[0], previous[name]["lastTransitionTime"]))
            else:
                since.append((finding[0], text))
        worker.since = since
        generation = worker.pod["metadata"].get("generation", 1)
        key = (generation, *findings, *since)
        shared = self._conditions.get(key)
        if shared is None:
            if len(self._conditions) >= _CACHE_LIMIT:
                self._conditions.clear()
            shared = self._conditions[key] = [
                _condition(name, generation, finding, time)
                for name, finding, (_, time) in zip(OWNED, findings, since, strict=True)
            ]
        others = [one for one in old.get("conditions") or () if one["type"] not in OWNED]
        return [*others, *shared] if others else shared

    # --- Containers

    def container(self, record: ContainerRecord, worker: PodWorker, is_over: bool) -> Object:
        hollow = worker.kubelet.config.hollow
        spec, current = record.spec, record.current
        last: Object = {}
        state: Object
        if current is not None and current.exit_code is None:
            state = {"running": {"startedAt": self._times.seconds(current.started_at)}}
            if record.previous is not None:
                last = {"terminated": self._terminated(record, record.previous, worker, record.attempt - 1)}
        elif record.waiting is not None and not is_over and not _has_failed_for_good(record, worker):
            reason, message = record.waiting
            state = {"waiting": {"reason": reason, "message": message} if message else {"reason": reason}}
            ended = current or record.previous
            if ended is not None:
                last = {"terminated": self._terminated(record, ended, worker, record.attempt)}
        elif current is not None:
            state = {"terminated": self._terminated(record, current, worker, record.attempt)}
            if record.previous is not None:
                last = {"terminated": self._terminated(record, record.previous, worker, record.attempt - 1)}
        elif is_over and worker.was_initialized and not record.is_init and not record.is_ephemeral:
            state = {"terminated": LOST}
        else:
            waits = "PodInitializing" if worker.init_records else "ContainerCreating"
            state = {"waiting": {"reason": waits}}
        ended_well = record.is_init and not record.is_sidecar and record.has_succeeded
        status: Object = {
            "name": record.name,
            "state": state,
            "lastState": last,
            "ready": record.is_ready or ended_well,
            "restartCount": record.attempt,
            "image": spec["image"],
            "imageID": "",
        }
        if current is not None:
            status["image"] = spec["image"] if hollow else image_text(spec["image"])
            status["imageID"] = spec["image"] if hollow else current.image_id
            status["containerID"] = container_id(record, current, worker, record.attempt)
            resources = spec.get("resources") or {}
            if resources.get("requests"):
                status["allocatedResources"] = resources["requests"]
            status["resources"] = {name: resources[name] for name in ("limits", "requests") if resources.get(name)}
        if not hollow and not record.is_ephemeral:  # the prober, which says this, knows none of them
            status["started"] = record.is_started
        if record.volume_mounts:
            status["volumeMounts"] = record.volume_mounts
        return status

    def _terminated(self, record: ContainerRecord, container: Container, worker: PodWorker, attempt: int) -> Object:
        hollow_kill = worker.kubelet.config.hollow and worker.is_killing
        state: Object = {"exitCode": 0 if hollow_kill else container.exit_code}
        if container.reason and not hollow_kill:
            state["reason"] = container.reason
        if container.message:
            state["message"] = container.message
        started = container.started_at
        state["startedAt"] = self._times.seconds(started) if started >= 0 else EPOCH
        state["finishedAt"] = self._times.seconds(container.finished_at or 0)
        state["containerID"] = container_id(record, container, worker, attempt)
        return state


def _has_failed_for_good(record: ContainerRecord, worker: PodWorker) -> bool:
    """An ephemeral container that did not start is shown as waiting unless the Pod's own containers would not be
    restarted either. Source: kubecontainer.ShouldContainerBeRestarted
    """
    return record.is_ephemeral and record.current is not None and worker.restart_policy == "Never"


def _condition(type: str, generation: int, finding: Finding, time: str) -> Object:
    status, reason, message = finding
    condition: Object = {
        "type": type,
        "observedGeneration": generation,
        "status": status,
        "lastProbeTime": None,
        "lastTransitionTime": time,
    }
    if reason:
        condition["reason"] = reason
    if message:
        condition["message"] = message
    return condition


def container_id(record: ContainerRecord, container: Container, worker: PodWorker, attempt: int) -> str:
    if worker.kubelet.config.hollow:
        return f"fakeRuntime://{worker.name}_{worker.namespace}_{worker.uid}_0_{record.name}_{attempt}"
    return f"containerd://{container.id}"


def image_text(image: str) -> str:
    """What the container runtime calls an image."""
    try:
        return str(reference.parse(image))
    except ValueError:
        return image


def _listed(names: list[str]) -> str:
    return f"[{' '.join(names)}]"


def _containers_ready(worker: PodWorker, phase: str) -> Finding:
    if phase == "Succeeded":
        return "False", "PodCompleted", ""
    if phase == "Failed":
        return "False", "PodFailed", ""
    unready = [
        record.name
        for record in (*worker.init_records, *worker.records)
        if (record.is_sidecar or not record.is_init) and not record.is_ready
    ]
    if unready:
        return "False", "ContainersNotReady", f"containers with unready status: {_listed(unready)}"
    return "True", "", ""


def _pod_ready(worker: PodWorker, old: Mapping[str, Any], containers: Finding) -> Finding:
    gates = worker.pod["spec"].get("readinessGates")
    if containers[0] != "True" or not gates:
        return containers
    known = {one["type"]: one["status"] for one in old.get("conditions") or ()}
    problems = []
    for gate in gates:
        name = gate["conditionType"]
        if name not in known:
            problems.append(f'corresponding condition of pod readiness gate "{name}" does not exist.')
        elif known[name] != "True":
            problems.append(f'the status of pod readiness gate "{name}" is not "True", but {known[name]}')
    return ("False", "ReadinessGatesNotReady", ", ".join(problems)) if problems else containers


def _initialized(worker: PodWorker, phase: str) -> Finding:
    if phase == "Succeeded":
        return "True", "PodCompleted", ""
    if not worker.init_records or any(record.current is not None for record in worker.records):
        return "True", "", ""
    incomplete = [
        record.name
        for record in worker.init_records
        if not (record.is_started if record.is_sidecar else record.has_succeeded)
    ]
    if incomplete:
        return "False", "ContainersNotInitialized", f"containers with incomplete status: {_listed(incomplete)}"
    return "True", "", ""


def phase_of(worker: PodWorker, is_over: bool) -> str:
    """getPhase. `is_over`: nothing will be started again, and what ran has ended."""
    policy = worker.restart_policy
    pending_inits = 0
    for record in worker.init_records:
        if record.is_sidecar:
            if not record.is_started and not any(one.current is not None for one in worker.records):
                pending_inits += 1
            continue
        if record.has_ended and not record.has_succeeded:
            if not record.may_restart(policy):
                return "Failed"
        elif not record.has_ended:
            pending_inits += 1
    running = sum(
        record.is_running
        for record in (*worker.init_records, *worker.records)
        if not record.is_init or record.is_sidecar
    )
    stopped = [record for record in worker.records if record.has_ended or (record.current is None and record.previous)]
    waiting = len(worker.records) - len(stopped) - sum(record.is_running for record in worker.records)
    if is_over and (pending_inits or waiting):
        return "Failed"
    if pending_inits or waiting:
        return "Pending"
    if running or (not is_over and any(record.is_running for record in worker.ephemeral_records)):
        return "Running"
    succeeded = all(record.has_succeeded for record in stopped)
    if is_over and not worker.is_static:
        # A container that a hollow kubelet kills reports no exit code but 0.
        killed_hollow = worker.kubelet.config.hollow and worker.is_killing
        return "Succeeded" if succeeded or killed_hollow else "Failed"
    if any(record.may_restart(policy) for record in stopped):
        return "Running"
    return "Succeeded" if succeeded else "Failed"


# --- Resources

Amounts = dict[str, str]


def total_resources(spec: Mapping[str, Any]) -> tuple[Object, Amounts]:
    """status.resources and status.allocatedResources: the containers' sums. Source: resourcehelper.PodRequests."""
    containers = spec["containers"]
    if not (
        any(one.get("resources") for one in containers)
        or any(spec.get(part) for part in ("resources", "overhead", "initContainers"))
    ):
        return {}, {}
    requests, limits = _total(spec, "requests"), _total(spec, "limits")
    found: Object = {}
    if limits:
        found["limits"] = limits
    if requests:
        found["requests"] = requests
    return found, requests


def _total(spec: Mapping[str, Any], family: str) -> Amounts:
    def own(container: Mapping[str, Any]) -> dict[str, quantity.Quantity]:
        listed = (container.get("resources") or {}).get(family) or {}
        return {name: quantity.parse(text) for name, text in listed.items()}

    def add(total: dict[str, quantity.Quantity], more: dict[str, quantity.Quantity]) -> None:
        for name, value in more.items():
            total[name] = total[name] + value if name in total else value

    total: dict[str, quantity.Quantity] = {}
    for container in spec["containers"]:
        add(total, own(container))
    sidecars: dict[str, quantity.Quantity] = {}
    peak: dict[str, quantity.Quantity] = {}
    for container in spec.get("initContainers") or ():
        needs = own(container)
        if container.get("restartPolicy") == "Always":
            add(total, needs)
            add(sidecars, needs)
            needs = dict(sidecars)
        else:
            add(needs, sidecars)
        for name, value in needs.items():
            peak[name] = max(peak[name], value) if name in peak else value
    for name, value in peak.items():
        total[name] = max(total[name], value) if name in total else value
    total |= own(spec)
    return {name: str(value) for name, value in total.items()}
