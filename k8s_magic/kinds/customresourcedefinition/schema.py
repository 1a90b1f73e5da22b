"""Whether a version's schema is one that the server takes: OpenAPI v3 without what cannot be pruned or defaulted.

Source: apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go,
apiextensions-apiserver/pkg/apiserver/schema/defaulting/validation.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds.custom import pruning
from k8s_magic.kinds.custom.values import Check
from k8s_magic.kinds.customresourcedefinition import internal, structure
from k8s_magic.kinds.validation import field
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.text import json_out

Schema = dict[str, Any]
TYPES = ("array", "boolean", "integer", "number", "object", "string")
META = ("metadata", "kind", "apiVersion")
# What may stand at the root where a status has a schema of its own. Source: allowedFieldsAtRootSchema
AT_ROOT = (
    "Description",
    "Type",
    "Format",
    "Title",
    "Maximum",
    "ExclusiveMaximum",
    "Minimum",
    "ExclusiveMinimum",
    "MaxLength",
    "MinLength",
    "Pattern",
    "MaxItems",
    "MinItems",
    "UniqueItems",
    "MultipleOf",
    "Required",
    "Items",
    "Properties",
    "ExternalDocs",
    "Example",
    "XPreserveUnknownFields",
    "XValidations",
)
NOT_SUPPORTED = ("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref")


def check(schema: Schema, path: str, *, has_status: bool) -> Errors:
    """`path` is that of the validation, whose `openAPIV3Schema` this is."""
    here = f"{path}.openAPIV3Schema"
    found: Errors = _root(schema, here) if has_status else []
    if schema.get("nullable"):
        found.append(field.forbidden(f"{here}.nullable", "nullable cannot be true at the root"))
    if isinstance(schema.get("items"), list):
        found += _openapi(schema, here, is_root=True, inside_meta=False, forbidden="")
        return found
    wrong = structure.check(schema, here) or _defaults(schema, here, inside_meta=False)
    return found + wrong + _openapi(schema, here, is_root=True, inside_meta=False, forbidden="")


def _root(schema: Schema, path: str) -> Errors:
    if schema.get("type") and schema["type"] != "object":
        words = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
        return [field.invalid(f"{path}.type", schema["type"], words)]
    names = {wire: name for wire, name, _ in internal.SCHEMA}
    if any(each and names.get(wire, "") not in AT_ROOT for wire, each in schema.items()):
        allowed = f"[{' '.join(AT_ROOT)}]"
        words = f"only {allowed} fields are allowed at the root of the schema if the status subresource is enabled"
        shown = json_out.compact(internal.schema(schema), sort=False)
        return [field.invalid_as(path, shown, words)]
    return []


def _defaults(schema: Any, path: str, *, inside_meta: bool) -> Errors:
    """Defaults must be what the schema itself takes."""
    found: Errors = []
    if not isinstance(schema, dict):
        return found
    given = schema.get("default")
    if given is not None and not inside_meta:
        pruned = {"default": pruning.copied(given)}
        pruning.prune(pruned, {"properties": {"default": schema}})
        if pruned["default"] != given:
            found.append(field.invalid(f"{path}.default", given, "must not have unknown fields"))
        checked = Check(f"{path}.default")
        checked.value(given, schema)
        found += checked.found
    found += _defaults(schema.get("items"), f"{path}.items", inside_meta=inside_meta)
    for name, each in (schema.get("properties") or {}).items():
        is_meta = inside_meta or (bool(schema.get("x-kubernetes-embedded-resource")) and name in META)
        found += _defaults(each, f"{path}.properties[{name}]", inside_meta=is_meta)
    return found


def _openapi(schema: Any, path: str, *, is_root: bool, inside_meta: bool, forbidden: str) -> Errors:
    """`forbidden`: why defaults may not stand here."""
    if not isinstance(schema, dict):
        return []
    found = _node(schema, path, inside_meta, forbidden)
    if schema.get("uniqueItems"):
        words = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
        found.append(field.forbidden(f"{path}.uniqueItems", words))
    rest, properties = schema.get("additionalProperties"), schema.get("properties") or {}
    if rest is not None:
        if properties and rest is not True:
            words = "additionalProperties and properties are mutual exclusive"
            found.append(field.forbidden(f"{path}.additionalProperties", words))
        why = "inside additionalProperties applying to object metadata" if inside_meta else forbidden
        here = f"{path}.additionalProperties"
        found += _openapi(rest, here, is_root=False, inside_meta=inside_meta, forbidden=why)
    for name, each in properties.items():
        is_meta, why = inside_meta, forbidden
        if (is_root or schema.get("x-kubernetes-embedded-resource")) and name in META:
            is_meta = True
            why = f"in top-level {name}" if is_root else why
        found += _openapi(each, f"{path}.properties[{name}]", is_root=False, inside_meta=is_meta, forbidden=why)
    for name in ("allOf", "oneOf", "anyOf"):
        for position, each in enumerate(schema.get(name) or ()):
            here = f"{path}.{name}[{position}]"
            found += _openapi(each, here, is_root=False, inside_meta=inside_meta, forbidden=forbidden)
    found += _openapi(schema.get("not"), f"{path}.not", is_root=False, inside_meta=inside_meta, forbidden=forbidden)
    found += _openapi(schema.get("items"), f"{path}.items", is_root=False, inside_meta=inside_meta, forbidden=forbidden)
    return found + _extensions(schema, path) + _rules(schema, path)


def _node(schema: Schema, path: str, inside_meta: bool, forbidden: str) -> Errors:
    found: Errors = []
    type_ = schema.get("type", "")
    if type_ and type_ not in TYPES:
        found.append(field.unsupported(f"{path}.type", type_, TYPES))
    if schema.get("default") is not None and forbidden:
        found.append(field.forbidden(f"{path}.default", f"must not be set {forbidden}"))
    found += [field.forbidden(f"{path}.{name}", f"{name} is not supported") for name in NOT_SUPPORTED if name in schema]
    if type_ == "null":
        words = "type cannot be set to null, use nullable as an alternative"
        found.append(field.forbidden(f"{path}.type", words))
    if isinstance(schema.get("items"), list):
        found.append(field.forbidden(f"{path}.items", "items must be a schema object and not an array"))
    if inside_meta and schema.get("x-kubernetes-embedded-resource"):
        here = f"{path}.x-kubernetes-embedded-resource"
        found.append(field.forbidden(here, "must not be used inside of resource meta"))
    return found


def _extensions(schema: Schema, path: str) -> Errors:
    found: Errors = []
    type_ = schema.get("type", "")
    if schema.get("x-kubernetes-preserve-unknown-fields") is False:
        here = f"{path}.x-kubernetes-preserve-unknown-fields"
        found.append(field.invalid(here, False, "must be true or undefined"))
    map_type, list_type = schema.get("x-kubernetes-map-type"), schema.get("x-kubernetes-list-type")
    for given, wanted, name in ((map_type, "object", "map"), (list_type, "array", "list")):
        if given is not None and type_ != wanted:
            words = f"must be {wanted} if x-kubernetes-{name}-type is specified"
            here = f"{path}.type"
            found.append(field.invalid(here, type_, words) if type_ else field.required(here, words))
        valid = ("atomic", "granular") if name == "map" else ("atomic", "set", "map")
        if given is not None and given not in valid:
            found.append(field.unsupported(f"{path}.x-kubernetes-{name}-type", given, valid))
    items, keys = schema.get("items"), schema.get("x-kubernetes-list-map-keys") or []
    here = f"{path}.x-kubernetes-list-type"
    if keys and list_type != "map":
        words = "must be map if x-kubernetes-list-map-keys is non-empty"
        found.append(field.required(here, words) if list_type is None else field.invalid(here, list_type, words))
    if list_type == "map":
        found += _map_list(items, keys, path)
    if list_type in ("set", "map") and isinstance(items, dict) and items.get("nullable"):
        words = f"cannot be nullable when x-kubernetes-list-type is {list_type}"
        found.append(field.forbidden(f"{path}.items.nullable", words))
    return found


def _map_list(items: Any, keys: list[str], path: str) -> Errors:
    found: Errors = []
    if not keys:
        words = "must not be empty if x-kubernetes-list-type is map"
        found.append(field.required(f"{path}.x-kubernetes-list-map-keys", words))
    if items is None:
        words = "must have a schema if x-kubernetes-list-type is map"
        return [*found, field.required(f"{path}.items", words)]
    if not isinstance(items, dict):
        return found
    if items.get("type", "") != "object":
        words = "must be object if parent array's x-kubernetes-list-type is map"
        return [*found, field.invalid(f"{path}.items.type", items.get("type", ""), words)]
    properties = items.get("properties") or {}
    for key in keys:
        here = f"{path}.items.properties[{key}]"
        if key not in properties:
            words = "entries must all be names of item properties"
            found.append(field.invalid(f"{path}.x-kubernetes-list-map-keys", keys, words))
            continue
        known = properties[key]
        if known.get("type") in ("array", "object"):
            words = "must be a scalar type if parent array's x-kubernetes-list-type is map"
            found.append(field.invalid(f"{here}.type", items["type"], words))
        if key not in (items.get("required") or ()) and known.get("default") is None:
            words = "so it must have a default or be a required property"
            why = f"this property is in x-kubernetes-list-map-keys, {words}"
            found.append(field.required(f"{here}.default", why))
        if known.get("nullable"):
            why = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable"
            found.append(field.forbidden(f"{here}.nullable", why))
    if len(set(keys)) < len(keys):
        words = "must not contain duplicate entries"
        found.append(field.invalid(f"{path}.x-kubernetes-list-map-keys", keys, words))
    return found


def _rules(schema: Schema, path: str) -> Errors:
    """Only what can be said of a rule without reading its CEL."""
    found: Errors = []
    for position, rule in enumerate(schema.get("x-kubernetes-validations") or ()):
        here = f"{path}.x-kubernetes-validations[{position}]"
        text, message = rule.get("rule", "").strip(), rule.get("message", "")
        if not text:
            found.append(field.required(f"{here}.rule", "rule is not specified"))
        elif message and not message.strip():
            found.append(field.invalid(f"{here}.message", message, "must be non-empty if specified"))
        elif "\n" in message.strip():
            found.append(field.invalid(f"{here}.message", message, "must not contain line breaks"))
        elif "\n" in text and not message.strip():
            words = "message must be specified if rule contains line breaks"
            found.append(field.required(f"{here}.message", words))
    return found
