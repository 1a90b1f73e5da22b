"""`kubectl cluster-info`. Source: kubectl/pkg/cmd/clusterinfo/clusterinfo.go."""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl import kubeconfig
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import SERVICES
from k8s_magic.machinery.protocols import ListOptions, Transport


@dataclass(frozen=True, slots=True)
class Options:
    namespace: str
    server: str


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    contexts = kubeconfig.entries(streams.config, "contexts")
    name = call.text("context") or streams.config.get("current-context", "")
    cluster = call.text("cluster") or contexts.get(name, {}).get("cluster", "")
    server = kubeconfig.entries(streams.config, "clusters").get(cluster, {}).get("server", "")
    return Options(call.text("namespace") or "kube-system", call.text("server") or server)


def run(options: Options, client: Transport, streams: Streams) -> int:
    chosen = ListOptions(label_selector="kubernetes.io/cluster-service=true")
    services = client.list(SERVICES, options.namespace, options=chosen)["items"]
    streams.out(f"Kubernetes control plane is running at {options.server}\n")
    for service in services:
        name = meta.labels_of(service).get("kubernetes.io/name") or meta.name_of(service)
        streams.out(f"{name} is running at {_link(service, options.server)}\n")
    streams.out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n")
    return 0


def _link(service: Object, server: str) -> str:
    ports = service["spec"].get("ports") or []
    ingress = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    if ingress:
        address = ingress[0].get("ip") or ingress[0].get("hostname", "")
        return "".join(f"http://{address}:{port['port']} " for port in ports)
    name = meta.name_of(service)
    if ports:
        named = ports[0].get("name", "")
        secure = named == "https" or ports[0]["port"] == 443
        name = f"https:{name}:{named}" if secure else f"{name}:{named}" if named else name
    return f"{server}/api/v1/namespaces/{meta.namespace_of(service)}/services/{name}/proxy"


COMMAND: Command[Options] = Command(
    name="cluster-info",
    short="Show where the cluster is",
    usage="cluster-info [flags]",
    complete=complete,
    run=run,
)
