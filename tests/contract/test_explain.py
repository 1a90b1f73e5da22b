"""`kubectl explain`: what ours prints in process and what the real one prints of the served documents, to the byte."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator

import kubectls
import pytest

from k8s_magic import Cluster
from k8s_magic.httpapi import kubeconfig
from k8s_magic.kinds import tables

pytestmark = pytest.mark.realkubectl
Answer = tuple[str, str, int]
Both = Callable[[list[str]], tuple[Answer, Answer]]
OLDER = "-o plaintext-openapiv2"

DEFINITION = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.apps.example.com}
spec:
  group: apps.example.com
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd]}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        description: "A widget – ein Gerät.\\n\\nA line that goes on and on, über sechsundsiebzig Zeichen hinaus, so
          that it must be wrapped somewhere:\\n- one\\n- two\\n\\n    kept as it is\\n\\nend"
        type: object
        externalDocs: {description: more, url: "http://example.com"}
        required: [spec]
        properties:
          spec:
            type: object
            required: [size]
            description: What is wanted.
            properties:
              size: {type: integer, enum: [1, 2, 1000000, 30000000], description: How large.}
              mode: {type: string, enum: ["", a, b, c, d, e]}
              port: {x-kubernetes-int-or-string: true, description: A port.}
              any: {x-kubernetes-preserve-unknown-fields: true}
              open: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {a: {type: string}}}
              labels: {type: object, additionalProperties: {type: string, description: one}}
              maybe: {type: string, nullable: true}
              template: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
              inner: {type: object, x-kubernetes-embedded-resource: true, properties: {spec: {type: object}}}
              list:
                type: array
                description: Many.
                items:
                  type: object
                  description: One.
                  properties: {default: {type: string, default: x}, name: {type: string}}
              deep: {type: array, items: {type: array, items: {type: string}}}
              flag: {type: boolean, default: true}
              money: {type: number, externalDocs: {description: of money, url: "http://example.com"}}
"""

RESOURCES = [record["resource"] + (f".{record['group']}" if record["group"] else "") for record in tables.discovery()]
PLACES = [
    "pod.spec",
    "pod.spec.containers",
    "pods.spec.containers -R",
    "pod.spec.containers.env.valueFrom",
    "pod.spec.containers.resources.limits",
    "pod.spec.restartPolicy",
    "pod.metadata.creationTimestamp",
    "pod.metadata.labels",
    "pod.metadata.managedFields.fieldsV1",
    "POD.spec.tolerations.effect",
    "deployment.spec.strategy",
    "deployments.apps.spec.strategy.rollingUpdate.maxSurge",
    "deploy -R",
    "svc.spec.ports",
    "svc.spec.ports.targetPort",
    "pvc.spec.resources.requests",
    "pvc.spec.accessModes",
    "hpa.spec --api-version=autoscaling/v1",
    "hpa --api-version autoscaling/v2 --recursive",
    "crd.spec.versions.schema.openAPIV3Schema.default",
    "crd.spec.versions.schema.openAPIV3Schema -R",
    "ev",
    "widget",
    "wd.spec",
    "widgets.apps.example.com.spec -R",
    "wd.spec.list",
    "wd.spec.deep",
    "wd.spec.inner",
    "wd.spec.any",
    "wd.spec.port",
    "wd.spec.size",
    "wd.spec.mode",
    "wd.spec.money",
    "wd.metadata",
    "pods..spec..os",
    "pod['spec']",
    "pods.",
    "deployments.appsx",
]
OLDER_PLACES = [
    "pod",
    "pod.spec",
    "pod.spec -R",
    "pod.metadata.labels",
    "pod.metadata.managedFields.fieldsV1",
    "pod.spec.containers.resources.limits",
    "pod.spec.restartPolicy.x.y",
    "deployment -R",
    "hpa.spec --api-version=autoscaling/v1",
    "crd.spec.versions.schema.openAPIV3Schema.default",
    "crd.spec.versions.schema.openAPIV3Schema.not -R",
    "wd",
    "wd.spec",
    "wd.spec -R",
    "wd.spec.any.x.y",
    "wd.spec.inner",
    "wd.spec.template",
    "wd.spec.labels",
    "pod.spec.nosuch.deeper",
    "nosuch",
    "pod --api-version=apps/v1",
    "pod --api-version=a/b/c",
]
MISTAKES = [
    "",
    "pod svc",
    "nosuch",
    "Nosuch.spec",
    "nosuch --api-version=v1",
    "pod.spec.nosuch",
    "pod.spec.nosuch.deeper",
    "pod.spec.nodeName.x",
    "pod.spec.containers.resources.limits.cpu",
    "deploy.apps.spec",
    "events.events.k8s.io.note",
    "wd.spec.nosuch",
    "wd.spec.any.x",
    "pod.spec.containers[0]",
    "pod[",
    "pod.spec.*",
    ".pods",
    "{pod}",
    "a}b",
    "pod/web",
    "pod,svc",
    "pod -o json",
    "pod --api-version=apps/v1",
    "deploy --api-version=apps/v9",
    "deploy --api-version=a/b/c",
]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """What the real kubectl answers, and what ours does."""
    home = tmp_path_factory.mktemp("home")
    program = kubectls.program(kubectls.PINNED)
    cluster = Cluster(nodes=1, bare=True)
    kubeconfig.write(home / "config", cluster.serve().config)
    assert cluster.apply(DEFINITION).exit_code == 0
    env = {**os.environ, "KUBECONFIG": str(home / "config"), "HOME": str(home)}

    def ask(words: list[str]) -> tuple[Answer, Answer]:
        real = subprocess.run([program, "explain", *words], env=env, capture_output=True, text=True, timeout=60)
        ours = cluster.kubectl(["explain", *words])
        return (real.stdout, real.stderr, real.returncode), (ours.stdout, ours.stderr, ours.exit_code)

    yield ask
    cluster.close()


@pytest.mark.parametrize("line", [*RESOURCES, *PLACES, *(f"{place} {OLDER}" for place in OLDER_PLACES)])
def test_a_page_is_the_real_ones(both: Both, line: str) -> None:
    real, ours = both(line.split())
    assert ours == real


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_is_answered_as_by_the_real_one(both: Both, line: str) -> None:
    real, ours = both(line.split())
    assert real[2] == 1
    assert ours == real


@pytest.mark.parametrize("argument", ["", " ", "pod spec"])
def test_an_argument_with_spaces_too(both: Both, argument: str) -> None:
    real, ours = both([argument])
    assert ours == real


def test_the_pages_have_the_texts(both: Both) -> None:
    for words in (["pod.spec"], ["pod.spec", *OLDER.split()]):
        real, _ = both(words)
        assert "<empty>" not in real[0]
        assert "<no description>" not in real[0]
        assert "Possible enum values:" in real[0]
