"""An API server with kubelets and their runtime; Pods are put on nodes by the test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8s_magic.apiserver import ApiServer
from k8s_magic.client.context import Context
from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.client.recorder import Recorder
from k8s_magic.kubelet import Kubelets, NodeConfig
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import DeleteOptions
from k8s_magic.runtime.world import World
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import SECOND, SimTime, TimeFormatter

CHANGING = ("resourceVersion", "managedFields")


class KernelPump:
    """Lets time pass by stepping the kernel."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def wait(self, ready: Callable[[], bool], timeout: SimTime | None = None) -> bool:
        end = None if timeout is None else self._kernel.now + timeout
        while not ready():
            due = self._kernel.next_time()
            if due is None or (end is not None and due > end):
                if end is not None:
                    self._kernel.run_until(end)
                return ready()
            self._kernel.step()
        return True


class Rig:
    def __init__(self, *nodes: NodeConfig) -> None:
        self.kernel = Kernel()
        self.streams = Streams(0)
        self.times = TimeFormatter()
        self.server = ApiServer(self.kernel, self.streams, self.times)
        self.world = World(self.kernel, self.streams, self.times)
        self.context = Context(
            kernel=self.kernel,
            streams=self.streams,
            times=self.times,
            informer=self.server.informer,
            transport=lambda actor: InProcessTransport(self.server, actor, component=True),
            recorder=lambda component, host="": Recorder(self.context, component, host),
            services={"world": self.world},
        )
        self.api = InProcessTransport(self.server, "person", KernelPump(self.kernel))
        for name in ("default", "kube-system", "kube-node-lease"):
            self.create(names.NAMESPACES, {"metadata": {"name": name}, "kind": "Namespace"}, "")
            if name != "kube-node-lease":
                self.create(names.SERVICE_ACCOUNTS, {"metadata": {"name": "default"}, "kind": "ServiceAccount"}, name)
        self.kubelets = Kubelets(self.context)
        for config in nodes or (NodeConfig("node-1", pod_cidr="10.244.1.0/24"),):
            self.kubelets.add_node(config)
            for image in ("nginx:1.25", "busybox:1.36"):
                self.world.node(config.name).preload(image)
        self.kubelets.start()
        self.server.connector = self.kubelets.connector

    def create(self, resource: GroupVersionResource, body: Object, namespace: str = "default") -> Object:
        return self.api.create(resource, namespace, {"apiVersion": resource.api_version, **body})

    def pod(self, name: str, *containers: Object, node: str = "node-1", **spec: Any) -> Object:
        given = list(containers) or [nginx()]
        body = {"kind": "Pod", "metadata": {"name": name}, "spec": {"nodeName": node, "containers": given, **spec}}
        return self.create(names.PODS, body)

    def get(self, name: str) -> Object:
        return self.api.get(names.PODS, "default", name)

    def status(self, name: str) -> Object:
        status: Object = self.get(name)["status"]
        return status

    def container(self, name: str, index: int = 0) -> Object:
        found: Object = self.status(name)["containerStatuses"][index]
        return found

    def delete(self, name: str, **options: Any) -> Object:
        return self.api.delete(names.PODS, "default", name, options=DeleteOptions(**options))

    def run(self, seconds: float) -> None:
        self.kernel.run_until(self.kernel.now + int(seconds * SECOND))

    def events(self, name: str) -> list[tuple[str, str, str, int]]:
        """(type, reason, message, count) of an object's events, as they first came."""
        return [
            (event["type"], event["reason"], event["message"], event.get("count", 1))
            for event in self.server.informer(names.EVENTS).list()
            if event["involvedObject"]["name"] == name
        ]

    def reasons(self, name: str) -> list[str]:
        return [reason for _, reason, _, _ in self.events(name)]

    def trace(self) -> list[tuple[str, list[str]]]:
        """From now on: (type, changed paths) of every write of a Pod."""
        told: list[tuple[str, list[str]]] = []

        def note(type: str, new: Object, old: Object | None) -> None:
            told.append((type, [] if old is None or type == "DELETED" else sorted(changed(old, new))))

        self.server.informer(names.PODS).add_handler(note)
        return told


def changed(old: Object, new: Object) -> list[str]:
    found = []
    for part in ("metadata", "spec", "status"):
        before, after = old.get(part) or {}, new.get(part) or {}
        for key in {**before, **after}:
            if key not in CHANGING and before.get(key) != after.get(key):
                found.append(f"{part}.{key}")
    return found


def nginx(**more: Any) -> Object:
    return {"name": "web", "image": "nginx:1.25", **more}


def shell(script: str, name: str = "main", **more: Any) -> Object:
    return {"name": name, "image": "busybox:1.36", "command": ["sh", "-c", script], **more}
