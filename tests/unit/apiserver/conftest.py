"""One API server with the package's own kinds, a person who uses it, and two of the cluster's components."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from k8s_magic.apiserver import ApiServer
from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.machinery import names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import TimeFormatter


class Rig:
    def __init__(self) -> None:
        self.kernel = Kernel()
        self.server = ApiServer(self.kernel, Streams(0), TimeFormatter())
        self.warnings: list[str] = []
        self.user = InProcessTransport(self.server, "kubectl", warn=self.warnings.append)
        self.manager = InProcessTransport(self.server, "kube-controller-manager", component=True)
        self.kubelet = InProcessTransport(self.server, "kubelet", component=True)
        self.user.create(names.NAMESPACES, "", {"metadata": {"name": "default"}})
        self.user.create(names.SERVICE_ACCOUNTS, "default", {"metadata": {"name": "default"}})

    def pod(self, name: str = "p", **spec: Any) -> dict[str, Any]:
        body = {"metadata": {"name": name}, "spec": {"containers": [{"name": "c", "image": "nginx"}], **spec}}
        return self.user.create(names.PODS, "default", body)

    def deployment(self, name: str = "web") -> dict[str, Any]:
        template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}
        spec = {"selector": {"matchLabels": {"app": name}}, "template": template}
        return self.user.create(names.DEPLOYMENTS, "default", {"metadata": {"name": name}, "spec": spec})

    def bind(self, name: str, node: str) -> None:
        body = {"target": {"kind": "Node", "name": node}}
        self.manager.create(names.PODS, "default", body, name=name, subresource="binding")

    def stored(self, resource: names.GroupVersionResource, name: str) -> dict[str, Any] | None:
        return self.server.informer(resource).get("default", name)


@pytest.fixture
def rig() -> Rig:
    return Rig()


@pytest.fixture
def refused() -> Callable[..., dict[str, Any]]:
    """The Status of a call that must fail."""

    def call(function: Callable[..., Any], *args: Any, **more: Any) -> dict[str, Any]:
        with pytest.raises(ApiError) as caught:
            function(*args, **more)
        return caught.value.status

    return call
