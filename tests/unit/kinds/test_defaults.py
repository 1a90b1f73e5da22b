"""What is filled in, kind by kind."""

from __future__ import annotations

from typing import Any

import pytest

from k8s_magic import kinds
from k8s_magic.kinds.defaults.pod import pull_policy
from k8s_magic.machinery.names import GroupVersionKind


def defaulted(api_version: str, kind: str, **body: Any) -> dict[str, Any]:
    group, _, version = api_version.rpartition("/")
    gvk = GroupVersionKind(group, version, kind)
    obj, _ = kinds.decode({"apiVersion": api_version, "kind": kind, **body}, gvk)
    record = kinds.by_gvk(gvk)
    assert record is not None
    record.default(obj)
    return obj


def test_pod() -> None:
    container = {
        "name": "a",
        "image": "nginx",
        "ports": [{"containerPort": 80}],
        "resources": {"limits": {"cpu": "1"}},
        "livenessProbe": {"httpGet": {"port": 80}},
        "env": [{"name": "N", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
    }
    volumes: list[Any] = [{"name": "v"}, {"name": "s", "secret": {"secretName": "s"}}]
    spec = defaulted("v1", "Pod", spec={"containers": [container], "volumes": volumes, "serviceAccount": "me"})["spec"]
    one = spec["containers"][0]
    assert one["ports"] == [{"containerPort": 80, "protocol": "TCP"}]
    assert one["resources"] == {"limits": {"cpu": "1"}, "requests": {"cpu": "1"}}
    assert one["livenessProbe"] == {
        "httpGet": {"port": 80, "path": "/", "scheme": "HTTP"},
        "timeoutSeconds": 1,
        "periodSeconds": 10,
        "successThreshold": 1,
        "failureThreshold": 3,
    }
    assert one["env"][0]["valueFrom"]["fieldRef"]["apiVersion"] == "v1"
    assert (one["imagePullPolicy"], one["terminationMessagePolicy"]) == ("Always", "File")
    assert spec["volumes"] == [
        {"name": "v", "emptyDir": {}},
        {"name": "s", "secret": {"secretName": "s", "defaultMode": 420}},
    ]
    assert (spec["dnsPolicy"], spec["restartPolicy"], spec["terminationGracePeriodSeconds"]) == (
        "ClusterFirst",
        "Always",
        30,
    )
    assert spec["serviceAccountName"] == spec["serviceAccount"] == "me"
    assert spec["enableServiceLinks"] is True


def test_templates_do_not_get_what_only_pods_get() -> None:
    template = {"spec": {"containers": [{"name": "a", "image": "b:1", "resources": {"limits": {"cpu": "1"}}}]}}
    obj = defaulted("apps/v1", "Deployment", spec={"template": template})
    spec = obj["spec"]
    assert spec["template"]["spec"]["containers"][0]["resources"] == {"limits": {"cpu": "1"}}
    assert "enableServiceLinks" not in spec["template"]["spec"]
    assert spec["strategy"] == {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"}}
    assert (spec["replicas"], spec["revisionHistoryLimit"], spec["progressDeadlineSeconds"]) == (1, 10, 600)


@pytest.mark.parametrize(
    ("image", "policy"),
    [
        ("nginx", "Always"),
        ("nginx:latest", "Always"),
        ("nginx:1.25", "IfNotPresent"),
        ("host:5000/a/b", "Always"),
        ("host:5000/a/b:1", "IfNotPresent"),
        ("nginx@sha256:" + "a" * 64, "IfNotPresent"),
        ("Nginx", "IfNotPresent"),  # no image name at all
    ],
)
def test_pull_policy(image: str, policy: str) -> None:
    assert pull_policy(image) == policy


def test_service() -> None:
    obj = defaulted("v1", "Service", spec={"type": "LoadBalancer", "ports": [{"port": 80}]})
    assert obj["spec"] == {
        "type": "LoadBalancer",
        "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}],
        "sessionAffinity": "None",
        "externalTrafficPolicy": "Cluster",
        "internalTrafficPolicy": "Cluster",
        "allocateLoadBalancerNodePorts": True,
    }
    assert obj["status"] == {"loadBalancer": {}}


def test_other_kinds() -> None:
    assert defaulted("v1", "Secret", stringData={"a": "b"})["data"] == {"a": "Yg=="}
    assert defaulted("v1", "Namespace", metadata={"name": "x"})["metadata"]["labels"] == {
        "kubernetes.io/metadata.name": "x"
    }
    job = defaulted("batch/v1", "Job", spec={"template": {"metadata": {"labels": {"a": "b"}}}})
    assert job["metadata"]["labels"] == {"a": "b"}
    assert (job["spec"]["completions"], job["spec"]["parallelism"], job["spec"]["backoffLimit"]) == (1, 1, 6)
    policy = defaulted("networking.k8s.io/v1", "NetworkPolicy", spec={"egress": [{"ports": [{"port": 80}]}]})
    assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert policy["spec"]["egress"][0]["ports"] == [{"port": 80, "protocol": "TCP"}]
    scaler = defaulted("autoscaling/v2", "HorizontalPodAutoscaler", spec={"maxReplicas": 3})
    assert scaler["spec"]["metrics"][0]["resource"]["target"]["averageUtilization"] == 80
    controller = defaulted(
        "v1", "ReplicationController", spec={"template": {"metadata": {"labels": {"a": "b"}}, "spec": {}}}
    )
    assert controller["spec"]["selector"] == {"a": "b"}
    assert controller["spec"]["replicas"] == 1


def test_defaulting_twice_changes_nothing() -> None:
    for kind in kinds.all_kinds():
        obj, _ = kinds.decode({"metadata": {"name": "a"}}, kind.gvk)
        kind.default(obj)
        before = repr(obj)
        kind.default(obj)
        assert repr(obj) == before, kind.gvk
