"""The work queue's guarantees, at exact instants; a controller stops for good."""

from __future__ import annotations

import pytest

from k8s_magic.apiserver.store import Store
from k8s_magic.client.controller import Controller, Result, controller_owner, itself
from k8s_magic.client.workqueue import WorkQueue
from k8s_magic.machinery import errors
from k8s_magic.machinery.meta import ObjectKey
from k8s_magic.machinery.names import PODS
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.time import MILLISECOND, SECOND


@pytest.fixture
def kernel():
    return Kernel()


def test_what_is_added_twice_is_worked_once_and_again_when_added_meanwhile(kernel):
    worked = []

    def work(item):
        worked.append((kernel.now, item))
        if len(worked) == 1:
            queue.add(item)

    queue = WorkQueue(kernel, work)
    queue.add("a")
    queue.add("a")
    kernel.run_until(SECOND)
    assert worked == [(2 * MILLISECOND, "a"), (4 * MILLISECOND, "a")]


def test_the_earliest_of_several_delays_wins(kernel):
    worked = []
    queue = WorkQueue(kernel, lambda item: worked.append(kernel.now))
    queue.add_after("a", 10 * MILLISECOND)
    queue.add_after("a", 5 * MILLISECOND)
    queue.add_after("a", 20 * MILLISECOND)
    kernel.run_until(SECOND)
    assert worked == [7 * MILLISECOND]


def test_backoff_doubles_until_forgotten(kernel):
    worked = []

    def work(item):
        worked.append(kernel.now)
        if len(worked) < 4:
            queue.add_rate_limited(item)

    queue = WorkQueue(kernel, work, reaction=0)
    queue.add("a")
    kernel.run_until(SECOND)
    assert worked == [0, 5 * MILLISECOND, 15 * MILLISECOND, 35 * MILLISECOND]
    assert queue.failures("a") == 3
    queue.forget("a")
    assert queue.failures("a") == 0


def pod(name, owner=""):
    metadata = {"name": name, "namespace": "ns"}
    if owner:
        metadata["ownerReferences"] = [{"uid": owner, "kind": "ReplicaSet", "name": owner, "controller": True}]
    return {"metadata": metadata, "spec": {}}


def test_a_controller_reconciles_what_its_watches_name(kernel):
    store = Store()
    table = store.table(PODS)
    seen = []

    def reconcile(request):
        seen.append((kernel.now, request.name))
        if len(seen) == 1:
            raise errors.bad_request("not now")
        return Result(requeue_after=SECOND) if len(seen) == 3 else None

    controller = Controller("test", kernel, reconcile)
    controller.watch(table, itself)
    controller.watch(table, controller_owner("ReplicaSet"))
    controller.start()
    store.create(table, pod("a", "r"))
    kernel.run_until(2 * SECOND)
    assert seen == [
        (2 * MILLISECOND, "a"),
        (2 * MILLISECOND, "r"),
        (9 * MILLISECOND, "a"),
        (SECOND + 11 * MILLISECOND, "a"),
    ]
    controller.stop()
    store.create(table, pod("b"))
    kernel.run_until(3 * SECOND)
    assert len(seen) == 4


def test_a_request_is_a_name():
    assert list(itself("ADDED", pod("a"), None)) == [ObjectKey("ns", "a")]
