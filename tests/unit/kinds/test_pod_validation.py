"""Complaints about Pods, in the server's words and order."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from k8s_magic import kinds
from k8s_magic.kinds import pod as pod_kind
from k8s_magic.kinds.pod.qos import qos_class
from k8s_magic.machinery import names
from k8s_magic.machinery.kind import Kind


@pytest.fixture(scope="module")
def kind() -> Kind:
    found = kinds.by_resource(names.PODS)
    assert found is not None
    return found


def made(kind: Kind, spec: dict[str, Any] | None = None, **container: Any) -> dict[str, Any]:
    body = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "namespace": "default", "resourceVersion": "1"},
        "spec": {"containers": [{"name": "a", "image": "nginx", **container}], **(spec or {})},
    }
    obj, strict = kinds.decode(body, kind.gvk)
    assert strict == []
    kind.default(obj)
    kind.prepare_create(obj)
    return obj


def complaints(kind: Kind, spec: dict[str, Any] | None = None, **container: Any) -> list[str]:
    return [str(error) for error in kind.validate(made(kind, spec, **container))]


@pytest.mark.parametrize(
    ("container", "words"),
    [
        (
            {"ports": [{"containerPort": 99999}]},
            "spec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive",
        ),
        (
            {"ports": [{"containerPort": 80, "protocol": "tcp"}]},
            'spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
        ),
        (
            {"resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}},
            'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
        ),
        (
            {"volumeMounts": [{"name": "v", "mountPath": "/v"}]},
            'spec.containers[0].volumeMounts[0].name: Not found: "v"',
        ),
        ({"image": ""}, "spec.containers[0].image: Required value"),
        (
            {"image": " nginx"},
            'spec.containers[0].image: Invalid value: " nginx": must not have leading or trailing whitespace',
        ),
        (
            {"livenessProbe": {}},
            "spec.containers[0].livenessProbe: Required value: must specify a handler type",
        ),
        (
            {"imagePullPolicy": "Sometimes"},
            'spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": '
            'supported values: "Always", "IfNotPresent", "Never"',
        ),
        (
            {"env": [{"name": "A", "value": "1", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]},
            'spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
        ),
    ],
)
def test_containers(kind: Kind, container: dict[str, Any], words: str) -> None:
    assert complaints(kind, **container) == [words]


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"containers": []}, "spec.containers: Required value"),
        (
            {"restartPolicy": "Maybe"},
            'spec.restartPolicy: Unsupported value: "Maybe": supported values: "Always", "OnFailure", "Never"',
        ),
        (
            {"tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]},
            "spec.tolerations[0].operator: Invalid value: \"b\": value must be empty when `operator` is 'Exists'",
        ),
        (
            {"volumes": [{"name": "v", "emptyDir": {}, "hostPath": {"path": "/"}}]},
            "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
        ),
        (
            {"activeDeadlineSeconds": 0},
            "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
        ),
        (
            {"initContainers": [{"name": "a", "image": "b"}]},
            'spec.initContainers[0].name: Duplicate value: "a"',
        ),
    ],
)
def test_specs(kind: Kind, spec: dict[str, Any], words: str) -> None:
    assert complaints(kind, spec) == [words]


def test_order_and_names(kind: Kind) -> None:
    obj = made(kind, {"volumes": [{"name": "V"}]}, name="", ports=[{"containerPort": 0}])
    obj["metadata"]["name"] = "Bad_Name"
    assert [error.field for error in kind.validate(obj)] == [
        "metadata.name",
        "spec.volumes[0].name",
        "spec.containers[0].name",
        "spec.containers[0].ports[0].containerPort",
    ]


def test_parts_give_what_the_whole_gives(kind: Kind) -> None:
    obj = made(kind, {"nodeName": "N", "schedulingGates": [{"name": "g"}]}, image="")
    assert pod_kind.validate_metadata(obj) + pod_kind.validate_spec(obj["spec"]) == kind.validate(obj)


def test_an_image_may_change(kind: Kind) -> None:
    old = made(kind)
    new = copy.deepcopy(old)
    new["spec"]["containers"][0]["image"] = "nginx:2"
    kind.prepare_update(new, old)
    assert kind.validate_update(new, old) == []
    assert new["metadata"]["generation"] == 2


def test_other_fields_may_not_change_and_the_diff_says_which(kind: Kind) -> None:
    old = made(kind, resources={"requests": {"cpu": "100m"}})
    new = copy.deepcopy(old)
    new["spec"]["containers"][0]["resources"]["requests"]["cpu"] = "200m"
    [error] = kind.validate_update(new, old)
    assert error.field == "spec"
    assert error.detail == (
        "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
        "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
        "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n"
        "@@ -14,7 +14,7 @@\n"
        '    "Resources": {\n     "Limits": null,\n     "Requests": {\n'
        '-     "cpu": "100m"\n+     "cpu": "200m"\n'
        '     },\n     "Claims": null\n    },\n'
    )


def test_containers_may_not_come_or_go(kind: Kind) -> None:
    old = made(kind)
    new = copy.deepcopy(old)
    new["spec"]["containers"].append({**new["spec"]["containers"][0], "name": "b"})
    assert [str(error) for error in kind.validate_update(new, old)] == [
        "spec.containers: Forbidden: pod updates may not add or remove containers"
    ]


def test_tolerations_may_only_be_added(kind: Kind) -> None:
    old = made(kind, {"tolerations": [{"key": "a", "operator": "Exists"}]})
    more = copy.deepcopy(old)
    more["spec"]["tolerations"].append({"key": "b", "operator": "Exists"})
    assert kind.validate_update(more, old) == []
    assert [str(error) for error in kind.validate_update(old, more)] == [
        "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"
    ]


def test_birth(kind: Kind) -> None:
    obj = made(kind, {"schedulingGates": [{"name": "g"}]}, resources={"limits": {"cpu": "1", "memory": "1Gi"}})
    assert obj["metadata"]["generation"] == 1
    assert (obj["status"]["phase"], obj["status"]["qosClass"]) == ("Pending", "Guaranteed")
    assert obj["status"]["conditions"][0]["reason"] == "SchedulingGated"


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ({}, "BestEffort"),
        ({"requests": {"cpu": "1"}}, "Burstable"),
        ({"requests": {"cpu": "1", "memory": "1"}, "limits": {"cpu": "1000m", "memory": "1"}}, "Guaranteed"),
        ({"limits": {"example.com/gpu": "1"}}, "BestEffort"),
    ],
)
def test_quality_of_service(resources: dict[str, Any], expected: str) -> None:
    assert qos_class({"containers": [{"resources": resources}]}) == expected


def test_match_label_keys_join_the_selector(kind: Kind) -> None:
    term = {"topologyKey": "z", "labelSelector": {"matchLabels": {"a": "b"}}, "matchLabelKeys": ["version"]}
    obj = made(kind, {"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}})
    obj["metadata"]["labels"] = {"version": "2"}
    kind.prepare_create(obj)
    [got] = obj["spec"]["affinity"]["podAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert got["labelSelector"]["matchExpressions"] == [{"key": "version", "operator": "In", "values": ["2"]}]
    assert "matchExpressions" not in term["labelSelector"]


def test_a_status_update_keeps_owners_and_quality(kind: Kind) -> None:
    old = made(kind)
    old["metadata"]["ownerReferences"] = [{"uid": "u"}]
    new = copy.deepcopy(old)
    del new["metadata"]["ownerReferences"]
    new["spec"] = {}
    new["status"] = {"phase": "Running"}
    kind.prepare_status_update(new, old)
    assert new["spec"] is old["spec"]
    assert new["status"] == {"phase": "Running", "qosClass": "BestEffort"}
    assert new["metadata"]["ownerReferences"] == [{"uid": "u"}]


def test_warnings(kind: Kind) -> None:
    obj = made(kind, {"volumes": [{"name": "g", "gitRepo": {"repository": "r"}}]})
    obj["spec"]["containers"][0]["env"] = [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]
    obj["metadata"]["name"] = "a.b"
    assert kind.warnings is not None
    assert kind.warnings(obj, None) == [
        "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; "
        "a DNS label is recommended: [must not contain dots]",
        "spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+",
        'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
    ]
    assert kind.warnings(obj, obj) == []
