"""Endpoints and EndpointSlices follow Services and Pods."""

from __future__ import annotations

from typing import Any

from rig import Rig

from k8s_magic import controllers
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object
from k8s_magic.sim.time import MILLISECOND

PORTS = [{"name": "http", "containerPort": 8080}, {"name": "metrics", "containerPort": 9100}]


def rig(**agent: Any) -> Rig:
    made = Rig(controllers.discover())
    made.run(1)
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-1"}}
    node["metadata"] |= {"labels": {"topology.kubernetes.io/zone": "east"}}  # type: ignore[operator]
    made.create(names.NODES, "", node)
    made.agent(**agent)
    return made


def pod(name: str, **spec: Any) -> Object:
    container = {"name": "c", "image": "i", "ports": PORTS}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": "web"}},
        "spec": {"containers": [container], **spec},
    }


def service(name: str = "web", **spec: Any) -> Object:
    body: Object = {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": "http"}], **spec}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "labels": {"tier": "front"}},
        "spec": {key: value for key, value in body.items() if value is not None},
    }


def slices(made: Rig, name: str = "web") -> list[Object]:
    found = made.server.informer(names.ENDPOINT_SLICES).by_label("default", "kubernetes.io/service-name", name)
    return list(found)


def test_a_slice_as_recorded() -> None:
    made = rig()
    made.create(names.PODS, "default", pod("one"))
    made.run(1)
    made.create(names.SERVICES, "default", service())
    made.run(1)
    (found,) = slices(made)
    uid = made.get(names.PODS, "one")["metadata"]["uid"]
    assert found["metadata"]["generateName"] == "web-"
    assert found["metadata"]["labels"] == {
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        "kubernetes.io/service-name": "web",
        "tier": "front",
    }
    assert found["metadata"]["annotations"] == {
        "endpoints.kubernetes.io/last-change-trigger-time": "2026-01-01T00:00:02Z"
    }
    assert found["endpoints"] == [
        {
            "addresses": ["10.244.0.9"],
            "conditions": {"ready": True, "serving": True, "terminating": False},
            "targetRef": {"kind": "Pod", "namespace": "default", "name": "one", "uid": uid},
            "nodeName": "node-1",
            "zone": "east",
        }
    ]
    assert found["ports"] == [{"name": "", "protocol": "TCP", "port": 8080}]
    endpoints = made.get(names.ENDPOINTS, "web")
    assert endpoints["subsets"] == [
        {
            "addresses": [
                {
                    "ip": "10.244.0.9",
                    "nodeName": "node-1",
                    "targetRef": {"kind": "Pod", "namespace": "default", "name": "one", "uid": uid},
                }
            ],
            "ports": [{"port": 8080, "protocol": "TCP"}],
        }
    ]
    assert endpoints["metadata"]["labels"] == {
        "tier": "front",
        "endpoints.kubernetes.io/managed-by": "endpoint-controller",
    }


def test_unready_and_terminating_pods() -> None:
    made = rig(gone_after=5000 * MILLISECOND)
    made.create(names.SERVICES, "default", service())
    made.create(names.PODS, "default", pod("one"))
    made.create(names.PODS, "default", pod("two"))
    made.run(1)
    made.make_ready("default", "one", ready=False)
    made.delete(names.PODS, "two")
    made.run(1)
    conditions = {found["targetRef"]["name"]: found["conditions"] for found in slices(made)[0]["endpoints"]}
    assert conditions == {
        "one": {"ready": False, "serving": False, "terminating": False},
        "two": {"ready": False, "serving": True, "terminating": True},
    }
    (subset,) = made.get(names.ENDPOINTS, "web")["subsets"]
    assert [entry["targetRef"]["name"] for entry in subset["notReadyAddresses"]] == ["one"]
    assert "addresses" not in subset


def test_a_service_without_pods_keeps_one_empty_slice() -> None:
    made = rig()
    made.create(names.SERVICES, "default", service())
    made.run(1)
    (empty,) = slices(made)
    assert (empty["endpoints"], empty["ports"]) == (None, None)
    made.create(names.PODS, "default", pod("one"))
    made.run(1)
    (filled,) = slices(made)
    assert filled["metadata"]["uid"] == empty["metadata"]["uid"]
    made.delete(names.SERVICES, "web")
    made.run(1)
    assert slices(made) == []
    assert made.server.informer(names.ENDPOINTS).get("default", "web") is None


def test_at_most_a_hundred_in_a_slice() -> None:
    made = rig()
    made.create(names.SERVICES, "default", service())
    for number in range(230):
        made.create(names.PODS, "default", pod(f"p{number}"))
    made.run(2)
    assert sorted(len(found["endpoints"]) for found in slices(made)) == [30, 100, 100]
    before = {found["metadata"]["uid"] for found in slices(made)}
    made.create(names.PODS, "default", pod("more"))
    made.run(2)
    assert {found["metadata"]["uid"] for found in slices(made)} == before
    assert sum(len(found["endpoints"]) for found in slices(made)) == 231


def test_several_ports_and_a_headless_service() -> None:
    made = rig()
    ports = [{"name": "http", "port": 80, "targetPort": "http"}, {"name": "metrics", "port": 91, "targetPort": 9100}]
    made.create(names.SERVICES, "default", service("headless", clusterIP="None", ports=ports))
    made.create(names.PODS, "default", pod("one", hostname="db-0", subdomain="headless"))
    made.run(1)
    (found,) = slices(made, "headless")
    assert found["ports"] == [
        {"name": "http", "protocol": "TCP", "port": 8080},
        {"name": "metrics", "protocol": "TCP", "port": 9100},
    ]
    assert found["endpoints"][0]["hostname"] == "db-0"
    assert found["metadata"]["labels"]["service.kubernetes.io/headless"] == ""


def test_a_pod_without_the_named_port_is_left_out() -> None:
    made = rig()
    made.create(names.SERVICES, "default", service(ports=[{"port": 80, "targetPort": "grpc"}]))
    made.create(names.PODS, "default", pod("one"))
    made.run(1)
    (found,) = slices(made)
    assert found["ports"] is None
    assert "subsets" not in made.get(names.ENDPOINTS, "web")


def test_hand_made_endpoints_are_mirrored() -> None:
    made = rig()
    made.create(names.SERVICES, "default", service("manual", selector=None))
    subsets = [{"addresses": [{"ip": "192.0.2.42"}], "ports": [{"port": 9376}]}]
    body = {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "manual"}, "subsets": subsets}
    made.create(names.ENDPOINTS, "default", body)
    made.run(1)
    (found,) = slices(made, "manual")
    assert found["endpoints"] == [{"addresses": ["192.0.2.42"], "conditions": {"ready": True}}]
    assert found["ports"] == [{"name": "", "protocol": "TCP", "port": 9376}]
    assert found["metadata"]["labels"]["endpointslice.kubernetes.io/managed-by"] == (
        "endpointslicemirroring-controller.k8s.io"
    )
    assert found["metadata"]["ownerReferences"][0]["kind"] == "Endpoints"
    made.delete(names.ENDPOINTS, "manual")
    made.run(1)
    assert slices(made, "manual") == []


def test_a_change_that_endpoints_do_not_show_writes_nothing() -> None:
    made = rig()
    made.create(names.SERVICES, "default", service())
    made.create(names.PODS, "default", pod("one"))
    made.run(1)
    told = made.trace(names.ENDPOINT_SLICES)
    told.clear()
    made.patch(names.PODS, "one", {"metadata": {"annotations": {"note": "x"}}})
    made.run(1)
    assert told == []


def test_an_empty_selector_selects_nothing() -> None:
    made = rig()
    made.create(names.PODS, "default", pod("one"))
    made.create(names.SERVICES, "default", service("none", selector={}))
    made.run(1)
    assert slices(made, "none") == []
    assert made.server.informer(names.ENDPOINTS).get("default", "none") is None


def test_the_api_servers_own_service() -> None:
    made = rig()
    spec = made.get(names.SERVICES, "kubernetes")["spec"]
    assert (spec["clusterIP"], spec["ports"][0]["port"]) == ("10.96.0.1", 443)
    (found,) = slices(made, "kubernetes")
    assert found["metadata"]["name"] == "kubernetes"
    assert found["ports"] == [{"name": "https", "protocol": "TCP", "port": 6443}]
