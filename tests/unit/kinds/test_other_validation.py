"""Complaints about other kinds than Pods, and what create and update carry over."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from k8s_magic import kinds
from k8s_magic.kinds.cronjob import schedule
from k8s_magic.machinery.kind import Kind
from k8s_magic.machinery.names import GroupVersionKind

SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
    "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    r"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
CONTAINERS = {"spec": {"containers": [{"name": "a", "image": "nginx"}]}}


def kind_of(api_version: str, name: str) -> Kind:
    group, _, version = api_version.rpartition("/")
    found = kinds.by_gvk(GroupVersionKind(group, version, name))
    assert found is not None
    return found


def made(kind: Kind, **body: Any) -> dict[str, Any]:
    metadata = {"name": "web", "uid": "u-1", "resourceVersion": "1", **body.pop("metadata", {})}
    if kind.namespaced:
        metadata.setdefault("namespace", "default")
    obj, strict = kinds.decode({"apiVersion": "v1", "kind": kind.gvk.kind, "metadata": metadata, **body}, kind.gvk)
    assert strict == []
    kind.default(obj)
    kind.prepare_create(obj)
    return obj


def deployment(**spec: Any) -> dict[str, Any]:
    labels = {"matchLabels": {"app": "web"}}
    template = {"metadata": {"labels": {"app": "web"}}, **CONTAINERS}
    return made(kind_of("apps/v1", "Deployment"), spec={"selector": labels, "template": template, **spec})


def texts(errors: list[Any]) -> list[str]:
    return [str(error) for error in errors]


def test_deployment_without_a_selector() -> None:
    kind = kind_of("apps/v1", "Deployment")
    obj = made(kind, spec={"template": {"metadata": {"labels": {"name": "nginx"}}, **CONTAINERS}})
    assert texts(kind.validate(obj)) == [
        "spec.selector: Required value",
        'spec.template.metadata.labels: Invalid value: {"name":"nginx"}: `selector` does not match template `labels`',
    ]


def test_a_selector_may_not_change() -> None:
    kind = kind_of("apps/v1", "Deployment")
    old = deployment()
    new = copy.deepcopy(old)
    new["spec"]["selector"]["matchLabels"] = {"app": "other"}
    kind.prepare_update(new, old)
    assert texts(kind.validate_update(new, old)) == [
        'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
        'spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
    ]


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"replicas": -1}, "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
        (
            {"strategy": {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": "0%"}}},
            "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0",
        ),
        (
            {"strategy": {"type": "Recreate", "rollingUpdate": {}}},
            "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
        ),
        (
            {"strategy": {"type": "Fast"}},
            'spec.strategy: Unsupported value: {"Type":"Fast","RollingUpdate":null}: '
            'supported values: "Recreate", "RollingUpdate"',
        ),
        (
            {"minReadySeconds": 600},
            "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds",
        ),
    ],
)
def test_deployments(spec: dict[str, Any], words: str) -> None:
    assert texts(kind_of("apps/v1", "Deployment").validate(deployment(**spec))) == [words]


def test_generation_counts_what_its_kind_counts() -> None:
    kind = kind_of("apps/v1", "Deployment")
    old = deployment()
    assert old["metadata"]["generation"] == 1
    same = copy.deepcopy(old)
    same["metadata"]["labels"] = {"a": "b"}
    same["status"] = {"replicas": 7}
    kind.prepare_update(same, old)
    assert (same["metadata"]["generation"], same["status"]) == (1, {})
    noted = copy.deepcopy(old)
    noted["metadata"]["annotations"] = {"a": "b"}
    kind.prepare_update(noted, old)
    assert noted["metadata"]["generation"] == 2
    status = copy.deepcopy(old)
    status["spec"]["replicas"] = 9
    status["status"] = {"replicas": 1}
    kind.prepare_status_update(status, old)
    assert (status["spec"]["replicas"], status["status"]) == (1, {"replicas": 1})


def test_service() -> None:
    kind = kind_of("v1", "Service")
    ports = [{"port": 80}, {"port": 80, "targetPort": 0}]
    assert texts(kind.validate(made(kind, spec={"ports": ports}))) == [
        "spec.ports[0].name: Required value",
        "spec.ports[1].name: Required value",
        'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,'
        '"NodePort":0}',
    ]
    assert texts(kind.validate(made(kind, spec={}))) == ["spec.ports: Required value"]
    assert kind.validate(made(kind, spec={"clusterIP": "None"})) == []
    assert texts(kind.validate(made(kind, spec={"type": "ExternalName"}))) == ["spec.externalName: Required value"]
    old = made(kind, spec={"ports": [{"port": 80}], "clusterIP": "10.96.0.9", "clusterIPs": ["10.96.0.9"]})
    new = copy.deepcopy(old)
    new["spec"] |= {"clusterIP": "10.96.7.7", "clusterIPs": ["10.96.7.7"]}
    assert texts(kind.validate_update(new, old)) == [
        'spec.clusterIPs[0]: Invalid value: ["10.96.7.7"]: may not change once set'
    ]


def test_node_ports_fall_away_with_the_type() -> None:
    kind = kind_of("v1", "Service")
    old = made(kind, spec={"type": "NodePort", "ports": [{"port": 80, "nodePort": 30080}]})
    new = copy.deepcopy(old)
    new["spec"]["type"] = "ClusterIP"
    kind.prepare_update(new, old)
    assert new["spec"]["ports"] == [{"port": 80, "protocol": "TCP", "targetPort": 80}]
    assert "externalTrafficPolicy" not in new["spec"]
    assert kind.validate_update(new, old) == []


def test_names_labels_annotations_owners_and_finalizers() -> None:
    kind = kind_of("v1", "ConfigMap")
    metadata = {
        "name": "Bad",
        "labels": {"a b": "c d"},
        "ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": ""}],
        "finalizers": ["mine"],
    }
    fields = [error.field for error in kind.validate(made(kind, metadata=metadata))]
    assert fields == [
        "metadata.name",
        "metadata.labels",
        "metadata.labels",
        "metadata.ownerReferences.uid",
        "metadata.finalizers[0]",
    ]
    old = made(kind)
    new = copy.deepcopy(old)
    new["metadata"] |= {"uid": "u-2", "resourceVersion": ""}
    assert texts(kind.validate_update(new, old)) == [
        'metadata.resourceVersion: Invalid value: "": must be specified for an update',
        'metadata.uid: Invalid value: "u-2": field is immutable',
    ]


def test_immutable_config_maps_and_secrets() -> None:
    for name in ("ConfigMap", "Secret"):
        kind = kind_of("v1", name)
        old = made(kind, immutable=True, data={"a": "YQ=="})
        new = made(kind, data={"a": "Yg=="})
        assert texts(kind.validate_update(new, old)) == [
            "immutable: Forbidden: field is immutable when `immutable` is set",
            "data: Forbidden: field is immutable when `immutable` is set",
        ]


def test_job() -> None:
    kind = kind_of("batch/v1", "Job")
    obj = made(kind, spec={"template": CONTAINERS})
    assert obj["spec"]["selector"] == {"matchLabels": {"batch.kubernetes.io/controller-uid": "u-1"}}
    assert obj["metadata"]["labels"] == obj["spec"]["template"]["metadata"]["labels"]
    assert texts(kind.validate(obj)) == [
        'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("*/5 0-6 1,15 jan mon-fri", ""),
        ("@hourly", ""),
        ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
        ("60 * * * *", "end of range (60) above maximum (59): 60"),
        ("* * * * x", 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'),
        ("@soon", "unrecognized descriptor: @soon"),
    ],
)
def test_schedules(text: str, wrong: str) -> None:
    assert schedule.error(text) == wrong


def test_stateful_set_fields_that_may_not_change() -> None:
    kind = kind_of("apps/v1", "StatefulSet")
    template = {"metadata": {"labels": {"app": "web"}}, **CONTAINERS}
    old = made(kind, spec={"selector": {"matchLabels": {"app": "web"}}, "template": template, "serviceName": "a"})
    new = copy.deepcopy(old)
    new["spec"]["replicas"] = 3
    assert kind.validate_update(new, old) == []
    new["spec"]["serviceName"] = "b"
    [error] = kind.validate_update(new, old)
    assert error.detail.startswith("Forbidden: updates to statefulset spec for fields other than 'replicas'")


def test_node_taints() -> None:
    kind = kind_of("v1", "Node")
    taint = {"key": "a", "effect": "NoSchedule"}
    obj = made(kind, spec={"taints": [taint, {**taint, "value": "b"}, {"key": "c", "effect": "Never"}]})
    assert texts(kind.validate(obj)) == [
        'metadata.taints[1]: Duplicate value: {"Key":"a","Value":"b","Effect":"NoSchedule","TimeAdded":null}: '
        "taints must be unique by key and effect pair",
        'metadata.taints[2].effect: Unsupported value: "Never": '
        'supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ]


def test_autoscaler() -> None:
    kind = kind_of("autoscaling/v2", "HorizontalPodAutoscaler")
    target = {"kind": "Deployment", "name": "web", "apiVersion": "apps/v1"}
    obj = made(kind, spec={"minReplicas": 5, "maxReplicas": 2, "scaleTargetRef": target})
    assert texts(kind.validate(obj)) == [
        "spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`"
    ]


def test_role_binding() -> None:
    kind = kind_of("rbac.authorization.k8s.io/v1", "ClusterRoleBinding")
    role = {"kind": "ClusterRole", "name": "view"}
    obj = made(kind, roleRef=role, subjects=[{"kind": "ServiceAccount", "name": "Me"}], metadata={"name": "a:b"})
    assert texts(kind.validate(obj)) == [
        f'subjects[0].name: Invalid value: "Me": {SUBDOMAIN}',
        "subjects[0].namespace: Required value",
    ]


def test_device_class() -> None:
    kind = kind_of("resource.k8s.io/v1", "DeviceClass")
    spec: dict[str, Any] = {
        "selectors": [{}, {"cel": {"expression": "x" * 10241}}],
        "config": [{}, {"opaque": {"driver": "gpu.example.com", "parameters": {"a": 1}}}],
        "extendedResourceName": "cpu",
    }
    obj = made(kind, spec=spec, metadata={"generateName": "Not_looked_at"})
    assert texts(kind.validate(obj)) == [
        "spec.selectors[0].cel: Required value",
        "spec.selectors[1].cel.expression: Too long: may not be more than 10240 bytes",
        "spec.config[0].opaque: Required value",
        'spec.extendedResourceName: Invalid value: "cpu": must be a valid extended resource name',
    ]
    assert kind.validate(made(kind, spec={"extendedResourceName": "example.com/gpu"})) == []
    many = made(kind, spec={"selectors": [{"cel": {"expression": "true"}}] * 33})
    assert texts(kind.validate(many)) == ["spec.selectors: Too many: 33: must have at most 32 items"]
