"""Fits endpoints into slices with as few writes as can be: first into slices that change anyway.

Source: staging/src/k8s.io/endpointslice/reconciler.go reconcileByPortMapping, finalize (v1.36)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from k8s_magic.controllers import _services
from k8s_magic.controllers.endpointslice import wanted
from k8s_magic.controllers.endpointslice.wanted import Endpoints, Ports
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object

# Source: pkg/controller/endpointslice/config/v1alpha1/defaults.go MaxEndpointsPerSlice
MOST = 100
SERVICE_NAME = "kubernetes.io/service-name"
MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
MANAGER = "endpointslice-controller.k8s.io"
RESERVED = (SERVICE_NAME, MANAGED_BY, _services.HEADLESS)


@dataclass(slots=True)
class Plan:
    """Slices to write; those to create have no name yet."""

    create: list[Object] = field(default_factory=list)
    update: list[Object] = field(default_factory=list)
    delete: list[Object] = field(default_factory=list)


def labels_of(service: Object) -> dict[str, str]:
    labels = {name: value for name, value in meta.labels_of(service).items() if name not in RESERVED}
    if _services.is_headless(service):
        labels[_services.HEADLESS] = ""
    labels[SERVICE_NAME] = meta.name_of(service)
    labels[MANAGED_BY] = MANAGER
    return labels


def new_slice(service: Object, address_type: str, ports: Ports, endpoints: list[Object]) -> Object:
    owner = {**service, "apiVersion": "v1", "kind": "Service"}
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "generateName": f"{meta.name_of(service)}-",
            "namespace": meta.namespace_of(service),
            "labels": labels_of(service),
            "ownerReferences": [meta.owner_reference(owner)],
        },
        "addressType": address_type,
        # Go's nil lists: an empty slice is written so.
        "endpoints": endpoints or None,
        "ports": wanted.wire_ports(ports, service) or None,
    }


def plan(service: Object, existing: list[Object], desired: dict[Ports, Endpoints], address_type: str) -> Plan:
    result = Plan()
    by_ports: dict[Ports, list[Object]] = {}
    for found in existing:
        if _is_owned(found, service):
            by_ports.setdefault(wanted.ports_of(found.get("ports")), []).append(found)
        else:
            result.delete.append(found)
    for ports, endpoints in desired.items():
        _fit(service, by_ports.get(ports, []), ports, dict(endpoints), address_type, result)
    for ports, found_slices in by_ports.items():
        if ports not in desired:
            result.delete.extend(found_slices)
    if len(existing) == len(result.delete) and not result.create:
        _keep_placeholder(service, address_type, result)
    _reuse_names(service, result)
    return result


def _is_owned(found: Object, service: Object) -> bool:
    uid = meta.uid_of(service)
    return any(
        reference["uid"] == uid and reference["kind"] == "Service"
        for reference in found["metadata"].get("ownerReferences") or ()
    )


def _fit(
    service: Object, existing: list[Object], ports: Ports, desired: Endpoints, address_type: str, result: Plan
) -> None:
    labels = labels_of(service)
    changed: list[Object] = []
    unchanged: list[Object] = []
    for found in existing:
        before = found.get("endpoints") or []
        kept, is_changed = [], False
        for endpoint in before:
            present = desired.pop(wanted.key_of(endpoint), None)
            if present is not None:
                is_changed = is_changed or present != endpoint
                kept.append(present)
        if is_changed or len(kept) != len(before):
            if kept:
                changed.append(_with(found, labels, kept))
            else:
                result.delete.append(found)
        elif _foreign(meta.labels_of(found)) != _foreign(labels):
            changed.append(_with(found, labels, before))
        else:
            unchanged.append(found)
    left = list(desired.values())
    changed.sort(key=lambda found: len(found["endpoints"]), reverse=True)
    for found in changed:
        left = _fill(found["endpoints"], left)
    while left:
        room = _closest(unchanged, len(left)) if len(left) < MOST else None
        if room is None:
            endpoints: list[Object] = []
            left = _fill(endpoints, left)
            result.create.append(new_slice(service, address_type, ports, endpoints))
        else:
            unchanged.remove(room)
            filled = _with(room, meta.labels_of(room), room.get("endpoints") or [])
            left = _fill(filled["endpoints"], left)
            changed.append(filled)
    result.update.extend(changed)


def _foreign(labels: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in labels.items() if name not in RESERVED}


def _with(found: Object, labels: dict[str, str], endpoints: list[Object]) -> Object:
    return {**meta.with_metadata(found, labels=labels), "endpoints": list(endpoints)}


def _fill(endpoints: list[Object], left: list[Object]) -> list[Object]:
    """Moves what fits from `left` to `endpoints`; answers the rest."""
    room = MOST - len(endpoints)
    endpoints.extend(left[:room])
    return left[room:]


def _closest(slices: list[Object], count: int) -> Object | None:
    """The slice that `count` more endpoints would fill best."""
    best, best_room = None, MOST
    for found in slices:
        room = MOST - count - len(found.get("endpoints") or ())
        if 0 <= room < best_room:
            best, best_room = found, room
    return best


def _keep_placeholder(service: Object, address_type: str, result: Plan) -> None:
    """A Service without endpoints keeps one empty slice."""
    placeholder = new_slice(service, address_type, (), [])
    if len(result.delete) == 1 and _same(result.delete[0], placeholder):
        result.delete.clear()
    else:
        result.create.append(placeholder)


def _same(found: Object, placeholder: Object) -> bool:
    def facts(slice_: Object) -> tuple[Any, ...]:
        return (
            slice_["addressType"],
            slice_.get("endpoints") or None,
            slice_.get("ports") or None,
            meta.labels_of(slice_),
            slice_["metadata"].get("ownerReferences"),
        )

    return facts(found) == facts(placeholder)


def _reuse_names(service: Object, result: Plan) -> None:
    """A slice to create takes over one to delete, where there is one."""
    remaining = []
    for found in result.delete:
        last = result.create[-1] if result.create else None
        if last is None or found["addressType"] != last["addressType"] or not _is_owned(found, service):
            remaining.append(found)
            continue
        result.create.pop()
        result.update.append(meta.with_metadata(last, name=meta.name_of(found)))
    result.delete = remaining
