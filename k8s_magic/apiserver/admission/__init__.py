"""What the server itself asks of a request after decoding: namespaces, service accounts, priorities, limits, quotas.

The order is upstream's (pkg/kubeapiserver/options/plugins.go); `epoch` rises whenever something changes that an
answer depends on, so that answers may be kept until then.
"""

from __future__ import annotations

from k8s_magic.apiserver.admission import (
    limit_ranger,
    pods,
    priority,
    resource_quota,
    runtime_class,
    service_account,
    storage,
)
from k8s_magic.apiserver.admission.services import ServiceAllocator
from k8s_magic.apiserver.core import Core
from k8s_magic.machinery import errors
from k8s_magic.machinery.kind import Kind
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import (
    NAMESPACES,
    NODES,
    PODS,
    SERVICE_ACCOUNTS,
    SERVICES,
    GroupVersionResource,
)
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.sim import streams

__all__ = ["Admission"]

# Source: pkg/kubeapiserver/options/plugins.go, plugin namespace/lifecycle (immortal namespaces)
IMMORTAL = frozenset({"default", "kube-system", "kube-public"})
POLICIES: tuple[GroupVersionResource, ...] = (
    SERVICE_ACCOUNTS,
    limit_ranger.LIMIT_RANGES,
    priority.PRIORITY_CLASSES,
    runtime_class.RUNTIME_CLASSES,
)


class Admission:
    def __init__(self, core: Core) -> None:
        self.epoch = 0
        self._core = core
        self._open: dict[str, bool] = {}  # existing namespaces; False while one is being terminated
        self._volume_names = core.streams.stream("apiserver/token-volumes")
        self._services = ServiceAllocator(core)
        if NAMESPACES in core.kinds:
            core.table(NAMESPACES).add_handler(self._namespace_changed)
        for gvr in POLICIES:
            if gvr in core.kinds:
                core.table(gvr).add_handler(self._policy_changed)
        self._has_quotas = resource_quota.RESOURCE_QUOTAS in core.kinds
        self._has_limits = limit_ranger.LIMIT_RANGES in core.kinds

    def token_volume_name(self) -> str:
        return f"{service_account.VOLUME_PREFIX}-{streams.name_suffix(self._volume_names)}"

    def check_namespace(self, kind: Kind, metadata: Object, namespace: str) -> None:
        """NamespaceLifecycle for a create. Raises: NotFound, Forbidden."""
        if not kind.namespaced:
            return
        is_open = self._open.get(namespace)
        if is_open:
            return
        if is_open is None:
            raise errors.not_found(NAMESPACES, namespace)
        failure = errors.forbidden(
            kind.gvr,
            metadata.get("name", ""),
            f"unable to create new content in namespace {namespace} because it is being terminated",
        )
        failure.status["details"]["causes"] = [
            {
                "reason": "NamespaceTerminating",
                "message": f"namespace {namespace} is being terminated",
                "field": "metadata.namespace",
            }
        ]
        raise failure

    def namespace_exists(self, namespace: str) -> bool:
        return namespace in self._open

    def check_delete(self, kind: Kind, name: str) -> None:
        if kind.gvr == NAMESPACES and name in IMMORTAL:
            raise errors.forbidden(NAMESPACES, name, "this namespace may not be deleted")

    def admit_create(self, kind: Kind, obj: Object, namespace: str) -> None:
        """Check a create and change its object in place, before strategy and validation."""
        self.check_namespace(kind, obj["metadata"], namespace)
        gvr = kind.gvr
        if gvr == PODS and isinstance(obj.get("spec"), dict):
            core = self._core
            limit_ranger.admit(core, obj)
            service_account.admit(core, obj, self.token_volume_name)
            priority.admit(core, obj)
            pods.tolerate_bad_nodes(obj["spec"])
            runtime_class.admit(core, obj)
        elif gvr == NODES:
            pods.taint_new_node(obj)
        elif gvr in storage.FINALIZERS:
            storage.protect(gvr, obj)
        elif gvr == priority.PRIORITY_CLASSES:
            priority.check_default(self._core, obj, is_new=True)
        elif kind.custom and (gvr.group, gvr.resource) in self._core.closed:
            why = "create not allowed while custom resource definition is terminating"
            raise errors.forbidden(gvr, obj["metadata"].get("name", ""), why)

    def admit_update(self, kind: Kind, obj: Object, old: Object) -> None:
        """Change an update's object in place, before strategy and validation."""
        if kind.gvr == PODS:
            priority.keep(obj, old)
        elif kind.gvr == priority.PRIORITY_CLASSES:
            priority.check_default(self._core, obj, is_new=False)
        elif kind.namespaced and not self.namespace_exists(obj["metadata"]["namespace"]):
            raise errors.not_found(NAMESPACES, obj["metadata"]["namespace"])

    def check(self, kind: Kind, obj: Object, old: Object | None = None) -> list[resource_quota.Claim]:
        """Last of all: LimitRanger's bounds and ResourceQuota. Raises: Forbidden.

        Returns what the quotas must be told (`charge`) once the object is stored.
        """
        if old is None and self._has_limits:
            limit_ranger.check(self._core, kind, obj)
        if self._has_quotas:
            return resource_quota.check(self._core, kind, obj, old)
        return []

    def charge(self, claims: list[resource_quota.Claim]) -> None:
        resource_quota.write(self._core, claims)

    def allocate(self, kind: Kind, obj: Object, old: Object | None, dry_run: bool) -> None:
        """Give a Service its addresses and node ports, in place. They are taken once it is stored."""
        if kind.gvr == SERVICES:
            self._services.allocate(obj, old, dry_run)

    def _namespace_changed(self, type: WatchType, new: Object, old: Object | None) -> None:
        self.epoch += 1
        name = new["metadata"]["name"]
        if type == "DELETED":
            self._open.pop(name, None)
        else:
            self._open[name] = (new.get("status") or {}).get("phase") != "Terminating"

    def _policy_changed(self, type: WatchType, new: Object, old: Object | None) -> None:
        self.epoch += 1
