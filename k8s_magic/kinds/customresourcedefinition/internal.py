"""Definitions as the server holds them inside, which its complaints show: what all versions share stands in the spec.

Source: apiextensions-apiserver/pkg/apis/apiextensions/{types,types_jsonschema}.go, …/v1/conversion.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.machinery.meta import Object

# (wire name, Go's name, value where it is not given)
SCHEMA: tuple[tuple[str, str, Any], ...] = (
    ("id", "ID", ""),
    ("$schema", "Schema", ""),
    ("$ref", "Ref", None),
    ("description", "Description", ""),
    ("type", "Type", ""),
    ("nullable", "Nullable", False),
    ("format", "Format", ""),
    ("title", "Title", ""),
    ("default", "Default", None),
    ("maximum", "Maximum", None),
    ("exclusiveMaximum", "ExclusiveMaximum", False),
    ("minimum", "Minimum", None),
    ("exclusiveMinimum", "ExclusiveMinimum", False),
    ("maxLength", "MaxLength", None),
    ("minLength", "MinLength", None),
    ("pattern", "Pattern", ""),
    ("maxItems", "MaxItems", None),
    ("minItems", "MinItems", None),
    ("uniqueItems", "UniqueItems", False),
    ("multipleOf", "MultipleOf", None),
    ("enum", "Enum", None),
    ("maxProperties", "MaxProperties", None),
    ("minProperties", "MinProperties", None),
    ("required", "Required", None),
    ("items", "Items", None),
    ("allOf", "AllOf", None),
    ("oneOf", "OneOf", None),
    ("anyOf", "AnyOf", None),
    ("not", "Not", None),
    ("properties", "Properties", None),
    ("additionalProperties", "AdditionalProperties", None),
    ("patternProperties", "PatternProperties", None),
    ("dependencies", "Dependencies", None),
    ("additionalItems", "AdditionalItems", None),
    ("definitions", "Definitions", None),
    ("externalDocs", "ExternalDocs", None),
    ("example", "Example", None),
    ("x-kubernetes-preserve-unknown-fields", "XPreserveUnknownFields", None),
    ("x-kubernetes-embedded-resource", "XEmbeddedResource", False),
    ("x-kubernetes-int-or-string", "XIntOrString", False),
    ("x-kubernetes-list-map-keys", "XListMapKeys", None),
    ("x-kubernetes-list-type", "XListType", None),
    ("x-kubernetes-map-type", "XMapType", None),
    ("x-kubernetes-validations", "XValidations", None),
)
# What is moved to the spec where all versions agree: (wire name, Go's name in a version).
SHARED = (
    ("schema", "Schema"),
    ("subresources", "Subresources"),
    ("additionalPrinterColumns", "AdditionalPrinterColumns"),
    ("selectableFields", "SelectableFields"),
)


def shared(versions: list[Object]) -> Object:
    """What all versions agree on, by wire name."""
    found: Object = {}
    for name, _ in SHARED:
        values = [version.get(name) or None for version in versions]
        if values and values[0] is not None and all(value == values[0] for value in values):
            found[name] = values[0]
    return found


def version(wire: Object, common: Object) -> Object:
    given = wire.get("schema")
    return {
        "Name": wire.get("name", ""),
        "Served": wire.get("served", False),
        "Storage": wire.get("storage", False),
        "Deprecated": wire.get("deprecated", False),
        "DeprecationWarning": wire.get("deprecationWarning"),
        "Schema": None
        if "schema" in common or given is None
        else {"OpenAPIV3Schema": schema(given.get("openAPIV3Schema"))},
        "Subresources": None if "subresources" in common else _subresources(wire.get("subresources")),
        "AdditionalPrinterColumns": None
        if "additionalPrinterColumns" in common
        else _columns(wire.get("additionalPrinterColumns")),
        "SelectableFields": None
        if "selectableFields" in common
        else [{"JSONPath": each["jsonPath"]} for each in wire.get("selectableFields") or ()] or None,
    }


def _subresources(given: Object | None) -> Object | None:
    if given is None:
        return None
    scale = given.get("scale")
    shown = scale and {
        "SpecReplicasPath": scale.get("specReplicasPath", ""),
        "StatusReplicasPath": scale.get("statusReplicasPath", ""),
        "LabelSelectorPath": scale.get("labelSelectorPath"),
    }
    return {"Status": given.get("status"), "Scale": shown}


def _columns(given: list[Object] | None) -> list[Object] | None:
    return [
        {
            "Name": each.get("name", ""),
            "Type": each.get("type", ""),
            "Format": each.get("format", ""),
            "Description": each.get("description", ""),
            "Priority": each.get("priority", 0),
            "JSONPath": each.get("jsonPath", ""),
        }
        for each in given or ()
    ] or None


def schema(given: Any) -> Any:
    if not isinstance(given, dict):
        return None
    found: Object = {}
    for wire, name, absent in SCHEMA:
        value = given.get(wire, absent)
        if wire in given:
            value = _value(wire, value)
        found[name] = value
    return found


def _value(name: str, value: Any) -> Any:
    if name in ("allOf", "oneOf", "anyOf"):
        return [schema(each) for each in value]
    if name in ("properties", "patternProperties", "definitions"):
        return {key: schema(each) for key, each in sorted(value.items())}
    if name == "not":
        return schema(value)
    if name == "items":
        many = [schema(each) for each in value] if isinstance(value, list) else None
        return {"Schema": schema(value), "JSONSchemas": many}
    if name in ("additionalProperties", "additionalItems"):
        return {"Allows": value is not False, "Schema": schema(value)}
    return value
