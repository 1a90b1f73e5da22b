import pytest

from k8s_magic.widgets.pod_state import classify

UNSCHEDULABLE = [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]
READY = [{"type": "Ready", "status": "True"}]


def pod(phase: str, *, node: str = "node-1", deleted: bool = False, **status: object) -> dict:
    metadata = {"name": "web", "uid": "1", **({"deletionTimestamp": "2026-01-01T00:00:00Z"} if deleted else {})}
    spec = {"containers": [{"name": "web"}], **({"nodeName": node} if node else {})}
    return {"metadata": metadata, "spec": spec, "status": {"phase": phase, **status}}


def waiting(reason: str) -> dict:
    return {"containerStatuses": [{"state": {"waiting": {"reason": reason}}}]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (pod("Pending", node=""), ("pending", "Pending")),
        (pod("Pending", node="", conditions=UNSCHEDULABLE), ("pending", "Unschedulable")),
        (pod("Pending", **waiting("ContainerCreating")), ("creating", "ContainerCreating")),
        (pod("Pending", **waiting("ImagePullBackOff")), ("error", "ImagePullBackOff")),
        (pod("Running"), ("running", "Running")),
        (pod("Running", conditions=READY), ("ready", "Running")),
        (pod("Running", **waiting("CrashLoopBackOff")), ("error", "CrashLoopBackOff")),
        (pod("Running", conditions=READY, deleted=True), ("terminating", "Terminating")),
        (pod("Succeeded"), ("succeeded", "Completed")),
        (pod("Failed", reason="Evicted"), ("error", "Evicted")),
    ],
)
def test_state_and_reason(given: dict, expected: tuple[str, str]) -> None:
    assert classify(given) == expected


def test_nothing_is_known_of_a_pod_whose_node_is_lost() -> None:
    assert classify(pod("Running", conditions=READY), node_is_ready=False) == ("unknown", "NodeLost")
