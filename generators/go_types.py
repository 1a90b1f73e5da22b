"""Reads Go's API type declarations: field names, Go types and `omitempty`, which OpenAPI does not tell.

Only declarations are read (names, types, tags); comments are not carried over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

# Where each package of the API lives below staging/src/k8s.io, and the short key it gets in our tables.
PACKAGES = {
    "apimachinery/pkg/apis/meta/v1": "meta.v1",
    "apiextensions-apiserver/pkg/apis/apiextensions/v1": "apiextensions.v1",
    "kube-aggregator/pkg/apis/apiregistration/v1": "apiregistration.v1",
    **{
        f"api/{group}/{version}": f"{group}.{version}"
        for group, version in [
            ("admissionregistration", "v1"),
            ("apps", "v1"),
            ("authentication", "v1"),
            ("authorization", "v1"),
            ("autoscaling", "v1"),
            ("autoscaling", "v2"),
            ("batch", "v1"),
            ("certificates", "v1"),
            ("coordination", "v1"),
            ("core", "v1"),
            ("discovery", "v1"),
            ("events", "v1"),
            ("flowcontrol", "v1"),
            ("networking", "v1"),
            ("node", "v1"),
            ("policy", "v1"),
            ("rbac", "v1"),
            ("resource", "v1"),
            ("scheduling", "v1"),
            ("storage", "v1"),
        ]
    },
}
# Types that read and write themselves; their key in our tables.
SPECIAL = {
    "k8s.io/apimachinery/pkg/api/resource.Quantity": "Quantity",
    "k8s.io/apimachinery/pkg/util/intstr.IntOrString": "IntOrString",
    "k8s.io/apimachinery/pkg/runtime.RawExtension": "RawExtension",
    "k8s.io/apimachinery/pkg/runtime.Object": "RawExtension",
    "k8s.io/apimachinery/pkg/types.UID": "types.UID",
    "k8s.io/apimachinery/pkg/types.NodeName": "types.NodeName",
}
# Declared with methods of their own, so the decoder knows them by key.
SELF_READING = {
    *(f"meta.v1.{name}" for name in ("Time", "MicroTime", "Duration", "FieldsV1")),
    *(f"apiextensions.v1.{name}" for name in ("JSON", "JSONSchemaPropsOrArray", "JSONSchemaPropsOrBool")),
    "apiextensions.v1.JSONSchemaPropsOrStringArray",
}
BUILTIN = {"string", "bool", "int", "int32", "int64", "float64", "byte", "uint8", "uint32", "uint64", "any"}


@dataclass
class GoField:
    name: str
    json_name: str
    type: str
    omitempty: bool


@dataclass
class GoStruct:
    fields: list[GoField] = field(default_factory=list)
    embedded: list[str] = field(default_factory=list)


def parse_package(directory: Path, key: str) -> dict[str, GoStruct | str]:
    """Every exported type of a package: a struct, or the text of the type it names."""
    found: dict[str, GoStruct | str] = {}
    for path in sorted(directory.glob("*types.go")) + sorted(directory.glob("types_*.go")):
        text = path.read_text()
        imports = _imports(text)
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        text = "\n".join(re.sub(r"(^|\s)//.*$", "", line) for line in text.splitlines())
        for match in re.finditer(r"^type (\w+) struct \{(.*?)^\}", text, re.M | re.S):
            found[match[1]] = _struct(match[2], imports, key)
        for match in re.finditer(r"^type (\w+) struct\s*\{\s*\}", text, re.M):
            found[match[1]] = GoStruct()
        for match in re.finditer(r"^(?:type )?(\w+) ([\[\]*\w.]+)$", text, re.M):
            if match[1] not in ("package", "import") and match[2] != "struct":
                found[match[1]] = resolve(match[2], imports, key)
    return found


def _imports(text: str) -> dict[str, str]:
    imports = {}
    block = re.search(r"^import \((.*?)^\)", text, re.M | re.S)
    lines = block[1].splitlines() if block else re.findall(r"^import (.*)$", text, re.M)
    for line in lines:
        match = re.search(r'(?:(\w+) )?"([^"]+)"', line)
        if match:
            imports[match[1] or match[2].rsplit("/", 1)[-1]] = match[2]
    return imports


def _struct(body: str, imports: dict[str, str], key: str) -> GoStruct:
    struct = GoStruct()
    for line in body.splitlines():
        match = re.match(r"\s*(?:(\w+)\s+)?([\[\]*\w.]+)\s+`(.*)`", line)
        if not match:
            continue
        tag = re.search(r'json:"([^"]*)"', match[3])
        if tag is None:
            continue
        name, *options = tag[1].split(",")
        if name == "-":
            continue
        if "inline" in options or not name:
            struct.embedded.append(resolve(match[2], imports, key))
            continue
        omitted = "omitempty" in options or "omitzero" in options
        struct.fields.append(GoField(match[1], name, resolve(match[2], imports, key), omitted))
    return struct


def resolve(text: str, imports: dict[str, str], key: str) -> str:
    """A Go type with package names replaced by our keys; types of the same package get no prefix."""
    prefix = ""
    while True:
        match = re.match(r"(\*|\[\]|map\[[\w.]+\])", text)
        if not match:
            break
        prefix += "map:" if match[0].startswith("map") else match[0]
        text = text[len(match[0]) :]
    if text in BUILTIN:
        return prefix + text
    if "." not in text:
        return f"{prefix}{key}.{text}"
    alias, name = text.split(".")
    path = imports.get(alias)
    if path is None:  # a package that no served type needs
        return prefix + text
    special = SPECIAL.get(f"{path}.{name}")
    if special:
        return prefix + special
    return f"{prefix}{PACKAGES[path.removeprefix('k8s.io/')]}.{name}"


def parse_untagged(path: Path, key: str, imports: dict[str, str]) -> dict[str, GoStruct | str]:
    """Types of the server's internal API, whose fields carry no tags and are known by their Go names."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    text = "\n".join(re.sub(r"(^|\s)//.*$", "", line) for line in text.splitlines())
    found: dict[str, GoStruct | str] = {}
    for match in re.finditer(r"^type (\w+) struct \{(.*?)^\}", text, re.M | re.S):
        struct = found[match[1]] = GoStruct()
        for line in match[2].splitlines():
            words = line.split("`")[0].split()
            if len(words) == 1:
                struct.embedded.append(words[0])
                struct.fields.append(GoField("", "", words[0], False))
            elif len(words) == 2:
                struct.fields.append(GoField(words[0], words[0], resolve(words[1], imports, key), False))
    for match in re.finditer(r"^type (\w+) ([\[\]*\w.]+)$", text, re.M):
        if match[2] != "struct":
            found[match[1]] = resolve(match[2], imports, key)
    return found
