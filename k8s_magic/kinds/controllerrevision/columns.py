"""The columns of ControllerRevisions.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery import meta
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (printing.NAME, Column("Controller"), Column("Revision"), printing.AGE)


def row(obj: Object, clock: Clock) -> list[Any]:
    owner = meta.controller_of(obj)
    controller = "<none>"
    if owner is not None:
        group = owner["apiVersion"].rpartition("/")[0]
        controller = f"{owner['kind']}{'.' + group if group else ''}".lower() + f"/{owner['name']}"
    return [obj["metadata"]["name"], controller, obj.get("revision", 0), printing.age(obj, clock)]
