"""Deployments roll out as on a real cluster: the same writes in the same order, the same words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rig import Rig, deployment

from k8s_magic import controllers
from k8s_magic.controllers.deployment import revisions, sizes
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object
from k8s_magic.sim.time import MILLISECOND

LIFE = json.loads((Path(__file__).parents[2] / "golden" / "deployment-life.json").read_text())
# The recording's ready and vanishing Pods overlap with the next step by chance of timing.
BY_CHANCE = ["~.status.terminatingReplicas"]


def rig(**agent: Any) -> Rig:
    made = Rig(controllers.discover())
    made.run(1)
    made.create(names.NODES, "", {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-1"}})
    made.agent(**agent)
    return made


def template(image: str) -> Object:
    found: Object = deployment(image=image)["spec"]["template"]
    return found


def status(made: Rig, name: str = "web") -> Object:
    found: Object = made.get(names.DEPLOYMENTS, name)["status"]
    return found


def reasons(made: Rig) -> dict[str, tuple[str, str]]:
    return {found["type"]: (found["status"], found["reason"]) for found in status(made)["conditions"]}


def sets(made: Rig) -> dict[str, int]:
    """Image -> replicas."""
    return {
        found["spec"]["template"]["spec"]["containers"][0]["image"]: found["spec"]["replicas"]
        for found in made.all(names.REPLICA_SETS)
    }


def life(made: Rig) -> dict[str, list[Any]]:
    """The recording's life with its pauses; Pods become ready one after the other."""
    told = {"deployments": made.trace(names.DEPLOYMENTS), "replicasets": made.trace(names.REPLICA_SETS)}
    made.create(names.DEPLOYMENTS, "default", deployment())
    made.run(2.86)  # the first Pod of the second revision is ready in another second than its ReplicaSet was made
    for patch, pause in (
        ({"template": template("nginx:1.26")}, 8.2),
        ({"replicas": 5}, 8),
        ({"replicas": 1}, 8),
        ({"template": template("nginx:1.25")}, 8),
    ):
        made.patch(names.DEPLOYMENTS, "web", {"spec": patch})
        made.run(pause)
    made.delete(names.PODS, made.all(names.PODS)[0]["metadata"]["name"])
    made.run(8)
    made.delete(names.DEPLOYMENTS, "web")
    made.run(1)
    return {resource: [list(row) for row in rows] for resource, rows in told.items()}


def test_a_whole_life_is_told_as_recorded() -> None:
    told = life(rig(ready_after=150 * MILLISECOND, apart=80 * MILLISECOND, gone_after=60 * MILLISECOND))
    for resource, rows in told.items():
        assert by_name(rows) == by_name(LIFE[resource]), resource


def by_name(rows: list[Any]) -> dict[str, list[Any]]:
    """Each object's writes in order; how those of two ReplicaSets interleave is by chance, too."""
    found: dict[str, list[Any]] = {}
    for kind, name, changes in rows:
        if changes != BY_CHANCE:
            found.setdefault(name, []).append((kind, changes))
    return found


def test_progress_conditions_and_their_times() -> None:
    made = rig()
    made.create(names.DEPLOYMENTS, "default", deployment())
    made.run(0.003)
    created, available = status(made)["conditions"][0], None
    assert created["message"] == 'Created new replica set "web-7bc8f5967c"'
    made.run(5)
    progressing, available = sorted(status(made)["conditions"], key=lambda found: found["type"], reverse=True)
    assert progressing["message"] == 'ReplicaSet "web-7bc8f5967c" has successfully progressed.'
    assert progressing["lastTransitionTime"] == created["lastTransitionTime"]
    assert available["message"] == "Deployment has minimum availability."


def test_the_progress_deadline_passes_after_its_seconds() -> None:
    made = rig(ready_after=None)
    made.create(names.DEPLOYMENTS, "default", deployment(progressDeadlineSeconds=10))
    made.run(10.9)
    assert reasons(made)["Progressing"] == ("True", "ReplicaSetUpdated")
    made.run(0.3)
    assert reasons(made)["Progressing"] == ("False", "ProgressDeadlineExceeded")
    timed_out = next(found for found in status(made)["conditions"] if found["type"] == "Progressing")
    assert timed_out["message"] == 'ReplicaSet "web-7bc8f5967c" has timed out progressing.'


def test_a_stuck_rollout_keeps_what_availability_asks_for() -> None:
    """One more and one fewer than four are allowed."""
    made = rig()
    made.create(names.DEPLOYMENTS, "default", deployment(replicas=4))
    made.run(5)
    made.stop_readiness()
    made.patch(names.DEPLOYMENTS, "web", {"spec": {"template": template("nginx:no-such")}})
    made.run(5)
    assert sets(made) == {"nginx:1.25": 3, "nginx:no-such": 2}


def test_recreate_waits_until_the_old_pods_are_gone() -> None:
    made = rig(gone_after=3000 * MILLISECOND)
    made.create(names.DEPLOYMENTS, "default", deployment(strategy={"type": "Recreate"}))
    made.run(2)
    made.patch(names.DEPLOYMENTS, "web", {"spec": {"template": template("nginx:1.26")}})
    made.run(2.9)
    assert sets(made) == {"nginx:1.25": 0}
    made.run(0.5)
    assert sets(made) == {"nginx:1.25": 0, "nginx:1.26": 3}
    messages = [message for _, reason, message in made.events if reason == "ScalingReplicaSet"]
    assert messages == [
        "Scaled up replica set web-7bc8f5967c from 0 to 3",
        "Scaled down replica set web-7bc8f5967c from 3 to 0",
        "Scaled up replica set web-8578b8d766 from 0 to 3",
    ]


def test_a_paused_deployment_scales_but_does_not_roll_out() -> None:
    made = rig()
    made.create(names.DEPLOYMENTS, "default", deployment())
    made.run(2)
    made.patch(names.DEPLOYMENTS, "web", {"spec": {"paused": True}})
    made.run(1)
    assert reasons(made)["Progressing"] == ("Unknown", "DeploymentPaused")
    made.patch(names.DEPLOYMENTS, "web", {"spec": {"template": template("nginx:1.26"), "replicas": 4}})
    made.run(2)
    assert sets(made) == {"nginx:1.25": 4}
    made.patch(names.DEPLOYMENTS, "web", {"spec": {"paused": None}})
    made.run(10)
    assert sets(made) == {"nginx:1.25": 0, "nginx:1.26": 4}
    assert reasons(made)["Progressing"] == ("True", "NewReplicaSetAvailable")


def test_a_rollout_under_way_is_scaled_in_proportion() -> None:
    """The example of the documentation: 10 Pods, 3 more and 2 fewer allowed, a new image that never starts, then 15."""
    made = rig()
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 3, "maxUnavailable": 2}}
    made.create(names.DEPLOYMENTS, "default", deployment(replicas=10, strategy=rolling))
    made.run(5)
    made.stop_readiness()
    made.patch(names.DEPLOYMENTS, "web", {"spec": {"template": template("nginx:sometag")}})
    made.run(5)
    assert sets(made) == {"nginx:1.25": 8, "nginx:sometag": 5}
    made.patch(names.DEPLOYMENTS, "web", {"spec": {"replicas": 15}})
    made.run(5)
    assert sets(made) == {"nginx:1.25": 11, "nginx:sometag": 7}


def test_revisions_are_kept_up_to_the_limit_and_come_back() -> None:
    made = rig()
    made.create(names.DEPLOYMENTS, "default", deployment(revisionHistoryLimit=2))
    for version in (26, 27, 28):
        made.run(8)
        made.patch(names.DEPLOYMENTS, "web", {"spec": {"template": template(f"nginx:1.{version}")}})
    made.run(8)
    assert sets(made) == {"nginx:1.26": 0, "nginx:1.27": 0, "nginx:1.28": 3}
    made.patch(names.DEPLOYMENTS, "web", {"spec": {"template": template("nginx:1.26")}})
    made.run(8)
    assert sets(made) == {"nginx:1.26": 3, "nginx:1.27": 0, "nginx:1.28": 0}
    back = next(found for found in made.all(names.REPLICA_SETS) if found["spec"]["replicas"])
    assert back["metadata"]["annotations"][revisions.REVISION] == "5"
    assert back["metadata"]["annotations"][revisions.REVISION_HISTORY] == "2"
    assert made.get(names.DEPLOYMENTS, "web")["metadata"]["annotations"][revisions.REVISION] == "5"


def test_annotations_follow_to_the_replica_set() -> None:
    made = rig()
    body = deployment()
    body["metadata"]["annotations"] = {
        "kubernetes.io/change-cause": "first",
        "kubectl.kubernetes.io/last-applied-configuration": "x",
    }
    made.create(names.DEPLOYMENTS, "default", body)
    made.run(1)
    held = made.all(names.REPLICA_SETS)[0]["metadata"]["annotations"]
    assert held == {
        "kubernetes.io/change-cause": "first",
        revisions.REVISION: "1",
        revisions.DESIRED_REPLICAS: "3",
        revisions.MAX_REPLICAS: "4",
    }


def test_a_name_that_is_taken_counts_as_a_collision() -> None:
    made = rig()
    stranger = made.create(
        names.REPLICA_SETS,
        "default",
        {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "metadata": {"name": "web-7bc8f5967c"},
            "spec": {
                "replicas": 0,
                "selector": {"matchLabels": {"app": "other"}},
                "template": {"metadata": {"labels": {"app": "other"}}, "spec": template("x")["spec"]},
            },
        },
    )
    made.create(names.DEPLOYMENTS, "default", deployment())
    made.run(2)
    assert status(made)["collisionCount"] == 1
    (own,) = [
        found for found in made.all(names.REPLICA_SETS) if found["metadata"]["uid"] != stranger["metadata"]["uid"]
    ]
    assert own["metadata"]["name"] != "web-7bc8f5967c"
    assert status(made)["readyReplicas"] == 3


def test_an_orphaned_replica_set_is_adopted_and_a_stranger_released() -> None:
    made = rig()
    made.create(names.DEPLOYMENTS, "default", deployment())
    made.run(2)
    made.delete(names.DEPLOYMENTS, "web", propagation="Orphan")
    made.run(1)
    (orphan,) = made.all(names.REPLICA_SETS)
    assert "ownerReferences" not in orphan["metadata"]
    made.create(names.DEPLOYMENTS, "default", deployment())
    made.run(2)
    (adopted,) = made.all(names.REPLICA_SETS)
    assert adopted["metadata"]["uid"] == orphan["metadata"]["uid"]
    assert adopted["metadata"]["ownerReferences"][0]["name"] == "web"
    assert len(made.all(names.PODS)) == 3


def test_sizes() -> None:
    assert sizes.scaled("25%", 10, round_up=True) == 3
    assert sizes.scaled("25%", 10, round_up=False) == 2
    zero = deployment(
        replicas=1, strategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": "25%"}}
    )
    assert sizes.fenceposts(zero) == (0, 1)


def test_no_work_when_nothing_happens() -> None:
    made = rig()
    made.create(names.DEPLOYMENTS, "default", deployment())
    made.run(700)
    before = made.kernel.steps
    made.run(3600)
    assert made.kernel.steps - before < 100
