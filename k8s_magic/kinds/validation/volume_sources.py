"""Kinds of storage that Pods and persistent volumes share. Source: pkg/apis/core/validation/validation.go"""

from __future__ import annotations

import re
from collections.abc import Callable

from k8s_magic.kinds.validation import field, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

Check = Callable[[Object, str], Errors]
LUN_RANGE = words.in_range(0, 255)
PARTITION_RANGE = words.in_range(1, 255)
_IQN = re.compile(r"iqn\.\d{4}-\d{2}\.([a-zA-Z0-9.\-]+)(:[^,;*&$|\s]+)$", re.ASCII)
_EUI = re.compile(r"eui.[a-zA-Z0-9]{16}", re.ASCII)
_NAA = re.compile(r"naa.[a-zA-Z0-9]{32}", re.ASCII)


def needs(*names: str) -> Check:
    """A source whose only rule is that some fields are there."""

    def check(value: Object, path: str) -> Errors:
        return [field.required(f"{path}.{name}") for name in names if not value.get(name)]

    return check


def gce(value: Object, path: str) -> Errors:
    return needs("pdName")(value, path) + _partition(value, path)


def aws(value: Object, path: str) -> Errors:
    return needs("volumeID")(value, path) + _partition(value, path)


def _partition(value: Object, path: str) -> Errors:
    number = value.get("partition", 0)
    return [] if 0 <= number <= 255 else [field.invalid(f"{path}.partition", number, PARTITION_RANGE)]


def nfs(value: Object, path: str) -> Errors:
    found = needs("server", "path")(value, path)
    if not value.get("path", "").startswith("/"):
        found.append(field.invalid(f"{path}.path", value.get("path", ""), "must be an absolute path"))
    return found


def iscsi(value: Object, path: str) -> Errors:
    found = needs("targetPortal")(value, path)
    name = value.get("iqn", "")
    if not name:
        found.append(field.required(f"{path}.iqn"))
    else:
        found += _initiator(name, f"{path}.iqn")
    lun = value.get("lun", 0)
    if not 0 <= lun <= 255:
        found.append(field.invalid(f"{path}.lun", lun, LUN_RANGE))
    if (value.get("chapAuthDiscovery") or value.get("chapAuthSession")) and value.get("secretRef") is None:
        found.append(field.required(f"{path}.secretRef"))
    initiator = value.get("initiatorName")
    if initiator is not None:
        found += _initiator(initiator, f"{path}.initiatorname")
    return found


def _initiator(name: str, path: str) -> Errors:
    if not name.startswith(("iqn", "eui", "naa")):
        return [field.invalid(path, name, "must be valid format starting with iqn, eui, or naa")]
    is_valid = {"iqn": _IQN.search, "eui": _EUI.fullmatch, "naa": _NAA.fullmatch}[name[:3]](name)
    return [] if is_valid else [field.invalid(path, name, "must be valid format")]


def flocker(value: Object, path: str) -> Errors:
    name, uuid = value.get("datasetName", ""), value.get("datasetUUID", "")
    found: Errors = []
    if not name and not uuid:
        found.append(field.required(path, "one of datasetName and datasetUUID is required"))
    if name and uuid:
        message = "datasetName and datasetUUID can not be specified simultaneously"
        found.append(field.invalid(path, "resource", message))
    if "/" in name:
        found.append(field.invalid(f"{path}.datasetName", name, "must not contain '/'"))
    return found


def cinder(value: Object, path: str) -> Errors:
    return needs("volumeID")(value, path) + secret(value.get("secretRef"), f"{path}.secretRef", "name")


def cinder_persistent(value: Object, path: str) -> Errors:
    found = needs("volumeID")(value, path)
    return found + secret(value.get("secretRef"), f"{path}.secretRef", "name", "namespace")


def secret(value: Object | None, path: str, *names: str) -> Errors:
    return [] if value is None else needs(*names)(value, path)


def quobyte(value: Object, path: str) -> Errors:
    found: Errors = []
    pairs = "must be a host:port pair or multiple pairs separated by commas"
    registry = value.get("registry", "")
    if not registry:
        found.append(field.required(f"{path}.registry", pairs))
    elif len(value.get("tenant", "")) >= 65:
        message = "must be a UUID and may not exceed a length of 64 characters"
        found.append(field.required(f"{path}.tenant", message))
    else:
        for pair in registry.split(","):
            if pair.count(":") != 1 and not re.fullmatch(r"\[.*\]:.*", pair):
                found.append(field.invalid(f"{path}.registry", registry, pairs))
    return found + needs("volume")(value, path)


def fc(value: Object, path: str) -> Errors:
    names, ids, lun = value.get("targetWWNs") or [], value.get("wwids") or [], value.get("lun")
    found: Errors = []
    if not names and not ids:
        message = "must specify either targetWWNs or wwids, but not both"
        found.append(field.required(f"{path}.targetWWNs", message))
    if names and ids:
        message = "targetWWNs and wwids can not be specified simultaneously"
        found.append(field.invalid(f"{path}.targetWWNs", names, message))
    if names and lun is None:
        found.append(field.required(f"{path}.lun", "lun is required if targetWWNs is specified"))
    elif names and lun is not None and not 0 <= lun <= 255:
        found.append(field.invalid(f"{path}.lun", lun, LUN_RANGE))
    return found


def flex(value: Object, path: str) -> Errors:
    found = needs("driver")(value, path)
    for key in sorted(value.get("options") or ()):
        namespace = "." + key.partition("/")[0].lower()
        if namespace.endswith((".kubernetes.io", ".k8s.io")):
            message = "kubernetes.io and k8s.io namespaces are reserved"
            found.append(field.invalid(f"{path}.options[{key}]", key, message))
    return found


def azure_disk(value: Object, path: str) -> Errors:
    found = needs("diskName", "diskURI")(value, path)
    caching, kind, uri = value.get("cachingMode"), value.get("kind"), value.get("diskURI", "")
    if caching is not None and caching not in ("None", "ReadOnly", "ReadWrite"):
        found.append(field.unsupported(f"{path}.cachingMode", caching, ("None", "ReadOnly", "ReadWrite")))
    if kind is not None and kind not in ("Dedicated", "Managed", "Shared"):
        found.append(field.unsupported(f"{path}.kind", kind, ("Dedicated", "Managed", "Shared")))
    if kind == "Managed" and not uri.startswith("/subscriptions/"):
        valid = ("/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}",)
        found.append(field.unsupported(f"{path}.diskURI", uri, valid))
    if kind is not None and kind != "Managed" and not uri.startswith("https://"):
        valid = ("https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd",)
        found.append(field.unsupported(f"{path}.diskURI", uri, valid))
    return found


def storage_os(value: Object, path: str) -> Errors:
    return _storage_os(value, path) + secret(value.get("secretRef"), f"{path}.secretRef", "name")


def storage_os_persistent(value: Object, path: str) -> Errors:
    return _storage_os(value, path) + secret(value.get("secretRef"), f"{path}.secretRef", "name", "namespace")


def _storage_os(value: Object, path: str) -> Errors:
    found: Errors = []
    name, namespace = value.get("volumeName", ""), value.get("volumeNamespace", "")
    if not name:
        found.append(field.required(f"{path}.volumeName"))
    else:
        found += field.each(f"{path}.volumeName", name, words.dns_label(name))
    if namespace:
        found += field.each(f"{path}.volumeNamespace", namespace, words.dns_label(namespace))
    return found


def driver_name(name: str, path: str) -> Errors:
    """ValidateCSIDriverName."""
    if not name:
        return [field.required(path)]
    found = [field.too_long(path, 63)] if len(name) > 63 else []
    return found + field.each(path, name, words.dns_subdomain(name.lower()))
