"""Nodes: silence, taints, eviction, address ranges, annotations."""

from __future__ import annotations

from typing import Any

from rig import Rig, deployment

from k8s_magic import controllers
from k8s_magic.controllers import tainteviction
from k8s_magic.controllers.nodelifecycle import health
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object
from k8s_magic.sim.time import MINUTE, SECOND

UNREACHABLE = "node.kubernetes.io/unreachable"
CONDITIONS = ("MemoryPressure", "DiskPressure", "PIDPressure", "Ready")


class Cluster:
    """Nodes with kubelets that renew their leases every ten seconds until they fall silent."""

    def __init__(self, nodes: int = 3, **services: Any) -> None:
        self.rig = Rig(controllers.discover(), services)
        self.silent: set[str] = set()
        self.rig.run(0.5)
        for number in range(nodes):
            self.add(f"node-{number}")
        self.rig.run(0.5)

    def add(self, name: str) -> None:
        self.rig.create(names.NODES, "", {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}})
        self.report(name, "True")
        self._beat(name)

    def report(self, name: str, ready: str) -> None:
        node = self.rig.get(names.NODES, name, "")
        now = self.rig.times.seconds(self.rig.kernel.now)
        conditions = [
            {
                "type": kind,
                "status": ready if kind == "Ready" else "False",
                "lastHeartbeatTime": now,
                "lastTransitionTime": now,
                "reason": "KubeletReady",
                "message": "kubelet is posting ready status",
            }
            for kind in CONDITIONS
        ]
        body = {**node, "status": {**(node.get("status") or {}), "conditions": conditions}}
        self.rig.api.update(names.NODES, "", name, body, subresource="status")

    def _beat(self, name: str) -> None:
        if name in self.silent:
            return
        lease = self.rig.server.informer(names.LEASES).get("kube-node-lease", name)
        spec = {"holderIdentity": name, "renewTime": self.rig.times.micros(self.rig.kernel.now)}
        if lease is None:
            metadata = {"name": name, "namespace": "kube-node-lease"}
            body = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": metadata, "spec": spec}
            self.rig.create(names.LEASES, "kube-node-lease", body)
        else:
            self.rig.patch(names.LEASES, name, {"spec": spec}, "kube-node-lease")
        self.rig.kernel.call_after(10 * SECOND, self._beat, name)

    def heal(self, name: str) -> None:
        self.silent.discard(name)
        self.report(name, "True")
        self._beat(name)

    def taints(self, name: str) -> list[tuple[str, str]]:
        found = self.rig.get(names.NODES, name, "")["spec"].get("taints") or []
        return [(taint["key"], taint["effect"]) for taint in found]

    def ready(self, name: str) -> Object:
        conditions = self.rig.get(names.NODES, name, "")["status"]["conditions"]
        return next(found for found in conditions if found["type"] == "Ready")

    def run_to(self, seconds: float) -> None:
        self.rig.kernel.run_until(int(seconds * SECOND))


def test_a_new_node_is_taken_in() -> None:
    cluster = Cluster()
    cluster.run_to(6)
    node = cluster.rig.get(names.NODES, "node-1", "")
    assert node["spec"]["podCIDR"] == "10.244.1.0/24"
    assert node["spec"]["podCIDRs"] == ["10.244.1.0/24"]
    assert node["metadata"]["annotations"]["node.alpha.kubernetes.io/ttl"] == "0"
    assert cluster.taints("node-1") == []
    assert (
        "Node/node-1",
        "RegisteredNode",
        "Node node-1 event: Registered Node node-1 in Controller",
    ) in cluster.rig.events


def test_a_silent_node_loses_its_pods_after_five_minutes() -> None:
    cluster = Cluster()
    cluster.rig.agent(node="node-1")
    cluster.rig.create(names.DEPLOYMENTS, "default", deployment(replicas=1))
    cluster.run_to(5)
    cluster.silent.add("node-1")  # its last lease was renewed at 0.5 s, which the monitor noticed at 5 s
    cluster.run_to(59.9)
    assert cluster.ready("node-1")["status"] == "True"
    cluster.run_to(60.1)
    assert cluster.ready("node-1") == {
        "type": "Ready",
        "status": "Unknown",
        "lastHeartbeatTime": "2026-01-01T00:00:00Z",
        "lastTransitionTime": "2026-01-01T00:01:00Z",
        "reason": "NodeStatusUnknown",
        "message": "Kubelet stopped posting node status.",
    }
    assert sorted(cluster.taints("node-1")) == [(UNREACHABLE, "NoExecute"), (UNREACHABLE, "NoSchedule")]
    events = cluster.rig.events
    assert ("Node/node-1", "NodeNotReady", "Node node-1 status is now: NodeNotReady") in events
    (pod,) = cluster.rig.all(names.PODS)
    assert (f"Pod/{pod['metadata']['name']}", "NodeNotReady", "Node is not ready") in events
    assert pod["status"]["conditions"][0]["status"] == "False"
    cluster.run_to(360)
    assert "deletionTimestamp" not in cluster.rig.get(names.PODS, pod["metadata"]["name"])["metadata"]
    cluster.run_to(360.1)
    gone = cluster.rig.get(names.PODS, pod["metadata"]["name"])
    assert gone["metadata"]["deletionTimestamp"]
    assert gone["status"]["conditions"][-1]["reason"] == "DeletionByTaintManager"
    name = f"default/{pod['metadata']['name']}"
    assert events[-2] == (f"Pod/{pod['metadata']['name']}", "TaintManagerEviction", f"Marking for deletion Pod {name}")
    assert len(cluster.rig.all(names.PODS)) == 2, "its replacement has been made"


def test_a_node_that_comes_back_in_time_keeps_its_pods() -> None:
    cluster = Cluster()
    cluster.rig.agent(node="node-1")
    cluster.rig.create(names.DEPLOYMENTS, "default", deployment(replicas=1))
    cluster.run_to(5)
    cluster.silent.add("node-1")
    cluster.run_to(120)
    cluster.heal("node-1")
    cluster.run_to(120.1)
    assert cluster.taints("node-1") == [(UNREACHABLE, "NoExecute")]
    cluster.run_to(126)
    assert cluster.taints("node-1") == []
    (pod,) = cluster.rig.all(names.PODS)
    cluster.run_to(600)
    assert cluster.rig.all(names.PODS) == [pod]
    name = pod["metadata"]["name"]
    told = (f"Pod/{name}", "TaintManagerEviction", f"Cancelling deletion of Pod default/{name}")
    assert told in cluster.rig.events


def test_when_no_node_is_ready_nobody_is_evicted() -> None:
    cluster = Cluster(2)
    cluster.run_to(5)
    cluster.silent |= {"node-0", "node-1"}
    cluster.run_to(600)
    assert cluster.taints("node-0") == cluster.taints("node-1") == [(UNREACHABLE, "NoSchedule")]


def test_two_nodes_of_a_zone_are_given_up_ten_seconds_apart() -> None:
    cluster = Cluster(5)
    cluster.run_to(5)
    cluster.silent |= {"node-0", "node-1"}
    cluster.run_to(60.1)
    both = [cluster.taints(name) for name in ("node-0", "node-1")]
    assert [(UNREACHABLE, "NoExecute") in found for found in both] == [True, False]
    cluster.run_to(70.1)
    assert (UNREACHABLE, "NoExecute") in cluster.taints("node-1")


def test_cordon_is_a_taint_too() -> None:
    cluster = Cluster()
    cluster.rig.patch(names.NODES, "node-0", {"spec": {"unschedulable": True}}, "")
    cluster.rig.run(0.1)
    assert cluster.taints("node-0") == [("node.kubernetes.io/unschedulable", "NoSchedule")]
    cluster.rig.patch(names.NODES, "node-0", {"spec": {"unschedulable": None}}, "")
    cluster.rig.run(0.1)
    assert cluster.taints("node-0") == []


def test_pods_of_a_deleted_node_are_collected() -> None:
    cluster = Cluster()
    cluster.rig.agent(node="node-1")
    cluster.rig.create(names.DEPLOYMENTS, "default", deployment(replicas=1))
    cluster.run_to(5)
    (pod,) = cluster.rig.all(names.PODS)
    cluster.silent.add("node-1")
    cluster.rig.delete(names.NODES, "node-1", "")
    cluster.run_to(59)
    assert cluster.rig.get(names.PODS, pod["metadata"]["name"])["metadata"]["uid"] == pod["metadata"]["uid"]
    cluster.run_to(61)
    assert pod["metadata"]["uid"] not in [found["metadata"]["uid"] for found in cluster.rig.all(names.PODS)]


def test_the_range_of_a_deleted_node_is_given_again() -> None:
    cluster = Cluster(2)
    cluster.silent.add("node-0")
    cluster.rig.delete(names.NODES, "node-0", "")
    cluster.add("node-9")
    cluster.rig.run(0.1)
    assert cluster.rig.get(names.NODES, "node-9", "")["spec"]["podCIDR"] == "10.244.0.0/24"


def test_endurance() -> None:
    taints = [{"key": "a", "effect": "NoExecute"}, {"key": "b", "value": "x", "effect": "NoExecute"}]
    every = {"operator": "Exists"}
    short = {"key": "a", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 30}
    exact = {"key": "b", "operator": "Equal", "value": "x"}
    assert tainteviction.endurance([short], taints) == 0
    assert tainteviction.endurance([short, exact], taints) == 30 * SECOND
    assert tainteviction.endurance([every], taints) is None


def test_zones() -> None:
    assert health.zone_state(1, 2) == health.NORMAL
    assert health.zone_state(2, 3) == health.PARTIAL
    assert health.zone_state(0, 1) == health.FULL
    assert health.spacing(health.PARTIAL, 10) is None


def test_an_idle_cluster_costs_next_to_nothing() -> None:
    cluster = Cluster(1)
    cluster.rig.run(60)
    before = cluster.rig.kernel.steps
    cluster.rig.run(10 * MINUTE // SECOND)
    beats = 60
    assert cluster.rig.kernel.steps - before < beats + 30
