"""Namespaces, service accounts, certificates, load balancers; and that every controller has its record."""

from __future__ import annotations

from rig import Rig, deployment

from k8s_magic import controllers
from k8s_magic.client.context import ComponentRecord
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object


def rig(**services: object) -> Rig:
    made = Rig(controllers.discover(), services)
    made.run(1)
    return made


def service(name: str, kind: str = "LoadBalancer") -> Object:
    spec = {"type": kind, "selector": {"app": "web"}, "ports": [{"port": 80}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def test_discovery_is_sorted_and_complete() -> None:
    found = controllers.discover()
    assert all(isinstance(record, ComponentRecord) for record in found)
    assert [record.name for record in found] == sorted({record.name for record in found})
    assert {"deployment-controller", "node-controller", "generic-garbage-collector"} <= {
        record.name for record in found
    }


def test_every_namespace_gets_its_account_and_certificate() -> None:
    made = rig()
    made.ensure_namespace("team")
    made.run(1)
    assert made.get(names.SERVICE_ACCOUNTS, "default", "team")["kind"] == "ServiceAccount"
    root = made.get(names.CONFIG_MAPS, "kube-root-ca.crt", "team")
    assert root["data"]["ca.crt"].startswith("-----BEGIN CERTIFICATE-----")
    assert root["metadata"]["annotations"]["kubernetes.io/description"].startswith("Contains a CA bundle")
    made.delete(names.SERVICE_ACCOUNTS, "default", "team")
    made.patch(names.CONFIG_MAPS, "kube-root-ca.crt", {"data": {"ca.crt": "forged"}}, "team")
    made.run(1)
    assert made.get(names.SERVICE_ACCOUNTS, "default", "team")
    assert made.get(names.CONFIG_MAPS, "kube-root-ca.crt", "team")["data"] == root["data"]


def test_a_namespace_goes_with_all_that_is_in_it() -> None:
    made = rig()
    made.agent()
    made.ensure_namespace("team")
    made.run(1)
    made.create(names.DEPLOYMENTS, "team", deployment())
    made.create(names.SERVICES, "team", service("web", "ClusterIP"))
    made.run(2)
    assert len(made.all(names.PODS, "team")) == 3
    made.delete(names.NAMESPACES, "team", "")
    made.run(4.9)
    assert made.get(names.NAMESPACES, "team", "")["status"]["phase"] == "Terminating"
    assert len(made.all(names.PODS, "team")) == 3
    made.run(0.2)
    conditions = made.get(names.NAMESPACES, "team", "")["status"]["conditions"]
    assert [found["status"] for found in conditions] == ["False"] * 5
    assert conditions[0]["message"] == "All resources successfully discovered"
    made.run(60)
    assert made.server.informer(names.NAMESPACES).get("", "team") is None
    for resource in (names.PODS, names.DEPLOYMENTS, names.SERVICES, names.CONFIG_MAPS, names.ENDPOINT_SLICES):
        assert made.all(resource, "team") == []


def test_a_finalizer_holds_a_namespace_and_is_named() -> None:
    made = rig()
    made.ensure_namespace("team")
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "held", "finalizers": ["example.com/x"]}}
    made.create(names.CONFIG_MAPS, "team", body)
    made.run(1)
    made.delete(names.NAMESPACES, "team", "")
    made.run(30)
    messages = {
        found["type"]: found["message"] for found in made.get(names.NAMESPACES, "team", "")["status"]["conditions"]
    }
    assert messages["NamespaceContentRemaining"] == "Some resources are remaining: configmaps. has 1 resource instances"
    assert messages["NamespaceFinalizersRemaining"] == (
        "Some content in the namespace has finalizers remaining: example.com/x in 1 resource instances"
    )
    made.patch(names.CONFIG_MAPS, "held", {"metadata": {"finalizers": None}}, "team")
    made.run(30)
    assert made.server.informer(names.NAMESPACES).get("", "team") is None


def test_load_balancers_get_addresses_where_there_is_a_provider() -> None:
    made = rig(load_balancers=True)
    for name in ("one", "two"):
        made.create(names.SERVICES, "default", service(name))
    made.run(1)
    assert made.get(names.SERVICES, "one")["status"] == {"loadBalancer": {}}
    made.run(2)
    ingress = [made.get(names.SERVICES, name)["status"]["loadBalancer"]["ingress"] for name in ("one", "two")]
    assert ingress == [[{"ip": "203.0.113.1", "ipMode": "VIP"}], [{"ip": "203.0.113.2", "ipMode": "VIP"}]]
    told = [(reason, message) for where, reason, message in made.events if where == "Service/one"]
    assert told == [
        ("EnsuringLoadBalancer", "Ensuring load balancer"),
        ("EnsuredLoadBalancer", "Ensured load balancer"),
    ]
    made.delete(names.SERVICES, "one")
    made.run(1)
    made.create(names.SERVICES, "default", service("three"))
    made.run(3)
    assert made.get(names.SERVICES, "three")["status"]["loadBalancer"]["ingress"][0]["ip"] == "203.0.113.1"
    assert made.server.informer(names.SERVICES).get("default", "one") is None


def test_without_a_provider_they_stay_pending() -> None:
    made = rig()
    made.create(names.SERVICES, "default", service("one"))
    made.run(10)
    assert made.get(names.SERVICES, "one")["status"] == {"loadBalancer": {}}
    assert "finalizers" not in made.get(names.SERVICES, "one")["metadata"]


def test_the_same_seed_tells_the_same_history() -> None:
    def history() -> list[tuple[str, str, str]]:
        made = rig()
        made.agent()
        made.create(names.DEPLOYMENTS, "default", deployment())
        made.run(5)
        made.patch(names.DEPLOYMENTS, "web", {"spec": {"replicas": 1}})
        made.run(5)
        return made.events

    assert history() == history()
