"""Mirrors hand-made Endpoints of Services without a selector into EndpointSlices.

Source: pkg/controller/endpointslicemirroring (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result
from k8s_magic.controllers import _services, _writes
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType

COMPONENT = "endpoint-slice-mirroring-controller"
MANAGER = "endpointslicemirroring-controller.k8s.io"
MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
SERVICE_NAME = "kubernetes.io/service-name"
SKIP = "endpointslice.kubernetes.io/skip-mirror"
LEADER = "control-plane.alpha.kubernetes.io/leader"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
# Source: endpointslicemirroring/config MirroringMaxEndpointsPerSubset
MOST = 1000


def is_mirrored(endpoints: Object) -> bool:
    skip = meta.labels_of(endpoints).get(SKIP, "")
    is_skipped = skip in ("1", "t", "T", "TRUE", "true", "True")
    return not is_skipped and LEADER not in meta.annotations_of(endpoints)


def slices_of(endpoints: Object) -> list[Object]:
    """One slice for each subset and family of addresses."""
    result = []
    for subset in endpoints.get("subsets") or ():
        by_family: dict[str, list[Object]] = {}
        room = MOST
        for field, ready in (("addresses", True), ("notReadyAddresses", False)):
            for address in (subset.get(field) or ())[: max(room, 0)]:
                room -= 1
                family = "IPv6" if ":" in address["ip"] else "IPv4"
                by_family.setdefault(family, []).append(_endpoint(address, ready))
        for family, listed in by_family.items():
            result.append(_slice(endpoints, family, listed, subset.get("ports") or []))
    return result


def _endpoint(address: Object, ready: bool) -> Object:
    endpoint: Object = {"addresses": [address["ip"]], "conditions": {"ready": ready}}
    for field in ("hostname", "targetRef", "nodeName"):
        if address.get(field):
            endpoint[field] = address[field]
    return endpoint


def _slice(endpoints: Object, family: str, listed: list[Object], ports: list[Object]) -> Object:
    name = meta.name_of(endpoints)
    left_out = (LAST_APPLIED, _services.TRIGGER_TIME)
    labels = meta.labels_of(endpoints) | {SERVICE_NAME: name, MANAGED_BY: MANAGER}
    metadata: Object = {
        "generateName": f"{name}-",
        "namespace": meta.namespace_of(endpoints),
        "labels": labels,
        "ownerReferences": [meta.owner_reference({**endpoints, "apiVersion": "v1", "kind": "Endpoints"})],
    }
    annotations = {key: text for key, text in meta.annotations_of(endpoints).items() if key not in left_out}
    if annotations:
        metadata["annotations"] = annotations
    wire_ports = []
    for port in ports:
        entry = {"name": port.get("name", ""), "protocol": port.get("protocol", "TCP"), "port": port["port"]}
        if port.get("appProtocol"):
            entry["appProtocol"] = port["appProtocol"]
        wire_ports.append(entry)
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": metadata,
        "addressType": family,
        "endpoints": listed,
        "ports": wire_ports or None,
    }


class EndpointSliceMirroring:
    def __init__(self, context: Context) -> None:
        self._transport = context.transport(COMPONENT)
        self._endpoints = context.informer(names.ENDPOINTS)
        self._services = context.informer(names.SERVICES)
        self._slices = context.informer(names.ENDPOINT_SLICES)
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._endpoints, self._note_endpoints)
        self.controller.watch(self._services, self._note_service)
        self.controller.watch(self._slices, self._note_slice)

    def _note_endpoints(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        if not is_mirrored(new) and (old is None or not is_mirrored(old)):
            return ()
        service = self._services.get(meta.namespace_of(new), meta.name_of(new))
        return () if service is not None and service["spec"].get("selector") else (meta.key_of(new),)

    def _note_service(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        before = old["spec"].get("selector") if old is not None else None
        if type == "MODIFIED" and before == new["spec"].get("selector"):
            return ()
        key = meta.key_of(new)
        return (key,) if self._endpoints.get(*key) is not None else ()

    def _note_slice(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        labels = meta.labels_of(new)
        if type == "ADDED" or labels.get(MANAGED_BY) != MANAGER:
            return ()
        return (ObjectKey(meta.namespace_of(new), labels.get(SERVICE_NAME, "")),)

    def reconcile(self, request: Request) -> Result | None:
        endpoints = self._endpoints.get(request.namespace, request.name)
        service = self._services.get(request.namespace, request.name)
        wanted = []
        is_by_hand = service is not None and not service["spec"].get("selector")
        if endpoints is not None and is_by_hand and is_mirrored(endpoints):
            wanted = slices_of(endpoints)
        held = [
            found
            for found in self._slices.by_label(request.namespace, SERVICE_NAME, request.name)
            if meta.labels_of(found).get(MANAGED_BY) == MANAGER and not meta.is_deleting(found)
        ]
        try:
            self._bring(wanted, held)
        except ApiError as error:
            if not error.is_not_found and not _writes.namespace_is_going(error):
                raise
        return None

    def _bring(self, wanted: list[Object], held: list[Object]) -> None:
        """Slices of the same family and ports are kept; others take over what is left, or are made or deleted."""
        left = list(held)
        pending = []
        for body in wanted:
            same = next((found for found in left if _kind_of(found) == _kind_of(body)), None)
            if same is None:
                pending.append(body)
            else:
                left.remove(same)
                self._update(same, body)
        for body in pending:
            family = body["addressType"]
            spare = next((found for found in left if found["addressType"] == family), None)
            if spare is not None:
                left.remove(spare)
                self._update(spare, body)
            else:
                namespace = meta.namespace_of(body)
                self._transport.create(names.ENDPOINT_SLICES, namespace, body, options=_writes.AS_MANAGER)
        for found in left:
            self._transport.delete(names.ENDPOINT_SLICES, meta.namespace_of(found), meta.name_of(found))

    def _update(self, held: Object, body: Object) -> None:
        fields = ("endpoints", "ports")
        same_metadata = all(
            held["metadata"].get(field) == body["metadata"].get(field) for field in ("labels", "annotations")
        )
        if same_metadata and all(held.get(field) == body.get(field) for field in fields):
            return
        new = meta.with_metadata(body, name=meta.name_of(held))
        namespace = meta.namespace_of(held)
        self._transport.update(names.ENDPOINT_SLICES, namespace, meta.name_of(held), new, options=_writes.AS_MANAGER)


def _kind_of(found: Object) -> tuple[str, list[tuple[str, int, str]]]:
    ports = found.get("ports") or ()
    return found["addressType"], sorted((port["name"], port["port"], port["protocol"]) for port in ports)


def build(context: Context) -> Component:
    return EndpointSliceMirroring(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
