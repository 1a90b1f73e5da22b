"""The OpenAPI documents, from the tables of types: fields, types, required fields, enumerations, merge keys, and the
parameters by which kubectl knows that the server validates. The fields' documentation is not ours to give.

Source: kube-openapi, the x-kubernetes extensions; kubectl/pkg/util/openapi, …/explain/v2
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from k8s_magic.apiserver import discovery as version
from k8s_magic.httpapi.discovery import Served
from k8s_magic.kinds import tables

Schema = dict[str, Any]
MACHINERY = "io.k8s.apimachinery.pkg."
# Types that have a schema of their own though they are plain values.
NAMED: dict[str, tuple[str, Schema]] = {
    "Quantity": (f"{MACHINERY}api.resource.Quantity", {"type": "string"}),
    "IntOrString": (
        f"{MACHINERY}util.intstr.IntOrString",
        {"format": "int-or-string", "oneOf": [{"type": "integer"}, {"type": "string"}]},
    ),
    "RawExtension": (f"{MACHINERY}runtime.RawExtension", {"type": "object"}),
    "meta.v1.Time": (f"{MACHINERY}apis.meta.v1.Time", {"type": "string", "format": "date-time"}),
    "meta.v1.MicroTime": (f"{MACHINERY}apis.meta.v1.MicroTime", {"type": "string", "format": "date-time"}),
    "meta.v1.FieldsV1": (f"{MACHINERY}apis.meta.v1.FieldsV1", {"type": "object"}),
}
# Where the Go packages of the groups are that are not in k8s.io/api.
PACKAGES = {
    "meta": f"{MACHINERY}apis.meta",
    "apiextensions": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
    "apiregistration": "io.k8s.kube-aggregator.pkg.apis.apiregistration",
}
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
    for name, (group, each) in group_versions(served).items():
        text = json.dumps([version.VERSION["gitVersion"], served.of(group, each)], default=list)
        mark = hashlib.sha256(text.encode()).hexdigest()[:32].upper()
        paths[name] = {"serverRelativeURL": f"/openapi/v3/{name}?hash={mark}"}
    return {"paths": paths}


def version_3(served: Served, name: str) -> dict[str, Any]:
    group, each = group_versions(served)[name]
    schemas = _Schemas("#/components/schemas/")
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
    schemas = _Schemas("#/definitions/")
    for record in served.records:
        schemas.kind(record)
    return {
        "swagger": "2.0",
        "info": _info(),
        "paths": {},
        "definitions": {name: _beside(each) for name, each in sorted(schemas.found.items())},
    }


def _beside(schema: Any) -> Any:
    """As version 2 has it: what describes a reference stands beside it, and a plain value is of one type."""
    if isinstance(schema, list):
        return [_beside(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: each if name == "default" else _beside(each) for name, each in schema.items()}
    alternatives = found.get("allOf")
    if isinstance(alternatives, list) and len(alternatives) == 1 and "$ref" in alternatives[0]:
        del found["allOf"]
        found |= alternatives[0]
    if found.get("format") == "int-or-string" and "oneOf" in found:
        del found["oneOf"]
        found["type"] = "string"
    return found


def _info() -> dict[str, str]:
    return {"title": "Kubernetes", "version": f"v{version.VERSION['major']}.{version.VERSION['minor']}"}


def _name(key: str) -> str:
    group, each, short = key.rsplit(".", 2)
    return f"{PACKAGES.get(group, f'io.k8s.api.{group}')}.{each}.{short}"


class _Schemas:
    """The schemas that one document needs, each written once."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.found: dict[str, Schema] = {}

    def kind(self, record: dict[str, Any]) -> Schema:
        """A reference to a kind's own schema."""
        if "schema" in record:
            return self._custom(record)
        key = tables.type_key(record["group"], record["version"], record["kind"])
        if not tables.has(key):
            return {"type": "object"}
        found = self._of(key)
        mark = {"group": record["group"], "kind": record["kind"], "version": record["version"]}
        marks = self.found[_name(key)].setdefault("x-kubernetes-group-version-kind", [])
        if mark not in marks:
            marks.append(mark)
        return found

    def _custom(self, record: dict[str, Any]) -> Schema:
        """Its schema as its definition has it, named by its group turned around."""
        name = ".".join([*reversed(record["group"].split(".")), record["version"], record["kind"]])
        given = record["schema"] or {}
        root = {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": self._of("meta.v1.ObjectMeta"),
        }
        mark = {"group": record["group"], "kind": record["kind"], "version": record["version"]}
        self.found[name] = {
            **given,
            "type": "object",
            "properties": {**(given.get("properties") or {}), **root},
            "x-kubernetes-group-version-kind": [mark],
        }
        return {"$ref": self._prefix + name}

    def _of(self, go_type: str) -> Schema:
        """The schema of a type: a reference for what has a name of its own."""
        taken = tables.take_apart(go_type)
        if taken.sort == "plain":
            if taken.key in NAMED:
                name, schema = NAMED[taken.key]
                self.found.setdefault(name, schema)
                return {"$ref": self._prefix + name}
            plain, form = tables.PLAIN[taken.key]
            return {**({"type": plain} if plain else {}), **({"format": form} if form else {})}
        if taken.sort == "list":
            return {"type": "array", "items": self._of(taken.inner)}
        if taken.sort == "map":
            return {"type": "object", "additionalProperties": self._of(taken.inner)}
        name = _name(taken.key)
        if name not in self.found:
            self.found[name] = {}  # a type may hold itself
            self.found[name] = self._struct(taken.key)
        return {"$ref": self._prefix + name}

    def _struct(self, key: str) -> Schema:
        table = tables.struct(key)
        schema: Schema = {"type": "object", "properties": {n: self._field(f) for n, f in table["f"].items()}}
        if table.get("r"):
            schema["required"] = list(table["r"])
        if table.get("a"):
            schema["x-kubernetes-map-type"] = table["a"]
        return schema

    def _field(self, field: dict[str, Any]) -> Schema:
        schema = self._of(field["t"])
        extras: Schema = {}
        is_struct = tables.take_apart(field["t"]).sort == "struct"
        if not field["t"].startswith("*") and (is_struct or "o" not in field):
            extras = _nothing(field["t"])
        if "d" in field:
            extras["default"] = field["d"]
        if field.get("e"):
            target = schema.get("items") if schema.get("type") == "array" else None
            if target is not None and "$ref" not in target:
                schema["items"] = {**target, "enum": list(field["e"])}
            else:
                extras["enum"] = list(field["e"])
        for short, name in (
            ("l", "x-kubernetes-list-type"),
            ("m", "x-kubernetes-list-map-keys"),
            ("s", "x-kubernetes-patch-strategy"),
            ("k", "x-kubernetes-patch-merge-key"),
            ("a", "x-kubernetes-map-type"),
        ):
            if field.get(short):
                extras[name] = field[short]
        return _joined(schema, extras)


def _joined(schema: Schema, extras: Schema) -> Schema:
    """Nothing may stand beside a reference in version 3."""
    return {"allOf": [schema], **extras} if "$ref" in schema else {**schema, **extras}


def _nothing(go_type: str) -> Schema:
    """The default of what is always there. Source: kube-openapi/pkg/generators (defaults of Go's zero values)"""
    taken = tables.take_apart(go_type)
    if taken.sort == "struct":
        return {"default": {}}
    if taken.sort != "plain" or taken.key in NAMED:
        return {}
    zero = {"string": "", "integer": 0, "number": 0, "boolean": False}.get(tables.PLAIN[taken.key][0])
    return {} if zero is None or tables.PLAIN[taken.key][1] == "byte" else {"default": zero}


def _paths(name: str, record: dict[str, Any], schemas: _Schemas) -> dict[str, Any]:
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
