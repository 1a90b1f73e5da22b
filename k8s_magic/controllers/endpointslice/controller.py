"""Brings a Service's slices to what they should hold and tells when the change happened."""

from __future__ import annotations

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Request, Result
from k8s_magic.controllers import _services, _writes
from k8s_magic.controllers._service_loop import ServiceLoop
from k8s_magic.controllers.endpointslice import slices, wanted
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.sim.time import SECOND, SimTime

COMPONENT = "endpoint-slice-controller"
# A Pod whose node is not known is looked at again. Source: endpointslice_controller.go defaultSyncBackOff
NODE_RETRY: SimTime = 1 * SECOND


class EndpointSliceController:
    def __init__(self, context: Context) -> None:
        self._transport = context.transport(COMPONENT)
        self._recorder = context.recorder(COMPONENT)
        self._slices = context.informer(names.ENDPOINT_SLICES)
        self._nodes = context.informer(names.NODES)
        self._times = _services.TriggerTimes()
        self._known: dict[tuple[ObjectKey, str], wanted.Known] = {}
        self._is_writing = False
        self._loop = ServiceLoop(context, COMPONENT, self.reconcile)
        self.controller = self._loop.controller
        self.controller.watch(self._slices, self._note_slice)

    def _note_slice(self, type: WatchType, new: Object, old: Object | None) -> tuple[ObjectKey, ...]:
        """Slices that someone else changed or deleted are put right."""
        labels = meta.labels_of(new)
        if self._is_writing or type == "ADDED" or labels.get(slices.MANAGED_BY) != slices.MANAGER:
            return ()
        return (ObjectKey(meta.namespace_of(new), labels.get(slices.SERVICE_NAME, "")),)

    def reconcile(self, request: Request) -> Result | None:
        service = self._loop.services.get(request.namespace, request.name)
        if service is None:
            self._times.forget(request)
            self._loop.forget(request)
            for address_type in ("IPv4", "IPv6"):
                self._known.pop((request, address_type), None)
            return None
        if service["spec"].get("type") == "ExternalName" or not service["spec"].get("selector"):
            return None
        pods = self._loop.pods_of(service)
        trigger = self._times.compute(service, pods)
        types = wanted.address_types(service)
        existing = self._existing(request)
        plan = slices.Plan(delete=[found for found in existing if found["addressType"] not in types])
        is_partial = False
        for address_type in types:
            known = self._known.setdefault((request, address_type), {})
            desired, left_out = wanted.by_ports(service, pods, self._nodes, address_type, known)
            is_partial = is_partial or left_out
            own = [found for found in existing if found["addressType"] == address_type]
            part = slices.plan(service, own, desired, address_type)
            plan.create += part.create
            plan.update += part.update
            plan.delete += part.delete
        self._is_writing = True
        try:
            self._write(service, plan, trigger)
        finally:
            self._is_writing = False
        return Result(requeue_after=NODE_RETRY) if is_partial else None

    def _existing(self, request: Request) -> list[Object]:
        found = self._slices.by_label(request.namespace, slices.SERVICE_NAME, request.name)
        return [
            one
            for one in found
            if meta.labels_of(one).get(slices.MANAGED_BY) == slices.MANAGER and not meta.is_deleting(one)
        ]

    def _write(self, service: Object, plan: slices.Plan, trigger: str | None) -> None:
        namespace = meta.namespace_of(service)
        try:
            if not meta.is_deleting(service):
                for new in plan.create:
                    body = _stamped(new, trigger)
                    self._transport.create(names.ENDPOINT_SLICES, namespace, body, options=_writes.AS_MANAGER)
            for changed in plan.update:
                body = _stamped(changed, trigger)
                name = meta.name_of(changed)
                self._transport.update(names.ENDPOINT_SLICES, namespace, name, body, options=_writes.AS_MANAGER)
            for gone in plan.delete:
                self._transport.delete(names.ENDPOINT_SLICES, namespace, meta.name_of(gone))
        except ApiError as error:
            if error.is_not_found or _writes.namespace_is_going(error):
                return
            name = meta.name_of(service)
            text = f"Error updating Endpoint Slices for Service {namespace}/{name}: {error.message}"
            self._recorder.event(service, "Warning", "FailedToUpdateEndpointSlices", text)
            raise


def _stamped(found: Object, trigger: str | None) -> Object:
    annotations = {name: value for name, value in meta.annotations_of(found).items() if name != _services.TRIGGER_TIME}
    if trigger is not None:
        annotations[_services.TRIGGER_TIME] = trigger
    if annotations:
        return meta.with_metadata(found, annotations=annotations)
    return meta.with_metadata(found, annotations=None) if "annotations" in found["metadata"] else found


def build(context: Context) -> Component:
    return EndpointSliceController(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
