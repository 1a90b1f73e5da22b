"""Projected volumes and the files that secrets, config maps and the downward API bring.

Source: core/validation validateProjectionSources, validateDownwardAPIVolumeFile
"""

from __future__ import annotations

from k8s_magic.kinds.pod import environment
from k8s_magic.kinds.validation import field, paths
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

CONFLICT = "conflicting duplicate paths"
KINDS = ("secret", "configMap", "downwardAPI", "serviceAccountToken")


def key_to_path(item: Object, path: str) -> Errors:
    found: Errors = []
    for name in ("key", "path"):
        if not item.get(name):
            found.append(field.required(f"{path}.{name}"))
    found += paths.non_reserved(item.get("path", ""), f"{path}.path")
    return found + paths.file_mode(item.get("mode"), f"{path}.mode")


def downward_file(item: Object, path: str, fields: tuple[str, ...]) -> Errors:
    found: Errors = []
    if not item.get("path"):
        found.append(field.required(f"{path}.path"))
    found += paths.non_reserved(item.get("path", ""), f"{path}.path")
    reference, resource = item.get("fieldRef"), item.get("resourceFieldRef")
    if reference is not None:
        found += environment.field_selector(reference, fields, f"{path}.fieldRef")
        if resource is not None:
            message = "fieldRef and resourceFieldRef can not be specified simultaneously"
            found.append(field.invalid(path, "resource", message))
    elif resource is not None:
        found += environment.resource_selector(resource, f"{path}.resourceFieldRef", in_volume=True)
    else:
        found.append(field.required(path, "one of fieldRef and resourceFieldRef is required"))
    return found + paths.file_mode(item.get("mode"), f"{path}.mode")


def volume(value: Object, path: str) -> Errors:
    found = paths.file_mode(value.get("defaultMode"), f"{path}.defaultMode")
    taken: set[str] = set()
    for position, source in enumerate(value.get("sources") or ()):
        at = f"{path}.sources[{position}]"
        for name in ("secret", "configMap"):
            found += _keys(source.get(name), taken, path, f"{at}.{name}")
        for item in (source.get("downwardAPI") or {}).get("items") or ():
            found += downward_file(item, f"{at}.downwardAPI", environment.VOLUME_FIELDS)
            found += _take(item.get("path", ""), taken, path, item.get("path", ""))
        found += _token(source.get("serviceAccountToken"), path, f"{at}.serviceAccountToken")
        if sum(source.get(name) is not None for name in KINDS) > 1:
            found.append(field.forbidden(at, "may not specify more than 1 volume type per source"))
    return found


def _keys(value: Object | None, taken: set[str], volume_path: str, path: str) -> Errors:
    if value is None:
        return []
    found: Errors = []
    name = value.get("name", "")
    if not name:
        found.append(field.required(f"{path}.name"))
    for position, item in enumerate(value.get("items") or ()):
        found += key_to_path(item, f"{path}.items[{position}]")
        found += _take(item.get("path", ""), taken, volume_path, name)
    return found


def _take(place: str, taken: set[str], path: str, shown: str) -> Errors:
    if not place:
        return []
    if place in taken:
        return [field.invalid(path, shown, CONFLICT)]
    taken.add(place)
    return []


def _token(value: Object | None, volume_path: str, path: str) -> Errors:
    if value is None:
        return []
    found: Errors = []
    seconds = value.get("expirationSeconds", 0)
    if seconds < 600:
        message = "may not specify a duration less than 10 minutes"
        found.append(field.invalid(f"{path}.expirationSeconds", seconds, message))
    if seconds > 2**32:
        message = "may not specify a duration larger than 2^32 seconds"
        found.append(field.invalid(f"{path}.expirationSeconds", seconds, message))
    place = value.get("path", "")
    if not place:
        return [*found, field.required(f"{volume_path}.path")]
    return found + paths.non_reserved(place, f"{volume_path}.path")
