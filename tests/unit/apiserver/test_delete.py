"""delete: grace of Pods, finalizers, propagation, preconditions, namespaces."""

from __future__ import annotations

import pytest

from k8s_magic.machinery import meta
from k8s_magic.machinery.names import CONFIG_MAPS, DEPLOYMENTS, NAMESPACES, PODS
from k8s_magic.machinery.protocols import DeleteOptions, ListOptions
from k8s_magic.sim.time import SECOND

NOW = DeleteOptions(grace_period_seconds=0)


@pytest.fixture
def told(rig):
    """What the Pods' handlers are told: (type, deletionGracePeriodSeconds, deletionTimestamp, generation)."""
    events = []

    def hear(type, new, old):
        metadata = new["metadata"]
        grace = metadata.get("deletionGracePeriodSeconds")
        events.append((type, grace, metadata.get("deletionTimestamp"), metadata["generation"]))

    rig.server.informer(PODS).add_handler(hear)
    return events


def test_a_running_pod_goes_as_the_recorded_one_did(rig, told):
    rig.pod()
    rig.bind("p", "n1")
    del told[:]
    rig.kernel.run_until(5 * SECOND)
    answer = rig.user.delete(PODS, "default", "p")
    assert answer["metadata"]["deletionGracePeriodSeconds"] == 30
    assert rig.user.delete(PODS, "default", "p") is rig.stored(PODS, "p")
    rig.kernel.run_until(6 * SECOND)
    rig.kubelet.delete(PODS, "default", "p", options=NOW)
    assert told == [
        ("MODIFIED", 30, "2026-01-01T00:00:35Z", 2),
        ("MODIFIED", 0, "2026-01-01T00:00:06Z", 2),
        ("DELETED", 0, "2026-01-01T00:00:06Z", 2),
    ]


def test_an_unscheduled_pod_goes_at_once(rig, told):
    rig.pod()
    rig.user.delete(PODS, "default", "p")
    assert [told_as for told_as, *_ in told] == ["ADDED", "MODIFIED", "DELETED"]
    assert rig.stored(PODS, "p") is None


def test_the_grace_period_can_only_be_shortened(rig):
    rig.pod()
    rig.bind("p", "n1")
    rig.user.delete(PODS, "default", "p", options=DeleteOptions(grace_period_seconds=10))
    rig.user.delete(PODS, "default", "p", options=DeleteOptions(grace_period_seconds=20))
    assert rig.stored(PODS, "p")["metadata"]["deletionTimestamp"] == "2026-01-01T00:00:10Z"
    rig.user.delete(PODS, "default", "p", options=DeleteOptions(grace_period_seconds=5))
    assert rig.stored(PODS, "p")["metadata"]["deletionTimestamp"] == "2026-01-01T00:00:05Z"


def test_background_answers_with_a_status_or_the_object(rig):
    made = rig.deployment()
    assert rig.user.delete(DEPLOYMENTS, "default", "web") == {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "details": {"name": "web", "group": "apps", "kind": "deployments", "uid": made["metadata"]["uid"]},
    }
    assert rig.stored(DEPLOYMENTS, "web") is None


@pytest.mark.parametrize(("propagation", "finalizer"), [("Foreground", "foregroundDeletion"), ("Orphan", "orphan")])
def test_other_propagation_waits_for_the_garbage_collector(rig, propagation, finalizer):
    rig.deployment()
    answer = rig.user.delete(DEPLOYMENTS, "default", "web", options=DeleteOptions(propagation=propagation))
    metadata = answer["metadata"]
    assert (metadata["finalizers"], metadata["generation"], metadata["deletionGracePeriodSeconds"]) == (
        [finalizer],
        2,
        0,
    )
    rig.manager.update(DEPLOYMENTS, "default", "web", meta.with_metadata(answer, finalizers=None))
    assert rig.stored(DEPLOYMENTS, "web") is None


def test_finalizers_hold_an_object_until_the_last_is_gone(rig):
    rig.user.create(
        CONFIG_MAPS, "default", {"metadata": {"name": "m", "finalizers": ["example.com/a", "example.com/b"]}}
    )
    held = rig.user.delete(CONFIG_MAPS, "default", "m")
    assert held["metadata"]["deletionTimestamp"] == "2026-01-01T00:00:00Z"
    held = rig.user.update(CONFIG_MAPS, "default", "m", meta.with_metadata(held, finalizers=["example.com/b"]))
    assert rig.stored(CONFIG_MAPS, "m") is held
    rig.user.update(CONFIG_MAPS, "default", "m", meta.with_metadata(held, finalizers=None))
    assert rig.stored(CONFIG_MAPS, "m") is None


def test_preconditions(rig, refused):
    made = rig.deployment()
    uid = made["metadata"]["uid"]
    status = refused(rig.user.delete, DEPLOYMENTS, "default", "web", options=DeleteOptions(uid="other"))
    assert status["message"] == (
        'Operation cannot be fulfilled on Deployment.apps "web": the UID in the precondition (other) does not match '
        f"the UID in record ({uid}). The object might have been deleted and then recreated"
    )
    stale = DeleteOptions(resource_version="1")
    assert refused(rig.user.delete, DEPLOYMENTS, "default", "web", options=stale)["code"] == 409
    assert refused(rig.user.delete, DEPLOYMENTS, "default", "no")["message"] == 'deployments.apps "no" not found'


def test_a_namespace_is_terminating_until_it_is_finalized(rig, refused):
    rig.user.create(NAMESPACES, "", {"metadata": {"name": "x"}})
    going = rig.user.delete(NAMESPACES, "", "x")
    assert (going["status"]["phase"], going["metadata"]["deletionTimestamp"]) == ("Terminating", "2026-01-01T00:00:00Z")
    assert rig.user.delete(NAMESPACES, "", "x") is going
    rig.manager.update(NAMESPACES, "", "x", {**going, "spec": {"finalizers": []}}, subresource="finalize")
    assert rig.server.informer(NAMESPACES).get("", "x") is None
    assert refused(rig.user.delete, NAMESPACES, "", "default")["message"] == (
        'namespaces "default" is forbidden: this namespace may not be deleted'
    )


def test_delete_collection_takes_what_is_selected(rig):
    for name, app in (("a", "x"), ("b", "y"), ("c", "x")):
        rig.user.create(CONFIG_MAPS, "default", {"metadata": {"name": name, "labels": {"app": app}}})
    answer = rig.user.delete_collection(CONFIG_MAPS, "default", selection=ListOptions(label_selector="app=x"))
    assert (answer["kind"], [obj["metadata"]["name"] for obj in answer["items"]]) == ("ConfigMapList", ["a", "c"])
    assert [obj["metadata"]["name"] for obj in rig.server.informer(CONFIG_MAPS).list("default")] == ["b"]


def test_dry_run_deletes_nothing(rig):
    rig.pod()
    rig.bind("p", "n1")
    before = rig.stored(PODS, "p")
    rig.user.delete(PODS, "default", "p", options=DeleteOptions(dry_run=True))
    rig.user.delete(PODS, "default", "p", options=DeleteOptions(dry_run=True, grace_period_seconds=0))
    assert rig.stored(PODS, "p") is before
