"""Specs of persistent volume claims, as claims, templates and ephemeral volumes have them.

Source: core/validation ValidatePersistentVolumeClaimSpec
"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, quantities, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object

ACCESS_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
VOLUME_MODES = ("Block", "Filesystem")
GREATER_THAN_ZERO = "must be greater than zero"
DEFAULT_GROUP = "must be 'PersistentVolumeClaim' when referencing the default apiGroup"


def access_modes(modes: list[str], path: str) -> Errors:
    found = [field.unsupported(path, mode, ACCESS_MODES) for mode in modes if mode not in ACCESS_MODES]
    others = [mode for mode in modes if mode in ACCESS_MODES and mode != "ReadWriteOncePod"]
    if "ReadWriteOncePod" in modes and others:
        found.append(field.forbidden(path, "may not use ReadWriteOncePod with other access modes"))
    return found


def spec(obj: Object, path: str) -> Errors:
    found: Errors = []
    modes = obj.get("accessModes") or []
    if not modes:
        found.append(field.required(f"{path}.accessModes", "at least 1 access mode is required"))
    found += metadata.label_selector(obj.get("selector"), f"{path}.selector")
    found += access_modes(modes, f"{path}.accessModes")
    size = ((obj.get("resources") or {}).get("requests") or {}).get("storage")
    at = f"{path}.resources[storage]"
    if size is None:
        found.append(field.required(at))
    elif quantity.parse(size).nanos <= 0:
        found.append(field.invalid(at, size, GREATER_THAN_ZERO))
    else:
        found += quantities.amount("storage", size, at)
    found += class_name(obj, "storageClassName", path)
    mode = obj.get("volumeMode")
    if mode is not None and mode not in VOLUME_MODES:
        found.append(field.unsupported(f"{path}.volumeMode", mode, VOLUME_MODES))
    source, reference = obj.get("dataSource"), obj.get("dataSourceRef")
    for name, value in (("dataSource", source), ("dataSourceRef", reference)):
        if value is not None:
            found += _source(value, f"{path}.{name}")
    if source is not None and reference is not None:
        if reference.get("namespace"):
            message = "may not be specified when dataSourceRef.namespace is specified"
            found.append(field.invalid(path, {}, message))
        elif any(source.get(name) != reference.get(name) for name in ("apiGroup", "kind", "name")):
            found.append(field.invalid(path, {}, "must match dataSourceRef"))
    return found + class_name(obj, "volumeAttributesClassName", path)


def class_name(obj: Object, name: str, path: str) -> Errors:
    value = obj.get(name)
    return field.each(f"{path}.{name}", value, words.dns_subdomain(value)) if value else []


def _source(value: Object, path: str) -> Errors:
    found = [field.required(f"{path}.{name}") for name in ("name", "kind") if not value.get(name)]
    group = value.get("apiGroup") or ""
    if not group and value.get("kind") != "PersistentVolumeClaim":
        found.append(field.invalid(path, value.get("kind", ""), DEFAULT_GROUP))
    if group:
        found += field.each(f"{path}.apiGroup", group, words.dns_subdomain(group))
    namespace = value.get("namespace")
    if namespace:
        found += field.each(f"{path}.namespace", namespace, words.dns_label(namespace))
    return found
