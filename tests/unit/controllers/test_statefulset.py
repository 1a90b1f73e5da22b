"""StatefulSets make, give up and replace their Pods in order."""

from __future__ import annotations

from typing import Any

from rig import Rig

from k8s_magic import controllers
from k8s_magic.controllers.statefulset import revisions
from k8s_magic.controllers.statefulset.claims import CLAIMS
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object

SPEC = {"containers": [{"name": "web", "image": "nginx:1.25"}]}


def stateful_set(replicas: int = 3, **spec: Any) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "web"},
        "spec": {
            "replicas": replicas,
            "serviceName": "web",
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web"}}, "spec": SPEC},
            **spec,
        },
    }


def started(replicas: int = 3, seconds: float = 2, **spec: Any) -> Rig:
    made = Rig(controllers.discover())
    made.run(1)
    made.agent(gone_after=500_000)
    made.create(names.STATEFUL_SETS, "default", stateful_set(replicas, **spec))
    made.run(seconds)
    return made


def change(made: Rig, image: str) -> None:
    template = {"spec": {"containers": [{"name": "web", "image": image}]}}
    made.patch(names.STATEFUL_SETS, "web", {"spec": {"template": template}})


def scale(made: Rig, replicas: int) -> None:
    made.patch(names.STATEFUL_SETS, "web", {"spec": {"replicas": replicas}})


def status(made: Rig) -> Object:
    found: Object = made.get(names.STATEFUL_SETS, "web")["status"]
    return found


def images(made: Rig) -> dict[str, str]:
    pods = sorted(made.all(names.PODS), key=lambda pod: pod["metadata"]["name"])
    return {pod["metadata"]["name"]: pod["spec"]["containers"][0]["image"][-2:] for pod in pods}


def told(made: Rig) -> list[tuple[str, str]]:
    return [(reason, message) for _, reason, message in made.events]


def test_the_hash_of_a_revision_is_that_of_the_real_controller() -> None:
    """Source: pkg/controller/statefulset/testdata/compatibility_revision_1.34.0.json"""
    container = {
        "image": "test",
        "imagePullPolicy": "Always",
        "name": "test",
        "resources": {},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
    }
    spec = {
        "containers": [container],
        "dnsPolicy": "ClusterFirst",
        "restartPolicy": "Always",
        "schedulerName": "default-scheduler",
        "securityContext": {},
        "terminationGracePeriodSeconds": 30,
    }
    metadata = {"annotations": {"test": "value"}, "labels": {"app": "foo"}}
    data = {"spec": {"template": {"$patch": "replace", "metadata": metadata, "spec": spec}}}
    assert revisions.hash_of(data, 0) == "776999688b"


def test_pods_come_one_after_the_other_with_stable_names() -> None:
    made = started(seconds=0.05)
    assert list(images(made)) == ["web-0"]
    made.run(0.1)
    assert list(images(made)) == ["web-0", "web-1"]
    made.run(1)
    pod = made.get(names.PODS, "web-2")
    (revision,) = made.all(names.CONTROLLER_REVISIONS)
    name = revision["metadata"]["name"]
    assert pod["metadata"]["generateName"] == "web-"
    assert pod["metadata"]["labels"] == {
        "app": "web",
        "apps.kubernetes.io/pod-index": "2",
        "controller-revision-hash": name,
        "statefulset.kubernetes.io/pod-name": "web-2",
    }
    assert (pod["spec"]["hostname"], pod["spec"]["subdomain"]) == ("web-2", "web")
    assert revision["metadata"]["labels"] == {"app": "web", revisions.HASH: name.removeprefix("web-")}
    assert status(made) == {
        "observedGeneration": 1,
        "replicas": 3,
        "readyReplicas": 3,
        "availableReplicas": 3,
        "currentReplicas": 3,
        "updatedReplicas": 3,
        "currentRevision": name,
        "updateRevision": name,
        "collisionCount": 0,
    }
    assert told(made) == [
        ("SuccessfulCreate", f"Create Pod web-{number} in StatefulSet web successful") for number in range(3)
    ]


def test_one_that_is_not_ready_holds_up_the_others() -> None:
    made = started()
    made.make_ready("default", "web-1", ready=False)
    scale(made, 5)
    made.run(2)
    assert len(images(made)) == 3
    made.make_ready("default", "web-1")
    made.run(2)
    assert len(images(made)) == 5


def test_scaling_down_takes_the_highest_first_and_waits_for_each() -> None:
    made = started()
    scale(made, 1)
    made.run(0.4)
    gone = [pod["metadata"]["name"] for pod in made.all(names.PODS) if "deletionTimestamp" in pod["metadata"]]
    assert gone == ["web-2"]
    made.run(2)
    assert list(images(made)) == ["web-0"]
    assert told(made)[-2:] == [
        ("SuccessfulDelete", "Delete Pod web-2 in StatefulSet web successful"),
        ("SuccessfulDelete", "Delete Pod web-1 in StatefulSet web successful"),
    ]


def test_parallel_sets_do_not_wait() -> None:
    made = started(4, 0.05, podManagementPolicy="Parallel")
    assert len(images(made)) == 4
    scale(made, 1)
    made.run(1)
    assert list(images(made)) == ["web-0"]


def test_a_rolling_update_goes_from_the_highest_to_the_lowest() -> None:
    made = started()
    before = status(made)["currentRevision"]
    change(made, "nginx:1.26")
    made.run(0.9)
    assert images(made) == {"web-0": "25", "web-1": "25", "web-2": "26"}
    assert status(made)["currentRevision"] == before != status(made)["updateRevision"]
    made.run(3)
    assert set(images(made).values()) == {"26"}
    assert status(made)["currentRevision"] == status(made)["updateRevision"] != before
    change(made, "nginx:1.25")
    made.run(4)
    assert status(made)["currentRevision"] == before
    assert [found["revision"] for found in made.all(names.CONTROLLER_REVISIONS)] == [3, 2]


def test_a_partition_keeps_the_lower_ones_even_when_they_are_made_anew() -> None:
    made = started(updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"partition": 2}})
    change(made, "nginx:1.26")
    made.run(3)
    assert images(made) == {"web-0": "25", "web-1": "25", "web-2": "26"}
    made.delete(names.PODS, "web-0")
    made.run(3)
    assert images(made) == {"web-0": "25", "web-1": "25", "web-2": "26"}
    assert (status(made)["currentReplicas"], status(made)["updatedReplicas"]) == (2, 1)


def test_on_delete_replaces_what_a_person_deletes() -> None:
    made = started(updateStrategy={"type": "OnDelete"})
    change(made, "nginx:1.26")
    made.run(2)
    assert set(images(made).values()) == {"25"}
    made.delete(names.PODS, "web-1")
    made.run(2)
    assert images(made) == {"web-0": "25", "web-1": "26", "web-2": "25"}


def test_a_pod_that_ended_is_made_anew_under_its_name() -> None:
    made = started()
    pod = made.get(names.PODS, "web-1")
    body = {**pod, "status": {**pod["status"], "phase": "Failed"}}
    made.api.update(names.PODS, "default", "web-1", body, subresource="status")
    made.run(2)
    again = made.get(names.PODS, "web-1")
    assert again["metadata"]["uid"] != pod["metadata"]["uid"]
    assert status(made)["readyReplicas"] == 3


def test_ordinals_may_start_elsewhere_and_availability_takes_its_time() -> None:
    made = started(2, 3, ordinals={"start": 5}, minReadySeconds=5)
    assert list(images(made)) == ["web-5"]
    assert (status(made)["readyReplicas"], status(made)["availableReplicas"]) == (1, 0)
    made.run(9)
    assert list(images(made)) == ["web-5", "web-6"]
    assert status(made)["availableReplicas"] == 2


def test_the_revision_limit() -> None:
    made = started(1, revisionHistoryLimit=1)
    for number in (26, 27, 28):
        change(made, f"nginx:1.{number}")
        made.run(2)
    assert [found["revision"] for found in made.all(names.CONTROLLER_REVISIONS)] == [3, 4]


def claim_template() -> Object:
    resources = {"requests": {"storage": "1Gi"}}
    return {"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": resources}}


def test_claims_come_before_their_pod_and_outlive_it() -> None:
    made = started(2, volumeClaimTemplates=[claim_template()])
    (volume,) = [found for found in made.get(names.PODS, "web-1")["spec"]["volumes"] if found["name"] == "data"]
    assert volume["persistentVolumeClaim"] == {"claimName": "data-web-1"}
    assert [claim["metadata"]["name"] for claim in made.all(CLAIMS)] == ["data-web-0", "data-web-1"]
    assert made.all(CLAIMS)[0]["metadata"]["labels"] == {"app": "web"}
    assert told(made)[:2] == [
        ("SuccessfulCreate", "Create Claim data-web-0 Pod web-0 in StatefulSet web success"),
        ("SuccessfulCreate", "Create Pod web-0 in StatefulSet web successful"),
    ]
    scale(made, 0)
    made.run(3)
    assert len(made.all(CLAIMS)) == 2
    assert all("ownerReferences" not in claim["metadata"] for claim in made.all(CLAIMS))


def test_the_retention_policy_gives_claims_owners() -> None:
    policy = {"whenDeleted": "Delete", "whenScaled": "Delete"}
    made = started(2, volumeClaimTemplates=[claim_template()], persistentVolumeClaimRetentionPolicy=policy)
    owners = [[owner["kind"] for owner in claim["metadata"]["ownerReferences"]] for claim in made.all(CLAIMS)]
    assert owners == [["StatefulSet"], ["StatefulSet"]]
    scale(made, 1)
    made.run(0.3)
    assert [owner["kind"] for owner in made.get(CLAIMS, "data-web-1")["metadata"]["ownerReferences"]] == ["Pod"]


def test_orphans_are_adopted_with_their_revisions() -> None:
    made = started()
    pods, (revision,) = made.all(names.PODS), made.all(names.CONTROLLER_REVISIONS)
    made.delete(names.STATEFUL_SETS, "web", propagation="Orphan")
    made.run(1)
    assert made.all(names.STATEFUL_SETS) == []
    assert all("ownerReferences" not in found["metadata"] for found in made.all(names.PODS))
    again = made.create(names.STATEFUL_SETS, "default", stateful_set())
    made.run(1)
    assert [pod["metadata"]["uid"] for pod in made.all(names.PODS)] == [pod["metadata"]["uid"] for pod in pods]
    (held,) = made.all(names.CONTROLLER_REVISIONS)
    assert held["metadata"]["uid"] == revision["metadata"]["uid"]
    owners = {found["metadata"]["ownerReferences"][0]["uid"] for found in (held, *made.all(names.PODS))}
    assert owners == {again["metadata"]["uid"]}
    assert status(made)["readyReplicas"] == 3
