"""Namespace: a room for names."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour, text_at
from k8s_magic.machinery.meta import Object

FINALIZER = "kubernetes"


def prepare_create(obj: Object) -> None:
    obj["status"] = {"phase": "Active"}
    finalizers = obj["spec"].get("finalizers") or []
    if FINALIZER not in finalizers:
        obj["spec"] = {**obj["spec"], "finalizers": [*finalizers, FINALIZER]}


def prepare_update(new: Object, old: Object) -> None:
    new["spec"] = old["spec"]


KIND = Behaviour(
    "Namespace",
    selectable_fields={"status.phase": text_at("status", "phase")},
    prepare_create=prepare_create,
    prepare_update=prepare_update,
)
