"""Evictions ask the disruption budgets; events go after an hour, many with one timer."""

from __future__ import annotations

from k8s_magic.machinery.names import EVENTS, PODS, GroupVersionResource
from k8s_magic.sim.time import HOUR, MINUTE, SECOND

BUDGETS = GroupVersionResource("policy", "v1", "poddisruptionbudgets")


def budget(rig, allowed):
    spec = {"minAvailable": 1, "selector": {"matchLabels": {"app": "x"}}}
    made = rig.user.create(BUDGETS, "default", {"metadata": {"name": "b"}, "spec": spec})
    status = {
        "disruptionsAllowed": allowed,
        "currentHealthy": 1 + allowed,
        "desiredHealthy": 1,
        "expectedPods": 2,
        "observedGeneration": made["metadata"]["generation"],
    }
    rig.manager.update(BUDGETS, "default", "b", {**made, "status": status}, subresource="status")


def running(rig, name):
    body = {"metadata": {"name": name, "labels": {"app": "x"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
    rig.user.create(PODS, "default", body)
    rig.bind(name, "n1")
    pod = rig.stored(PODS, name)
    status = {**pod["status"], "phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}
    rig.kubelet.update(PODS, "default", name, {**pod, "status": status}, subresource="status")


def evict(rig, name):
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": "default"}}
    return rig.user.create(PODS, "default", body, name=name, subresource="eviction")


def test_a_budget_lets_as_many_go_as_it_allows(rig, refused):
    budget(rig, 1)
    running(rig, "a")
    running(rig, "b")
    assert evict(rig, "a")["status"] == "Success"
    assert rig.stored(PODS, "a")["metadata"]["deletionGracePeriodSeconds"] == 30
    status = refused(evict, rig, "b")
    assert (status["code"], status["reason"]) == (429, "TooManyRequests")
    assert status["message"] == "Cannot evict pod as it would violate the pod's disruption budget."
    assert "deletionTimestamp" not in rig.stored(PODS, "b")["metadata"]
    assert rig.stored(BUDGETS, "b")["status"]["disruptedPods"] == {"a": "2026-01-01T00:00:00Z"}


def test_without_a_budget_an_eviction_is_a_deletion(rig, refused):
    running(rig, "a")
    evict(rig, "a")
    assert "deletionTimestamp" in rig.stored(PODS, "a")["metadata"]
    assert refused(evict, rig, "no")["message"] == 'pods "no" not found'


def test_events_expire_in_batches(rig):
    def write(name):
        body = {"apiVersion": "v1", "kind": "Event", "metadata": {"name": name}, "involvedObject": {}, "count": 1}
        return rig.kubelet.create(EVENTS, "default", body)

    events = rig.server.informer(EVENTS)
    write("a")
    rig.kernel.run_until(30 * SECOND)
    kept = write("b")
    rig.kernel.run_until(10 * MINUTE)
    write("c")
    steps = rig.kernel.steps
    rig.kernel.run_until(50 * MINUTE)
    rig.kubelet.update(EVENTS, "default", "b", {**kept, "count": 2})
    rig.kernel.run_until(HOUR + MINUTE)
    assert [event["metadata"]["name"] for event in events.list()] == ["b", "c"]
    rig.kernel.run_until(HOUR + 50 * MINUTE)
    assert [event["metadata"]["name"] for event in events.list()] == ["b"]
    rig.kernel.run_until(3 * HOUR)
    assert len(events) == 0
    assert rig.kernel.steps - steps == 3
