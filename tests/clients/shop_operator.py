"""A small operator as kopf's documentation shows one: run by `kopf run` in test_kopf.py."""

from __future__ import annotations

import kopf
from kubernetes import client, config

config.load_kube_config()


@kopf.on.startup()
def configure(settings, **_) -> None:
    settings.posting.enabled = True
    settings.persistence.finalizer = "example.com/shop-finalizer"


@kopf.on.create("example.com", "v1", "shops")
def opened(body, spec, name, namespace, patch, **_) -> dict:
    child = {"metadata": {"name": f"{name}-goods"}, "data": {"size": str(spec["size"])}}
    kopf.adopt(child, owner=body)
    client.CoreV1Api().create_namespaced_config_map(namespace, child)
    patch.status["phase"] = "Open"
    return {"child": f"{name}-goods"}


@kopf.on.field("example.com", "v1", "shops", field="spec.size")
def resized(old, new, name, namespace, patch, **_) -> None:
    if old is not None:
        change = {"data": {"size": str(new)}}
        client.CoreV1Api().patch_namespaced_config_map(f"{name}-goods", namespace, change)
        patch.status["resized"] = f"{old} to {new}"


@kopf.on.delete("example.com", "v1", "shops")
def closed(name, namespace, **_) -> None:
    note = {"metadata": {"name": f"{name}-was-closed"}}
    client.CoreV1Api().create_namespaced_config_map(namespace, note)


@kopf.on.event("", "v1", "configmaps", labels={"watched": "yes"})
def noticed(event, name, namespace, body, **_) -> None:
    if event["type"] != "DELETED" and "noticed" not in (body.get("data") or {}):
        client.CoreV1Api().patch_namespaced_config_map(name, namespace, {"data": {"noticed": "yes"}})
