"""Ingress: HTTP routes from outside to Services."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour
from k8s_magic.machinery.meta import Object

CLASS = "kubernetes.io/ingress.class"


def warnings(obj: Object, old: Object | None) -> list[str]:
    """Source: pkg/registry/networking/ingress/strategy.go"""
    is_annotated = CLASS in (obj["metadata"].get("annotations") or {})
    if old is not None or not is_annotated or obj["spec"].get("ingressClassName") is not None:
        return []
    return [f"annotation \"{CLASS}\" is deprecated, please use 'spec.ingressClassName' instead"]


KIND = Behaviour("Ingress", "networking.k8s.io", generation=("spec",), warnings=warnings)
