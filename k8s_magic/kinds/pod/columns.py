"""The columns of Pods: readiness, the one word for what a Pod is up to, restarts.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (
    printing.NAME,
    Column("Ready"),
    Column("Status"),
    Column("Restarts"),
    printing.AGE,
    printing.wide("IP"),
    printing.wide("Node"),
    printing.wide("Nominated Node"),
    printing.wide("Readiness Gates"),
)


def row(obj: Object, clock: Clock) -> list[Any]:
    metadata, spec, status = obj["metadata"], obj["spec"], obj.get("status") or {}
    found = _Containers(spec, status)
    reason = found.reason
    if metadata.get("deletionTimestamp"):
        if status.get("reason") == "NodeLost":
            reason = "Unknown"
        elif status.get("phase") not in ("Succeeded", "Failed"):
            reason = "Terminating"
    restarts = str(found.restarts)
    if found.restarts and found.last_restart:
        restarts = f"{restarts} ({printing.since(found.last_restart, clock)} ago)"
    addresses = status.get("podIPs")
    return [
        metadata["name"],
        f"{found.ready}/{found.total}",
        reason,
        restarts,
        printing.age(obj, clock),
        (addresses[0].get("ip") if addresses else "") or "<none>",
        spec.get("nodeName") or "<none>",
        status.get("nominatedNodeName") or "<none>",
        _gates(spec, status) if "readinessGates" in spec else "<none>",
    ]


def _gates(spec: Object, status: Object) -> str:
    gates = spec["readinessGates"]
    if not gates:
        return "<none>"
    states = {each["type"]: each.get("status") for each in reversed(status.get("conditions") or ())}
    return f"{sum(states.get(gate['conditionType']) == 'True' for gate in gates)}/{len(gates)}"


class _Containers:
    """What a Pod's container statuses add up to."""

    __slots__ = ("last_restart", "ready", "reason", "restarts", "total")

    def __init__(self, spec: Object, status: Object) -> None:
        self.total = len(spec["containers"])
        self.ready = 0
        self.restarts = 0
        self.last_restart = ""
        self.reason: str = status.get("reason") or status.get("phase") or ""
        conditions: list[Object] = status.get("conditions") or []
        for condition in conditions:
            if condition["type"] == "PodScheduled" and condition.get("reason") == "SchedulingGated":
                self.reason = "SchedulingGated"
        initializing = False
        if spec.get("initContainers"):
            is_done = _is_true(conditions, "Initialized")
            statuses: list[Object] = status.get("initContainerStatuses") or []
            initializing = self._init(spec["initContainers"], statuses, is_done=is_done)
        if not initializing:
            self._main(status.get("containerStatuses") or [], conditions)

    def _init(self, containers: list[Object], statuses: list[Object], *, is_done: bool) -> bool:
        """Init containers: True while they are not done. Of those that are, only sidecars' restarts count."""
        sidecars = {each["name"] for each in containers if each.get("restartPolicy") == "Always"}
        self.total += len(sidecars)
        restarts, last_restart = 0, ""
        sidecar_restarts, sidecar_last = 0, ""
        initializing = False
        for index, container in enumerate(statuses):
            is_sidecar = container["name"] in sidecars
            count = container.get("restartCount", 0)
            finished = _last_finish(container)
            restarts += count
            last_restart = max(last_restart, finished)
            if is_sidecar:
                sidecar_restarts += count
                sidecar_last = max(sidecar_last, finished)
            state = container.get("state") or {}
            terminated = state.get("terminated")
            if terminated is not None and not terminated.get("exitCode"):
                continue
            if is_sidecar and container.get("started"):
                self.ready += bool(container.get("ready"))
                continue
            waiting = (state.get("waiting") or {}).get("reason")
            if terminated is not None:
                self.reason = "Init:" + (terminated.get("reason") or _exit(terminated))
            elif waiting and waiting != "PodInitializing":
                self.reason = f"Init:{waiting}"
            else:
                self.reason = f"Init:{index}/{len(containers)}"
            initializing = True
            break
        self.restarts, self.last_restart = restarts, last_restart
        if is_done or not initializing:
            self.restarts, self.last_restart = sidecar_restarts, sidecar_last
            return False
        return True

    def _main(self, statuses: list[Object], conditions: list[Object]) -> None:
        has_running = False
        error = ""
        reason = self.reason
        for container in reversed(statuses):
            count = container.get("restartCount", 0)
            if count or container.get("lastState"):
                self.restarts += count
                self.last_restart = max(self.last_restart, _last_finish(container))
            state = container.get("state") or {}
            terminated = state.get("terminated")
            if (state.get("waiting") or {}).get("reason"):
                reason = state["waiting"]["reason"]
            elif terminated is not None:
                reason = terminated.get("reason") or _exit(terminated)
                if terminated.get("exitCode"):
                    error = reason
            elif container.get("ready") and "running" in state:
                has_running = True
                self.ready += 1
        if reason == "Completed":
            if has_running and _is_true(conditions, "Ready"):
                reason = "Running"
            elif error:
                reason = error
            elif has_running:
                reason = "NotReady"
        self.reason = reason


def _is_true(conditions: list[Object], type: str) -> bool:
    return any(each["type"] == type and each.get("status") == "True" for each in conditions)


def _last_finish(container: Object) -> str:
    """When the container ended the last time. API timestamps sort as texts do."""
    last = container.get("lastState")
    finished: str = ((last or {}).get("terminated") or {}).get("finishedAt") or ""
    return finished


def _exit(terminated: Object) -> str:
    if terminated.get("signal"):
        return f"Signal:{terminated['signal']}"
    return f"ExitCode:{terminated.get('exitCode', 0)}"
