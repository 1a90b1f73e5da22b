"""Events: their layout as recorded, counts, the combined event, the spam filter, series; nothing raises."""

from __future__ import annotations

import pytest

from k8s_magic.apiserver import ApiServer
from k8s_magic.client.context import Context
from k8s_magic.client.correlator import Correlator, Recent
from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.client.recorder import Recorder
from k8s_magic.machinery import names
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import MINUTE, SECOND, TimeFormatter

POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "p", "namespace": "default", "uid": "u", "resourceVersion": "7"},
}


class Rig:
    def __init__(self):
        self.kernel = Kernel()
        times = TimeFormatter()
        self.server = ApiServer(self.kernel, Streams(0), times)

        def transport(actor):
            return InProcessTransport(self.server, actor, component=True)

        self.context = Context(
            self.kernel, Streams(0), times, self.server.informer, transport, lambda component, host="": None
        )
        transport("kubectl").create(names.NAMESPACES, "", {"metadata": {"name": "default"}})

    def events(self):
        return self.server.informer(names.EVENTS).list()


@pytest.fixture
def rig():
    return Rig()


def test_a_kubelets_event_is_laid_out_as_recorded(rig):
    rig.kernel.run_until(SECOND)
    recorder = Recorder(rig.context, "kubelet", "node-2")
    recorder.event(POD, "Normal", "Killing", "Stopping container web", field_path="spec.containers{web}")
    (event,) = rig.events()
    assert event["metadata"]["name"] == f"p.{1_767_225_601 * 10**9:x}" == "p.188672522994ca00"
    for field in ("uid", "resourceVersion", "creationTimestamp", "namespace"):
        assert event["metadata"][field]
    del event["metadata"]
    assert event == {
        "apiVersion": "v1",
        "kind": "Event",
        "involvedObject": {
            "kind": "Pod",
            "namespace": "default",
            "name": "p",
            "uid": "u",
            "apiVersion": "v1",
            "resourceVersion": "7",
            "fieldPath": "spec.containers{web}",
        },
        "reason": "Killing",
        "message": "Stopping container web",
        "source": {"component": "kubelet", "host": "node-2"},
        "firstTimestamp": "2026-01-01T00:00:01Z",
        "lastTimestamp": "2026-01-01T00:00:01Z",
        "count": 1,
        "type": "Normal",
        "eventTime": None,
        "reportingComponent": "kubelet",
        "reportingInstance": "node-2",
    }


def test_names_are_unique_within_an_instant(rig):
    recorder, other = Recorder(rig.context, "kubelet", "n"), Recorder(rig.context, "deployment-controller")
    for number in range(3):
        recorder.event(POD, "Normal", "A", str(number))
        other.event(POD, "Normal", "A", str(number))
    found = [event["metadata"]["name"] for event in rig.events()]
    assert len(set(found)) == 6


def test_equal_events_raise_a_count(rig):
    recorder = Recorder(rig.context, "kubelet", "n")
    for second in range(3):
        rig.kernel.run_until(second * SECOND)
        recorder.event(POD, "Warning", "BackOff", "Back-off restarting failed container")
    (event,) = rig.events()
    assert (event["count"], event["firstTimestamp"], event["lastTimestamp"]) == (
        3,
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:02Z",
    )


def test_the_tenth_different_message_starts_a_combined_event(rig):
    recorder = Recorder(rig.context, "deployment-controller")
    for number in range(12):
        recorder.event(POD, "Normal", "ScalingReplicaSet", f"Scaled up to {number}")
    events = rig.events()
    assert len(events) == 10
    combined = events[-1]
    assert combined["message"] == "(combined from similar events): Scaled up to 11"
    assert (combined["count"], combined["reportingComponent"], combined["source"]) == (
        3,
        "",
        {"component": "deployment-controller"},
    )


def test_a_flood_is_dropped_until_a_token_comes(rig):
    recorder = Recorder(rig.context, "kubelet", "n")
    for _ in range(30):
        recorder.event(POD, "Warning", "Unhealthy", "probe failed")
    (event,) = rig.events()
    assert event["count"] == 25
    rig.kernel.run_until(5 * MINUTE)
    recorder.event(POD, "Warning", "Unhealthy", "probe failed")
    recorder.event(POD, "Warning", "Unhealthy", "probe failed")
    assert rig.events()[0]["count"] == 31


def test_the_schedulers_events_are_series(rig):
    recorder = Recorder(rig.context, "default-scheduler")
    recorder.event(POD, "Normal", "Scheduled", "Successfully assigned default/p to n")
    (event,) = rig.events()
    assert (event["eventTime"], event["action"], event["source"], event["firstTimestamp"]) == (
        "2026-01-01T00:00:00.000000Z",
        "Binding",
        {},
        None,
    )
    assert "count" not in event
    assert event["reportingInstance"] == "default-scheduler-control-plane"
    rig.kernel.run_until(SECOND)
    for _ in range(4):
        recorder.event(POD, "Normal", "Scheduled", "Successfully assigned default/p to n")
    assert rig.events()[0]["series"] == {"count": 2, "lastObservedTime": "2026-01-01T00:00:01.000000Z"}
    rig.kernel.run_until(30 * MINUTE)
    assert rig.events()[0]["series"]["count"] == 5
    changed = {**POD, "metadata": {**POD["metadata"], "resourceVersion": "8"}}
    recorder.event(changed, "Normal", "Scheduled", "again")
    assert len(rig.events()) == 2


def test_an_event_that_cannot_be_written_is_lost(rig):
    elsewhere = {**POD, "metadata": {**POD["metadata"], "namespace": "gone"}}
    Recorder(rig.context, "kubelet", "n").event(elsewhere, "Normal", "A", "b")
    assert rig.events() == []


def test_an_event_that_was_deleted_is_written_anew_with_its_count(rig):
    recorder = Recorder(rig.context, "kubelet", "n")
    recorder.event(POD, "Normal", "A", "b")
    (event,) = rig.events()
    rig.context.transport("kubectl").delete(names.EVENTS, "default", event["metadata"]["name"])
    recorder.event(POD, "Normal", "A", "b")
    assert [(each["metadata"]["name"], each["count"]) for each in rig.events()] == [(event["metadata"]["name"], 2)]


def test_ten_silent_minutes_start_similar_messages_afresh():
    correlator = Correlator()
    told = [correlator.similar(("p",), "Normal", "A", str(number), 0) for number in range(12)]
    assert told == [False] * 9 + [True] * 3
    assert correlator.similar(("p",), "Normal", "A", "x", 10 * MINUTE + 1) is False


def test_the_least_recently_used_entry_makes_room():
    recent = Recent(2)
    recent.put(("a",), 1)
    recent.put(("b",), 2)
    assert recent.get(("a",)) == 1
    recent.put(("c",), 3)
    assert (recent.get(("b",)), recent.get(("a",)), recent.get(("c",))) == (None, 1, 3)
