"""The OpenAPI documents: the schemas of what is served, and the operations with the parameters by which kubectl knows
that the server validates.

Source: kube-openapi/pkg/{builder,builder3}; kubectl/pkg/util/openapi, …/explain/v2
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from k8s_magic.apiserver import discovery as version
from k8s_magic.httpapi.discovery import Served
from k8s_magic.kinds import documentation, openapi
from k8s_magic.kinds.openapi import Schema, Schemas

WRITING = (("dryRun", "string"), ("fieldManager", "string"), ("fieldValidation", "string"))
PATCHES = (
    "application/apply-patch+yaml",
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
)


def group_versions(served: Served) -> dict[str, tuple[str, str]]:
    """`api/v1` or `apis/apps/v1` -> (group, version)."""
    found = {f"api/{each}": ("", each) for each in served.versions_of("")}
    for group in served.group_names():
        for each in served.versions_of(group):
            found[f"apis/{group}/{each}"] = (group, each)
    return found


def index(served: Served) -> dict[str, Any]:
    """A document's hash is that of what is in it, so that clients may keep what they have."""
    paths = {}
    has_texts = bool(documentation.of(version.VERSION))
    for name, (group, each) in group_versions(served).items():
        text = json.dumps([version.VERSION["gitVersion"], has_texts, served.of(group, each)], default=list)
        mark = hashlib.sha256(text.encode()).hexdigest()[:32].upper()
        paths[name] = {"serverRelativeURL": f"/openapi/v3/{name}?hash={mark}"}
    return {"paths": paths}


def version_3(served: Served, name: str) -> dict[str, Any]:
    group, each = group_versions(served)[name]
    schemas = Schemas("#/components/schemas/", documentation.of(version.VERSION))
    paths: dict[str, Any] = {}
    for record in served.of(group, each):
        schemas.kind(record)
        paths.update(_paths(name, record, schemas))
    return {
        "openapi": "3.0.0",
        "info": _info(),
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.found.items()))},
    }


def version_2(served: Served) -> dict[str, Any]:
    schemas = Schemas("#/definitions/", documentation.of(version.VERSION))
    for record in served.records:
        schemas.kind(record)
    return {
        "swagger": "2.0",
        "info": _info(),
        "paths": {},
        "definitions": {name: openapi.older(each) for name, each in sorted(schemas.found.items())},
    }


def _info() -> dict[str, str]:
    return {"title": "Kubernetes", "version": f"v{version.VERSION['major']}.{version.VERSION['minor']}"}


def _paths(name: str, record: dict[str, Any], schemas: Schemas) -> dict[str, Any]:
    """The operations on one resource, with what a client looks for in them: kind, action, parameters."""
    place = f"/{name}/namespaces/{{namespace}}" if record["namespaced"] else f"/{name}"
    collection = f"{place}/{record['resource']}"
    mark = {"group": record["group"], "version": record["version"], "kind": record["kind"]}
    body = schemas.kind(record)
    inside = ["namespace"] if record["namespaced"] else []
    verbs = record["verbs"]
    patches = PATCHES[:3] if "schema" in record else PATCHES
    found: dict[str, Any] = {}
    listed = {
        "get": _operation("list", mark, body, ()) if "list" in verbs else None,
        "post": _operation("post", mark, body, WRITING, "*/*") if "create" in verbs else None,
    }
    single = {
        "get": _operation("get", mark, body, ()) if "get" in verbs else None,
        "put": _operation("put", mark, body, WRITING, "*/*") if "update" in verbs else None,
        "patch": _operation("patch", mark, body, (*WRITING, ("force", "boolean")), *patches)
        if "patch" in verbs
        else None,
        "delete": _operation("delete", mark, body, WRITING[:1]) if "delete" in verbs else None,
    }
    for path, operations, names in (
        (collection, listed, inside),
        (f"{collection}/{{name}}", single, ["name", *inside]),
    ):
        there = {method: operation for method, operation in operations.items() if operation is not None}
        if there:
            parameters = [
                {"name": each, "in": "path", "required": True, "schema": {"type": "string", "uniqueItems": True}}
                for each in names
            ]
            found[path] = {**there, "parameters": parameters}
    return found


def _operation(
    action: str, mark: dict[str, str], body: Schema, parameters: tuple[tuple[str, str], ...], *media: str
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "parameters": [
            {"name": name, "in": "query", "schema": {"type": plain, "uniqueItems": True}} for name, plain in parameters
        ],
        "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": body}}}},
        "x-kubernetes-action": action,
        "x-kubernetes-group-version-kind": mark,
    }
    if media:
        operation["requestBody"] = {"content": {each: {"schema": body} for each in media}, "required": True}
    return operation
