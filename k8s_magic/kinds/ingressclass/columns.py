"""The columns of IngressClasses.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (printing.NAME, Column("Controller"), Column("Parameters"), printing.AGE)

_DEFAULT = "ingressclass.kubernetes.io/is-default-class"


def row(obj: Object, clock: Clock) -> list[Any]:
    metadata, spec = obj["metadata"], obj.get("spec") or {}
    is_default = (metadata.get("annotations") or {}).get(_DEFAULT) == "true"
    parameters = spec.get("parameters")
    shown = "<none>"
    if parameters:
        group = parameters.get("apiGroup")
        shown = f"{parameters['kind']}{'' if group is None else '.' + group}/{parameters['name']}"
    return [
        metadata["name"] + (" (default)" if is_default else ""),
        spec.get("controller", ""),
        shown,
        printing.age(obj, clock),
    ]
