"""A served cluster for other people's clients."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from k8s_magic import Cluster
from k8s_magic.httpapi.listener import HttpApi


class Served(NamedTuple):
    cluster: Cluster
    http: HttpApi
    kubeconfig: Path


def eventually(ready: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait on the clock: the clients under test live there. Fails when it never comes true."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.02)


def config_map(name: str, **data: str) -> dict:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def pod(name: str, command: list[str] | None = None) -> dict:
    container = {"name": "main", "image": "busybox" if command else "nginx"}
    if command:
        container["command"] = command
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container]}}
