"""A Pod's life in the order and with the fields of the recordings (one Deployment's life on a real control plane)."""

from __future__ import annotations

from pod_rig import Rig, nginx, shell

from k8s_magic.kubelet import NodeConfig
from k8s_magic.machinery import names
from k8s_magic.sim.time import SECOND

HOLLOW = NodeConfig("node-1", hollow=True, pod_cidr="10.244.1.0/24")


def test_the_writes_are_those_of_the_recordings() -> None:
    rig = Rig(HOLLOW)
    told = rig.trace()
    rig.pod("web")
    rig.run(5)
    rig.delete("web")
    rig.run(5)
    assert told == [
        ("ADDED", []),
        (
            "MODIFIED",
            [
                "status.conditions",
                "status.containerStatuses",
                "status.hostIP",
                "status.hostIPs",
                "status.observedGeneration",
                "status.resources",
                "status.startTime",
            ],
        ),
        ("MODIFIED", ["status.conditions"]),
        (
            "MODIFIED",
            ["status.conditions", "status.containerStatuses", "status.phase", "status.podIP", "status.podIPs"],
        ),
        ("MODIFIED", ["metadata.deletionGracePeriodSeconds", "metadata.deletionTimestamp", "metadata.generation"]),
        ("MODIFIED", ["status.conditions", "status.observedGeneration"]),
        ("MODIFIED", ["status.conditions", "status.containerStatuses", "status.phase"]),
        ("MODIFIED", ["metadata.deletionGracePeriodSeconds", "metadata.deletionTimestamp"]),
        ("DELETED", []),
    ]


def test_the_status_of_a_hollow_node_is_laid_out_as_recorded() -> None:
    rig = Rig(HOLLOW)
    resources = {"limits": {"cpu": "1", "memory": "128Mi"}, "requests": {"cpu": "100m", "memory": "64Mi"}}
    pod = rig.pod("c", nginx(resources=resources))
    rig.run(4)
    status = rig.status("c")
    mount = pod["spec"]["containers"][0]["volumeMounts"][0]
    assert status["containerStatuses"] == [
        {
            "allocatedResources": {"cpu": "100m", "memory": "64Mi"},
            "containerID": f"fakeRuntime://c_default_{pod['metadata']['uid']}_0_web_0",
            "image": "nginx:1.25",
            "imageID": "nginx:1.25",
            "lastState": {},
            "name": "web",
            "ready": True,
            "resources": resources,
            "restartCount": 0,
            "state": {"running": {"startedAt": "2026-01-01T00:00:01Z"}},
            "volumeMounts": [
                {
                    "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
                    "name": mount["name"],
                    "readOnly": True,
                    "recursiveReadOnly": "Disabled",
                }
            ],
        }
    ]
    assert status["allocatedResources"] == {"cpu": "100m", "memory": "64Mi"}
    assert status["resources"] == resources
    assert [condition["type"] for condition in status["conditions"]] == [
        "PodReadyToStartContainers",
        "Initialized",
        "Ready",
        "ContainersReady",
        "PodScheduled",
    ]
    assert {key: status[key] for key in ("hostIP", "phase", "qosClass", "observedGeneration")} == {
        "hostIP": "192.0.2.2",
        "phase": "Running",
        "qosClass": "Burstable",
        "observedGeneration": 1,
    }


def test_a_containerd_node_names_images_in_full() -> None:
    rig = Rig()
    rig.pod("web")
    rig.run(4)
    status = rig.container("web")
    assert status["image"] == "docker.io/library/nginx:1.25"
    assert status["imageID"].startswith("docker.io/library/nginx@sha256:")
    assert status["containerID"].startswith("containerd://")
    assert status["started"] is True
    assert rig.status("web")["podIP"].startswith("10.244.1.")


def test_events_of_a_life() -> None:
    rig = Rig()
    rig.pod("web")
    rig.run(4)
    rig.delete("web")
    rig.run(3)
    present = 'Container image "nginx:1.25" already present on machine and can be accessed by the pod'
    assert rig.events("web") == [
        ("Normal", "Pulled", present, 1),
        ("Normal", "Created", "Container created", 1),
        ("Normal", "Started", "Container started", 1),
        ("Normal", "Killing", "Stopping container web", 1),
    ]


def test_ready_after_one_to_three_seconds() -> None:
    rig = Rig()
    ready: dict[str, int] = {}

    def note(type: str, new: dict, old: dict | None) -> None:
        name = new["metadata"]["name"]
        conditions = (new.get("status") or {}).get("conditions") or ()
        if name not in ready and any(one["type"] == "Ready" and one["status"] == "True" for one in conditions):
            ready[name] = rig.kernel.now

    rig.server.informer(names.PODS).add_handler(note)
    for number in range(60):
        rig.pod(f"web-{number}")
    rig.run(4)
    assert len(ready) == 60
    assert min(ready.values()) >= 1 * SECOND
    assert max(ready.values()) <= 3 * SECOND + 10_000


def test_a_running_pod_without_probes_needs_no_timer() -> None:
    rig = Rig()
    rig.run(1)
    for number in range(20):
        rig.pod(f"web-{number}")
    rig.run(8)
    steps = rig.kernel.steps
    rig.run(60)
    assert rig.kernel.steps - steps == 6  # one beat every ten seconds, for all nodes and Pods


def test_a_forced_delete_ends_the_containers_all_the_same() -> None:
    rig = Rig()
    rig.pod("web", shell("sleep 1000"))
    rig.run(4)
    worker = next(iter(rig.kubelets.kubelet("node-1").workers.values()))
    rig.delete("web", grace_period_seconds=0)
    assert rig.server.informer(names.PODS).get("default", "web") is None
    rig.run(1)
    assert worker.records[0].is_running
    rig.run(2)  # the least grace a container gets
    assert not worker.records[0].is_running
    assert rig.kubelets.kubelet("node-1").workers == {}


def test_grace_prestop_and_kill() -> None:
    rig = Rig()
    hook = {"preStop": {"exec": {"command": ["sleep", "5"]}}}
    rig.pod("stubborn", shell("trap '' TERM; sleep 1000", lifecycle=hook), terminationGracePeriodSeconds=8)
    rig.run(4)
    rig.delete("stubborn")
    rig.run(7.9)
    assert "running" in rig.container("stubborn")["state"]
    rig.run(0.15)
    assert rig.container("stubborn")["state"]["terminated"]["exitCode"] == 137
    assert rig.status("stubborn")["phase"] == "Failed"
    rig.run(1)
    assert rig.server.informer(names.PODS).get("default", "stubborn") is None


def test_job_pods_end() -> None:
    rig = Rig()
    rig.pod("good", shell("sleep 2"), restartPolicy="Never")
    rig.pod("bad", shell("sleep 2; exit 4"), restartPolicy="Never")
    rig.run(8)
    good, bad = rig.status("good"), rig.status("bad")
    assert (good["phase"], bad["phase"]) == ("Succeeded", "Failed")
    assert good["containerStatuses"][0]["state"]["terminated"]["reason"] == "Completed"
    assert bad["containerStatuses"][0]["state"]["terminated"]["exitCode"] == 4
    assert [(one["type"], one["status"], one.get("reason")) for one in good["conditions"]] == [
        ("PodReadyToStartContainers", "False", None),
        ("Initialized", "True", "PodCompleted"),
        ("Ready", "False", "PodCompleted"),
        ("ContainersReady", "False", "PodCompleted"),
        ("PodScheduled", "True", None),
    ]


def test_active_deadline() -> None:
    rig = Rig()
    rig.pod("late", activeDeadlineSeconds=5)
    rig.run(9)
    status = rig.status("late")
    message = "Pod was active on the node longer than the specified deadline"
    assert (status["phase"], status["reason"], status["message"]) == ("Failed", "DeadlineExceeded", message)
    assert ("Normal", "DeadlineExceeded", message, 1) in rig.events("late")


def test_same_seed_same_life() -> None:
    def life() -> list[str]:
        rig = Rig()
        told: list[str] = []
        rig.server.informer(names.PODS).add_handler(
            lambda kind, new, old: told.append(f"{rig.kernel.now} {kind} {new}")
        )
        rig.pod("a")
        rig.pod("b", shell("exit 1"))
        rig.run(40)
        return told

    assert life() == life()
