"""Which node a Pod gets, when it is tried again, and who has to go for it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from scheduling_rig import Rig

from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object


def replica_set(rig: Rig, name: str) -> Object:
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": "nginx:1.25"}]}}
    spec = {"replicas": 0, "selector": {"matchLabels": labels}, "template": template}
    return rig.create(names.REPLICA_SETS, {"kind": "ReplicaSet", "metadata": {"name": name}, "spec": spec})


def replicas(rig: Rig, owner: Object, count: int, **spec: Any) -> None:
    name = owner["metadata"]["name"]
    reference = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": name, "uid": owner["metadata"]["uid"]}
    for number in range(count):
        body = {
            "kind": "Pod",
            "metadata": {
                "name": f"{name}-{number}",
                "labels": {"app": name},
                "ownerReferences": [{**reference, "controller": True}],
            },
            "spec": {"containers": [{"name": "main", "image": "nginx:1.25"}], **spec},
        }
        rig.create(names.PODS, body)


def spread(rig: Rig, name: str = "") -> Counter[str]:
    pods = rig.server.informer(names.PODS).list("default")
    return Counter(pod["spec"]["nodeName"] for pod in pods if pod["metadata"]["name"].startswith(name))


def test_bind_event_and_condition() -> None:
    rig = Rig(1)
    rig.pod("web")
    rig.run()
    pod = rig.get("web")
    assert pod["spec"]["nodeName"] == "node-0"
    assert rig.events("web") == [("Normal", "Scheduled", "Successfully assigned default/web to node-0")]
    assert [(one["type"], one["status"]) for one in pod["status"]["conditions"]] == [("PodScheduled", "True")]


def test_replicas_spread_evenly() -> None:
    rig = Rig(7)
    replicas(rig, replica_set(rig, "web"), 70)
    rig.run()
    assert set(spread(rig).values()) == {10}


def test_replicas_spread_over_zones() -> None:
    rig = Rig()
    for number in range(6):
        rig.node(f"node-{number}", labels={"topology.kubernetes.io/zone": "a" if number < 4 else "b"})
    replicas(rig, replica_set(rig, "web"), 12)
    rig.run()
    zones = Counter("a" if node in ("node-0", "node-1", "node-2", "node-3") else "b" for node in spread(rig).elements())
    assert zones == {"a": 6, "b": 6} or zones == {"a": 7, "b": 5}


def test_the_emptier_node_wins() -> None:
    rig = Rig()
    rig.node("big", cpu="16", memory="32Gi")
    rig.node("small", cpu="2", memory="4Gi")
    for number in range(3):
        rig.pod(f"web-{number}", cpu="500m", memory="1Gi")
    rig.run()
    assert spread(rig) == {"big": 3}


def test_preferences_outweigh() -> None:
    rig = Rig()
    rig.node("plain", cpu="8")
    rig.node("ssd", cpu="4", labels={"disk": "ssd"})
    preference = {"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}
    affinity = {
        "nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "preference": preference}]}
    }
    rig.pod("likes-ssd", cpu="1", affinity=affinity)
    rig.node("avoided", cpu="64", taints=[{"key": "x", "effect": "PreferNoSchedule"}])
    rig.run()
    rig.pod("any", cpu="1")
    rig.run()
    assert rig.node_of("likes-ssd") == "ssd"
    assert rig.node_of("any") == "plain"


def test_images_attract() -> None:
    rig = Rig(3)
    big = [{"names": ["nginx:1.25"], "sizeBytes": 900 * 1024 * 1024}]
    rig.node("has-it", images=big)
    rig.pod("web")
    rig.run()
    assert rig.node_of("web") == "has-it"


def test_ties_follow_the_seed() -> None:
    def places(seed: int) -> list[str | None]:
        rig = Rig(5, seed=seed)
        for number in range(5):
            rig.pod(f"web-{number}")
        rig.run()
        return [rig.node_of(f"web-{number}") for number in range(5)]

    assert places(1) == places(1)
    assert len({tuple(places(seed)) for seed in range(5)}) > 1


def test_waiting_pods_are_tried_again_when_it_can_help() -> None:
    rig = Rig(1)
    rig.pod("first", cpu="3")
    rig.pod("second", cpu="3")
    rig.run(20)
    assert "1 Insufficient cpu" in rig.message("second")
    rig.node("small", cpu="1")
    rig.run(1)
    assert rig.message("second").startswith("0/1 nodes")  # a node that cannot help is no reason to ask again
    rig.delete("first")
    rig.run(0.1)
    assert rig.node_of("second") == "node-0"


def test_a_label_on_a_node_helps() -> None:
    rig = Rig(2)
    rig.pod("web", nodeSelector={"disk": "ssd"})
    rig.run(1)
    rig.api.patch(names.NODES, "", "node-1", {"metadata": {"labels": {"disk": "ssd"}}}, "merge")
    rig.run(0.1)
    assert rig.node_of("web") == "node-1"


def test_what_waits_is_tried_again_after_five_minutes() -> None:
    rig = Rig(1)
    rig.pod("web", nodeSelector={"disk": "ssd"})
    rig.run(1)
    rig.run(299)
    assert len(rig.events("web")) == 1
    rig.run(31)
    assert len(rig.events("web")) == 2


def test_scheduling_gates() -> None:
    rig = Rig(1)
    rig.pod("web", schedulingGates=[{"name": "example.com/wait"}])
    rig.run(5)
    assert rig.node_of("web") is None
    assert rig.events("web") == []
    rig.api.patch(names.PODS, "default", "web", {"spec": {"schedulingGates": []}}, "merge")
    rig.run(0.1)
    assert rig.node_of("web") == "node-0"


def test_the_more_important_pod_goes_first() -> None:
    rig = Rig()
    rig.priority_class("high", 1000)
    rig.pod("low", cpu="3")
    rig.pod("high", cpu="3", priorityClassName="high")
    rig.node("only")
    rig.run(0.1)
    assert rig.node_of("high") == "only"
    assert rig.node_of("low") is None


def test_preemption() -> None:
    rig = Rig(2)
    rig.priority_class("high", 1000)
    rig.priority_class("mid", 500)
    rig.pod("a", cpu="3", priorityClassName="mid")
    rig.run(0.1)
    rig.pod("b", cpu="3")
    rig.run(0.1)
    rig.pod("urgent", cpu="2", priorityClassName="high")
    rig.run(0.1)
    emptied = rig.node_of("b")
    urgent, victim = rig.get("urgent"), rig.get("b")
    assert urgent["status"]["nominatedNodeName"] == emptied
    assert rig.message("urgent") == "0/2 nodes are available: 2 Insufficient cpu."
    target = next(one for one in victim["status"]["conditions"] if one["type"] == "DisruptionTarget")
    assert target["reason"] == "PreemptionByScheduler"
    assert target["message"] == "default-scheduler: preempting to accommodate a higher priority pod"
    message = f"Preempted by pod {urgent['metadata']['uid']} on node {emptied}"
    assert ("Normal", "Preempted", message) in rig.events("b")
    assert "deletionTimestamp" in victim["metadata"]
    rig.pod("thief", cpu="3")  # what was emptied for one Pod is not given to a lesser one
    rig.delete("b")
    rig.run(1)
    assert rig.node_of("urgent") == emptied
    assert rig.node_of("thief") is None


def test_no_preemption_where_it_is_not_wanted() -> None:
    rig = Rig(1)
    rig.priority_class("polite", 1000, preemptionPolicy="Never")
    rig.pod("a", cpu="3")
    rig.run(0.1)
    rig.pod("b", cpu="3", priorityClassName="polite")
    rig.run(0.1)
    assert rig.message("b") == (
        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, "
        "preemption: not eligible due to preemptionPolicy=Never."
    )


def test_a_restarted_scheduler_recovers_from_the_api() -> None:
    rig = Rig(2)
    rig.pod("a", cpu="3")
    rig.run(1)
    rig.scheduler.stop()
    rig.pod("b", cpu="3")
    rig.run(5)
    assert rig.node_of("b") is None
    rig.scheduler.start()
    rig.run(0.1)
    assert {rig.node_of("a"), rig.node_of("b")} == {"node-0", "node-1"}


def test_groups_agree_with_looking_at_every_node() -> None:
    """The short way (nodes in groups) and the long way (each node on its own) choose alike."""
    from k8s_magic.scheduler.evaluation import Evaluation

    def places() -> list[str | None]:
        rig = Rig()
        for number in range(9):
            zone = {"topology.kubernetes.io/zone": "abc"[number % 3]} if number < 7 else {}
            rig.node(f"node-{number}", cpu=str(2 + number % 4), labels=zone)
        replicas(rig, replica_set(rig, "web"), 40, tolerations=[])
        rig.run()
        return [rig.node_of(f"web-{number}") for number in range(40)]

    short = places()
    plain = Evaluation.is_plain
    Evaluation.is_plain = property(lambda self: False)  # type: ignore[assignment, method-assign]
    try:
        assert spread_of(places()) == spread_of(short)
    finally:
        Evaluation.is_plain = plain  # type: ignore[method-assign]


def spread_of(places: list[str | None]) -> Counter[int]:
    return Counter(Counter(places).values())
