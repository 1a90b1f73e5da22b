"""A person defines a kind and works with it by kubectl; the controllers know of it too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from k8s_magic import Cluster

DEFINITION = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: crontabs.stable.example.com}
spec:
  group: stable.example.com
  scope: Namespaced
  names: {plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct], categories: [all]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}
    additionalPrinterColumns:
    - {name: Replicas, type: integer, jsonPath: .spec.replicas}
    - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
    schema:
      openAPIV3Schema:
        description: Something that runs at times.
        type: object
        properties:
          spec:
            type: object
            required: [image]
            properties:
              image: {type: string, description: What is run.}
              replicas: {type: integer, minimum: 1, maximum: 10, default: 1}
"""
OBJECT = """
apiVersion: stable.example.com/v1
kind: CronTab
metadata: {name: my}
spec: {image: nginx}
"""


@pytest.fixture
def cluster() -> Cluster:
    made = Cluster(nodes=1, bare=True)
    assert made.apply(DEFINITION).stdout == (
        "customresourcedefinition.apiextensions.k8s.io/crontabs.stable.example.com created\n"
    )
    return made


def said(cluster: Cluster, command: str | list[str], **more: Any) -> str:
    return cluster.kubectl(command, **more).text


def test_the_kind_is_there_at_once(cluster: Cluster) -> None:
    wait = "wait --for condition=established crd/crontabs.stable.example.com"
    assert said(cluster, wait).endswith("crontabs.stable.example.com condition met\n")
    assert said(cluster, "api-resources --api-group=stable.example.com") == (
        "NAME       SHORTNAMES   APIVERSION              NAMESPACED   KIND\n"
        "crontabs   ct           stable.example.com/v1   true         CronTab\n"
    )
    assert said(cluster, "get ct") == "No resources found in default namespace.\n"


def test_apply_get_scale_patch_delete(cluster: Cluster) -> None:
    assert cluster.apply(OBJECT).text == "crontab.stable.example.com/my created\n"
    assert said(cluster, "get ct") == "NAME   REPLICAS   AGE\nmy     1          0s\n"
    assert "crontab.stable.example.com/my   1" in said(cluster, "get all")
    assert cluster.apply(OBJECT.replace("nginx", "httpd")).text == "crontab.stable.example.com/my configured\n"
    assert cluster.apply(OBJECT.replace("nginx", "httpd")).text == "crontab.stable.example.com/my unchanged\n"
    assert said(cluster, "scale ct my --replicas=3") == "crontab.stable.example.com/my scaled\n"
    assert said(cluster, "get ct my -o jsonpath={.spec}") == '{"image":"httpd","replicas":3}'
    patch = ["patch", "ct", "my", "--type=merge", "-p", '{"spec":{"replicas":"x"}}']
    assert said(cluster, patch) == (
        'The CronTab "my" is invalid: spec.replicas: Invalid value: "string": '
        'spec.replicas in body must be of type integer: "string"\n'
    )
    assert said(cluster, ["patch", "ct", "my", "-p", "{}"]) == (
        "error: application/strategic-merge-patch+json is not supported by stable.example.com/v1, Kind=CronTab: the "
        "body of the request was in an unknown format - accepted media types include: application/json-patch+json, "
        "application/merge-patch+json, application/apply-patch+yaml\n"
    )
    assert said(cluster, "delete ct my") == 'crontab.stable.example.com "my" deleted from default namespace\n'


def test_a_kind_with_a_scale_can_be_autoscaled(cluster: Cluster) -> None:
    cluster.apply(OBJECT)
    assert said(cluster, "autoscale ct my --max=3") == "horizontalpodautoscaler.autoscaling/my autoscaled\n"
    target = said(cluster, "get hpa my -o jsonpath={.spec.scaleTargetRef}")
    assert json.loads(target) == {"apiVersion": "stable.example.com/v1", "kind": "CronTab", "name": "my"}


def test_what_is_wrong_is_told(cluster: Cluster) -> None:
    wrong = OBJECT.replace("image: nginx", "imag: nginx")
    assert cluster.apply(wrong).text == (
        'Error from server (BadRequest): error when creating "STDIN": CronTab in version "v1" cannot be handled as a '
        'CronTab: strict decoding error: unknown field "spec.imag"\n'
    )
    assert said(cluster, "apply --validate=warn -f -", stdin=wrong) == (
        'Warning: unknown field "spec.imag"\nThe CronTab "my" is invalid: spec.image: Required value\n'
    )


def test_explain_tells_what_the_author_wrote(cluster: Cluster) -> None:
    assert said(cluster, "explain ct.spec") == (
        "GROUP:      stable.example.com\nKIND:       CronTab\nVERSION:    v1\n\nFIELD: spec <Object>\n\n\n"
        "DESCRIPTION:\n    <empty>\nFIELDS:\n"
        "  image\t<string> -required-\n    What is run.\n\n"
        "  replicas\t<integer>\n    <no description>\n\n\n"
    )
    assert "    Something that runs at times.\n" in said(cluster, "explain ct")


@pytest.mark.parametrize(
    "command", ["logs ct/my", "expose ct my --port=80", "rollout status ct/my", "exec ct/my -- ls"]
)
def test_what_needs_a_known_kind_says_so(cluster: Cluster, command: str) -> None:
    cluster.apply(OBJECT)
    assert said(cluster, command) == (
        'error: no kind "CronTab" is registered for version "stable.example.com/v1" in scheme '
        '"pkg/scheme/scheme.go:28"\n'
    )


def test_watching_sees_changes(cluster: Cluster) -> None:
    cluster.apply(OBJECT)
    text = said(cluster, "get ct -w --output-watch-events --request-timeout=1s")
    assert text.startswith("EVENT      NAME   REPLICAS   AGE\nADDED      my     1          0s\n")


def test_owners_and_namespaces(cluster: Cluster) -> None:
    said(cluster, "create namespace other")
    said(cluster, "apply -n other -f -", stdin=OBJECT)
    uid = said(cluster, "get ct my -n other -o jsonpath={.metadata.uid}")
    owner = {"apiVersion": "stable.example.com/v1", "kind": "CronTab", "name": "my", "uid": uid}
    metadata = {"name": "child", "namespace": "other", "ownerReferences": [owner]}
    cluster.apply(json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}))
    said(cluster, "delete ct my -n other")
    cluster.run(2)
    assert "child" not in said(cluster, "get configmaps -n other")
    said(cluster, "apply -n other -f -", stdin=OBJECT)
    assert said(cluster, "delete namespace other") == 'namespace "other" deleted\n'
    assert said(cluster, "get ct -A") == "No resources found\n"


def test_a_definition_takes_its_objects_along(cluster: Cluster) -> None:
    cluster.apply(OBJECT)
    assert said(cluster, "delete crd crontabs.stable.example.com").endswith('"crontabs.stable.example.com" deleted\n')
    assert said(cluster, "get ct") == 'error: the server doesn\'t have a resource type "ct"\n'
    cluster.apply(DEFINITION)
    assert said(cluster, "get ct") == "No resources found in default namespace.\n"
