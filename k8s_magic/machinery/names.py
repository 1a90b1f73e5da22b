"""Names of kinds and resources, as the API spells them."""

from __future__ import annotations

from typing import NamedTuple


class GroupVersionKind(NamedTuple):
    group: str
    version: str
    kind: str

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version


class GroupVersionResource(NamedTuple):
    """`resource` is the lower-case plural; `group` is "" for the core group."""

    group: str
    version: str
    resource: str

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """`deployments.apps`, `pods`: how kubectl and Status messages name a resource."""
        return f"{self.resource}.{self.group}" if self.group else self.resource


def core(resource: str) -> GroupVersionResource:
    return GroupVersionResource("", "v1", resource)


PODS = core("pods")
NODES = core("nodes")
NAMESPACES = core("namespaces")
SERVICES = core("services")
ENDPOINTS = core("endpoints")
EVENTS = core("events")
CONFIG_MAPS = core("configmaps")
SECRETS = core("secrets")
SERVICE_ACCOUNTS = core("serviceaccounts")
REPLICATION_CONTROLLERS = core("replicationcontrollers")
PERSISTENT_VOLUMES = core("persistentvolumes")
PERSISTENT_VOLUME_CLAIMS = core("persistentvolumeclaims")
DEPLOYMENTS = GroupVersionResource("apps", "v1", "deployments")
REPLICA_SETS = GroupVersionResource("apps", "v1", "replicasets")
DAEMON_SETS = GroupVersionResource("apps", "v1", "daemonsets")
STATEFUL_SETS = GroupVersionResource("apps", "v1", "statefulsets")
CONTROLLER_REVISIONS = GroupVersionResource("apps", "v1", "controllerrevisions")
ENDPOINT_SLICES = GroupVersionResource("discovery.k8s.io", "v1", "endpointslices")
RBAC = "rbac.authorization.k8s.io"
ROLES = GroupVersionResource(RBAC, "v1", "roles")
ROLE_BINDINGS = GroupVersionResource(RBAC, "v1", "rolebindings")
CLUSTER_ROLES = GroupVersionResource(RBAC, "v1", "clusterroles")
CLUSTER_ROLE_BINDINGS = GroupVersionResource(RBAC, "v1", "clusterrolebindings")
LEASES = GroupVersionResource("coordination.k8s.io", "v1", "leases")
HORIZONTAL_POD_AUTOSCALERS = GroupVersionResource("autoscaling", "v2", "horizontalpodautoscalers")
CUSTOM_RESOURCE_DEFINITIONS = GroupVersionResource("apiextensions.k8s.io", "v1", "customresourcedefinitions")
