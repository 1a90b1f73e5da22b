"""Where containers mount volumes and use devices.

Source: core/validation ValidateVolumeMounts, ValidateVolumeDevices
"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, paths
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

PROPAGATIONS = ("Bidirectional", "HostToContainer", "None")
RECURSIVE = ("Disabled", "Enabled", "IfPossible")


def mounts(container: Object, volumes: dict[str, Object], path: str) -> Errors:
    found: Errors = []
    devices = {device["name"]: device["devicePath"] for device in container.get("volumeDevices") or ()}
    seen: set[str] = set()
    for position, mount in enumerate(container.get("volumeMounts") or ()):
        at = f"{path}[{position}]"
        name, where = mount.get("name", ""), mount.get("mountPath", "")
        if not name:
            found.append(field.required(f"{at}.name"))
        if name not in volumes:
            found.append(field.not_found(f"{at}.name", name))
        if not where:
            found.append(field.required(f"{at}.mountPath"))
        if where in seen:
            found.append(field.invalid(f"{at}.mountPath", where, "must be unique"))
        seen.add(where)
        if name in devices:
            found.append(field.invalid(f"{at}.name", name, "must not already exist in volumeDevices"))
        if where in devices.values():
            message = "must not already exist as a path in volumeDevices"
            found.append(field.invalid(f"{at}.mountPath", where, message))
        sub, expression = mount.get("subPath", ""), mount.get("subPathExpr", "")
        if sub:
            found += paths.descending(sub, f"{path}.subPath")
        if expression:
            if sub:
                message = "subPathExpr and subPath are mutually exclusive"
                found.append(field.invalid(f"{at}.subPathExpr", expression, message))
            found += paths.descending(expression, f"{path}.subPathExpr")
        found += _propagation(mount, container, f"{path}.mountPropagation")
        found += _recursive(mount, f"{path}.recursiveReadOnly")
    return found


def _propagation(mount: Object, container: Object, path: str) -> Errors:
    value = mount.get("mountPropagation")
    if value is None:
        return []
    if value not in PROPAGATIONS:
        return [field.unsupported(path, value, PROPAGATIONS)]
    if value == "Bidirectional" and not (container.get("securityContext") or {}).get("privileged"):
        return [field.forbidden(path, "Bidirectional mount propagation is available only to privileged containers")]
    return []


def _recursive(mount: Object, path: str) -> Errors:
    value = mount.get("recursiveReadOnly")
    if value is None or value == "Disabled":
        return []
    if value not in RECURSIVE:
        return [field.unsupported(path, value, RECURSIVE)]
    found: Errors = []
    if not mount.get("readOnly"):
        found.append(field.forbidden(path, "may only be specified when readOnly is true"))
    if mount.get("mountPropagation", "None") != "None":
        message = "may only be specified when mountPropagation is None or not specified"
        found.append(field.forbidden(path, message))
    return found


def devices(container: Object, volumes: dict[str, Object], path: str) -> Errors:
    found: Errors = []
    mounted = {mount["name"]: mount["mountPath"] for mount in container.get("volumeMounts") or ()}
    names: set[str] = set()
    places: set[str] = set()
    for position, device in enumerate(container.get("volumeDevices") or ()):
        at = f"{path}[{position}]"
        name, where = device.get("name", ""), device.get("devicePath", "")
        volume = volumes.get(name)
        if not name:
            found.append(field.required(f"{at}.name"))
        if name in names:
            found.append(field.invalid(f"{at}.name", name, "must be unique"))
        if volume is None:
            found.append(field.not_found(f"{at}.name", name))
        elif "persistentVolumeClaim" not in volume and "ephemeral" not in volume:
            message = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
            found.append(field.invalid(f"{at}.name", name, message))
        if not where:
            found.append(field.required(f"{at}.devicePath"))
        if where in places:
            found.append(field.invalid(f"{at}.devicePath", where, "must be unique"))
        if where and paths.no_backsteps(where, path):
            found.append(field.invalid(f"{at}.devicePath", where, "can not contain backsteps ('..')"))
        else:
            places.add(where)
        if name in mounted:
            found.append(field.invalid(f"{at}.name", name, "must not already exist in volumeMounts"))
        if where in mounted.values():
            message = "must not already exist as a path in volumeMounts"
            found.append(field.invalid(f"{at}.devicePath", where, message))
        if name:
            names.add(name)
    return found
