"""Endpoints: the addresses of a Service's Pods in one object of the Service's name.

Source: pkg/controller/endpoint/endpoints_controller.go, pkg/api/v1/endpoints/util.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Request, Result
from k8s_magic.controllers import _pods, _services, _writes
from k8s_magic.controllers._service_loop import ServiceLoop
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType

COMPONENT = "endpoint-controller"
MANAGED_BY = "endpoints.kubernetes.io/managed-by"
OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity"
# Source: endpoints_controller.go maxCapacity
CAPACITY = 1000
# Source: Go's hash/fnv New128a
OFFSET = 0x6C62272E07BB014262B821756295C58D
PRIME = 0x0000000001000000000000000000013B
WORD = (1 << 128) - 1

Port = tuple[str, int, str, str]
"""Name, number, protocol, application protocol."""


def _port_order(port: Port) -> int:
    """Ports stand in the order of their hashes. Source: pkg/api/v1/endpoints/util.go portsByHash"""
    name, number, protocol, application = port
    text = (
        f"(v1.EndpointPort){{Name:(string){name} Port:(int32){number} Protocol:(v1.Protocol){protocol} "
        f"AppProtocol:(*string){application or '<nil>'}}}"
    )
    state = OFFSET
    for byte in text.encode():
        state = ((state ^ byte) * PRIME) & WORD
    return state


def _wire_port(port: Port) -> Object:
    name, number, protocol, application = port
    result: Object = {"name": name} if name else {}
    result |= {"port": number, "protocol": protocol}
    if application:
        result["appProtocol"] = application
    return result


Known = dict[str, tuple[Object, Any, bool, str, Object, list[Port | None]]]
"""By a Pod's uid: the Pod, the Service's spec, and what followed: ready, address, entry, ports."""


def subsets(service: Object, pods: list[Object], known: Known) -> list[Object]:
    """The Pods' addresses, grouped by the ports that they are reached on. `known` is brought up to date."""
    spec = service["spec"]
    publishes_all = bool(spec.get("publishNotReadyAddresses"))
    families = spec.get("ipFamilies")
    ipv6 = families[0] == "IPv6" if families else ":" in spec.get("clusterIP", "")
    by_port: dict[Port | None, dict[tuple[str, str], tuple[bool, Object]]] = {}
    before = dict(known)
    known.clear()
    for pod in pods:
        uid = pod["metadata"]["uid"]
        held = before.get(uid)
        if held is None or held[0] is not pod or held[1] is not spec:
            if not _services.may_be_endpoint(pod, even_terminating=publishes_all):
                continue
            found = _services.addresses(pod, ipv6=ipv6)
            if not found:
                continue
            ready = publishes_all or _pods.is_ready(pod)
            held = (pod, spec, ready, found[0], _address(pod, service, found[0]), _ports(service, pod))
        known[uid] = held
        for port in held[5]:
            by_port.setdefault(port, {})[held[3], uid] = (held[2], held[4])
    groups: dict[tuple[Any, ...], list[Port]] = {}
    members: dict[tuple[Any, ...], dict[tuple[str, str], tuple[bool, Object]]] = {}
    for port, reached in by_port.items():
        key = tuple(sorted((address, ready) for address, (ready, _) in reached.items()))
        members[key] = reached
        groups.setdefault(key, []).extend([] if port is None else [port])
    return [
        _subset(members[key], sorted(ports, key=_port_order))
        for key, ports in sorted(groups.items(), key=lambda item: min(map(_port_order, item[1]), default=0))
    ]


def _ports(service: Object, pod: Object) -> list[Port | None]:
    declared = service["spec"].get("ports") or ()
    if not declared:
        return [None] if _services.is_headless(service) else []
    ports: list[Port | None] = []
    for port in declared:
        number = _services.find_port(pod, port)
        if number is not None:
            ports.append((port.get("name", ""), number, port.get("protocol", "TCP"), port.get("appProtocol", "")))
    return ports


def _address(pod: Object, service: Object, ip: str) -> Object:
    entry: Object = {"ip": ip}
    hostname = _services.hostname(pod, service)
    if hostname:
        entry["hostname"] = hostname
    return {
        **entry,
        "nodeName": pod["spec"].get("nodeName", ""),
        "targetRef": _services.target_reference(pod),
    }


def _subset(reached: dict[tuple[str, str], tuple[bool, Object]], ports: list[Port]) -> Object:
    result: Object = {}
    for field, wanted in (("addresses", True), ("notReadyAddresses", False)):
        listed = [entry for _, (ready, entry) in sorted(reached.items()) if ready is wanted]
        if listed:
            result[field] = listed
    if ports:
        result["ports"] = [_wire_port(port) for port in ports]
    return result


def _truncated(found: list[Object]) -> tuple[list[Object], bool]:
    """At most `CAPACITY` addresses, the ready ones first."""
    total = sum(len(subset.get(field) or ()) for subset in found for field in ("addresses", "notReadyAddresses"))
    if total <= CAPACITY:
        return found, False
    room = CAPACITY
    kept: list[Object] = [{**subset} for subset in found]
    for field in ("addresses", "notReadyAddresses"):
        for subset in kept:
            listed = subset.pop(field, [])[:room]
            room -= len(listed)
            if listed:
                subset[field] = listed
    return [subset for subset in kept if "addresses" in subset or "notReadyAddresses" in subset], True


class EndpointsController:
    def __init__(self, context: Context) -> None:
        self._transport = context.transport(COMPONENT)
        self._recorder = context.recorder(COMPONENT)
        self._endpoints = context.informer(names.ENDPOINTS)
        self._times = _services.TriggerTimes()
        self._known: dict[ObjectKey, Known] = {}
        self._loop = ServiceLoop(context, COMPONENT, self.reconcile)
        self.controller = self._loop.controller
        self.controller.watch(self._endpoints, self._note_endpoints)

    def _note_endpoints(self, type: WatchType, new: Object, old: Object | None) -> tuple[ObjectKey, ...]:
        """Endpoints that someone deleted are made again."""
        return (meta.key_of(new),) if type == "DELETED" else ()

    def reconcile(self, request: Request) -> Result | None:
        service = self._loop.services.get(request.namespace, request.name)
        if service is None:
            self._drop(request)
            return None
        if service["spec"].get("type") == "ExternalName" or not service["spec"].get("selector"):
            return None
        pods = self._loop.pods_of(service)
        trigger = self._times.compute(service, pods)
        wanted, is_truncated = _truncated(subsets(service, pods, self._known.setdefault(request, {})))
        present = self._endpoints.get(request.namespace, request.name)
        labels = meta.labels_of(service) | {MANAGED_BY: COMPONENT}
        if _services.is_headless(service):
            labels[_services.HEADLESS] = ""
        if present is not None:
            held = {name: value for name, value in meta.labels_of(present).items() if name != _services.HEADLESS}
            same = held == {name: value for name, value in labels.items() if name != _services.HEADLESS}
            is_marked = OVER_CAPACITY in meta.annotations_of(present)
            if same and (present.get("subsets") or []) == wanted and is_marked == is_truncated:
                return None
        self._write(service, present, self._body(service, present, labels, wanted, trigger, is_truncated))
        return None

    def _body(
        self,
        service: Object,
        present: Object | None,
        labels: dict[str, str],
        wanted: list[Object],
        trigger: str | None,
        is_truncated: bool,
    ) -> Object:
        metadata: Object = present["metadata"] if present is not None else {"name": meta.name_of(service)}
        annotations = dict(metadata.get("annotations") or {})
        for name, value in (
            (_services.TRIGGER_TIME, trigger),
            (OVER_CAPACITY, "truncated" if is_truncated else None),
        ):
            annotations.pop(name, None)
            if value is not None:
                annotations[name] = value
        metadata = {**metadata, "namespace": meta.namespace_of(service), "labels": labels}
        metadata.pop("annotations", None)
        if annotations:
            metadata["annotations"] = annotations
        body: Object = {"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata}
        if wanted:
            body["subsets"] = wanted
        return body

    def _write(self, service: Object, present: Object | None, body: Object) -> None:
        namespace, name = meta.namespace_of(service), meta.name_of(service)
        try:
            if present is None:
                self._transport.create(names.ENDPOINTS, namespace, body, options=_writes.AS_MANAGER)
            else:
                self._transport.update(names.ENDPOINTS, namespace, name, body, options=_writes.AS_MANAGER)
        except ApiError as error:
            if present is None and _writes.namespace_is_going(error):
                return
            if present is None:
                text = f"Failed to create endpoint for service {namespace}/{name}: {error.message}"
                self._recorder.event(body, "Warning", "FailedToCreateEndpoint", text)
            else:
                text = f"Failed to update endpoint {namespace}/{name}: {error.message}"
                self._recorder.event(body, "Warning", "FailedToUpdateEndpoint", text)
            raise

    def _drop(self, request: Request) -> None:
        self._times.forget(request)
        self._loop.forget(request)
        self._known.pop(request, None)
        if self._endpoints.get(request.namespace, request.name) is None:
            return
        try:
            self._transport.delete(names.ENDPOINTS, request.namespace, request.name)
        except ApiError as error:
            if not error.is_not_found:
                raise


def build(context: Context) -> Component:
    return EndpointsController(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
