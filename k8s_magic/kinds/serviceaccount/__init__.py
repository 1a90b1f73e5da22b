"""ServiceAccount: who a Pod is to the API."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour
from k8s_magic.machinery.meta import Object

ENFORCE = "kubernetes.io/enforce-mountable-secrets"


def clean(obj: Object) -> None:
    """Of references to secrets only the name is kept. Source: pkg/registry/core/serviceaccount/strategy.go"""
    if obj.get("secrets"):
        obj["secrets"] = [{"name": one["name"]} if one.get("name") else {} for one in obj["secrets"]]


def clean_update(new: Object, old: Object) -> None:
    clean(new)


def warnings(obj: Object, old: Object | None) -> list[str]:
    known = (old or {"metadata": {}})["metadata"].get("annotations") or {}
    if ENFORCE in known or ENFORCE not in (obj["metadata"].get("annotations") or {}):
        return []
    return [
        f"metadata.annotations[{ENFORCE}]: deprecated in v1.32+; "
        "prefer separate namespaces to isolate access to mounted secrets"
    ]


KIND = Behaviour("ServiceAccount", prepare_create=clean, prepare_update=clean_update, warnings=warnings)
