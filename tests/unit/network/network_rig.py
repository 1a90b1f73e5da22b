"""Two nodes, a real API server, a network; Pods are containers on the nodes, Services and slices API objects."""

from __future__ import annotations

from typing import Any, cast

from k8s_magic.apiserver import ApiServer
from k8s_magic.client.context import Context
from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.client.recorder import Recorder
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object
from k8s_magic.network import Network
from k8s_magic.network.curl import curl
from k8s_magic.runtime.container import SimulatedContainer
from k8s_magic.runtime.contract import ContainerConfig, HttpRequest, Sandbox
from k8s_magic.runtime.world import World
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import SECOND, TimeFormatter

APP = "gcr.io/google-samples/hello-app:1.0"


class Lan:
    def __init__(self, seed: int = 0) -> None:
        self.kernel = Kernel()
        streams, times = Streams(seed), TimeFormatter()
        self.server = ApiServer(self.kernel, streams, times)
        self.world = World(self.kernel, streams, times)
        self.api = InProcessTransport(self.server, "test", component=True)
        context = Context(
            kernel=self.kernel,
            streams=streams,
            times=times,
            informer=self.server.informer,
            transport=lambda actor: self.api,
            recorder=lambda component, host="": Recorder(context, component, host),
            services={"world": self.world},
        )
        self.net = Network(context)
        self.net.start()
        for name in ("default", "shop", "kube-system"):
            self.create(names.NAMESPACES, "", {"metadata": {"name": name}}, "Namespace")
        for number in (1, 2):
            node = self.create(
                names.NODES,
                "",
                {"metadata": {"name": f"node-{number}"}, "spec": {"podCIDR": f"10.244.{number}.0/24"}},
                "Node",
            )
            addresses = [
                {"type": "InternalIP", "address": f"172.18.0.{number + 1}"},
                {"type": "Hostname", "address": f"node-{number}"},
            ]
            body = {**node, "status": {**node.get("status", {}), "addresses": addresses}}
            self.api.update(names.NODES, "", f"node-{number}", body, subresource="status")

    def create(self, resource: names.GroupVersionResource, namespace: str, body: Object, kind: str) -> Object:
        return self.api.create(resource, namespace, {"apiVersion": resource.api_version, "kind": kind, **body})

    def pod(
        self, name: str, node: int = 1, image: str = APP, namespace: str = "default", *command: str, **more: Any
    ) -> SimulatedContainer:
        runtime = self.world.node(f"node-{node}")
        if not runtime.has_image(image):
            runtime.preload(image)
        search = (f"{namespace}.svc.cluster.local", "svc.cluster.local", "cluster.local")
        sandbox = Sandbox(f"{namespace}-{name}", namespace, name, f"node-{node}", "", search=search, **more)
        if sandbox.host_network:
            sandbox.ip = f"172.18.0.{node + 1}"
        runtime.create_sandbox(sandbox, f"10.244.{node}.0/24")
        return runtime.start(sandbox, ContainerConfig("c", image, command=command), lambda container: None)

    def box(self, name: str = "box", node: int = 1, namespace: str = "default", **more: Any) -> SimulatedContainer:
        return self.pod(name, node, "busybox", namespace, "sleep", "3600", **more)

    def service(self, name: str, namespace: str = "default", port: int = 80, **spec: Any) -> Object:
        ports = [
            {"port": port, "targetPort": 8080, **({"nodePort": spec.pop("nodePort")} if "nodePort" in spec else {})}
        ]
        return self.create(
            names.SERVICES, namespace, {"metadata": {"name": name}, "spec": {"ports": ports, **spec}}, "Service"
        )

    def endpoints(
        self,
        service: str,
        *pods: SimulatedContainer,
        namespace: str = "default",
        hostnames: bool = False,
        **state: bool,
    ) -> Object:
        entries = []
        for pod in pods:
            sandbox = pod.sandbox
            entry: Object = {
                "addresses": [sandbox.ip],
                "nodeName": sandbox.node,
                "conditions": {"ready": True, "serving": True, "terminating": False, **state},
                "targetRef": {"kind": "Pod", "name": sandbox.name, "namespace": namespace},
            }
            if hostnames:
                entry["hostname"] = sandbox.name
            entries.append(entry)
        number = len(list(self.server.informer(names.ENDPOINT_SLICES).list()))
        body = {
            "metadata": {"name": f"{service}-{number}", "labels": {"kubernetes.io/service-name": service}},
            "addressType": "IPv4",
            "ports": [{"name": "", "port": 8080, "protocol": "TCP"}],
            "endpoints": entries,
        }
        return self.create(names.ENDPOINT_SLICES, namespace, body, "EndpointSlice")

    def get(self, source: SimulatedContainer | None, url: str) -> str:
        """Which Pod answered."""
        sandbox = source.sandbox if source is not None else None
        return self.net.http(sandbox, url, HttpRequest("GET", "/")).served_by

    def curl(self, line: str, **more: Any) -> tuple[str, str, int]:
        output = {"stdout": "", "stderr": ""}

        def hear(stream: str, text: str) -> None:
            output[stream] += text

        steps = curl(self.net, line, hear, **more)
        while True:
            try:
                wait = next(steps)
            except StopIteration as end:
                return output["stdout"], output["stderr"], cast(int, end.value)
            self.kernel.run_until(self.kernel.now + (wait or 0))

    def sh(self, container: SimulatedContainer, script: str) -> tuple[str, str, int]:
        output = {"stdout": "", "stderr": ""}

        def hear(stream: str, text: str) -> None:
            output[stream] += text

        running = self.world.node(container.sandbox.node).exec(container, ["sh", "-c", script], "", hear)
        while not running.step():
            assert self.kernel.step()
        return output["stdout"], output["stderr"], cast(int, running.exit_code)

    def run(self, seconds: float) -> None:
        self.kernel.run_until(self.kernel.now + round(seconds * SECOND))
