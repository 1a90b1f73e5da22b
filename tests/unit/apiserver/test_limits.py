"""LimitRanger and ResourceQuota: defaults, bounds, counts and their words."""

from __future__ import annotations

from typing import Any

from k8s_magic.apiserver.admission import usage
from k8s_magic.machinery.names import CONFIG_MAPS, PODS, SERVICES, core

LIMITS, QUOTAS = core("limitranges"), core("resourcequotas")


def limit(rig, **item: Any):
    body = {"metadata": {"name": "l"}, "spec": {"limits": [{"type": "Container", **item}]}}
    rig.user.create(LIMITS, "default", body)


def containers(**resources: Any):
    return [{"name": "c", "image": "nginx", "resources": resources}]


def test_defaults_are_filled_in_and_noted(rig):
    limit(rig, default={"cpu": "500m"}, defaultRequest={"cpu": "250m", "memory": "1Gi"})
    pod = rig.pod()
    assert pod["spec"]["containers"][0]["resources"] == {
        "requests": {"cpu": "250m", "memory": "1Gi"},
        "limits": {"cpu": "500m"},
    }
    assert pod["metadata"]["annotations"] == {
        "kubernetes.io/limit-ranger": "LimitRanger plugin set: cpu, memory request for container c; "
        "cpu limit for container c"
    }


def test_bounds(rig, refused):
    limit(rig, min={"cpu": "200m"}, max={"cpu": "800m"}, maxLimitRequestRatio={"cpu": "2"})
    small = refused(rig.pod, containers=containers(requests={"cpu": "100m"}, limits={"cpu": "100m"}))
    assert small["message"] == 'pods "p" is forbidden: minimum cpu usage per Container is 200m, but request is 100m'
    large = refused(rig.pod, containers=containers(requests={"cpu": "300m"}, limits={"cpu": "900m"}))
    assert large["message"] == (
        'pods "p" is forbidden: [maximum cpu usage per Container is 800m, but limit is 900m, '
        "cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000]"
    )
    assert rig.pod(containers=containers(requests={"cpu": "300m"}, limits={"cpu": "600m"}))


def quota(rig, hard, **spec: Any):
    """A quota that its controller has seen."""
    made = rig.user.create(QUOTAS, "default", {"metadata": {"name": "q"}, "spec": {"hard": hard, **spec}})
    status = {"hard": made["spec"]["hard"], "used": dict.fromkeys(hard, "0")}
    rig.manager.update(QUOTAS, "default", "q", {**made, "status": status}, subresource="status")


def used(rig):
    return rig.stored(QUOTAS, "q")["status"]["used"]


def test_counts_are_charged_and_exceeded(rig, refused):
    quota(rig, {"pods": "1", "requests.cpu": "1", "count/configmaps": "1"})
    rig.pod("a", containers=containers(requests={"cpu": "700m"}))
    assert used(rig) == {"pods": "1", "requests.cpu": "700m", "count/configmaps": "0"}
    status = refused(rig.pod, "b", containers=containers(requests={"cpu": "700m"}))
    assert status["message"] == (
        'pods "b" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=700m, '
        "used: pods=1,requests.cpu=700m, limited: pods=1,requests.cpu=1"
    )
    assert refused(rig.pod, "b")["message"] == (
        'pods "b" is forbidden: failed quota: q: must specify requests.cpu for: c'
    )
    rig.user.create(CONFIG_MAPS, "default", {"metadata": {"name": "m"}})
    assert refused(rig.user.create, CONFIG_MAPS, "default", {"metadata": {"name": "n"}})["message"] == (
        'configmaps "n" is forbidden: exceeded quota: q, requested: count/configmaps=1, used: count/configmaps=1, '
        "limited: count/configmaps=1"
    )


def test_a_replica_is_charged_as_well(rig, refused):
    owner = rig.deployment()
    quota(rig, {"pods": "2"})
    spec = owner["spec"]["template"]["spec"]
    body = {"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "web-"}, "spec": spec}
    rig.manager.create(PODS, "default", body)
    rig.manager.create(PODS, "default", body)
    assert refused(rig.manager.create, PODS, "default", body)["message"].endswith(
        "is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2"
    )


def test_growth_of_a_service_is_charged(rig, refused):
    quota(rig, {"services.nodeports": "1"})
    rig.user.create(SERVICES, "default", {"metadata": {"name": "s"}, "spec": {"ports": [{"port": 80}]}})
    rig.user.patch(SERVICES, "default", "s", {"spec": {"type": "NodePort"}}, "merge")
    assert used(rig) == {"services.nodeports": "1"}
    more = {"spec": {"ports": [{"name": "a", "port": 80}, {"name": "b", "port": 81}]}}
    assert refused(rig.user.patch, SERVICES, "default", "s", more, "merge")["reason"] == "Forbidden"


def test_scopes(rig):
    quota(rig, {"pods": "5"}, scopes=["NotBestEffort"])
    rig.pod("a")
    rig.pod("b", containers=containers(requests={"cpu": "1"}))
    assert used(rig) == {"pods": "1"}


def test_a_pod_counts_its_greediest_moment():
    spec = {
        "containers": [{"name": "a", "resources": {"requests": {"cpu": "1"}}}],
        "initContainers": [
            {"name": "s", "restartPolicy": "Always", "resources": {"requests": {"cpu": "500m"}}},
            {"name": "i", "resources": {"requests": {"cpu": "2"}}},
        ],
    }
    assert str(usage.of_pod(spec, "requests")["cpu"]) == "2500m"
