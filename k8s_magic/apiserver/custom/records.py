"""A custom resource as discovery and OpenAPI tell of it, in the shape of `kinds.tables.discovery()`.

Source: apiextensions-apiserver/pkg/apiserver/customresource_discovery_controller.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds.custom.pruning import Schema
from k8s_magic.machinery.kind import Kind

Record = dict[str, Any]


def record(kind: Kind, names: dict[str, Any], schema: Schema) -> Record:
    gvk = kind.gvk
    subresources: Record = {}
    if "status" in kind.subresources:
        subresources["status"] = {"kind": list(gvk), "verbs": ["get", "patch", "update"]}
    if "scale" in kind.subresources:
        subresources["scale"] = {"kind": ["autoscaling", "v1", "Scale"], "verbs": ["get", "patch", "update"]}
    found: Record = {
        "group": gvk.group,
        "version": gvk.version,
        "kind": gvk.kind,
        "resource": kind.gvr.resource,
        "singular": kind.singular,
        "namespaced": kind.namespaced,
        "verbs": list(kind.verbs),
        "list_kind": names.get("listKind") or f"{gvk.kind}List",
        "schema": schema,
    }
    if kind.short_names:
        found["short"] = list(kind.short_names)
    if kind.categories:
        found["categories"] = list(kind.categories)
    if subresources:
        found["subresources"] = subresources
    return found
