"""The server's Table: what `kubectl get` prints is tabulated here. Source: apimachinery meta/v1 Table"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from k8s_magic.apiserver.core import Core
from k8s_magic.machinery.kind import Clock, Kind
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import ListOptions


def table(core: Core, kind: Kind, objects: Sequence[Object], metadata: Object, options: ListOptions) -> Object:
    clock = Clock(core.kernel.now, core.times.parse)
    row = kind.row
    include = options.include_object
    rows: list[dict[str, Any]] = []
    for obj in objects:
        shown: Object | None
        if include == "Metadata":
            shown = {
                "kind": "PartialObjectMetadata",
                "apiVersion": "meta.k8s.io/v1",
                "metadata": obj["metadata"],
            }
        elif include == "Object":
            shown = obj
        else:
            shown = None
        rows.append({"cells": row(obj, clock), "object": shown})
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata,
        "columnDefinitions": columns(kind),
        "rows": rows,
    }


def columns(kind: Kind) -> list[dict[str, Any]]:
    return [
        {
            "name": column.name,
            "type": column.type,
            "format": column.format,
            "description": column.description,
            "priority": column.priority,
        }
        for column in kind.columns
    ]
