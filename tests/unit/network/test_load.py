"""Loads on a small network: who gets how many, and what becomes of them, at exact instants."""

from typing import Any

import pytest
from network_rig import Lan

from k8s_magic.machinery import names
from k8s_magic.network import LoadError, Loads
from k8s_magic.network.load import Load
from k8s_magic.network.load_spec import read
from k8s_magic.runtime.container import SimulatedContainer
from k8s_magic.runtime.contract import HttpResponse
from k8s_magic.sim.time import SECOND


class Bench(Lan):
    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.loads = Loads(self.net._context, self.net)

    def start(self, target: str = "svc/web", **words: Any) -> Load:
        return self.loads.start(read(target, **words))

    def report(self) -> dict[str, Any]:
        return self.loads.reports()[-1]

    def sent(self) -> dict[str, int]:
        return {one["pod"]: one["sent"] for one in self.report()["endpoints"]}

    def web(self, count: int = 2, **spec: Any) -> list[SimulatedContainer]:
        self.service("web", **spec)
        pods = [self.pod(f"web-{number}", number % 2 + 1) for number in range(count)]
        self.endpoints("web", *pods)
        self.run(1)
        return pods


def totals(report: dict[str, Any]) -> tuple[int, int, dict[str, int], int]:
    assert sum(one["sent"] for one in report["endpoints"]) == report["sent"]
    assert report["sent"] == report["answered"] + report["failed"] + report["inFlight"]
    return report["sent"], report["answered"], report["errors"], report["inFlight"]


def test_requests_are_sent_to_the_microsecond_and_divided_at_random() -> None:
    rounds = []
    for _ in range(2):
        lan = Bench(seed=4)
        lan.web(3)
        lan.start(rate="50/s")
        lan.run(0.0999)
        early = lan.report()["sent"]
        lan.run(0.0001)
        first = lan.report()["sent"]
        lan.run(59.9)
        rounds.append((early, first, lan.sent(), lan.report()["latency"]))
        assert totals(lan.report()) == (3000, 3000, {}, 0)
    assert rounds[0] == rounds[1]
    assert rounds[0][:2] == (0, 5)
    assert all(abs(count - 1000) < 80 for count in rounds[0][2].values())
    assert [one["expected"] for one in lan.report()["endpoints"]] == [999] * 3
    assert sum(count for _, _, count in rounds[0][3]["buckets"]) == 3000


def test_a_look_changes_no_history() -> None:
    histories = []
    for looks in (1, 97):
        lan = Bench()
        lan.web(3)
        lan.start(rate="333/s")
        for _ in range(looks):
            lan.run(10 / looks)
            lan.report()
        lan.run(round(11 - lan.kernel.now / SECOND, 6))
        histories.append(lan.report())
    assert histories[0] == histories[1]


def test_nothing_waits_where_no_load_runs() -> None:
    lan = Bench()
    lan.web()
    assert lan.kernel.next_time() is None
    load = lan.start(rate="100/s", duration="2.5s")
    lan.run(10)
    assert (load.stopped_at, lan.report()["sent"]) == (3_500_000, 250)
    assert (lan.kernel.next_time(), lan.world.listening) == (None, [])


def test_none_ready_is_refused_and_named() -> None:
    lan = Bench()
    lan.service("web")
    lan.start(rate="100/s")
    lan.run(1)
    report = lan.report()
    assert totals(report) == (100, 0, {"refused": 100}, 0)
    assert [(one["from"], one["pod"], one["cause"], one["why"], one["count"]) for one in report["losses"]] == [
        (0, "", "refused", "no endpoint was ready", 100)
    ]
    lan.endpoints("web", lan.pod("late"))  # listens 30 ms after its start
    lan.run(1)
    assert totals(lan.report()) == (200, 97, {"refused": 103}, 0)
    assert lan.report()["losses"][0] | {"from": 0, "to": 0} == {
        "from": 0, "to": 0, "pod": "late", "cause": "refused", "why": "it was not listening yet", "count": 3,
    }  # fmt: skip


def test_only_ready_endpoints_are_chosen() -> None:
    lan = Bench()
    lan.web(1)
    lan.endpoints("web", lan.pod("sick"), ready=False, serving=False)
    lan.endpoints("web", lan.pod("leaving"), ready=False, serving=True, terminating=True)
    lan.start(rate="100/s")
    lan.run(1)
    assert lan.sent() == {"web-0": 100}


def test_a_killed_container_resets_what_it_has_in_hand() -> None:
    lan = Bench()
    pods = lan.web(1)
    lan.start(rate="100k/s")
    lan.run(1)
    assert lan.report()["inFlight"] > 0
    pods[0].end(137, "OOMKilled")
    lan.run(0.1)
    report = lan.report()
    sent, answered, errors, in_flight = totals(report)
    assert (sent, in_flight) == (110_000, 0)
    assert answered == 100_000 - errors["reset"]
    assert 110 < errors["reset"] < 150  # what comes in the 1.27 ms that an answer takes
    assert errors["refused"] == 10_000
    assert [one["cause"] for one in report["losses"]] == ["refused", "reset"]


def test_session_affinity_keeps_to_one() -> None:
    lan = Bench()
    lan.web(3, sessionAffinity="ClientIP")
    lan.start(rate="50/s")
    lan.run(20)
    assert sorted(lan.sent().values()) == [0, 0, 1000]
    assert {one["expected"] for one in lan.report()["endpoints"]} <= {332, 333, 334}


def test_kept_connections_stay_where_they_are_until_they_are_closed() -> None:
    lan = Bench()
    pods = lan.web(2)
    lan.start(rate="100/s", keep_alive=4)
    lan.run(10)
    before = lan.sent()
    lan.endpoints("web", lan.pod("fresh"))
    lan.run(10)
    assert lan.sent()["fresh"] == 0, "nobody has opened a connection since"
    for pod in pods:
        pod.stop(30 * SECOND)
    lan.run(10)
    after = lan.report()
    assert sum(before.values()) == 1000
    assert lan.sent()["fresh"] > 900
    assert after["sent"] == 3000
    assert totals(after)[1] + after["failed"] == 3000


def test_local_traffic_from_inside_and_outside() -> None:
    lan = Bench()
    lan.service("web", type="NodePort", nodePort=30080, externalTrafficPolicy="Local", internalTrafficPolicy="Local")
    lan.endpoints("web", lan.pod("here", 1), lan.pod("there", 2))
    lan.run(1)
    lan.start(rate="100/s", source="node/node-2")
    lan.run(1)
    assert lan.sent() == {"there": 100}
    lan.start(rate="100/s", source="outside/node-1")
    lan.run(1)
    assert {pod: count for pod, count in lan.sent().items() if count} == {"here": 100}


def test_a_node_without_an_endpoint_of_its_own_drops_what_comes_from_outside() -> None:
    lan = Bench()
    lan.service("web", type="NodePort", nodePort=30080, externalTrafficPolicy="Local")
    lan.endpoints("web", lan.pod("here", 1))
    lan.run(1)
    lan.start(rate="10/s", source="outside/node-2")
    lan.run(4)
    assert totals(lan.report()) == (40, 0, {"timeout": 20}, 20)
    lan.loads.stop(lan.report()["key"])
    assert lan.report()["endpoints"][0]["pod"] == ""


def test_dropped_packets_time_out_when_their_time_is_up() -> None:
    lan = Bench()
    lan.service("web", internalTrafficPolicy="Local")
    lan.endpoints("web", lan.pod("there", 2))
    lan.run(1)
    lan.start(rate="100/s", source="node/node-1", timeout="500ms")
    lan.run(0.5)
    assert totals(lan.report()) == (50, 0, {}, 50)
    lan.run(0.5)
    assert totals(lan.report()) == (100, 0, {"timeout": 50}, 50)
    lan.loads.stop(lan.report()["key"])
    assert totals(lan.report()) == (100, 0, {"timeout": 100}, 0)


def test_a_node_that_is_cut_off_costs_its_share() -> None:
    lan = Bench()
    lan.web(2)
    lan.start(rate="100/s", source="node/node-1", timeout="1s")
    lan.run(5)
    lan.world.node("node-2").online = False
    lan.run(5)
    sent, answered, errors, in_flight = totals(lan.report())
    assert (sent, answered + errors["timeout"] + in_flight) == (1000, 1000)
    assert 150 < errors["timeout"] < 250
    assert lan.report()["losses"][0]["why"] == "its node node-2 is cut off"


def test_a_service_that_answers_badly() -> None:
    lan = Bench()
    lan.service("web")
    pod = lan.pod("web-0")
    pod.sandbox.listeners["TCP", 8080].handler = lambda request: HttpResponse(503)  # type: ignore[attr-defined]
    lan.endpoints("web", pod)
    lan.run(1)
    lan.start(rate="100/s")
    lan.run(1)
    assert totals(lan.report()) == (100, 0, {"5xx": 100}, 0)
    assert lan.report()["losses"][0]["why"] == "it answered 503"


def test_the_access_log_gets_a_line_a_second_at_any_rate() -> None:
    lan = Bench()
    pods = lan.web(2)
    before = [len(pod.log_lines()) for pod in pods]
    lan.start(rate="1M/s")
    lan.run(10)
    assert lan.report()["sent"] == 10_000_000
    assert [len(pod.log_lines()) - count for pod, count in zip(pods, before, strict=True)] == [10, 10]


def test_the_rate_changes_and_the_counts_go_on() -> None:
    lan = Bench()
    lan.web(2)
    load = lan.start(rate="100/s")
    lan.run(1)
    assert lan.start(rate="10/s") is load
    lan.run(1)
    assert lan.report()["sent"] == 110
    assert lan.report()["series"] == [[1, 100, 0], [2, 10, 0]]
    lan.loads.stop(load.spec.key)
    lan.run(5)
    assert lan.report()["sent"] == 110
    lan.start(rate="10/s")
    lan.run(1)
    assert lan.report()["sent"] == 10


def test_a_service_that_is_deleted() -> None:
    lan = Bench()
    lan.web(1)
    lan.start(rate="10/s")
    lan.run(1)
    lan.api.delete(names.SERVICES, "default", "web")
    lan.run(1)
    assert totals(lan.report()) == (20, 10, {"unknown_host": 10}, 0)


def test_who_cannot_be_asked() -> None:
    lan = Bench()
    lan.service("headless", clusterIP="None")
    lan.web(1)
    for target, words, sentence in (
        ("svc/none", {}, 'services "none" not found'),
        ("svc/headless", {}, "service headless is headless: kube-proxy chooses no endpoint for it"),
        ("svc/web:81", {}, "service web has no TCP port 81; it has 80"),
        ("svc/web", {"source": "node/node-9"}, 'nodes "node-9" not found'),
        ("svc/web", {"source": "pod/ghost"}, 'pods "ghost" not found or without an address'),
        (
            "svc/web",
            {"source": "outside"},
            "nobody outside reaches service web: it is a ClusterIP; make it a NodePort or a LoadBalancer, or send "
            "from a pod",
        ),
    ):
        with pytest.raises(LoadError) as caught:
            lan.start(target, **words)
        assert str(caught.value) == sentence
    assert lan.loads.reports() == []
    assert lan.kernel.next_time() is None
