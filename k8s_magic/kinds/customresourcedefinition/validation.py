"""What a CustomResourceDefinition may say, beside its schemas (schema.py, structure.py).

Rules in CEL are not compiled; the schema of a conversion webhook's CA is not read.
Source: apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds.customresourcedefinition import approval, internal, schema
from k8s_magic.kinds.validation import field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.errors import FieldError
from k8s_magic.machinery.meta import Object
from k8s_magic.text import json_out

COLUMN_TYPES = ("boolean", "date", "integer", "number", "string")
COLUMN_FORMATS = ("byte", "date", "date-time", "double", "float", "int32", "int64", "password")
REVIEW_VERSIONS = ("v1", "v1beta1")
MOST_SELECTABLE = 8
LONGEST_WARNING = 256


def validate(obj: Object) -> Errors:
    spec = obj["spec"]
    wanted = f"{(spec.get('names') or {}).get('plural', '')}.{spec.get('group', '')}"

    def name(value: str) -> list[str]:
        found = words.dns_subdomain(value)
        return found if value == wanted else [*found, 'must be spec.names.plural+"."+spec.group']

    found = metadata.validate(obj, namespaced=False, name=name, is_core=False)
    found += _spec(spec)
    found += _status(obj)
    found += approval.check(obj, None)
    if spec.get("preserveUnknownFields"):
        why = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
        found.append(field.invalid("spec.preserveUnknownFields", True, why))
    return found


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    spec, before = new["spec"], old["spec"]
    found += _spec(spec)
    conditions = (old.get("status") or {}).get("conditions") or ()
    if any(each["type"] == "Established" and each["status"] == "True" for each in conditions):
        found += field.immutable(spec.get("scope"), before.get("scope"), "spec.scope")
        found += field.immutable(spec["names"].get("kind"), before["names"].get("kind"), "spec.names.kind")
    found += field.immutable(spec.get("group"), before.get("group"), "spec.group")
    found += field.immutable(spec["names"].get("plural"), before["names"].get("plural"), "spec.names.plural")
    return found + _status(new) + approval.check(new, old)


def _spec(spec: Object) -> Errors:
    group = spec.get("group", "")
    found: Errors = []
    if not group:
        found.append(field.required("spec.group"))
    elif wrong := words.dns_subdomain(group):
        found.append(field.invalid("spec.group", group, ",".join(wrong)))
    elif "." not in group:
        found.append(field.invalid("spec.group", group, "should be a domain with at least one dot"))
    scope = spec.get("scope", "")
    if not scope:
        found.append(field.required("spec.scope"))
    elif scope not in ("Cluster", "Namespaced"):
        found.append(field.unsupported("spec.scope", scope, ("Cluster", "Namespaced")))
    versions = spec.get("versions") or []
    common = internal.shared(versions)
    for position, version in enumerate(versions):
        if not (version.get("schema") or {}).get("openAPIV3Schema"):
            found.append(field.required(f"spec.versions[{position}].schema.openAPIV3Schema"))
    for position, version in enumerate(versions):
        found += _version(version, f"spec.versions[{position}]", common)
    held = [internal.version(version, common) for version in versions]
    if len({version.get("name") for version in versions}) < len(versions):
        found.append(_about(held, "must contain unique version names"))
    if sum(bool(version.get("storage")) for version in versions) != 1:
        found.append(_about(held, "must have exactly one version marked as storage version"))
    names = spec.get("names") or {}
    for name in ("plural", "singular", "kind", "listKind"):
        if not names.get(name):
            found.append(field.required(f"spec.names.{name}"))
    found += _names(names, "spec.names")
    found += _parts(common, "spec", "validation", any(_has_status(version) for version in versions))
    return found + _conversion(spec.get("conversion"))


def _about(versions: list[Object], detail: str) -> FieldError:
    """A complaint about the versions, printed in the order of their type's fields."""
    shown = json_out.compact(versions, sort=False)
    return field.invalid_as("spec.versions", shown, detail)


def _version(version: Object, path: str, common: Object) -> Errors:
    """What stands in a version of its own."""
    found: Errors = []
    name = version.get("name", "")
    if wrong := words.dns_1035_label(name):
        found.append(field.invalid(f"{path}.name", name, ",".join(wrong)))
    warning = version.get("deprecationWarning")
    if warning is not None:
        complaints = []
        if not version.get("deprecated"):
            complaints = ["can only be set for deprecated versions"]
        elif len(warning.encode()) > LONGEST_WARNING:
            complaints = [f"must be <= {LONGEST_WARNING} characters long"]
        elif not warning:
            complaints = ["must not be an empty string"]
        found += field.each(f"{path}.deprecationWarning", warning, complaints)
    own = {key: each for key, each in version.items() if key not in common}
    return found + _parts(own, path, "schema", _has_status(version))


def _parts(given: Object, path: str, schema_name: str, has_status: bool) -> Errors:
    """Schema, subresources, columns and selectable fields, where they stand: in a version, or for all in the spec."""
    found: Errors = []
    root = (given.get("schema") or {}).get("openAPIV3Schema")
    if root:
        found += schema.check(root, f"{path}.{schema_name}", has_status=has_status)
    scale = (given.get("subresources") or {}).get("scale")
    if scale is not None:
        found += _scale(scale, f"{path}.subresources.scale")
    for position, column in enumerate(given.get("additionalPrinterColumns") or ()):
        found += _column(column, f"{path}.additionalPrinterColumns[{position}]")
    return found + _selectable(given.get("selectableFields") or [], root or {}, f"{path}.selectableFields")


def _has_status(version: Object) -> bool:
    return (version.get("subresources") or {}).get("status") is not None


def _scale(scale: Object, path: str) -> Errors:
    found: Errors = []
    for name, part in (("specReplicasPath", ".spec"), ("statusReplicasPath", ".status")):
        value = scale.get(name, "")
        if not value:
            found.append(field.required(f"{path}.{name}"))
        elif wrong := _simple_path(value, f"{path}.{name}"):
            found += wrong
        elif not value.startswith(f"{part}."):
            found.append(field.invalid(f"{path}.{name}", value, f"should be a json path under {part}"))
    if selector := scale.get("labelSelectorPath"):
        here = f"{path}.labelSelectorPath"
        if wrong := _simple_path(selector, here):
            found += wrong
        elif not selector.startswith((".spec.", ".status.")):
            found.append(field.invalid(here, selector, "should be a json path under either .spec or .status"))
    return found


def _column(column: Object, path: str) -> Errors:
    found: Errors = []
    if not column.get("name"):
        found.append(field.required(f"{path}.name"))
    valid = f"must be one of {','.join(COLUMN_TYPES)}"
    if not column.get("type"):
        found.append(field.required(f"{path}.type", valid))
    elif column["type"] not in COLUMN_TYPES:
        found.append(field.invalid(f"{path}.type", column["type"], valid))
    if column.get("format") and column["format"] not in COLUMN_FORMATS:
        found.append(field.invalid(f"{path}.format", column["format"], f"must be one of {','.join(COLUMN_FORMATS)}"))
    if not column.get("jsonPath"):
        found.append(field.required(f"{path}.JSONPath"))
    else:
        found += _simple_path(column["jsonPath"], f"{path}.JSONPath")
    return found


def _simple_path(value: str, path: str) -> Errors:
    if not value.startswith("."):
        return [field.invalid(path, value, "must be a simple json path starting with .")]
    return []


def _selectable(given: list[Object], root: Object, path: str) -> Errors:
    found: Errors = []
    seen: set[str] = set()
    for position, each in enumerate(given):
        here, value = f"{path}[{position}].jsonPath", each.get("jsonPath", "")
        if not value:
            found.append(field.required(here))
            continue
        place: Any = root
        names = value.strip(".").split(".")
        for name in names:
            place = (place.get("properties") or {}).get(name) if isinstance(place, dict) else None
        if names[0] == "metadata":
            found.append(field.invalid(here, value, "must not point to fields in metadata"))
        if not isinstance(place, dict) or place.get("type") not in ("string", "boolean", "integer"):
            why = (
                "must point to a field of type string, boolean or integer. Enum string fields and strings with "
                "formats are allowed."
            )
            found.append(field.invalid(here, value, why))
        if value in seen:
            found.append(field.duplicate(here, value))
        seen.add(value)
    if len(seen) > MOST_SELECTABLE:
        found.append(field.too_many(path, len(seen), MOST_SELECTABLE))
    return found


def _names(names: Object, path: str) -> Errors:
    found: Errors = []
    for name, lowers in (("plural", False), ("singular", False), ("kind", True), ("listKind", True)):
        value = names.get(name) or ""
        wrong = words.dns_1035_label(value.lower() if lowers else value)
        if value and wrong:
            detail = ("may have mixed case, but should otherwise match: " if lowers else "") + ",".join(wrong)
            found.append(field.invalid(f"{path}.{name}", value, detail))
    for position, each in enumerate(names.get("shortNames") or ()):
        if wrong := words.dns_1035_label(each):
            found.append(field.invalid(f"{path}.shortNames[{position}]", each, ",".join(wrong)))
    if names.get("kind") and names["kind"] == names.get("listKind"):
        found.append(field.invalid(f"{path}.listKind", names["listKind"], "kind and listKind may not be the same"))
    for position, each in enumerate(names.get("categories") or ()):
        if wrong := words.dns_1035_label(each):
            found.append(field.invalid(f"{path}.categories[{position}]", each, ",".join(wrong)))
    return found


def _conversion(conversion: Object | None) -> Errors:
    if conversion is None:
        return []
    path = "spec.conversion"
    strategy = conversion.get("strategy", "")
    webhook = conversion.get("webhook")
    if strategy not in ("None", "Webhook"):
        if not strategy:
            return [field.required(f"{path}.strategy")]
        return [field.unsupported(f"{path}.strategy", strategy, ("None", "Webhook"))]
    if strategy == "None":
        if webhook is not None:
            why = "should not be set when strategy is not set to Webhook"
            return [field.forbidden(f"{path}.webhookClientConfig", why)]
        return []
    found: Errors = []
    client = (webhook or {}).get("clientConfig")
    if client is None:
        found.append(field.required(f"{path}.webhookClientConfig", "required when strategy is set to Webhook"))
    elif (client.get("url") is None) == (client.get("service") is None):
        found.append(field.required(f"{path}.webhookClientConfig", "exactly one of url or service is required"))
    versions = (webhook or {}).get("conversionReviewVersions") or []
    here = f"{path}.conversionReviewVersions"
    if not versions:
        found.append(field.required(here))
    elif not any(each in REVIEW_VERSIONS for each in versions):
        found.append(field.invalid(here, versions, f"must include at least one of {', '.join(REVIEW_VERSIONS)}"))
    return found


def _status(obj: Object) -> Errors:
    status = obj.get("status") or {}
    found = _names(status.get("acceptedNames") or {}, "status.acceptedNames")
    path, stored = "status.storedVersions", status.get("storedVersions") or []
    if not stored:
        return [*found, field.invalid_as(path, "null", "must have at least one stored version")]
    names = [version.get("name", "") for version in obj["spec"].get("versions") or ()]
    for version in obj["spec"].get("versions") or ():
        if version.get("storage") and version["name"] not in stored:
            found.append(field.invalid(path, stored, f"must have the storage version {version['name']}"))
    for position, each in enumerate(stored):
        if each not in names:
            why = (
                f"missing from spec.versions; {each} was previously a storage version, and must remain in "
                f"spec.versions until a storage migration ensures no data remains persisted in {each} and removes "
                f"{each} from status.storedVersions"
            )
            found.append(field.invalid(f"{path}[{position}]", each, why))
    return found
