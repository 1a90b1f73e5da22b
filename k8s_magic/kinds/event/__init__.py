"""Event: something that happened to an object (core and events.k8s.io)."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour, Reader, text_at
from k8s_magic.machinery.meta import Object


def source(obj: Object) -> str:
    return text_at("source", "component")(obj) or text_at("reportingComponent")(obj)


def fields(involved: str) -> dict[str, Reader]:
    """Source: pkg/registry/core/event/strategy.go"""
    names = ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
    return {f"{involved}.{name}": text_at(involved, name) for name in names} | {
        "reason": text_at("reason"),
        "type": text_at("type"),
    }


KIND = (
    Behaviour(
        "Event",
        selectable_fields=fields("involvedObject")
        | {"reportingComponent": text_at("reportingComponent"), "source": source},
    ),
    Behaviour(
        "Event",
        "events.k8s.io",
        selectable_fields=fields("regarding") | {"reportingController": text_at("reportingController")},
    ),
)
