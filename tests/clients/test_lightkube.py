"""lightkube against a served cluster."""

from __future__ import annotations

import pytest
from lightkube import ApiError, Client, KubeConfig
from lightkube.models.apps_v1 import DeploymentSpec
from lightkube.models.core_v1 import Container, PodSpec, PodTemplateSpec
from lightkube.models.meta_v1 import LabelSelector, ObjectMeta
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.core_v1 import ConfigMap, Node, Pod
from lightkube.types import CascadeType, PatchType
from served import Served, eventually

pytestmark = pytest.mark.clients


@pytest.fixture(scope="module")
def client(served: Served) -> Client:
    config = KubeConfig.from_file(served.kubeconfig)
    return Client(config=config, namespace="default", field_manager="lightkube-test")


def labelled(name: str, **data: str) -> ConfigMap:
    return ConfigMap(metadata=ObjectMeta(name=name, labels={"by": "lightkube"}), data=data)


def names(client: Client, **selection: object) -> list[str]:
    return [each.metadata.name for each in client.list(ConfigMap, **selection)]


def test_lists(client: Client) -> None:
    assert [node.metadata.name for node in client.list(Node)] == ["control-plane", "node-1", "node-2"]
    assert len(list(client.list(Pod, namespace="*", chunk_size=2))) > 3


def test_create_patch_replace_delete(client: Client) -> None:
    made = client.create(labelled("l1", k="1"))
    assert made.data == {"k": "1"}
    assert client.patch(ConfigMap, "l1", {"data": {"m": "1"}}).data == {"k": "1", "m": "1"}
    assert client.patch(ConfigMap, "l1", {"data": {"m": None}}, patch_type=PatchType.MERGE).data == {"k": "1"}
    made.data = {"k": "2"}
    with pytest.raises(ApiError) as stale:
        client.replace(made)
    assert stale.value.status.reason == "Conflict"
    assert names(client, labels={"by": "lightkube"}) == ["l1"]
    assert names(client, fields={"metadata.name": "l1"}) == ["l1"]
    client.delete(ConfigMap, "l1")
    with pytest.raises(ApiError, match='configmaps "l1" not found'):
        client.get(ConfigMap, "l1")


def test_server_side_apply_meets_conflicts(client: Client) -> None:
    def wanted(value: str) -> ConfigMap:
        return ConfigMap(apiVersion="v1", kind="ConfigMap", metadata=ObjectMeta(name="ssa"), data={"k": value})

    client.apply(wanted("1"))
    assert client.apply(wanted("2")).data == {"k": "2"}
    with pytest.raises(ApiError) as conflict:
        client.apply(wanted("3"), field_manager="other")
    assert (conflict.value.status.code, conflict.value.status.reason) == (409, "Conflict")
    taken = client.apply(wanted("3"), field_manager="other", force=True)
    assert [each.manager for each in taken.metadata.managedFields] == ["other"]


def test_watch_from_a_version(client: Client) -> None:
    found = client.list(ConfigMap)
    list(found)
    version = found.resourceVersion
    client.create(labelled("lw", n="0"))
    client.patch(ConfigMap, "lw", {"data": {"n": "1"}})
    client.delete(ConfigMap, "lw")
    heard = []
    for event, obj in client.watch(ConfigMap, resource_version=version, server_timeout=5):
        heard.append((event, obj.data["n"]))
        if event == "DELETED":
            break
    assert heard == [("ADDED", "0"), ("MODIFIED", "1"), ("DELETED", "1")]


def test_a_deployment_is_waited_for_scaled_and_deleted(client: Client) -> None:
    labels = {"app": "lk"}
    template = PodTemplateSpec(
        metadata=ObjectMeta(labels=labels), spec=PodSpec(containers=[Container(name="c", image="nginx")])
    )
    client.create(
        Deployment(
            metadata=ObjectMeta(name="lk"),
            spec=DeploymentSpec(replicas=1, selector=LabelSelector(matchLabels=labels), template=template),
        )
    )
    client.wait(Deployment, "lk", for_conditions=["Available"])
    scale = client.get(Deployment.Scale, "lk")
    scale.spec.replicas = 2
    client.replace(scale, "lk")
    eventually(lambda: client.get(Deployment, "lk").status.readyReplicas == 2)
    pod = next(iter(client.list(Pod, labels=labels)))
    eventually(lambda: any("start worker process" in line for line in client.log(pod.metadata.name)))
    client.delete(Deployment, "lk", cascade=CascadeType.FOREGROUND)
    eventually(lambda: not list(client.list(Pod, labels=labels)))


def test_logs_are_followed(client: Client) -> None:
    command = ["sh", "-c", "for i in 1 2 3; do echo l$i; sleep 2; done"]
    spec = PodSpec(containers=[Container(name="c", image="busybox", command=command)], restartPolicy="Never")
    client.create(Pod(metadata=ObjectMeta(name="loud"), spec=spec))
    client.wait(Pod, "loud", for_conditions=["ContainersReady"])
    assert [line.strip() for line in client.log("loud", follow=True)] == ["l1", "l2", "l3"]
