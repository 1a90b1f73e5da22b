"""kube-proxy's choices and who reaches whom."""

from collections import Counter

import pytest
from network_rig import Lan

from k8s_magic.machinery import names
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.meta import ObjectKey
from k8s_magic.network import Hit
from k8s_magic.runtime.contract import HttpRequest, NetworkError
from k8s_magic.sim.time import SECOND


def failure(lan: Lan, source: object, url: str) -> tuple[str, int]:
    with pytest.raises(NetworkError) as caught:
        lan.get(source, url)  # type: ignore[arg-type]
    return caught.value.kind, caught.value.elapsed


def test_requests_spread_over_ready_endpoints_by_the_services_own_stream() -> None:
    rounds = []
    for _ in range(2):
        lan = Lan(seed=3)
        box = lan.box()
        pods = [lan.pod(f"web-{number}", number) for number in (1, 2)]
        lan.service("web")
        lan.endpoints("web", *pods)
        lan.endpoints("web", lan.pod("sick"), ready=False, serving=False)
        lan.run(1)
        rounds.append([lan.get(box, "http://web") for _ in range(100)])
    assert rounds[0] == rounds[1]
    assert set(rounds[0]) == {"web-1", "web-2"}
    assert 35 < Counter(rounds[0])["web-1"] < 65


def test_endpoints_come_and_go() -> None:
    lan = Lan()
    box, web = lan.box(), lan.pod("web")
    lan.service("web")
    lan.run(1)
    assert failure(lan, box, "http://web") == ("refused", 600)
    slice_ = lan.endpoints("web", web, ready=False, serving=True, terminating=True)
    assert lan.get(box, "http://web") == "web"
    lan.endpoints("web", lan.pod("fresh"))
    lan.run(1)
    assert {lan.get(box, "http://web") for _ in range(9)} == {"fresh"}
    lan.api.delete(names.ENDPOINT_SLICES, "default", slice_["metadata"]["name"])
    assert lan.get(box, "http://web") == "fresh"


def test_times_and_source_addresses() -> None:
    lan = Lan()
    box, near, far = lan.box(), lan.pod("near", 1, "registry.k8s.io/echoserver:1.4"), lan.pod("far", 2)
    lan.service("echo", type="NodePort", nodePort=30080)
    lan.endpoints("echo", near)
    lan.run(1)
    ask = lambda source, url: lan.net.http(source, url, HttpRequest("GET", "/"))  # noqa: E731
    assert ask(box.sandbox, f"http://{far.sandbox.ip}:8080").latency == 500
    assert ask(box.sandbox, f"http://{near.sandbox.ip}:8080").latency == 200
    through = ask(box.sandbox, "http://echo")
    assert through.latency == 600
    assert "client_address=10.244.1.2\n" in through.body
    assert "client_address=10.244.1.1\n" in ask(near.sandbox, "http://echo").body
    assert "client_address=172.18.0.3\n" in ask(None, "http://node-2:30080").body
    assert ask(near.sandbox, "http://localhost:8080").latency == 50


def test_node_ports_and_local_traffic() -> None:
    lan = Lan()
    web = lan.pod("web", 1, "registry.k8s.io/echoserver:1.4")
    lan.service("web", type="NodePort", nodePort=30080, externalTrafficPolicy="Local")
    lan.endpoints("web", web)
    lan.run(1)
    response = lan.net.http(None, "http://172.18.0.2:30080/", HttpRequest("GET", "/"))
    assert response.served_by == "web"
    assert "client_address=172.18.0.1\n" in response.body
    assert failure(lan, None, "http://node-2:30080") == ("timeout", 127 * SECOND + 400)
    assert failure(lan, None, "http://node-1:30081") == ("refused", 1400)


def test_internal_traffic_policy_local() -> None:
    lan = Lan()
    here, there = lan.box(), lan.box("there", 2)
    lan.service("agent", internalTrafficPolicy="Local")
    lan.endpoints("agent", lan.pod("agent-1", 1))
    lan.run(1)
    assert lan.get(here, "http://agent") == "agent-1"
    assert failure(lan, there, "http://agent")[0] == "timeout"


def test_session_affinity() -> None:
    lan = Lan()
    boxes = [lan.box(f"box-{number}") for number in range(6)]
    lan.service("web", sessionAffinity="ClientIP")
    lan.endpoints("web", lan.pod("a"), lan.pod("b"))
    lan.run(1)
    first = [lan.get(box, "http://web") for box in boxes]
    assert set(first) == {"a", "b"}
    for _ in range(5):
        assert [lan.get(box, "http://web") for box in boxes] == first


def test_what_is_not_reached_from_outside() -> None:
    lan = Lan()
    web = lan.pod("web")
    address = lan.service("web")["spec"]["clusterIP"]
    lan.endpoints("web", web)
    lan.run(1)
    assert failure(lan, None, f"http://{address}") == ("timeout", 127 * SECOND)
    assert failure(lan, None, f"http://{web.sandbox.ip}:8080") == ("timeout", 127 * SECOND)
    assert failure(lan, lan.box(), f"http://{address}:81") == ("timeout", 127 * SECOND)
    assert failure(lan, lan.box("b"), "http://10.244.2.77") == ("no_route", 3 * SECOND)
    with pytest.raises(NetworkError) as caught:
        lan.net.http(None, f"http://{address}", HttpRequest("GET", "/"), 2 * SECOND)
    assert (caught.value.kind, caught.value.elapsed, caught.value.address) == ("timeout", 2 * SECOND, f"{address}:80")


def test_load_balancers_and_external_addresses() -> None:
    lan = Lan()
    service = lan.service("web", type="LoadBalancer", externalIPs=["203.0.113.9"])
    lan.endpoints("web", lan.pod("web"))
    status = {**service, "status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.5"}]}}}
    lan.api.update(names.SERVICES, "default", "web", status, subresource="status")
    lan.run(1)
    assert lan.get(None, "http://203.0.113.5") == "web"
    assert lan.get(None, "http://203.0.113.9") == "web"
    assert lan.get(lan.box(), "http://203.0.113.5") == "web"


def test_a_failed_node_is_not_reached_and_heals() -> None:
    lan = Lan()
    box, neighbour = lan.box(), lan.box("neighbour", 2)
    web = lan.pod("web", 2)
    lan.service("web", type="NodePort", nodePort=30080)
    lan.endpoints("web", web)
    lan.run(1)
    lan.world.node("node-2").online = False
    assert failure(lan, box, "http://web")[0] == "timeout"
    assert failure(lan, None, "http://node-2:30080")[0] == "timeout"
    assert failure(lan, None, "http://node-1:30080")[0] == "timeout"
    assert lan.get(neighbour, f"http://{web.sandbox.ip}:8080") == "web"
    lan.world.node("node-2").online = True
    assert lan.get(None, "http://node-2:30080") == "web"


def test_host_networks_and_host_ports() -> None:
    lan = Lan()
    lan.pod("agent", 1, "nginx", host_network=True)
    lan.pod("mapped", 1, host_ports={("TCP", 9000): ("TCP", 8080)})
    lan.run(1)
    assert lan.get(None, "http://172.18.0.2") == "agent"
    assert lan.get(lan.box("b", 2), "http://172.18.0.2:80") == "agent"
    assert lan.get(None, "http://node-1:9000") == "mapped"


def test_containers_of_a_pod_share_localhost() -> None:
    lan = Lan()
    web = lan.pod("web", 1, "nginx")
    lan.run(1)
    assert lan.sh(
        web, "curl -s localhost | grep title; curl -s -o /dev/null -w '%{http_code} %{time_total}' 127.0.0.1"
    ) == (
        "<title>Welcome to nginx!</title>\n200 0.000050",
        "",
        0,
    )


def test_observers_hear_of_every_request() -> None:
    lan = Lan()
    box = lan.box()
    lan.service("web")
    lan.endpoints("web", lan.pod("web"))
    lan.run(1)
    hits: list[Hit] = []
    lan.net.observers.append(hits.append)
    lan.get(box, "http://web/a")
    failure(lan, box, "http://nope")
    web, source = ObjectKey("default", "web"), ObjectKey("default", "box")
    assert hits == [
        Hit(SECOND, source, "http://web/a", web, web, 200, 600),
        Hit(SECOND, source, "http://nope", None, None, 0, 1600, "unknown_host"),
    ]


def test_tls_is_not_modelled() -> None:
    lan = Lan()
    lan.service("web", port=443)
    lan.endpoints("web", lan.pod("web"))
    lan.run(1)
    with pytest.raises(Unsupported, match="TLS"):
        lan.get(lan.box(), "https://web")


def test_redis_over_the_network_and_a_proxy() -> None:
    lan = Lan()
    lan.service("store", port=6379, clusterIP="None")
    box = lan.pod("cli", 2, "redis:7")
    lan.endpoints("store", lan.pod("store", 1, "redis:7"))
    lan.run(1)
    assert lan.sh(
        box, "redis-cli -h store set a 1; redis-cli -h store get a; redis-cli get a; redis-cli -h none ping"
    ) == (
        "OK\n1\n\n",
        "Could not connect to Redis at none:6379: Name or service not known\n",
        1,
    )
