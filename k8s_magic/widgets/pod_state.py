"""What a view says of one Pod: a state out of eight, and the reason in kubectl's word."""

from __future__ import annotations

from typing import Any, Literal

from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object

State = Literal["pending", "creating", "running", "ready", "error", "terminating", "succeeded", "unknown"]
STATES: tuple[State, ...] = (
    "pending",
    "creating",
    "running",
    "ready",
    "error",
    "terminating",
    "succeeded",
    "unknown",
)

# Reasons of a waiting container that are steps on the way to running. Source: pkg/kubelet/kubelet_pods.go
_ON_THE_WAY = frozenset({"ContainerCreating", "PodInitializing", ""})


def condition(obj: Object, type: str) -> dict[str, Any] | None:
    """A condition of status.conditions by its type."""
    for found in obj.get("status", {}).get("conditions") or ():
        if found["type"] == type:
            answer: dict[str, Any] = found
            return answer
    return None


def is_true(obj: Object, type: str) -> bool:
    found = condition(obj, type)
    return found is not None and found["status"] == "True"


def classify(pod: Object, node_is_ready: bool = True) -> tuple[State, str]:
    """State and reason, e.g. ("error", "CrashLoopBackOff"), ("pending", "Unschedulable")."""
    status = pod.get("status", {})
    phase = status.get("phase", "Pending")
    if not node_is_ready and phase not in ("Succeeded", "Failed"):
        return "unknown", "NodeLost"
    if meta.is_deleting(pod):
        # Its containers may have ended well already: it is still one that goes, not one that did its work.
        return "terminating", "Terminating"
    if phase == "Succeeded":
        return "succeeded", "Completed"
    if phase == "Failed":
        return "error", status.get("reason") or "Error"
    if not pod["spec"].get("nodeName"):
        scheduled = condition(pod, "PodScheduled")
        return "pending", (scheduled or {}).get("reason") or "Pending"
    reason = _trouble(status)
    if reason:
        return "error", reason
    if phase == "Pending":
        return "creating", _waiting(status) or "ContainerCreating"
    if is_true(pod, "Ready"):
        return "ready", "Running"
    return "running", "Running"


def _waiting(status: dict[str, Any]) -> str:
    for container in (*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())):
        waiting = container.get("state", {}).get("waiting")
        if waiting:
            reason: str = waiting.get("reason", "")
            return reason
    return ""


def _trouble(status: dict[str, Any]) -> str:
    """The first container that waits for another reason than being on its way, or that ended badly."""
    for container in (*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())):
        state = container.get("state", {})
        reason: str = (state.get("waiting") or {}).get("reason", "")
        if reason not in _ON_THE_WAY:
            return reason
        ended = state.get("terminated")
        if ended and ended.get("exitCode"):
            return ended.get("reason") or "Error"
    return ""


def restarts(pod: Object) -> int:
    return sum(c.get("restartCount", 0) for c in pod.get("status", {}).get("containerStatuses") or ())


def parts(pod: Object) -> str:
    """A letter a container, where there are several: c being made, n running, r ready, d done, e error."""
    containers = pod["spec"]["containers"]
    if len(containers) < 2:
        return ""
    statuses = {found["name"]: found for found in pod.get("status", {}).get("containerStatuses") or ()}
    return "".join(_part(statuses.get(container["name"])) for container in containers)


def _part(status: dict[str, Any] | None) -> str:
    state = (status or {}).get("state") or {}
    if "running" in state:
        return "r" if status and status.get("ready") else "n"
    if "terminated" in state:
        return "e" if state["terminated"].get("exitCode") else "d"
    return "c" if (state.get("waiting") or {}).get("reason", "") in _ON_THE_WAY else "e"


# A message is for reading in a tooltip; the story of the Pod has all of it.
_MESSAGE_LIMIT = 240


def message(pod: Object, state: State) -> str:
    """The sentence that goes with the reason of a Pod that waits for a node or fails."""
    text = ""
    if state == "pending":
        text = (condition(pod, "PodScheduled") or {}).get("message", "")
    elif state == "error":
        status = pod.get("status", {})
        found = (
            (container.get("state", {}).get("waiting") or container.get("state", {}).get("terminated") or {})
            for container in (*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ()))
        )
        text = next((each["message"] for each in found if each.get("message")), status.get("message") or "")
    return text if len(text) <= _MESSAGE_LIMIT else text[: _MESSAGE_LIMIT - 1] + "…"
