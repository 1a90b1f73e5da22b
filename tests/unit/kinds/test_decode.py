"""What the server's decoder makes of JSON, in its words."""

from __future__ import annotations

from typing import Any

import pytest

from k8s_magic import kinds
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.names import GroupVersionKind

POD = GroupVersionKind("", "v1", "Pod")
DEPLOYMENT = GroupVersionKind("apps", "v1", "Deployment")


def pod(**container: Any) -> dict[str, Any]:
    return {"kind": "Pod", "spec": {"containers": [{"name": "a", "image": "b", **container}]}}


def refusal(data: Any, gvk: GroupVersionKind) -> str:
    with pytest.raises(ApiError) as caught:
        kinds.decode(data, gvk)
    assert caught.value.reason == "BadRequest"
    return caught.value.message


def test_round_trip_drops_nulls_and_empties_and_adds_what_go_always_writes() -> None:
    body = {"metadata": {"labels": {}, "creationTimestamp": None}, "spec": {"replicas": 0, "paused": False}}
    obj, strict = kinds.decode(body, DEPLOYMENT)
    assert strict == []
    assert obj == {
        "metadata": {},
        "spec": {
            "replicas": 0,  # a pointer: zero is kept
            "selector": None,
            "strategy": {},
            "template": {"metadata": {}, "spec": {"containers": None}},
        },
        "status": {},
    }


def test_quantities_times_and_base64_are_canonical() -> None:
    obj, _ = kinds.decode(pod(resources={"limits": {"cpu": "1000m", "memory": 0.5}}), POD)
    assert obj["spec"]["containers"][0]["resources"]["limits"] == {"cpu": "1", "memory": "500m"}
    event, _ = kinds.decode(
        {"eventTime": "2026-01-01T01:02:03.4+01:00", "firstTimestamp": "2026-01-01T01:02:03.9Z"},
        GroupVersionKind("", "v1", "Event"),
    )
    assert event["eventTime"] == "2026-01-01T00:02:03.400000Z"
    assert event["firstTimestamp"] == "2026-01-01T01:02:03Z"
    assert event["lastTimestamp"] is None


def test_unknown_fields_are_named_by_path_in_order() -> None:
    body = pod(imagePullPolcy="Always")
    body["spec"]["replicas"] = 3
    obj, strict = kinds.decode(body, POD)
    assert strict == ['unknown field "spec.containers[0].imagePullPolcy"', 'unknown field "spec.replicas"']
    assert "replicas" not in obj["spec"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"spec": {"replicas": "3"}}, "string into Go struct field DeploymentSpec.spec.replicas of type int32"),
        ({"spec": {"replicas": 1.5}}, "number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32"),
        (
            {"spec": {"replicas": 2**31}},
            "number 2147483648 into Go struct field DeploymentSpec.spec.replicas of type int32",
        ),
        ({"spec": []}, "array into Go struct field Deployment.spec of type v1.DeploymentSpec"),
        (
            {"metadata": {"labels": {"a": 1}}},
            "number into Go struct field ObjectMeta.metadata.labels of type string",
        ),
        (
            {"spec": {"template": {"spec": {"containers": [{"ports": [{"containerPort": "80"}]}]}}}},
            "string into Go struct field ContainerPort.spec.template.spec.containers.ports.containerPort of type int32",
        ),
        (
            {"spec": {"template": {"spec": {"containers": "x"}}}},
            "string into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container",
        ),
    ],
)
def test_wrong_types_are_refused_in_the_words_of_json(body: Any, words: str) -> None:
    where = 'Deployment in version "v1" cannot be handled as a Deployment'
    assert refusal(body, DEPLOYMENT) == f"{where}: json: cannot unmarshal {words}"


def test_types_with_words_of_their_own() -> None:
    secret = GroupVersionKind("", "v1", "Secret")
    where = 'Secret in version "v1" cannot be handled as a Secret'
    assert refusal({"data": {"a": "abc"}}, secret) == f"{where}: illegal base64 data at input byte 0"
    assert refusal({"data": {"a": "YWJj ZGVm"}}, secret) == f"{where}: illegal base64 data at input byte 4"
    assert refusal({"data": {"a": "YQ="}}, secret) == f"{where}: illegal base64 data at input byte 3"
    assert refusal(pod(resources={"limits": {"cpu": "1 core"}}), POD).endswith(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    )
    assert refusal({"metadata": {"creationTimestamp": "soon"}}, POD).endswith(
        'parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse "soon" as "2006"'
    )


def test_lists_that_are_always_written_show_null_when_empty() -> None:
    obj, _ = kinds.decode({"rules": []}, GroupVersionKind("rbac.authorization.k8s.io", "v1", "ClusterRole"))
    assert obj == {"metadata": {}, "rules": None}


def test_the_input_is_left_alone_and_not_shared() -> None:
    body = pod(env=[{"name": "a", "value": "b"}])
    obj, _ = kinds.decode(body, POD)
    obj["spec"]["containers"][0]["env"][0]["value"] = "c"
    assert body["spec"]["containers"][0]["env"][0]["value"] == "b"
