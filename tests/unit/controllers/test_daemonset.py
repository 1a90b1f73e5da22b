"""DaemonSets have one Pod on every node that suits, and replace Pods node by node."""

from __future__ import annotations

from typing import Any

from rig import Rig

from k8s_magic.controllers import daemonset, serviceaccount
from k8s_magic.controllers.daemonset import placement
from k8s_magic.controllers.daemonset.failed_pods import FailedPods
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object
from k8s_magic.sim.time import MILLISECOND, MINUTE, SECOND

HASH = "controller-revision-hash"


class Nodes(Rig):
    """Nodes without taints; each Pod is bound to the node it is meant for and is ready after 100 ms."""

    def __init__(self, count: int = 3) -> None:
        super().__init__([daemonset.CONTROLLER, serviceaccount.CONTROLLER])
        self.run(1)
        self.ready_after = 100 * MILLISECOND
        for number in range(1, count + 1):
            self.add(f"node-{number}")
        self.server.informer(names.PODS).add_handler(self._hear)

    def add(self, name: str, **labels: str) -> None:
        metadata = {"name": name, "labels": labels}
        self.create(names.NODES, "", {"apiVersion": "v1", "kind": "Node", "metadata": metadata})
        self.patch(names.NODES, name, {"spec": {"taints": []}}, "")

    def taint(self, name: str, effect: str, key: str = "dedicated") -> None:
        self.patch(names.NODES, name, {"spec": {"taints": [{"key": key, "effect": effect}]}}, "")

    def _hear(self, type: str, new: Object, old: Object | None) -> None:
        key = (new["metadata"]["namespace"], new["metadata"]["name"])
        if type == "ADDED":
            self.kernel.call_after(MILLISECOND, self._bind, *key, placement.target_of(new))
            self.kernel.call_after(self.ready_after, self.make_ready, *key)
        elif type == "MODIFIED" and is_going(new) and old is not None and not is_going(old):
            self.kernel.call_after(SECOND, self._gone, *key)

    def on_nodes(self, label: str = "") -> dict[str, str]:
        pods = self.all(names.PODS)
        told = {pod["spec"].get("nodeName", ""): pod["metadata"] for pod in pods}
        return {node: told[node]["labels"].get(label, "") for node in sorted(told)}

    def status(self) -> Object:
        status: Object = self.get(names.DAEMON_SETS, "agent")["status"]
        return status


def is_going(pod: Object) -> bool:
    return "deletionTimestamp" in pod["metadata"]


def daemon_set(image: str = "agent:1", **spec: Any) -> Object:
    pod = {"containers": [{"name": "agent", "image": image}], **spec.pop("pod", {})}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": "agent"},
        "spec": {
            "selector": {"matchLabels": {"app": "agent"}},
            "template": {"metadata": {"labels": {"app": "agent"}}, "spec": pod},
            **spec,
        },
    }


def started(count: int = 3, **spec: Any) -> Nodes:
    made = Nodes(count)
    made.create(names.DAEMON_SETS, "default", daemon_set(**spec))
    made.run(1)
    return made


def change_image(made: Nodes, image: str = "agent:2") -> None:
    containers = [{"name": "agent", "image": image}]
    made.patch(names.DAEMON_SETS, "agent", {"spec": {"template": {"spec": {"containers": containers}}}})


def test_every_node_gets_a_pod_that_only_it_may_have() -> None:
    made = started()
    assert list(made.on_nodes()) == ["node-1", "node-2", "node-3"]
    pod = made.all(names.PODS)[0]
    affinity = {"key": "metadata.name", "operator": "In", "values": ["node-1"]}
    required = pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert required == {"nodeSelectorTerms": [{"matchFields": [affinity]}]}
    tolerated = [(each["key"].partition("/")[2], each["effect"]) for each in pod["spec"]["tolerations"]]
    assert tolerated == [
        ("not-ready", "NoExecute"),
        ("unreachable", "NoExecute"),
        ("disk-pressure", "NoSchedule"),
        ("memory-pressure", "NoSchedule"),
        ("pid-pressure", "NoSchedule"),
        ("unschedulable", "NoSchedule"),
    ]
    labels = pod["metadata"]["labels"]
    assert labels["pod-template-generation"] == "1"
    (revision,) = made.all(names.CONTROLLER_REVISIONS)
    assert revision["metadata"]["name"] == f"agent-{labels[HASH]}"
    assert revision["metadata"]["labels"] == {"app": "agent", HASH: labels[HASH]}
    assert revision["revision"] == 1
    assert revision["data"]["spec"]["template"]["$patch"] == "replace"
    assert made.status() == {
        "currentNumberScheduled": 3,
        "desiredNumberScheduled": 3,
        "numberAvailable": 3,
        "numberMisscheduled": 0,
        "numberReady": 3,
        "observedGeneration": 1,
        "updatedNumberScheduled": 3,
    }
    assert [event[1:] for event in made.events] == [
        ("SuccessfulCreate", f"Created pod: {pod['metadata']['name']}") for pod in made.all(names.PODS)
    ]


def test_nodes_come_and_change() -> None:
    made = started(pod={"nodeSelector": {"disk": "ssd"}})
    assert made.on_nodes() == {}
    assert made.status()["desiredNumberScheduled"] == 0
    made.add("node-4", disk="ssd")
    made.patch(names.NODES, "node-2", {"metadata": {"labels": {"disk": "ssd"}}}, "")
    made.run(1)
    assert list(made.on_nodes()) == ["node-2", "node-4"]
    made.patch(names.NODES, "node-2", {"metadata": {"labels": {"disk": None}}}, "")
    made.run(2)
    assert list(made.on_nodes()) == ["node-4"]
    assert made.status()["desiredNumberScheduled"] == 1


def test_taints_keep_pods_away_but_only_no_execute_drives_them_off() -> None:
    made = started(2)
    made.taint("node-1", "NoSchedule")
    made.add("node-3")
    made.run(2)
    assert list(made.on_nodes()) == ["node-1", "node-2", "node-3"]
    assert (made.status()["desiredNumberScheduled"], made.status()["numberMisscheduled"]) == (2, 1)
    made.taint("node-1", "NoExecute")
    made.run(2)
    assert list(made.on_nodes()) == ["node-2", "node-3"]
    assert made.status()["numberMisscheduled"] == 0


def test_own_tolerations_are_replaced_where_they_are_the_same() -> None:
    short = {"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 9}
    found = placement.tolerations({"tolerations": [short, {"operator": "Exists"}], "hostNetwork": True})
    assert found[0] == {name: value for name, value in short.items() if name != "tolerationSeconds"}
    assert found[1] == {"operator": "Exists"}
    assert found[-1]["key"] == "node.kubernetes.io/network-unavailable"
    assert len(found) == 8


def test_a_rolling_update_replaces_one_pod_after_the_other() -> None:
    made = started()
    old = next(iter(made.on_nodes(HASH).values()))
    change_image(made)
    seen = []
    for _ in range(60):
        made.run(0.1)
        step = (made.status().get("updatedNumberScheduled", 0), made.status()["numberReady"])
        if not seen or seen[-1] != step:
            seen.append(step)
    assert seen == [(0, 3), (1, 2), (1, 3), (2, 2), (2, 3), (3, 2), (3, 3)]
    assert old not in made.on_nodes(HASH).values()
    assert len(set(made.on_nodes(HASH).values())) == 1
    assert made.on_nodes("pod-template-generation") == dict.fromkeys(["node-1", "node-2", "node-3"], "2")
    assert [found["revision"] for found in made.all(names.CONTROLLER_REVISIONS)] == [1, 2]
    change_image(made, "agent:1")
    made.run(5)
    assert [found["revision"] for found in made.all(names.CONTROLLER_REVISIONS)] == [3, 2]
    assert set(made.on_nodes(HASH).values()) == {old}


def test_a_surge_starts_the_new_pod_before_the_old_one_goes() -> None:
    rolling = {"maxSurge": "50%", "maxUnavailable": 0}
    made = started(4, updateStrategy={"type": "RollingUpdate", "rollingUpdate": rolling})
    change_image(made)
    made.run(0.05)
    assert len(made.all(names.PODS)) == 6
    least = 4
    for _ in range(60):
        made.run(0.1)
        least = min(least, made.status()["numberAvailable"])
    assert least == 4
    assert made.on_nodes("pod-template-generation") == dict.fromkeys([f"node-{n}" for n in range(1, 5)], "2")
    assert len(made.all(names.PODS)) == 4


def test_on_delete_waits_for_the_pods_to_be_deleted() -> None:
    made = started(2, updateStrategy={"type": "OnDelete"})
    change_image(made)
    made.run(3)
    assert made.on_nodes("pod-template-generation") == {"node-1": "1", "node-2": "1"}
    assert "updatedNumberScheduled" not in made.status()
    made.delete(names.PODS, made.all(names.PODS)[0]["metadata"]["name"])
    made.run(3)
    assert sorted(made.on_nodes("pod-template-generation").values()) == ["1", "2"]
    assert made.status()["updatedNumberScheduled"] == 1


def test_min_ready_seconds_delay_availability() -> None:
    made = started(1, minReadySeconds=5)
    assert (made.status()["numberReady"], made.status()["numberUnavailable"]) == (1, 1)
    made.run(6)
    assert made.status()["numberAvailable"] == 1
    assert "numberUnavailable" not in made.status()


def test_failed_pods_are_replaced_after_longer_and_longer_waits() -> None:
    made = started(1)
    pod = made.all(names.PODS)[0]
    name = pod["metadata"]["name"]
    body = {**pod, "status": {**pod["status"], "phase": "Failed"}}
    made.api.update(names.PODS, "default", name, body, subresource="status")
    made.run(2)
    message = f"Found failed daemon pod default/{name} on node node-1, will try to kill it"
    assert ("DaemonSet/agent", "FailedDaemonPod", message) in made.events
    assert made.all(names.PODS)[0]["metadata"]["name"] != name
    failed, key = FailedPods(), ("uid", 1, "node-1")
    assert [failed.wait(key, now * SECOND) for now in (0, 0, 1, 2, 3)] == [0, SECOND, 0, 2 * SECOND, 0]
    assert failed.wait(key, 100 * MINUTE) == 0
    assert failed.wait(key, 100 * MINUTE) == SECOND


def test_the_revision_limit_and_orphans() -> None:
    made = Nodes(1)
    metadata = {"name": "stray", "labels": {"app": "agent"}}
    spec = {"containers": [{"name": "agent", "image": "agent:0"}]}
    made.create(names.PODS, "default", {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
    made._bind("default", "stray", "node-1")
    made.create(names.DAEMON_SETS, "default", daemon_set(revisionHistoryLimit=1))
    made.run(0.05)
    assert made.get(names.PODS, "stray")["metadata"]["ownerReferences"][0]["name"] == "agent"
    for number in range(2, 5):
        made.run(4)
        change_image(made, f"agent:{number}")
    made.run(4)
    assert [found["revision"] for found in made.all(names.CONTROLLER_REVISIONS)] == [3, 4]
