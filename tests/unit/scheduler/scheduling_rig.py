"""An API server and a scheduler; nodes and Pods are made by the test, nothing runs."""

from __future__ import annotations

from typing import Any

from k8s_magic.apiserver import ApiServer
from k8s_magic.client.context import Context
from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.client.recorder import Recorder
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import DeleteOptions
from k8s_magic.scheduler import Scheduler
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import SECOND, TimeFormatter

PRIORITY_CLASSES = GroupVersionResource("scheduling.k8s.io", "v1", "priorityclasses")


class Rig:
    def __init__(self, nodes: int = 0, seed: int = 0, **node: Any) -> None:
        self.kernel = Kernel()
        self.streams = Streams(seed)
        self.times = TimeFormatter()
        self.server = ApiServer(self.kernel, self.streams, self.times)
        self.context = Context(
            kernel=self.kernel,
            streams=self.streams,
            times=self.times,
            informer=self.server.informer,
            transport=lambda actor: InProcessTransport(self.server, actor, component=True),
            recorder=lambda component, host="": Recorder(self.context, component, host),
        )
        self.api = InProcessTransport(self.server, "person")
        self.create(names.NAMESPACES, {"kind": "Namespace", "metadata": {"name": "default"}}, "")
        self.create(names.SERVICE_ACCOUNTS, {"kind": "ServiceAccount", "metadata": {"name": "default"}})
        self.scheduler = Scheduler(self.context)
        self.scheduler.start()
        for number in range(nodes):
            self.node(f"node-{number}", **node)

    def create(self, resource: GroupVersionResource, body: Object, namespace: str = "default") -> Object:
        return self.api.create(resource, namespace, {"apiVersion": resource.api_version, **body})

    def node(
        self,
        name: str,
        *,
        cpu: str = "4",
        memory: str = "8Gi",
        pods: str = "110",
        labels: dict[str, str] | None = None,
        taints: list[Object] | None = None,
        images: list[Object] | None = None,
        **capacity: str,
    ) -> Object:
        amounts = {"cpu": cpu, "memory": memory, "pods": pods, **capacity}
        body = {
            "kind": "Node",
            "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name, **(labels or {})}},
            "spec": {"taints": taints or []},
            "status": {"capacity": amounts, "allocatable": amounts, "images": images or []},
        }
        made = self.create(names.NODES, body, "")
        if made.get("spec", {}).get("taints") != taints:  # admission taints new nodes as not ready
            made = self.api.patch(names.NODES, "", name, {"spec": {"taints": taints}}, "merge")
        return made

    def pod(
        self, name: str, *, cpu: str = "", memory: str = "", labels: dict[str, str] | None = None, **spec: Any
    ) -> Object:
        requests = {key: text for key, text in (("cpu", cpu), ("memory", memory)) if text}
        container = {"name": "main", "image": "nginx:1.25", "resources": {"requests": requests}}
        body = {
            "kind": "Pod",
            "metadata": {"name": name, "labels": labels or {}},
            "spec": {"containers": [container], **spec},
        }
        return self.create(names.PODS, body)

    def priority_class(self, name: str, value: int, **more: Any) -> None:
        self.create(PRIORITY_CLASSES, {"kind": "PriorityClass", "metadata": {"name": name}, "value": value, **more}, "")

    def run(self, seconds: float = 1.0) -> None:
        self.kernel.run_until(self.kernel.now + int(seconds * SECOND))

    def get(self, name: str) -> Object:
        return self.api.get(names.PODS, "default", name)

    def node_of(self, name: str) -> str | None:
        found: str | None = self.get(name)["spec"].get("nodeName")
        return found

    def delete(self, name: str) -> None:
        self.api.delete(names.PODS, "default", name, options=DeleteOptions(grace_period_seconds=0))

    def message(self, name: str) -> str:
        """Why a Pod is not scheduled."""
        for condition in self.get(name)["status"]["conditions"]:
            if condition["type"] == "PodScheduled":
                assert (condition["status"], condition["reason"]) == ("False", "Unschedulable")
                return str(condition["message"])
        raise AssertionError(f"{name} was not looked at")

    def events(self, name: str) -> list[tuple[str, str, str]]:
        return [
            (event["type"], event["reason"], event.get("message") or event.get("note"))
            for event in self.server.informer(names.EVENTS).list()
            if event["involvedObject"]["name"] == name
        ]
