"""Defaults of the smaller groups: networking, discovery, RBAC, storage, scheduling, devices, tokens.

Source: pkg/apis/{networking,discovery,rbac,storage,scheduling,resource,authentication}/v1/defaults.go
"""

from __future__ import annotations

from k8s_magic.machinery.meta import Object

RBAC_GROUP = "rbac.authorization.k8s.io"


def endpoint_port(obj: Object) -> None:
    obj.setdefault("name", "")
    obj.setdefault("protocol", "TCP")


def network_policy_port(obj: Object) -> None:
    obj.setdefault("protocol", "TCP")


def network_policy(obj: Object) -> None:
    spec = obj["spec"]
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]


def ingress_class(obj: Object) -> None:
    parameters = obj["spec"].get("parameters")
    if parameters is not None and parameters.get("scope") is None:
        parameters["scope"] = "Cluster"


def role_binding(obj: Object) -> None:
    if not obj["roleRef"].get("apiGroup"):
        obj["roleRef"]["apiGroup"] = RBAC_GROUP


def subject(obj: Object) -> None:
    if not obj.get("apiGroup") and obj["kind"] in ("User", "Group"):
        obj["apiGroup"] = RBAC_GROUP


def priority_class(obj: Object) -> None:
    obj.setdefault("preemptionPolicy", "PreemptLowerPriority")


def storage_class(obj: Object) -> None:
    obj.setdefault("reclaimPolicy", "Delete")
    obj.setdefault("volumeBindingMode", "Immediate")


def csi_driver(obj: Object) -> None:
    spec = obj["spec"]
    spec.setdefault("attachRequired", True)
    spec.setdefault("podInfoOnMount", False)
    spec.setdefault("storageCapacity", False)
    spec.setdefault("fsGroupPolicy", "ReadWriteOnceWithFSType")
    if not spec.get("volumeLifecycleModes"):
        spec["volumeLifecycleModes"] = ["Persistent"]
    spec.setdefault("requiresRepublish", False)
    spec.setdefault("seLinuxMount", False)


def token_request_spec(obj: Object) -> None:
    if obj.get("expirationSeconds") is None:
        obj["expirationSeconds"] = 3600


def device_request(obj: Object) -> None:
    if not obj.get("allocationMode"):
        obj["allocationMode"] = "ExactCount"
    if obj["allocationMode"] == "ExactCount" and not obj.get("count"):
        obj["count"] = 1


TYPES = {
    "authentication.v1.TokenRequestSpec": token_request_spec,
    "discovery.v1.EndpointPort": endpoint_port,
    "networking.v1.NetworkPolicyPort": network_policy_port,
    "networking.v1.NetworkPolicy": network_policy,
    "networking.v1.IngressClass": ingress_class,
    "rbac.v1.ClusterRoleBinding": role_binding,
    "rbac.v1.RoleBinding": role_binding,
    "rbac.v1.Subject": subject,
    "resource.v1.ExactDeviceRequest": device_request,
    "resource.v1.DeviceSubRequest": device_request,
    "scheduling.v1.PriorityClass": priority_class,
    "storage.v1.StorageClass": storage_class,
    "storage.v1.CSIDriver": csi_driver,
}
