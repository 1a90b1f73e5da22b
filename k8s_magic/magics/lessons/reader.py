"""The cluster as a check looks at it: what is there, and how it behaves. A check changes nothing."""

from __future__ import annotations

from k8s_magic.cluster import Cluster, Result
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource

NAMESPACE = "default"
CONTROL_PLANE = "node-role.kubernetes.io/control-plane"


class Reader:
    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def all(self, resource: GroupVersionResource, namespace: str = NAMESPACE) -> list[Object]:
        with self.cluster.look():
            return list(self.cluster.context.informer(resource).list(namespace))

    def get(self, resource: GroupVersionResource, name: str, namespace: str = NAMESPACE) -> Object | None:
        with self.cluster.look():
            return self.cluster.context.informer(resource).get(namespace, name)

    def deployment(self, name: str) -> Object | None:
        return self.get(names.DEPLOYMENTS, name)

    def replica_sets_of(self, deployment: Object) -> list[Object]:
        return [each for each in self.all(names.REPLICA_SETS) if _is_owned(each, deployment)]

    def pods_of(self, deployment: Object) -> list[Object]:
        """A Deployment's Pods that are neither being deleted nor at an end."""
        owners = self.replica_sets_of(deployment)
        return [
            pod
            for pod in self.all(names.PODS)
            if any(_is_owned(pod, owner) for owner in owners)
            and not meta.is_deleting(pod)
            and pod["status"].get("phase") not in ("Failed", "Succeeded")
        ]

    def workers(self) -> list[Object]:
        return [node for node in self.all(names.NODES, "") if CONTROL_PLANE not in meta.labels_of(node)]

    def exec(self, pod: str, *words: str) -> Result:
        """Run a program in a Pod's first container, as `kubectl exec` does."""
        return self.cluster.kubectl(["exec", "-n", NAMESPACE, pod, "--", *words])


def _is_owned(obj: Object, owner: Object) -> bool:
    reference = meta.controller_of(obj)
    return reference is not None and reference["uid"] == meta.uid_of(owner)


def is_ready(obj: Object) -> bool:
    """Whether a Pod's or a node's condition Ready is True."""
    conditions = obj.get("status", {}).get("conditions", [])
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def node_of(pod: Object) -> str:
    """The name of a Pod's node; "" before it has one."""
    name: str = pod["spec"].get("nodeName", "")
    return name


def images_of(obj: Object) -> list[str]:
    """The images of a Pod's containers, or of a workload's template."""
    spec = obj["spec"].get("template", obj)["spec"]
    return [container["image"] for container in spec["containers"]]


def trouble_of(pod: Object) -> str:
    """Why a Pod will not start by itself (`ImagePullBackOff`, `Unschedulable`, …); "" if it may."""
    for status in pod["status"].get("containerStatuses", []):
        reason: str = status.get("state", {}).get("waiting", {}).get("reason", "")
        if reason not in ("", "ContainerCreating", "PodInitializing"):
            return reason
    for condition in pod["status"].get("conditions", []):
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            return "Unschedulable"
    return ""
