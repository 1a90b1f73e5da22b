"""What a node is made of, and the Node object its kubelet registers.

Source: pkg/kubelet/kubelet_node_status.go (initialNode), pkg/kubelet/nodestatus/setters.go (1.36)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from k8s_magic.machinery.meta import Object

KUBELET_VERSION = "v1.36.2"
OS_IMAGE = "k8s-magic (simulated)"
_KIB = 1024
# Our figures: a disk of this size, of which the kubelet keeps a tenth free (evictionHard nodefs.available<10%).
DISK_BYTES = 50 * 1024**3
# evictionHard memory.available<100Mi. Source: pkg/kubelet/apis/config/v1beta1/defaults_linux.go
MEMORY_RESERVED = 100 * 1024**2
# The address every hollow node reports. Source: the recordings of a hollow cluster.
HOLLOW_ADDRESS = "192.0.2.2"


@dataclass(frozen=True)
class NodeConfig:
    """One node. `hollow` makes its kubelet report as kubemark's hollow kubelet does (a fake container runtime).

    Units: cpu in millicores, memory in bytes. `static_pods` are Pod manifests that run without the API's asking.
    `roles` become node-role labels.
    """

    name: str
    cpu_milli: int = 4000
    memory_bytes: int = 8 * 1024**3
    max_pods: int = 110
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: tuple[Mapping[str, Any], ...] = ()
    internal_ip: str = ""
    pod_cidr: str = ""
    roles: tuple[str, ...] = ()
    static_pods: tuple[Object, ...] = ()
    hollow: bool = False

    @property
    def address(self) -> str:
        return self.internal_ip or HOLLOW_ADDRESS


def cpu_text(milli: int) -> str:
    return str(milli // 1000) if milli % 1000 == 0 else f"{milli}m"


def capacity(config: NodeConfig) -> dict[str, str]:
    return {
        "cpu": cpu_text(config.cpu_milli),
        "ephemeral-storage": f"{DISK_BYTES // _KIB}Ki",
        "hugepages-1Gi": "0",
        "hugepages-2Mi": "0",
        "memory": f"{config.memory_bytes // _KIB}Ki",
        "pods": str(config.max_pods),
    }


def allocatable(config: NodeConfig) -> dict[str, str]:
    return {
        **capacity(config),
        "ephemeral-storage": str(DISK_BYTES * 9 // 10),
        "memory": f"{(config.memory_bytes - MEMORY_RESERVED) // _KIB}Ki",
    }


def hollow_capacity(config: NodeConfig) -> dict[str, str]:
    """A hollow kubelet has a fake cAdvisor: the machine's figures and nothing kept back."""
    return {
        "cpu": cpu_text(config.cpu_milli),
        "ephemeral-storage": "0",
        "memory": f"{config.memory_bytes // _KIB}Ki",
        "pods": str(config.max_pods),
    }


# (type, status, reason, message) in the kubelet's order, Ready last.
HEALTHY = (
    ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
)


def conditions(now: str, old: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The conditions a healthy kubelet posts; transition times of what did not change are kept, others' kept whole."""
    before = {condition["type"]: condition for condition in old}
    found = []
    for name, status, reason, message in HEALTHY:
        known = before.pop(name, None)
        since = known["lastTransitionTime"] if known is not None and known["status"] == status else now
        found.append(
            {
                "type": name,
                "status": status,
                "lastHeartbeatTime": now,
                "lastTransitionTime": since,
                "reason": reason,
                "message": message,
            }
        )
    return [*before.values(), *found]


def status(config: NodeConfig, now: str, images: list[tuple[str, int]], machine_id: str, old: Object) -> Object:
    """node.status as the kubelet of a healthy node posts it. `old` is the status it posted before."""
    runtime = "fakeRuntime://0.1.0" if config.hollow else "containerd://2.1.4"
    found: Object = {
        **old,
        "capacity": hollow_capacity(config) if config.hollow else capacity(config),
        "allocatable": hollow_capacity(config) if config.hollow else allocatable(config),
        "conditions": conditions(now, old.get("conditions") or []),
        "addresses": [
            {"type": "InternalIP", "address": config.address},
            {"type": "Hostname", "address": config.name},
        ],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": {
            "machineID": machine_id,
            "systemUUID": machine_id,
            "bootID": machine_id,
            "kernelVersion": "6.12.0",
            "osImage": OS_IMAGE,
            "containerRuntimeVersion": runtime,
            "kubeletVersion": KUBELET_VERSION,
            "kubeProxyVersion": "",
            "operatingSystem": "linux",
            "architecture": "amd64",
        },
    }
    if images:
        found["images"] = [{"names": [name], "sizeBytes": size} for name, size in images]
    if not config.hollow:
        found["runtimeHandlers"] = [{"name": "", "features": {"recursiveReadOnlyMounts": True, "userNamespaces": True}}]
        found["features"] = {"supplementalGroupsPolicy": True}
    return found


def node_object(config: NodeConfig, now: str, images: list[tuple[str, int]], machine_id: str) -> Object:
    labels = {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": config.name,
        "kubernetes.io/os": "linux",
        **{f"node-role.kubernetes.io/{role}": "" for role in config.roles},
        **config.labels,
    }
    spec: Object = {}
    if config.pod_cidr:
        spec["podCIDR"] = config.pod_cidr
        spec["podCIDRs"] = [config.pod_cidr]
    if config.taints:
        spec["taints"] = [dict(taint) for taint in config.taints]
    annotations = {"volumes.kubernetes.io/controller-managed-attach-detach": "true"}
    return {
        "kind": "Node",
        "apiVersion": "v1",
        "metadata": {"name": config.name, "labels": labels, "annotations": annotations},
        "spec": spec,
        "status": status(config, now, images, machine_id, {}),
    }
