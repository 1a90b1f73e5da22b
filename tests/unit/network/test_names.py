"""Cluster DNS."""

import pytest
from network_rig import Lan

from k8s_magic.machinery import names
from k8s_magic.runtime.contract import NetworkError


def test_services_by_every_form_of_their_name() -> None:
    lan = Lan()
    box, other = lan.box(), lan.box("other", namespace="shop")
    address = lan.service("web")["spec"]["clusterIP"]
    for name in (
        "web",
        "web.default",
        "web.default.svc",
        "web.default.svc.cluster.local",
        "web.default.svc.cluster.local.",
    ):
        assert lan.net.resolve(box.sandbox, name) == [address]
    assert lan.net.lookup(box.sandbox, "web").name == "web.default.svc.cluster.local"
    assert lan.net.resolve(other.sandbox, "web.default") == [address]
    with pytest.raises(NetworkError) as failure:
        lan.net.resolve(other.sandbox, "web")
    assert (failure.value.kind, failure.value.elapsed) == ("unknown_host", 1600)
    lan.api.delete(names.SERVICES, "default", "web")
    with pytest.raises(NetworkError, match="no such host: web"):
        lan.net.resolve(box.sandbox, "web")


def test_headless_services_and_their_pods() -> None:
    lan = Lan()
    box = lan.box()
    pods = [lan.pod("db-0", 1), lan.pod("db-1", 2)]
    lan.service("db", clusterIP="None")
    lan.endpoints("db", *pods, hostnames=True)
    assert lan.net.resolve(box.sandbox, "db") == [pod.sandbox.ip for pod in pods]
    assert lan.net.resolve(box.sandbox, "db-1.db") == ["10.244.2.2"]
    assert lan.net.resolve(box.sandbox, "db-0.db.default.svc.cluster.local") == ["10.244.1.3"]
    assert lan.net.resolve(box.sandbox, "10-244-2-2.default.pod") == ["10.244.2.2"]
    with pytest.raises(NetworkError):
        lan.net.resolve(box.sandbox, "db-2.db")
    assert lan.net.lookup(box.sandbox, "2.2.244.10.in-addr.arpa", "PTR", False).values == (
        "db-1.db.default.svc.cluster.local",
    )
    lan.endpoints("late", lan.pod("late-0"), ready=False, serving=False)
    lan.service("late", clusterIP="None")
    assert lan.net.resolve(box.sandbox, "late") == []


def test_srv_cname_and_the_hosts_own_names() -> None:
    lan = Lan()
    box = lan.box()
    ports = [{"name": "http", "port": 80, "protocol": "TCP"}]
    lan.create(names.SERVICES, "default", {"metadata": {"name": "web"}, "spec": {"ports": ports}}, "Service")
    lan.service("ext", type="ExternalName", externalName="web.default.svc.cluster.local")
    lan.service("far", type="ExternalName", externalName="example.com")
    assert lan.net.resolve(box.sandbox, "_http._tcp.web", "SRV") == ["0 100 80 web.default.svc.cluster.local."]
    assert lan.net.resolve(box.sandbox, "ext", "CNAME") == ["web.default.svc.cluster.local."]
    assert lan.net.resolve(box.sandbox, "ext") == lan.net.resolve(box.sandbox, "web")
    far = lan.net.lookup(box.sandbox, "far")
    assert (far.values, far.aliases) == ((), (("far.default.svc.cluster.local", "example.com"),))
    assert lan.sh(box, "nslookup far")[0].endswith(
        "\nfar.default.svc.cluster.local\tcanonical name = example.com\n\n\n"
    )
    assert lan.sh(box, "ping -c1 far 2>&1")[0] == "ping: bad address 'far'\n"
    assert lan.net.resolve(box.sandbox, "box") == ["10.244.1.2"]
    assert lan.net.resolve(box.sandbox, "localhost") == ["127.0.0.1"]
    assert lan.net.resolve(None, "node-2") == ["172.18.0.3"]


def test_without_dns_pods_nothing_resolves() -> None:
    lan = Lan()
    box = lan.box()
    lan.service("web")
    lan.service("kube-dns", namespace="kube-system")
    with pytest.raises(NetworkError):
        lan.net.resolve(box.sandbox, "web")
    lan.endpoints("kube-dns", lan.pod("coredns"), namespace="kube-system")
    assert lan.net.resolve(box.sandbox, "web")


def test_what_nslookup_prints() -> None:
    lan = Lan()
    box, old = lan.box(), lan.pod("old", 1, "busybox:1.28", "default", "sleep", "9")
    address = lan.service("web", clusterIP="10.96.7.7")["spec"]["clusterIP"]
    assert lan.sh(box, "nslookup web") == (
        "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n"
        "Name:\tweb.default.svc.cluster.local\nAddress: 10.96.7.7\n\n\n",
        "",
        0,
    )
    assert lan.sh(box, "nslookup nope")[0].endswith("\n** server can't find nope: NXDOMAIN\n\n")
    assert lan.sh(old, "nslookup web") == (
        "Server:    10.96.0.10\nAddress 1: 10.96.0.10\n\nName:      web\n"
        f"Address 1: {address} web.default.svc.cluster.local\n",
        "",
        0,
    )
    assert lan.sh(old, "nslookup nope") == (
        "Server:    10.96.0.10\nAddress 1: 10.96.0.10\n\n",
        "nslookup: can't resolve 'nope'\n",
        1,
    )
