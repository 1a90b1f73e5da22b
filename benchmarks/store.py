"""What one write costs: `python benchmarks/store.py [replicas]` prints microseconds a write and counts.

Plays the life of many Pods of one template as the components write it, without the components: create, bind, four
statuses and five events a Pod.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

from k8s_magic.apiserver import ApiServer
from k8s_magic.client.context import Context
from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.client.recorder import Recorder
from k8s_magic.machinery import meta, names
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import MILLISECOND, TimeFormatter

CONDITIONS = ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")


class World:
    def __init__(self) -> None:
        self.kernel = Kernel()
        self.times = TimeFormatter()
        self.server = ApiServer(self.kernel, Streams(0), self.times)
        self.user = InProcessTransport(self.server, "kubectl")
        self.context = Context(
            self.kernel, Streams(0), self.times, self.server.informer, self.component, lambda *a, **k: None
        )
        self.user.create(names.NAMESPACES, "", {"metadata": {"name": "default"}})
        self.user.create(names.SERVICE_ACCOUNTS, "default", {"metadata": {"name": "default"}})
        self.manager = self.component("kube-controller-manager")
        self.scheduler = self.component("kube-scheduler")
        self.kubelet = self.component("kubelet")
        template = {
            "metadata": {"labels": {"app": "web", "pod-template-hash": "7bc8f5967c"}},
            "spec": {"containers": [{"name": "web", "image": "nginx:1.25", "ports": [{"containerPort": 80}]}]},
        }
        self.owner = self.user.create(
            names.REPLICA_SETS,
            "default",
            {
                "metadata": {"name": "web-7bc8f5967c"},
                "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": template},
            },
        )
        self.pods = self.server.informer(names.PODS)
        self.seen = 0
        for _ in range(4):
            self.pods.add_handler(self.hear)

    def component(self, actor: str) -> InProcessTransport:
        return InProcessTransport(self.server, actor, component=True)

    def hear(self, type: str, new: meta.Object, old: meta.Object | None) -> None:
        self.seen += 1

    def create(self) -> str:
        template = self.owner["spec"]["template"]
        body = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "generateName": "web-7bc8f5967c-",
                "labels": template["metadata"]["labels"],
                "ownerReferences": [meta.owner_reference(self.owner)],
            },
            "spec": template["spec"],
        }
        self.kernel.now += MILLISECOND
        return str(self.manager.create(names.PODS, "default", body)["metadata"]["name"])

    def bind(self, name: str) -> None:
        target = {"apiVersion": "v1", "kind": "Node", "name": f"node-{len(name) % 10}"}
        body = {"metadata": {"name": name, "namespace": "default"}, "target": target}
        self.scheduler.create(names.PODS, "default", body, name=name, subresource="binding")

    def status(self, name: str, step: int) -> None:
        pod = self.pods.get("default", name)
        assert pod is not None
        now = self.context.now_text()
        status = {
            **pod["status"],
            "conditions": [
                {"type": each, "status": str(step), "lastProbeTime": None, "lastTransitionTime": now}
                for each in CONDITIONS
            ],
            "containerStatuses": [{"name": "web", "ready": step > 2, "restartCount": 0, "image": "nginx:1.25"}],
        }
        self.kubelet.update(names.PODS, "default", name, meta.with_status(pod, status), subresource="status")


def measure(title: str, calls: int, run: Callable[[], Any]) -> Any:
    start = time.process_time()
    result = run()
    spent = time.process_time() - start
    print(f"{title:<28}{calls:>9} writes{spent / calls * 1e6:>9.1f} µs each")
    return result


def main(replicas: int, traced: bool) -> None:
    world = World()
    if traced:
        tracemalloc.start()
    before = world.server.store.writes
    pods = measure("create", replicas, lambda: [world.create() for _ in range(replicas)])
    measure("bind", replicas, lambda: [world.bind(name) for name in pods])
    measure("status", 4 * replicas, lambda: [world.status(name, step) for step in range(4) for name in pods])
    recorder = Recorder(world.context, "kubelet", "node-1")

    def events() -> None:
        for name in pods:
            pod = world.pods.get("default", name)
            assert pod is not None
            for step in range(5):
                recorder.event(pod, "Normal", f"Step{step}", "Container created", field_path="spec.containers{web}")

    measure("event", 5 * replicas, events)
    print(f"store writes: {world.server.store.writes - before}, handler calls: {world.seen}")
    if traced:
        print(f"memory: {tracemalloc.get_traced_memory()[0] / 1e6:.1f} MB")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    main(count, False)
    main(count, True)
