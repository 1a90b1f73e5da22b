"""Makes k8s_magic/kinds/generated/: discovery and the tables of every API type.

    python generators/schema.py --openapi openapi-v3.tar.gz --answers answers.json \\
        --source kubernetes/staging/src/k8s.io --internal kubernetes/pkg/apis/core/types.go

Origin: the OpenAPI v3 and discovery documents that a real Kubernetes 1.36.2 API server served (structure, formats,
list and map types, merge keys, enums, defaults), and the type declarations of Kubernetes 1.36.2 (Go types and
omitempty). Descriptions are not carried over. Apache-2.0, The Kubernetes Authors.

A type is {"f": {name: field}, "r": [required], "a": map type} or, for a named plain type, the text of that type.
A field is {"t": Go type, "o": 1 when omitted if empty, "s": patch strategy, "k": merge key, "l": list type,
"m": list map keys, "a": map type, "e": enum, "n": 1 when the server's text keeps one more empty line before the list of
that enum's values, "d": default}.
"""

from __future__ import annotations

import argparse
import json
import tarfile
from pathlib import Path
from typing import Any

from go_types import PACKAGES, SELF_READING, GoField, GoStruct, parse_package, parse_untagged

OUT = Path(__file__).parent.parent / "k8s_magic" / "kinds" / "generated"


def openapi_name(key: str) -> str:
    """`core.v1.PodSpec` -> `io.k8s.api.core.v1.PodSpec`."""
    for path, package in PACKAGES.items():
        if key.startswith(package + "."):
            first, rest = path.split("/", 1)
            dotted = f"{first}/{rest}".replace("/", ".")
            return f"io.k8s.{dotted}.{key.removeprefix(package + '.')}"
    return key


def load_schemas(archive: Path) -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            file = tar.extractfile(member)
            if file is not None:
                schemas.update(json.load(file).get("components", {}).get("schemas", {}))
    return schemas


class Tables:
    def __init__(self, source: Path, schemas: dict[str, Any]) -> None:
        self.go: dict[str, GoStruct | str] = {}
        for path, key in PACKAGES.items():
            for name, declared in parse_package(source / path, key).items():
                self.go[f"{key}.{name}"] = declared
        self.schemas = schemas
        self.types: dict[str, Any] = {}

    def add(self, key: str) -> None:
        """Put a type and all that it needs into the tables."""
        if key in self.types or "." not in key or key.startswith("types.") or key in SELF_READING:
            return
        declared = self.go[key]
        if isinstance(declared, str):
            self.types[key] = declared
            self.add(base(declared))
            return
        schema = self.schemas.get(openapi_name(key), {})
        table: dict[str, Any] = {"f": {}}
        self.types[key] = table
        for field in self.flat(declared):
            table["f"][field.json_name] = self.field(field, schema.get("properties", {}).get(field.json_name, {}))
            self.add(base(field.type))
        if schema.get("required"):
            table["r"] = schema["required"]
        if schema.get("x-kubernetes-map-type"):
            table["a"] = schema["x-kubernetes-map-type"]

    def flat(self, struct: GoStruct) -> list[GoField]:
        fields = []
        for name in struct.embedded:
            inner = self.go[name]
            assert isinstance(inner, GoStruct), name
            fields += self.flat(inner)
        return fields + struct.fields

    @staticmethod
    def field(field: GoField, schema: dict[str, Any]) -> dict[str, Any]:
        table: dict[str, Any] = {"t": field.type}
        if field.omitempty:
            table["o"] = 1
        for short, name in (
            ("s", "x-kubernetes-patch-strategy"),
            ("k", "x-kubernetes-patch-merge-key"),
            ("l", "x-kubernetes-list-type"),
            ("m", "x-kubernetes-list-map-keys"),
            ("a", "x-kubernetes-map-type"),
            ("d", "default"),
        ):
            if name in schema and (schema[name] not in ({}, "") or (short == "d" and field.type == "*string")):
                table[short] = schema[name]
        enum = schema.get("enum") or schema.get("items", {}).get("enum")
        if enum:
            table["e"] = enum
        if "\n\n\nPossible enum values:" in schema.get("description", ""):
            table["n"] = 1
        return table


def base(type: str) -> str:
    """The named type inside pointers, slices and maps."""
    return type.removeprefix("*").replace("[]", "").replace("map:", "").replace("*", "")


def group_key(group: str, version: str) -> str:
    return f"{group.split('.')[0] or 'core'}.{version}"


def discovery(answers: dict[str, Any]) -> list[dict[str, Any]]:
    """Resources in the server's order of preference, each with its subresources."""
    table = []
    for root in ("/api", "/apis"):
        document = answers[f"{root} | application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"]
        for group in document["items"]:
            name = group["metadata"].get("name", "")
            for position, version in enumerate(group["versions"]):
                for resource in version["resources"]:
                    table.append(_resource(name, version["version"], position == 0, resource))
    return table


def _resource(group: str, version: str, preferred: bool, resource: dict[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {
        "group": group,
        "version": version,
        "preferred": preferred,
        "resource": resource["resource"],
        "singular": resource["singularResource"],
        "kind": resource["responseKind"]["kind"],
        "namespaced": resource["scope"] == "Namespaced",
        "verbs": resource["verbs"],
    }
    if resource.get("shortNames"):
        record["short"] = resource["shortNames"]
    if resource.get("categories"):
        record["categories"] = resource["categories"]
    if resource.get("subresources"):
        record["subresources"] = {
            sub["subresource"]: {
                "kind": [sub["responseKind"].get(part, "") for part in ("group", "version", "kind")],
                "verbs": sub["verbs"],
            }
            for sub in resource["subresources"]
        }
    return record


# How the internal types name other packages.
INTERNAL_IMPORTS = {
    "metav1": "k8s.io/apimachinery/pkg/apis/meta/v1",
    "resource": "k8s.io/apimachinery/pkg/api/resource",
    "intstr": "k8s.io/apimachinery/pkg/util/intstr",
    "types": "k8s.io/apimachinery/pkg/types",
    "runtime": "k8s.io/apimachinery/pkg/runtime",
}
# Of the Pod itself in v1, of its security context internally.
MOVED = ("HostNetwork", "HostPID", "HostIPC", "ShareProcessNamespace", "HostUsers")


def internal_shapes(path: Path, tables: Tables) -> dict[str, Any]:
    """The server's internal form of what a Pod and a claim have: type -> [[Go name, v1 name, Go type]].

    Complaints about a forbidden change print objects in that form.
    """
    internal = parse_untagged(path, "core.v1", INTERNAL_IMPORTS)
    shapes: dict[str, Any] = {}

    def v1_names(name: str) -> dict[str, str]:
        declared = tables.go.get(f"core.v1.{name}")
        return {one.name: one.json_name for one in tables.flat(declared)} if isinstance(declared, GoStruct) else {}

    def add(name: str) -> None:
        declared = internal.get(name)
        if name in shapes or declared is None:
            return
        if isinstance(declared, str):
            shapes[name] = declared.replace("core.v1.", "")
            add(base(declared).removeprefix("core.v1."))
            return
        shape = shapes[name] = []
        names = v1_names(name)
        pending = list(declared.fields)
        while pending:
            one = pending.pop(0)
            if one.type == "metav1.ObjectMeta" and not one.name:
                shape.append(["", "metadata", "meta.v1.ObjectMeta"])
                continue
            if not one.name:
                inner = internal[one.type]
                assert isinstance(inner, GoStruct)
                names = v1_names(one.type) | names
                pending = inner.fields + pending
                continue
            wire = names.get(one.name, "")
            if name == "PodSecurityContext" and one.name in MOVED:
                wire = "^" + v1_names("PodSpec")[one.name]
            shape.append([one.name, wire, one.type.replace("core.v1.", "")])
            add(base(one.type).removeprefix("core.v1."))

    add("PodSpec")
    add("PodTemplateSpec")
    add("PersistentVolumeClaimSpec")
    return shapes


def write(path: Path, data: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, separators=(",", ":"), ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--openapi", type=Path, required=True)
    parser.add_argument("--answers", type=Path, required=True)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--internal", type=Path, required=True, help="kubernetes/pkg/apis/core/types.go")
    args = parser.parse_args()
    resources = discovery(json.loads(args.answers.read_text()))
    tables = Tables(args.source, load_schemas(args.openapi))
    for record in resources:
        kinds = [(record["group"], record["version"], record["kind"])]
        kinds += [
            (g or record["group"], v or record["version"], k)
            for g, v, k in (sub["kind"] for sub in record.get("subresources", {}).values())
        ]
        for group, version, kind in kinds:
            tables.add(f"{group_key(group, version)}.{kind}")
    for key in ("apiextensions.v1.JSONSchemaProps", "meta.v1.DeleteOptions", "meta.v1.Status", "meta.v1.ListMeta"):
        tables.add(key)
    write(OUT / "discovery.json", resources)
    write(OUT / "internal.json", internal_shapes(args.internal, tables))
    packages: dict[str, dict[str, Any]] = {}
    for key, table in sorted(tables.types.items()):
        package, name = key.rsplit(".", 1)
        packages.setdefault(package, {})[name] = table
    for package, types in packages.items():
        write(OUT / "types" / f"{package}.json", types)


if __name__ == "__main__":
    main()
