"""Defaults of the core group beside Pods and volumes. Source: pkg/apis/core/v1/defaults.go, conversion.go"""

from __future__ import annotations

from base64 import b64encode

from k8s_magic.kinds.defaults import pod
from k8s_magic.machinery.meta import Object

CLIENT_IP_TIMEOUT = 10800  # v1.DefaultClientIPServiceAffinitySeconds


def replication_controller(obj: Object) -> None:
    template = obj["spec"].get("template")
    labels = template["metadata"].get("labels") if template else None
    if labels:
        if not obj["spec"].get("selector"):
            obj["spec"]["selector"] = dict(labels)
        if not obj["metadata"].get("labels"):
            obj["metadata"]["labels"] = dict(labels)


def service(obj: Object) -> None:
    spec = obj["spec"]
    affinity = spec.setdefault("sessionAffinity", "None")
    if affinity == "None":
        spec.pop("sessionAffinityConfig", None)
    elif affinity == "ClientIP":
        client = spec.get("sessionAffinityConfig", {}).get("clientIP", {})
        if "timeoutSeconds" not in client:
            spec["sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": CLIENT_IP_TIMEOUT}}
    type_ = spec.setdefault("type", "ClusterIP")
    for port in spec.get("ports") or ():
        port.setdefault("protocol", "TCP")
        if port["targetPort"] in (0, ""):
            port["targetPort"] = port["port"]
    exposed = type_ in ("LoadBalancer", "NodePort") or (type_ == "ClusterIP" and spec.get("externalIPs"))
    if exposed:
        spec.setdefault("externalTrafficPolicy", "Cluster")
    if type_ in ("NodePort", "LoadBalancer", "ClusterIP"):
        spec.setdefault("internalTrafficPolicy", "Cluster")
    if type_ == "LoadBalancer":
        spec.setdefault("allocateLoadBalancerNodePorts", True)
        for ingress in obj["status"]["loadBalancer"].get("ingress") or ():
            if ingress.get("ip"):
                ingress.setdefault("ipMode", "VIP")


def secret(obj: Object) -> None:
    """Also folds stringData into data, which is write-only. Source: core/v1/conversion.go"""
    obj.setdefault("type", "Opaque")
    text = obj.pop("stringData", None)
    if text:
        data = {name: b64encode(value.encode()).decode() for name, value in text.items()}
        obj["data"] = {**(obj.get("data") or {}), **data}


def persistent_volume(obj: Object) -> None:
    obj["status"].setdefault("phase", "Pending")
    obj["spec"].setdefault("persistentVolumeReclaimPolicy", "Retain")
    obj["spec"].setdefault("volumeMode", "Filesystem")


def persistent_volume_claim(obj: Object) -> None:
    obj["status"].setdefault("phase", "Pending")


def persistent_volume_claim_spec(obj: Object) -> None:
    obj.setdefault("volumeMode", "Filesystem")


def endpoints(obj: Object) -> None:
    for subset in obj.get("subsets") or ():
        for port in subset.get("ports") or ():
            port.setdefault("protocol", "TCP")


def namespace(obj: Object) -> None:
    name = obj["metadata"].get("name")
    if name:
        obj["metadata"]["labels"] = {
            **(obj["metadata"].get("labels") or {}),
            "kubernetes.io/metadata.name": name,
        }


def namespace_status(obj: Object) -> None:
    obj.setdefault("phase", "Active")


def node_status(obj: Object) -> None:
    if "allocatable" not in obj and obj.get("capacity"):
        obj["allocatable"] = dict(obj["capacity"])


def limit_range_item(obj: Object) -> None:
    """A container's default limit is its maximum; its default request is that limit, else the minimum."""
    if obj["type"] != "Container":
        return
    limits = {**obj.get("max", {}), **obj.get("default", {})}
    requests = {**obj.get("min", {}), **limits, **obj.get("defaultRequest", {})}
    if limits:
        obj["default"] = limits
    if requests:
        obj["defaultRequest"] = requests


TYPES = pod.TYPES | {
    "core.v1.ReplicationController": replication_controller,
    "core.v1.Service": service,
    "core.v1.Secret": secret,
    "core.v1.PersistentVolume": persistent_volume,
    "core.v1.PersistentVolumeClaim": persistent_volume_claim,
    "core.v1.PersistentVolumeClaimSpec": persistent_volume_claim_spec,
    "core.v1.Endpoints": endpoints,
    "core.v1.Namespace": namespace,
    "core.v1.NamespaceStatus": namespace_status,
    "core.v1.NodeStatus": node_status,
    "core.v1.LimitRangeItem": limit_range_item,
}
