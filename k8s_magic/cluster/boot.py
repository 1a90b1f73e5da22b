"""How a cluster comes to be: namespaces, nodes, and unless it is bare the control plane's own Pods."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from k8s_magic.cluster.options import Options
from k8s_magic.cluster.wiring import Parts
from k8s_magic.kubelet import NodeConfig
from k8s_magic.machinery import names, quantity
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.sim.time import SECOND, SimTime
from k8s_magic.text import yaml_in

MANIFESTS = Path(__file__).parent / "manifests"
# A new cluster is handed over when everything on it has had this long to start. Our choice: long enough for the
# control plane's own Pods to be ready.
BOOT: SimTime = 60 * SECOND
NAMESPACES = ("kube-system", "kube-public", "kube-node-lease", "default")
# Source: pkg/apis/scheduling/v1/helpers.go
PRIORITY_CLASSES = (
    (
        "system-node-critical",
        2000001000,
        "Used for system critical pods that must not be moved from their current node.",
    ),
    (
        "system-cluster-critical",
        2000000000,
        "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
    ),
)
CONTROL_PLANE_TAINT = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}
PRIORITY = GroupVersionResource("scheduling.k8s.io", "v1", "priorityclasses")


@cache
def manifests(name: str) -> tuple[Object, ...]:
    text = (MANIFESTS / name).read_text(encoding="utf-8")
    return tuple(document.data for document in yaml_in.documents(text))


def node_names(options: Options) -> list[str]:
    """A bare cluster's nodes count from 0, as hollow nodes do; others' workers from 1, after the control plane."""
    if options.bare:
        return [f"node-{number}" for number in range(options.nodes)]
    return ["control-plane", *(f"node-{number}" for number in range(1, options.nodes + 1))]


def node_config(options: Options, number: int, name: str) -> NodeConfig:
    """The node that is number `number` in the cluster; each has its own address and Pod network."""
    is_control_plane = name == "control-plane"
    return NodeConfig(
        name=name,
        cpu_milli=quantity.cpu_milli(options.cpu),
        memory_bytes=quantity.as_bytes(options.memory),
        max_pods=options.pods,
        taints=(CONTROL_PLANE_TAINT,) if is_control_plane else (),
        internal_ip="" if options.bare else f"172.18.{(number + 2) // 256}.{(number + 2) % 256}",
        roles=("control-plane",) if is_control_plane else (),
        static_pods=manifests("static-pods.yaml") if is_control_plane else (),
        hollow=options.bare,
    )


def boot(parts: Parts, options: Options) -> None:
    """Bring an empty cluster to where a person first meets it, `BOOT` after its epoch."""
    server = parts.transport("kube-apiserver")
    parts.start()
    for name in NAMESPACES:
        server.create(names.NAMESPACES, "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    parts.server.bootstrap()
    for name, value, description in PRIORITY_CLASSES:
        body: dict[str, Any] = {
            "apiVersion": "scheduling.k8s.io/v1",
            "kind": "PriorityClass",
            "metadata": {"name": name},
            "value": value,
            "description": description,
        }
        server.create(PRIORITY, "", body)
    for number, name in enumerate(node_names(options)):
        parts.kubelets.add_node(node_config(options, number, name))
    if not options.bare:
        parts.kernel.run_until(parts.kernel.now + SECOND)
        kubeadm = parts.transport("kubeadm")
        for name in ("coredns.yaml", "kube-proxy.yaml"):
            for obj in manifests(name):
                kubeadm.create(_resource(obj), "kube-system", obj)
    parts.kernel.run_until(BOOT)


_RESOURCES = {
    "ServiceAccount": names.SERVICE_ACCOUNTS,
    "ConfigMap": names.CONFIG_MAPS,
    "Service": names.SERVICES,
    "Deployment": names.DEPLOYMENTS,
    "DaemonSet": names.DAEMON_SETS,
    "ClusterRole": names.CLUSTER_ROLES,
    "ClusterRoleBinding": names.CLUSTER_ROLE_BINDINGS,
}


def _resource(obj: Object) -> GroupVersionResource:
    return _RESOURCES[obj["kind"]]
