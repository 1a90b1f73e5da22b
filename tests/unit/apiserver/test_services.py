"""Cluster addresses and node ports: given, kept, refused, taken back."""

from __future__ import annotations

import ipaddress

import pytest

from k8s_magic.machinery.names import SERVICES
from k8s_magic.machinery.protocols import WriteOptions


@pytest.fixture
def create(rig):
    def call(name, options=WriteOptions(), **spec):  # noqa: B008
        body = {"metadata": {"name": name}, "spec": {"ports": [{"port": 80}], **spec}}
        return rig.user.create(SERVICES, "default", body, options=options)["spec"]

    return call


def test_an_address_is_drawn_from_the_upper_part_of_the_range(create):
    addresses = [create(f"s{number}")["clusterIP"] for number in range(20)]
    assert len(set(addresses)) == 20
    first = ipaddress.ip_address("10.96.1.0")
    assert all(first <= ipaddress.ip_address(each) < ipaddress.ip_address("10.111.255.255") for each in addresses)


def test_a_plain_service(create):
    spec = create("s")
    assert spec["clusterIPs"] == [spec["clusterIP"]]
    assert (spec["ipFamilies"], spec["ipFamilyPolicy"]) == (["IPv4"], "SingleStack")
    assert "nodePort" not in spec["ports"][0]


def test_asked_for_addresses(rig, create, refused):
    assert create("s", clusterIP="10.96.7.7")["clusterIP"] == "10.96.7.7"
    words = 'Service "t" is invalid: spec.clusterIPs: Invalid value: ["{0}"]: failed to allocate IP {0}: '
    assert refused(create, "t", clusterIP="10.96.7.7")["message"] == (
        words.format("10.96.7.7") + "provided IP is already allocated"
    )
    assert refused(create, "t", clusterIP="10.0.0.1")["message"] == (
        words.format("10.0.0.1")
        + "the provided IP (10.0.0.1) is not in the valid range. The range of valid IPs is 10.96.0.0/12"
    )
    assert refused(create, "t", clusterIP="10.96.0.1")["message"].endswith("provided IP is already allocated")
    assert create("kubernetes", clusterIP="10.96.0.1")["clusterIP"] == "10.96.0.1"
    rig.user.delete(SERVICES, "default", "s")
    assert create("t", clusterIP="10.96.7.7")["clusterIP"] == "10.96.7.7"


def test_headless_and_external_name(create):
    spec = create("h", clusterIP="None", selector={"app": "x"})
    assert (spec["clusterIPs"], spec["ipFamilyPolicy"]) == (["None"], "SingleStack")
    spec = create("bare", clusterIP="None")
    assert (spec["ipFamilies"], spec["ipFamilyPolicy"]) == (["IPv4", "IPv6"], "RequireDualStack")
    assert "clusterIP" not in create("e", type="ExternalName", externalName="example.com", ports=[])


def test_node_ports(create, refused):
    assert 30086 <= create("a", type="NodePort")["ports"][0]["nodePort"] <= 32767
    create("b", type="NodePort", ports=[{"port": 80, "nodePort": 30081}])
    taken = refused(create, "c", type="NodePort", ports=[{"port": 80, "nodePort": 30081}])
    assert taken["message"] == (
        'Service "c" is invalid: spec.ports[0].nodePort: Invalid value: 30081: provided port is already allocated'
    )
    outside = refused(create, "c", type="NodePort", ports=[{"port": 80, "nodePort": 80}])
    assert outside["message"] == (
        'Service "c" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. '
        "The range of valid ports is 30000-32767"
    )
    both = [{"name": "t", "port": 53, "protocol": "TCP"}, {"name": "u", "port": 53, "protocol": "UDP"}]
    ports = create("d", type="NodePort", ports=both)["ports"]
    assert ports[0]["nodePort"] == ports[1]["nodePort"]


def test_an_update_keeps_what_it_leaves_out_and_a_change_of_type_takes_it_back(rig, create):
    before = create("s", type="NodePort", ports=[{"name": "http", "port": 80}])
    ports = [{"name": "http", "port": 80}, {"name": "more", "port": 81}]
    body = {"metadata": {"name": "s"}, "spec": {"type": "NodePort", "ports": ports}}
    after = rig.user.update(SERVICES, "default", "s", body)["spec"]
    assert after["clusterIP"] == before["clusterIP"]
    assert after["ports"][0]["nodePort"] == before["ports"][0]["nodePort"] != after["ports"][1]["nodePort"]
    plain = rig.user.patch(SERVICES, "default", "s", {"spec": {"type": "ClusterIP"}}, "merge")["spec"]
    assert [port.get("nodePort") for port in plain["ports"]] == [None, None]
    port = before["ports"][0]["nodePort"]
    assert create("t", type="NodePort", ports=[{"port": 80, "nodePort": port}])["ports"][0]["nodePort"] == port


def test_dry_run_and_refusals_take_nothing(create, refused):
    dry = create("s", WriteOptions(dry_run=True), type="NodePort", ports=[{"port": 80, "nodePort": 30500}])
    assert dry["clusterIP"] == "10.96.0.0"
    refused(create, "Bad_name", type="NodePort", ports=[{"port": 80, "nodePort": 30500}])
    assert create("s", type="NodePort", ports=[{"port": 80, "nodePort": 30500}])["ports"][0]["nodePort"] == 30500
