"""Which Pods go first."""

from __future__ import annotations

from typing import Any

from k8s_magic.controllers import _pods
from k8s_magic.machinery.meta import Object
from k8s_magic.sim.time import HOUR, SECOND, TimeFormatter

TIMES = TimeFormatter()
NOW = 10 * HOUR


def pod(
    name: str, *, node: str = "n", phase: str = "Running", ready: int | None = 0, restarts: int = 0, **more: Any
) -> Object:
    """`ready`: since when, in seconds; None is not ready."""
    condition = {"type": "Ready", "status": str(ready is not None)}
    condition["lastTransitionTime"] = TIMES.seconds((ready or 0) * SECOND)
    return {
        "metadata": {
            "name": name,
            "uid": name,
            "creationTimestamp": TIMES.seconds(more.get("created", 0) * SECOND),
            "annotations": {_pods.DELETION_COST: str(more["cost"])} if "cost" in more else {},
        },
        "spec": {"nodeName": node} if node else {},
        "status": {
            "phase": phase,
            "conditions": [condition],
            "containerStatuses": [{"name": "c", "restartCount": restarts}],
        },
    }


def order(*pods: Object, on_node: dict[str, int] | None = None) -> list[str]:
    return [found["metadata"]["name"] for found in _pods.first_to_go(pods, on_node or {}, NOW, TIMES)]


def test_each_rule_in_its_turn() -> None:
    found = order(
        pod("old", ready=0),
        pod("young", ready=35990),
        pod("crowded", node="full", ready=0),
        pod("cheap", cost=-5),
        pod("unready", ready=None),
        pod("pending", phase="Pending", ready=None),
        pod("unassigned", node="", phase="Pending", ready=None),
        on_node={"full": 3, "n": 1},
    )
    assert found == ["unassigned", "pending", "unready", "cheap", "crowded", "young", "old"]


def test_ages_of_one_magnitude_go_by_uid() -> None:
    assert order(pod("b", ready=100), pod("a", ready=200)) == ["a", "b"]
    assert order(pod("a", ready=100), pod("b", ready=30000)) == ["b", "a"]


def test_restarts_then_creation() -> None:
    assert order(pod("calm"), pod("restless", restarts=4)) == ["restless", "calm"]
    assert order(pod("a", created=0), pod("b", created=35999)) == ["b", "a"]


def test_equal_pods_keep_their_order() -> None:
    assert order(pod("y"), pod("x")) == ["y", "x"]


def test_the_first_of_many_are_the_first_of_all() -> None:
    on_node = {f"node-{number}": number % 3 for number in range(7)}
    many = [
        pod(
            f"pod-{number * 7919 % 200:03}",
            node=f"node-{number % 7}" if number % 11 else "",
            ready=None if number % 5 == 0 else 300 * (number % 13),
            restarts=number % 2,
            created=number % 3,
        )
        for number in range(200)
    ]
    every = _pods.first_to_go(many, on_node, NOW, TIMES)
    assert len(every) == 200
    for count in (0, 1, 17, 60, 199, 200, 500):
        assert _pods.first_to_go(many, on_node, NOW, TIMES, count) == every[:count]
