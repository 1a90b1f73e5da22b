"""Nodes: registration, leases, faults, admission, static Pods."""

from __future__ import annotations

from pod_rig import Rig, nginx, shell

from k8s_magic.kubelet import NodeConfig
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object

ETCD: Object = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "etcd", "namespace": "kube-system"},
    "spec": {"hostNetwork": True, "containers": [{"name": "etcd", "image": "nginx:1.25"}]},
}


def test_registration() -> None:
    rig = Rig(NodeConfig("node-0", roles=("worker",), internal_ip="172.18.0.2", pod_cidr="10.244.0.0/24"))
    node = rig.api.get(names.NODES, "", "node-0")
    assert node["metadata"]["labels"] == {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": "node-0",
        "kubernetes.io/os": "linux",
        "node-role.kubernetes.io/worker": "",
    }
    status = node["status"]
    assert (status["capacity"]["cpu"], status["capacity"]["pods"]) == ("4", "110")
    assert status["nodeInfo"]["kubeletVersion"] == "v1.36.2"
    assert [(one["type"], one["status"], one["reason"], one["message"]) for one in status["conditions"]] == [
        ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    ]
    assert rig.reasons("node-0") == [
        "Starting",
        "NodeAllocatableEnforced",
        "NodeHasSufficientMemory",
        "NodeHasNoDiskPressure",
        "NodeHasSufficientPID",
        "NodeReady",
    ]


def test_leases_and_reports() -> None:
    rig = Rig()
    rig.run(25)
    lease = rig.api.get(names.LEASES, "kube-node-lease", "node-1")
    assert lease["spec"] == {
        "holderIdentity": "node-1",
        "leaseDurationSeconds": 40,
        "renewTime": "2026-01-01T00:00:20.000000Z",
    }
    rig.run(280)
    ready = rig.api.get(names.NODES, "", "node-1")["status"]["conditions"][-1]
    assert ready["lastHeartbeatTime"] == "2026-01-01T00:05:00Z"
    assert ready["lastTransitionTime"] == "2026-01-01T00:00:00Z"


def test_pulled_images_are_reported_at_the_next_beat() -> None:
    rig = Rig()
    rig.pod("web", nginx(image="nginx:1.26"))
    rig.run(12)
    names_seen = [one["names"][0] for one in rig.api.get(names.NODES, "", "node-1")["status"]["images"]]
    assert "docker.io/library/nginx:1.26" in names_seen


def test_a_failed_node_comes_back() -> None:
    rig = Rig()
    rig.pod("stays", nginx())
    rig.pod("goes", nginx())
    rig.pod("ends", shell("sleep 20"), restartPolicy="Never")
    rig.run(5)
    rig.kubelets.fail("node-1")
    rig.delete("goes", grace_period_seconds=0)
    rig.pod("new", nginx())
    rig.run(60)
    assert rig.status("new")["phase"] == "Pending"
    assert rig.status("ends")["phase"] == "Running"
    lease = rig.api.get(names.LEASES, "kube-node-lease", "node-1")
    assert lease["spec"]["renewTime"] == "2026-01-01T00:00:00.000000Z"
    rig.kubelets.heal("node-1")
    rig.run(5)
    assert {name: rig.status(name)["phase"] for name in ("stays", "new", "ends")} == {
        "stays": "Running",
        "new": "Running",
        "ends": "Succeeded",
    }
    assert rig.container("stays")["restartCount"] == 0
    assert sorted(worker.name for worker in rig.kubelets.kubelet("node-1").workers.values()) == ["ends", "new", "stays"]


def test_the_kubelet_has_the_last_word() -> None:
    rig = Rig(NodeConfig("node-1", cpu_milli=1000, max_pods=4))
    big = {"requests": {"cpu": "2"}}
    rig.pod("big", nginx(resources=big))
    rig.pod("elsewhere", nginx(), nodeSelector={"disk": "ssd"})
    port = [{"containerPort": 80, "hostPort": 8080}]
    rig.pod("first", nginx(ports=port))
    rig.run(1)
    rig.pod("second", nginx(ports=port))
    rig.run(1)
    assert {
        name: (rig.status(name)["reason"], rig.status(name)["message"]) for name in ("big", "elsewhere", "second")
    } == {
        "big": (
            "OutOfcpu",
            "Pod was rejected: Node didn't have enough resource: cpu, requested: 2000, used: 0, capacity: 1000",
        ),
        "elsewhere": (
            "NodeAffinity",
            "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
        ),
        "second": (
            "NodePorts",
            "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
        ),
    }
    for number in range(3):
        rig.pod(f"more-{number}", nginx())
    rig.run(1)
    rig.pod("too-many", nginx())
    rig.run(1)
    assert rig.status("too-many")["reason"] == "OutOfpods"


def test_static_pods_have_mirrors_that_come_back() -> None:
    rig = Rig(NodeConfig("cp", static_pods=(ETCD,), internal_ip="172.18.0.3"))
    rig.run(4)
    pod = rig.api.get(names.PODS, "kube-system", "etcd-cp")
    annotations = pod["metadata"]["annotations"]
    assert annotations["kubernetes.io/config.source"] == "file"
    assert annotations["kubernetes.io/config.mirror"] == annotations["kubernetes.io/config.hash"]
    assert pod["metadata"]["ownerReferences"][0]["kind"] == "Node"
    assert (pod["status"]["phase"], pod["status"]["podIP"]) == ("Running", "172.18.0.3")
    rig.api.delete(names.PODS, "kube-system", "etcd-cp")
    rig.run(10)
    again = rig.api.get(names.PODS, "kube-system", "etcd-cp")
    assert again["metadata"]["uid"] != pod["metadata"]["uid"]
    assert again["status"]["phase"] == "Running"


def test_a_component_that_was_stopped_recovers_from_the_api() -> None:
    rig = Rig()
    rig.pod("one", nginx())
    rig.run(5)
    rig.kubelets.stop()
    rig.pod("two", nginx())
    rig.delete("one")
    rig.run(30)
    assert rig.status("two")["phase"] == "Pending"
    rig.kubelets.start()
    rig.run(5)
    assert rig.status("two")["phase"] == "Running"
    assert rig.server.informer(names.PODS).get("default", "one") is None
