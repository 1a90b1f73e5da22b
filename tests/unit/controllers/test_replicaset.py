"""ReplicaSets and ReplicationControllers keep their number of Pods."""

from __future__ import annotations

from typing import Any

import pytest
from rig import Rig

from k8s_magic import controllers
from k8s_magic.controllers._replicas import pod_control
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.sim.time import MILLISECOND, SECOND

SPEC = {"containers": [{"name": "c", "image": "nginx"}]}


def rig(**agent: Any) -> Rig:
    made = Rig(controllers.discover())
    made.run(1)
    made.agent(**agent)
    return made


def replica_set(replicas: int = 3, **spec: Any) -> Object:
    template = {"metadata": {"labels": {"app": "web", "tier": "front"}}, "spec": SPEC}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {"name": "web"},
        "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": "web"}}, "template": template, **spec},
    }


def controller(replicas: int = 2) -> Object:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": SPEC}
    return {
        "apiVersion": "v1",
        "kind": "ReplicationController",
        "metadata": {"name": "web"},
        "spec": {"replicas": replicas, "selector": {"app": "web"}, "template": template},
    }


def bare_pod(name: str, **labels: str) -> Object:
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": labels}, "spec": SPEC}


def pod_names(made: Rig) -> list[str]:
    return [pod["metadata"]["name"] for pod in made.all(names.PODS)]


def test_pods_are_made_of_the_template_and_share_it() -> None:
    made = rig()
    made.create(names.REPLICA_SETS, "default", replica_set())
    made.run(0.05)
    pods = made.all(names.PODS)
    owner = made.get(names.REPLICA_SETS, "web")
    assert pod_control.from_template(owner["spec"]["template"], owner)["spec"] is owner["spec"]["template"]["spec"]
    metadata = pods[0]["metadata"]
    assert metadata["generateName"] == "web-"
    assert metadata["labels"] == {"app": "web", "tier": "front"}
    assert metadata["ownerReferences"][0]["controller"] is metadata["ownerReferences"][0]["blockOwnerDeletion"] is True
    made.run(1)
    assert made.get(names.REPLICA_SETS, "web")["status"] == {
        "replicas": 3,
        "fullyLabeledReplicas": 3,
        "readyReplicas": 3,
        "availableReplicas": 3,
        "terminatingReplicas": 0,
        "observedGeneration": 1,
    }
    assert [event[:2] for event in made.events] == [("ReplicaSet/web", "SuccessfulCreate")] * 3


def test_an_orphan_is_adopted_instead_of_a_new_pod() -> None:
    made = rig()
    made.create(names.PODS, "default", bare_pod("mine", app="web"))
    made.create(names.PODS, "default", bare_pod("other", app="db"))
    made.create(names.REPLICA_SETS, "default", replica_set(2))
    made.run(1)
    assert made.get(names.PODS, "mine")["metadata"]["ownerReferences"][0]["kind"] == "ReplicaSet"
    assert "ownerReferences" not in made.get(names.PODS, "other")["metadata"]
    assert len(pod_names(made)) == 3
    status = made.get(names.REPLICA_SETS, "web")["status"]
    assert (status["replicas"], status["fullyLabeledReplicas"]) == (2, 1)


def test_a_pod_that_matches_no_more_is_released_and_replaced() -> None:
    made = rig()
    made.create(names.REPLICA_SETS, "default", replica_set(2))
    made.run(1)
    lost = pod_names(made)[0]
    made.patch(names.PODS, lost, {"metadata": {"labels": {"app": "debug"}}})
    made.run(1)
    assert "ownerReferences" not in made.get(names.PODS, lost)["metadata"]
    assert made.get(names.REPLICA_SETS, "web")["status"]["replicas"] == 2
    assert len(pod_names(made)) == 3


def test_scaling_in_takes_the_unready_first() -> None:
    made = rig()
    made.create(names.REPLICA_SETS, "default", replica_set(3))
    made.run(2)
    sick = pod_names(made)[0]
    made.make_ready("default", sick, ready=False)
    made.patch(names.REPLICA_SETS, "web", {"spec": {"replicas": 2}})
    made.run(0.5)
    assert made.events[-1] == ("ReplicaSet/web", "SuccessfulDelete", f"Deleted pod: {sick}")
    status = made.get(names.REPLICA_SETS, "web")["status"]
    assert (status["replicas"], status["readyReplicas"], status["terminatingReplicas"]) == (2, 2, 1)
    made.run(2)
    assert made.get(names.REPLICA_SETS, "web")["status"]["terminatingReplicas"] == 0


def test_a_deleted_pod_is_replaced_before_it_is_gone() -> None:
    made = rig(gone_after=20 * SECOND)
    made.create(names.REPLICA_SETS, "default", replica_set(1))
    made.run(1)
    (first,) = pod_names(made)
    made.delete(names.PODS, first)
    made.run(0.01)
    assert len(pod_names(made)) == 2


def test_a_failed_pod_is_replaced_and_kept() -> None:
    made = rig()
    made.create(names.REPLICA_SETS, "default", replica_set(1))
    made.run(1)
    (pod,) = made.all(names.PODS)
    failed = {**pod, "status": {**pod["status"], "phase": "Failed"}}
    made.api.update(names.PODS, "default", pod["metadata"]["name"], failed, subresource="status")
    made.run(1)
    assert len(pod_names(made)) == 2
    assert made.get(names.REPLICA_SETS, "web")["status"]["replicas"] == 1


def test_min_ready_seconds_delays_availability_exactly() -> None:
    made = rig(ready_after=500 * MILLISECOND)
    made.create(names.REPLICA_SETS, "default", replica_set(1, minReadySeconds=10))
    made.run(10.0)
    status = made.get(names.REPLICA_SETS, "web")["status"]
    assert (status["readyReplicas"], "availableReplicas" in status) == (1, False)
    made.run(0.1)
    assert made.get(names.REPLICA_SETS, "web")["status"]["availableReplicas"] == 1


def test_pods_that_are_refused_show_in_events_and_a_condition() -> None:
    made = rig()
    body = replica_set(4)
    body["spec"]["template"]["spec"] = {**SPEC, "serviceAccountName": "late"}
    made.create(names.REPLICA_SETS, "default", body)
    made.run(0.003)
    assert [event[1] for event in made.events] == ["FailedCreate"], "slow start: one try, then back off"
    assert made.events[0][2].startswith('Error creating: pods "web-')
    (condition,) = made.get(names.REPLICA_SETS, "web")["status"]["conditions"]
    assert (condition["type"], condition["status"], condition["reason"]) == ("ReplicaFailure", "True", "FailedCreate")
    assert condition["message"].endswith('serviceaccount "late" not found')
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "late"}}
    made.create(names.SERVICE_ACCOUNTS, "default", account)
    made.run(10)
    status = made.get(names.REPLICA_SETS, "web")["status"]
    assert status["readyReplicas"] == 4
    assert "conditions" not in status


@pytest.mark.parametrize(
    ("resource", "body"),
    [(names.REPLICA_SETS, replica_set(700)), (names.REPLICATION_CONTROLLERS, controller(700))],
)
def test_many_come_in_bursts_and_only_once(resource: GroupVersionResource, body: Object) -> None:
    made = rig()
    made.create(resource, "default", body)
    made.run(0.003)
    assert len(pod_names(made)) == 500
    made.run(1)
    assert len(pod_names(made)) == 700
    assert made.get(resource, "web")["status"]["readyReplicas"] == 700


def test_a_replication_controller_tells_no_terminating_replicas() -> None:
    made = rig()
    made.create(names.REPLICATION_CONTROLLERS, "default", controller())
    made.run(1)
    assert made.get(names.REPLICATION_CONTROLLERS, "web")["status"] == {
        "replicas": 2,
        "fullyLabeledReplicas": 2,
        "readyReplicas": 2,
        "availableReplicas": 2,
        "observedGeneration": 1,
    }
    assert made.events[0][:2] == ("ReplicationController/web", "SuccessfulCreate")


def test_a_new_controller_takes_up_where_the_old_one_stopped() -> None:
    made = rig()
    made.create(names.REPLICA_SETS, "default", replica_set(2))
    made.run(1)
    for component in made.components:
        component.stop()
    made.delete(names.PODS, pod_names(made)[0])
    made.run(5)
    assert len(pod_names(made)) == 1
    for record in controllers.discover():
        record.build(made.context).start()
    made.run(5)
    assert len(pod_names(made)) == 2
    assert made.get(names.REPLICA_SETS, "web")["status"]["readyReplicas"] == 2
