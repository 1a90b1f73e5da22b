"""Types as the server's OpenAPI documents have them: fields, types, required fields, enumerations, merge keys, texts.

Source: kube-openapi (pkg/generators, pkg/builder3), the x-kubernetes extensions;
apiextensions-apiserver/pkg/controller/openapi
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from k8s_magic.kinds import tables
from k8s_magic.kinds.documentation import Texts

Schema = dict[str, Any]
MACHINERY = "io.k8s.apimachinery.pkg."
EXTENSIONS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions"
OBJECT_META = "meta.v1.ObjectMeta"
# Types that have a schema of their own though they are plain values.
NAMED: dict[str, tuple[str, Schema]] = {
    "Quantity": (f"{MACHINERY}api.resource.Quantity", {"oneOf": [{"type": "string"}, {"type": "number"}]}),
    "IntOrString": (
        f"{MACHINERY}util.intstr.IntOrString",
        {"format": "int-or-string", "oneOf": [{"type": "integer"}, {"type": "string"}]},
    ),
    "RawExtension": (f"{MACHINERY}runtime.RawExtension", {"type": "object"}),
    "meta.v1.Time": (f"{MACHINERY}apis.meta.v1.Time", {"type": "string", "format": "date-time"}),
    "meta.v1.MicroTime": (f"{MACHINERY}apis.meta.v1.MicroTime", {"type": "string", "format": "date-time"}),
    "meta.v1.FieldsV1": (f"{MACHINERY}apis.meta.v1.FieldsV1", {"type": "object"}),
    "apiextensions.v1.JSON": (f"{EXTENSIONS}.v1.JSON", {}),
    "apiextensions.v1.JSONSchemaPropsOrArray": (f"{EXTENSIONS}.v1.JSONSchemaPropsOrArray", {}),
    "apiextensions.v1.JSONSchemaPropsOrBool": (f"{EXTENSIONS}.v1.JSONSchemaPropsOrBool", {}),
    "apiextensions.v1.JSONSchemaPropsOrStringArray": (f"{EXTENSIONS}.v1.JSONSchemaPropsOrStringArray", {}),
}
# Where the Go packages of the groups are that are not in k8s.io/api.
PACKAGES = {
    "meta": f"{MACHINERY}apis.meta",
    "apiextensions": EXTENSIONS,
    "apiregistration": "io.k8s.kube-aggregator.pkg.apis.apiregistration",
}
# Whose texts of apiVersion, kind and metadata are those of every kind. Source: metav1beta1.PartialObjectMetadata
TYPICAL = "io.k8s.api.core.v1.Pod"
GROUP_VERSION_KIND = "x-kubernetes-group-version-kind"
ANYTHING = "x-kubernetes-preserve-unknown-fields"
EMBEDDED = "x-kubernetes-embedded-resource"


class Schemas:
    """The schemas that one document needs, each written once.

    A kind is asked for by a record as `tables.discovery()` has it, with `schema` where a definition made the kind.
    """

    def __init__(self, prefix: str, texts: Texts) -> None:
        self._prefix = prefix
        self._texts = texts
        self.found: dict[str, Schema] = {}

    def kind(self, record: Mapping[str, Any]) -> Schema:
        """A reference to a kind's own schema."""
        if "schema" in record:
            return self._custom(record)
        key = tables.type_key(record["group"], record["version"], record["kind"])
        return self._of(key) if tables.has(key) else {"type": "object"}

    def _custom(self, record: Mapping[str, Any]) -> Schema:
        """Its schema as its definition has it, named by its group turned around."""
        name = ".".join([*reversed(record["group"].split(".")), record["version"], record["kind"]])
        given = record["schema"] or {}
        root = {
            "apiVersion": _described({"type": "string"}, self._texts.of_field(TYPICAL, "apiVersion")),
            "kind": _described({"type": "string"}, self._texts.of_field(TYPICAL, "kind")),
            "metadata": self._metadata(),
        }
        self.found[name] = {
            **self._embedded(given),
            "type": "object",
            "properties": {**self._each(given.get("properties")), **root},
            GROUP_VERSION_KIND: [{"group": record["group"], "kind": record["kind"], "version": record["version"]}],
        }
        return {"$ref": self._prefix + name}

    def _metadata(self) -> Schema:
        text = self._texts.of_field(TYPICAL, "metadata")
        return _joined(self._of(OBJECT_META), _described({}, text))

    def _each(self, schemas: Mapping[str, Schema] | None) -> dict[str, Schema]:
        return {name: self._embedded(each) for name, each in (schemas or {}).items()}

    def _embedded(self, given: Schema) -> Schema:
        """With the fields that every object has where an object is embedded."""
        schema = dict(given)
        if given.get("properties"):
            schema["properties"] = self._each(given["properties"])
        for inner in ("items", "additionalProperties"):
            if isinstance(given.get(inner), Mapping):
                schema[inner] = self._embedded(given[inner])
        if given.get(EMBEDDED):
            plain = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": self._metadata()}
            schema["properties"] = {**schema.get("properties", {}), **plain}
            required = list(given.get("required") or ())
            schema["required"] = required + [name for name in ("kind", "apiVersion") if name not in required]
        return schema

    def _of(self, go_type: str) -> Schema:
        """The schema of a type: a reference for what has a name of its own."""
        taken = tables.take_apart(go_type)
        if taken.sort == "plain":
            if taken.key in NAMED:
                name, schema = NAMED[taken.key]
                if name not in self.found:
                    self.found[name] = _described(schema, self._texts.of_type(name))
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
            self.found[name] = self._struct(name, taken.key)
        return {"$ref": self._prefix + name}

    def _struct(self, name: str, key: str) -> Schema:
        table = tables.struct(key)
        schema = _described({"type": "object"}, self._texts.of_type(name))
        if table["f"]:
            schema["properties"] = {field: self._field(name, field, each) for field, each in table["f"].items()}
        if table.get("r"):
            schema["required"] = list(table["r"])
        if table.get("a"):
            schema["x-kubernetes-map-type"] = table["a"]
        if key in _marks():
            schema[GROUP_VERSION_KIND] = [_marks()[key]]
        return schema

    def _field(self, owner: str, name: str, field: Mapping[str, Any]) -> Schema:
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
        for short, extension in (
            ("l", "x-kubernetes-list-type"),
            ("m", "x-kubernetes-list-map-keys"),
            ("s", "x-kubernetes-patch-strategy"),
            ("k", "x-kubernetes-patch-merge-key"),
            ("a", "x-kubernetes-map-type"),
        ):
            if field.get(short):
                extras[extension] = field[short]
        text = self._texts.of_field(owner, name, extras.get("enum", ()), apart="n" in field)
        return _joined(schema, _described(extras, text))


def is_builtin(group: str, version: str, kind: str) -> bool:
    """Whether the tables tell of this kind, and not a definition of somebody's own."""
    mark = {"group": group, "kind": kind, "version": version}
    return _marks().get(tables.type_key(group, version, kind)) == mark


def older(schema: Schema) -> Schema:
    """As version 2 has it: no defaults, what describes a reference stands beside it, a plain value is of one type, and
    where anything may stand nothing is told.

    Source: apiextensions-apiserver/pkg/controller/openapi/v2/conversion.go
    """
    if schema.get(ANYTHING) and GROUP_VERSION_KIND in schema:
        return {"type": "object", GROUP_VERSION_KIND: schema[GROUP_VERSION_KIND]}
    found = {name: each for name, each in schema.items() if name not in ("default", "nullable")}
    if schema.get(ANYTHING) or schema.get("nullable"):
        for name in ("items", "properties"):
            found.pop(name, None)
        if schema.get("nullable") or schema.get("type") == "object":
            found.pop("type", None)
    if found.get("type") == "array" and "items" not in found:
        del found["type"]
    if "properties" in found:
        found["properties"] = {name: older(each) for name, each in found["properties"].items()}
    for name in ("items", "additionalProperties"):
        if isinstance(found.get(name), dict):
            found[name] = older(found[name])
    every, one, *_ = [found.pop(name, None) or [] for name in ("allOf", "oneOf", "anyOf", "not")]
    if every and "$ref" in every[0]:
        found |= every[0]
    elif one and all(each.keys() == {"type"} for each in one):
        found["type"] = "string"
    return found


@cache
def _marks() -> dict[str, dict[str, str]]:
    """By the key of its Go type, the kind that a type is."""
    return {
        tables.type_key(each["group"], each["version"], each["kind"]): {
            name: each[name] for name in ("group", "kind", "version")
        }
        for each in tables.discovery()
    }


def _name(key: str) -> str:
    group, each, short = key.rsplit(".", 2)
    return f"{PACKAGES.get(group, f'io.k8s.api.{group}')}.{each}.{short}"


def _described(schema: Schema, text: str) -> Schema:
    return {"description": text, **schema} if text else dict(schema)


def _joined(schema: Schema, extras: Schema) -> Schema:
    """Nothing may stand beside a reference in version 3. Source: kube-openapi/pkg/util (WrapRefs)"""
    if not extras:
        return schema
    return {**extras, "allOf": [schema]} if "$ref" in schema else {**schema, **extras}


def _nothing(go_type: str) -> Schema:
    """The default of what is always there. Source: kube-openapi/pkg/generators (defaults of Go's zero values)"""
    taken = tables.take_apart(go_type)
    if taken.sort == "struct":
        return {"default": {}}
    if taken.sort != "plain" or taken.key in NAMED:
        return {}
    zero = {"string": "", "integer": 0, "number": 0, "boolean": False}.get(tables.PLAIN[taken.key][0])
    return {} if zero is None or tables.PLAIN[taken.key][1] == "byte" else {"default": zero}
