"""Why a node is no place for a Pod, in kube-scheduler's words."""

from __future__ import annotations

from typing import Any

import pytest
from scheduling_rig import Rig

from k8s_magic.machinery import names

PREEMPTION = "no new claims to deallocate, preemption: 0/{n} nodes are available: {n} "
NO_HELP = PREEMPTION + "Preemption is not helpful for scheduling."
NO_VICTIMS = PREEMPTION + "No preemption victims found for incoming pod."
TAINT = {"key": "dedicated", "value": "db", "effect": "NoSchedule"}


def node_affinity(**term: Any) -> dict[str, Any]:
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
    return {"nodeAffinity": required}


def expression(key: str, operator: str, *values: str) -> dict[str, Any]:
    return {"key": key, "operator": operator, **({"values": list(values)} if values else {})}


@pytest.mark.parametrize(
    ("node", "pod", "reason", "rest"),
    [
        ({"cpu": "1"}, {"cpu": "2"}, "3 Insufficient cpu", NO_HELP),
        ({"cpu": "1"}, {"cpu": "2", "memory": "9Gi"}, "3 Insufficient cpu, 3 Insufficient memory", NO_HELP),
        ({"pods": "0"}, {}, "3 Too many pods", NO_VICTIMS),
        ({"taints": [TAINT]}, {}, "3 node(s) had untolerated taint(s)", NO_HELP),
        ({}, {"nodeSelector": {"a": "b"}}, "3 node(s) didn't match Pod's node affinity/selector", NO_HELP),
        (
            {},
            {"affinity": node_affinity(matchExpressions=[expression("disk", "In", "ssd")])},
            "3 node(s) didn't match Pod's node affinity/selector",
            NO_HELP,
        ),
        (
            {},
            {"affinity": node_affinity(matchFields=[expression("metadata.name", "In", "node-9")])},
            "3 node(s) didn't satisfy plugin(s) [NodeAffinity]",
            NO_HELP,
        ),
    ],
)
def test_messages(node: dict[str, Any], pod: dict[str, Any], reason: str, rest: str) -> None:
    rig = Rig(3, **node)
    rig.pod("web", **pod)
    rig.run()
    expected = f"0/3 nodes are available: {reason}. {rest.format(n=3)}"
    assert rig.message("web") == expected
    assert rig.events("web") == [("Warning", "FailedScheduling", expected)]


def test_reasons_are_counted_and_sorted() -> None:
    rig = Rig()
    rig.node("small", cpu="1")
    rig.node("tainted", taints=[TAINT])
    rig.node("tainted-too", taints=[TAINT])
    rig.pod("web", cpu="2")
    rig.run()
    assert rig.message("web") == (
        "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s). " + NO_HELP.format(n=3)
    )


def test_no_node_at_all() -> None:
    rig = Rig()
    rig.pod("web")
    rig.run()
    assert rig.message("web") == "no nodes available to schedule pods"


def test_an_extended_resource_and_ephemeral_storage() -> None:
    rig = Rig(1, **{"example.com/gpu": "1", "ephemeral-storage": "10Gi"})
    gpu = {"limits": {"example.com/gpu": "2"}, "requests": {"example.com/gpu": "2", "ephemeral-storage": "20Gi"}}
    rig.pod("web", containers=[{"name": "main", "image": "nginx", "resources": gpu}])
    rig.run()
    assert rig.message("web").startswith(
        "0/1 nodes are available: 1 Insufficient ephemeral-storage, 1 Insufficient example.com/gpu."
    )


def test_host_ports() -> None:
    rig = Rig(1)
    container = {"name": "main", "image": "nginx", "ports": [{"containerPort": 80, "hostPort": 80}]}
    rig.pod("first", containers=[container])
    rig.pod("second", containers=[container])
    rig.run()
    assert rig.node_of("first") == "node-0"
    assert "1 node(s) didn't have free ports for the requested pod ports" in rig.message("second")


def test_a_cordoned_node_and_tolerations() -> None:
    rig = Rig(1)
    rig.api.patch(names.NODES, "", "node-0", {"spec": {"unschedulable": True}}, "merge")
    rig.pod("web")
    tolerate = {"key": "node.kubernetes.io/unschedulable", "operator": "Exists", "effect": "NoSchedule"}
    rig.pod("daemon", tolerations=[tolerate])
    rig.run()
    assert rig.message("web").startswith("0/1 nodes are available: 1 node(s) were unschedulable. ")
    assert rig.node_of("daemon") == "node-0"


def test_a_claim_that_is_missing() -> None:
    rig = Rig(2)
    rig.pod("web", volumes=[{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}])
    rig.run()
    assert rig.message("web") == (
        '0/2 nodes are available: persistentvolumeclaim "data" not found. ' + NO_HELP.format(n=2)
    )


def test_hard_spread() -> None:
    rig = Rig()
    rig.node("a-1", labels={"topology.kubernetes.io/zone": "a"})
    rig.node("b-1", labels={"topology.kubernetes.io/zone": "b"}, cpu="1")
    rig.node("nowhere")
    constraint = {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": {"app": "web"}},
    }
    for number in range(4):
        rig.pod(f"web-{number}", cpu="1", labels={"app": "web"}, topologySpreadConstraints=[constraint])
        rig.run(0.1)
    placed = [rig.node_of(f"web-{number}") for number in range(3)]
    assert sorted(filter(None, placed)) == ["a-1", "a-1", "b-1"]
    assert rig.message("web-3").startswith(
        "0/3 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match pod topology spread constraints, "
        "1 node(s) didn't match pod topology spread constraints (missing required label). "
    )


def test_pod_affinity_and_anti_affinity() -> None:
    rig = Rig(2)

    def terms(kind: str) -> dict[str, Any]:
        term = {"labelSelector": {"matchLabels": {"app": "db"}}, "topologyKey": "kubernetes.io/hostname"}
        return {kind: {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}

    rig.pod("near", affinity=terms("podAffinity"))
    rig.run()
    assert "2 node(s) didn't match pod affinity rules" in rig.message("near")
    rig.pod("db-0", labels={"app": "db"}, affinity=terms("podAntiAffinity"))
    rig.run()
    assert rig.node_of("near") == rig.node_of("db-0")
    rig.pod("db-1", labels={"app": "db"}, affinity=terms("podAntiAffinity"))
    rig.run()
    assert {rig.node_of("db-0"), rig.node_of("db-1")} == {"node-0", "node-1"}
    rig.pod("db-2", labels={"app": "db"}, affinity=terms("podAntiAffinity"))
    rig.pod("db-3", labels={"app": "db"})
    rig.run()
    assert "2 node(s) didn't match pod anti-affinity rules" in rig.message("db-2")
    assert "2 node(s) didn't satisfy existing pods anti-affinity rules" in rig.message("db-3")
