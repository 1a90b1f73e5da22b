"""Gives Services of type LoadBalancer an address, where the cluster has a provider of such.

`context.services["load_balancers"]` true means that it has. Without, such Services stay pending, as on a cluster
without a cloud.

Source: staging/src/k8s.io/cloud-provider/controllers/service/controller.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result, itself
from k8s_magic.controllers import _writes
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.sim.time import SECOND, SimTime

COMPONENT = "service-controller"
FINALIZER = "service.kubernetes.io/load-balancer-cleanup"
# Our simplification: the provider's range (documentation addresses, RFC 5737) and the time it takes (a guess).
RANGE = [f"203.0.113.{last}" for last in range(1, 255)]
PROVISIONING: SimTime = 2 * SECOND


class LoadBalancerController:
    def __init__(self, context: Context) -> None:
        self._kernel = context.kernel
        self._transport = context.transport(COMPONENT)
        self._recorder = context.recorder(COMPONENT)
        self._services = context.informer(names.SERVICES)
        self._is_offered = bool(context.services.get("load_balancers"))
        self._taken: dict[str, ObjectKey] = {}
        self._ready_at: dict[str, SimTime] = {}  # by the uid of Services that are being given one
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._services, self._note_service)

    def _note_service(self, type: WatchType, new: Object, old: Object | None) -> tuple[Request, ...]:
        key = meta.key_of(new)
        for address in _addresses(new):
            if type == "DELETED":
                self._taken.pop(address, None)
            else:
                self._taken[address] = key
        if type == "DELETED":
            self._ready_at.pop(meta.uid_of(new), None)
        return itself(type, new, old) if self._is_offered else ()

    def reconcile(self, request: Request) -> Result | None:
        service = self._services.get(request.namespace, request.name)
        if service is None:
            return None
        wants = service["spec"].get("type") == "LoadBalancer" and not meta.is_deleting(service)
        has_class = bool(service["spec"].get("loadBalancerClass"))
        if not wants:
            if FINALIZER in (service["metadata"].get("finalizers") or ()):
                self._release(service)
            return None
        if has_class or _addresses(service):
            return None
        return self._provide(service)

    def _provide(self, service: Object) -> Result | None:
        uid = meta.uid_of(service)
        now = self._kernel.now
        if uid not in self._ready_at:
            self._recorder.event(service, "Normal", "EnsuringLoadBalancer", "Ensuring load balancer")
            self._ready_at[uid] = now + PROVISIONING
            finalizers = service["metadata"].get("finalizers") or []
            if FINALIZER not in finalizers:
                self._patch(service, {"metadata": {"finalizers": [*finalizers, FINALIZER]}})
        if now < self._ready_at[uid]:
            return Result(requeue_after=self._ready_at[uid] - now)
        address = service["spec"].get("loadBalancerIP") or self._free()
        self._patch(
            service,
            {"status": {"loadBalancer": {"ingress": [{"ip": address, "ipMode": "VIP"}]}}},
            subresource="status",
        )
        del self._ready_at[uid]
        self._recorder.event(service, "Normal", "EnsuredLoadBalancer", "Ensured load balancer")
        return None

    def _free(self) -> str:
        for address in RANGE:
            if address not in self._taken:
                return address
        raise Unsupported("The simulated cloud has no more load balancer addresses.")

    def _release(self, service: Object) -> None:
        self._recorder.event(service, "Normal", "DeletingLoadBalancer", "Deleting load balancer")
        for address in _addresses(service):
            self._taken.pop(address, None)
        if _addresses(service) and not meta.is_deleting(service):
            self._patch(service, {"status": {"loadBalancer": None}}, subresource="status")
        left = [name for name in service["metadata"]["finalizers"] if name != FINALIZER]
        self._patch(service, {"metadata": {"finalizers": left or None}})
        self._recorder.event(service, "Normal", "DeletedLoadBalancer", "Deleted load balancer")

    def _patch(self, service: Object, patch: Object, subresource: str = "") -> None:
        try:
            self._transport.patch(
                names.SERVICES,
                meta.namespace_of(service),
                meta.name_of(service),
                patch,
                "merge",
                subresource=subresource,
                options=_writes.AS_MANAGER,
            )
        except ApiError as error:
            if not error.is_not_found:
                raise


def _addresses(service: Object) -> list[str]:
    ingress = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    return [entry["ip"] for entry in ingress if "ip" in entry]


def build(context: Context) -> Component:
    return LoadBalancerController(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
