"""A kopf operator, run by kopf's own program, against a served cluster."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from served import Served, config_map, eventually

pytestmark = pytest.mark.clients

PLACE = ("example.com", "v1", "default", "shops")
OPERATOR = Path(__file__).parent / "shop_operator.py"
CRD = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "shops.example.com"},
    "spec": {
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"plural": "shops", "singular": "shop", "kind": "Shop"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "subresources": {"status": {}},
                "additionalPrinterColumns": [{"name": "Phase", "type": "string", "jsonPath": ".status.phase"}],
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {
                                "type": "object",
                                "required": ["size"],
                                "properties": {"size": {"type": "integer", "minimum": 1}},
                            },
                            "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                        },
                    }
                },
            }
        ],
    },
}


@pytest.fixture(scope="module")
def api(served: Served) -> Iterator[client.ApiClient]:
    with config.new_client_from_config(str(served.kubeconfig)) as found:
        yield found


@pytest.fixture(scope="module")
def shops(served: Served, api: client.ApiClient, tmp_path_factory) -> Iterator[client.CustomObjectsApi]:
    client.ApiextensionsV1Api(api).create_custom_resource_definition(CRD)
    told = tmp_path_factory.mktemp("kopf") / "log"
    command = [sys.executable, "-m", "kopf", "run", "--standalone", "--namespace", "default", str(OPERATOR)]
    with told.open("w") as log:
        env = {**os.environ, "KUBECONFIG": str(served.kubeconfig)}
        operator = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield client.CustomObjectsApi(api)
            operator.send_signal(signal.SIGTERM)
            assert operator.wait(20) == 0, told.read_text()
        finally:
            operator.kill()
            operator.wait()
    assert "Traceback" not in told.read_text()


def shop(name: str, size: int) -> dict:
    return {"apiVersion": "example.com/v1", "kind": "Shop", "metadata": {"name": name}, "spec": {"size": size}}


def names(api: client.ApiClient) -> set[str]:
    return {each.metadata.name for each in client.CoreV1Api(api).list_namespaced_config_map("default").items}


def test_a_custom_resource_lives_its_life(shops: client.CustomObjectsApi, api: client.ApiClient) -> None:
    core = client.CoreV1Api(api)
    eventually(lambda: _is_made(shops), 20)

    def found() -> dict:
        return shops.get_namespaced_custom_object(*PLACE, "corner")

    eventually(lambda: found().get("status", {}).get("phase") == "Open", 30)
    assert found()["status"]["opened"] == {"child": "corner-goods"}
    assert found()["metadata"]["finalizers"] == ["example.com/shop-finalizer"]
    child = core.read_namespaced_config_map("corner-goods", "default")
    owner = child.metadata.owner_references[0]
    assert (owner.kind, owner.name, owner.uid) == ("Shop", "corner", found()["metadata"]["uid"])

    shops.patch_namespaced_custom_object(*PLACE, "corner", {"spec": {"size": 5}})
    eventually(lambda: found()["status"].get("resized") == "2 to 5")
    assert core.read_namespaced_config_map("corner-goods", "default").data == {"size": "5"}

    shops.delete_namespaced_custom_object(*PLACE, "corner")
    eventually(lambda: not shops.list_namespaced_custom_object(*PLACE)["items"])
    assert "corner-was-closed" in names(api)
    eventually(lambda: "corner-goods" not in names(api))  # the garbage collector follows the owner


def _is_made(shops: client.CustomObjectsApi) -> bool:
    try:
        shops.create_namespaced_custom_object(*PLACE, shop("corner", 2))
    except ApiException as problem:
        if problem.status != 404:
            raise
        return False  # the definition is not established yet
    return True


def test_the_schema_holds(shops: client.CustomObjectsApi) -> None:
    eventually(lambda: "shops" in str(shops.get_api_resources("example.com", "v1")))
    with pytest.raises(ApiException) as refused:
        shops.create_namespaced_custom_object(*PLACE, shop("tiny", 0))
    assert refused.value.status == 422
    assert "spec.size in body should be greater than or equal to 1" in refused.value.body


def test_events_of_config_maps_are_heard(shops: client.CustomObjectsApi, api: client.ApiClient) -> None:
    core = client.CoreV1Api(api)
    body = config_map("looked-at", k="1")
    body["metadata"]["labels"] = {"watched": "yes"}
    core.create_namespaced_config_map("default", body)
    noticed = {"k": "1", "noticed": "yes"}
    eventually(lambda: core.read_namespaced_config_map("looked-at", "default").data == noticed)
