"""Source: pkg/apis/core/validation/validation.go ValidatePersistentVolume"""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from k8s_magic.kinds.pod import volumes
from k8s_magic.kinds.validation import claims, field, metadata, node_selector, paths, volume_sources, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object

RECLAIM_POLICIES = ("Delete", "Recycle", "Retain")
FIXED_SOURCE = "spec.persistentvolumesource is immutable after creation"


def validate(obj: Object) -> Errors:
    return metadata.validate(obj, namespaced=False) + _spec(obj["spec"], obj["metadata"].get("name", ""))


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old) + validate(new)
    sources = [{name: spec[name] for name in SOURCES if name in spec} for spec in (new["spec"], old["spec"])]
    if sources[0] != sources[1] and not _only_csi_secrets(*sources):
        found.append(field.forbidden("spec.persistentvolumesource", FIXED_SOURCE))
    found += field.immutable(new["spec"].get("volumeMode"), old["spec"].get("volumeMode"), "volumeMode")
    before = old["spec"].get("nodeAffinity")
    if before is not None and before != new["spec"].get("nodeAffinity"):
        message = f"{field.IMMUTABLE}, except for updating from beta label to GA"
        found.append(field.invalid("nodeAffinity", new["spec"].get("nodeAffinity"), message))
    return found


def _only_csi_secrets(new: Object, old: Object) -> bool:
    """The secrets for expanding a CSI volume may be set later."""
    late = ("controllerExpandSecretRef", "nodeExpandSecretRef")
    if list(new) != ["csi"] or list(old) != ["csi"]:
        return False
    bare = [{name: value for name, value in one["csi"].items() if name not in late} for one in (new, old)]
    return bare[0] == bare[1]


def _spec(spec: Object, name: str) -> Errors:
    found: Errors = []
    modes, capacity = spec.get("accessModes") or [], spec.get("capacity") or {}
    if not modes:
        found.append(field.required("spec.accessModes"))
    found += claims.access_modes(modes, "spec.accessModes")
    if not capacity:
        found.append(field.required("spec.capacity"))
    if list(capacity) != ["storage"]:
        found.append(field.unsupported("spec.capacity", capacity or None, ("storage",)))
    for resource in sorted(capacity):
        at, size = f"spec.capacity[{resource}]", quantity.parse(capacity[resource])
        if size.value < 0:
            found.append(field.invalid(at, size.value, "must be a valid resource quantity"))
        if size.nanos <= 0:
            found.append(field.invalid(at, capacity[resource], claims.GREATER_THAN_ZERO))
    policy = spec.get("persistentVolumeReclaimPolicy", "")
    if policy and policy not in RECLAIM_POLICIES:
        found.append(field.unsupported("spec.persistentVolumeReclaimPolicy", policy, RECLAIM_POLICIES))
    affinity = spec.get("nodeAffinity")
    if affinity is not None:
        if affinity.get("required") is None:
            message = "must specify required node constraints"
            found.append(field.required("spec.nodeAffinity.required", message))
        else:
            found += node_selector.selector(affinity["required"], "spec.nodeAffinity.required")
    found += _sources(spec, name)
    host = spec.get("hostPath")
    if host is not None and policy == "Recycle" and posixpath.normpath(host.get("path") or ".") == "/":
        message = "may not be 'recycle' for a hostPath mount of '/'"
        found.append(field.forbidden("spec.persistentVolumeReclaimPolicy", message))
    found += claims.class_name(spec, "storageClassName", "spec")
    mode = spec.get("volumeMode")
    if mode is not None and mode not in claims.VOLUME_MODES:
        found.append(field.unsupported("spec.volumeMode", mode, claims.VOLUME_MODES))
    attributes = spec.get("volumeAttributesClassName")
    if attributes is not None:
        if not attributes:
            message = "an empty string is disallowed"
            found.append(field.required("spec.volumeAttributesClassName", message))
        found += claims.class_name(spec, "volumeAttributesClassName", "spec")
        if "csi" not in spec:
            message = "has to be specified when using volumeAttributesClassName"
            found.append(field.required("spec.csi", message))
    return found


def _sources(spec: Object, name: str) -> Errors:
    found: Errors = []
    has_one = False
    for source, (label, check) in SOURCES.items():
        value = spec.get(source)
        if value is None:
            continue
        if has_one and source != "flexVolume":
            found.append(field.forbidden(f"spec.{FORBIDDEN_AS.get(source, source)}", volumes.ONE_TYPE))
            continue
        has_one = True
        found += check(value, f"spec.{label}")
        if source == "local" and spec.get("nodeAffinity") is None:
            found.append(field.required("spec.nodeAffinity", "Local volume requires node affinity"))
    if not has_one:
        found.append(field.required("spec", "must specify a volume type"))
    return found


def _glusterfs(value: Object, path: str) -> Errors:
    found = volume_sources.needs("endpoints", "path")(value, path)
    namespace, at = value.get("endpointsNamespace"), f"{path}.endpointsNamespace"
    if namespace == "":
        message = "if the endpointnamespace is set, it must be a valid namespace name"
        found.append(field.invalid(at, "", message))
    elif namespace:
        found += field.each(at, namespace, words.dns_label(namespace))
    return found


def _azure_file(value: Object, path: str) -> Errors:
    found = volume_sources.needs("secretName", "shareName")(value, path)
    if value.get("secretNamespace") == "":
        found.append(field.required(f"{path}.secretNamespace"))
    return found


def _local(value: Object, path: str) -> Errors:
    where = value.get("path", "")
    return paths.no_backsteps(where, f"{path}.path") if where else [field.required(f"{path}.path")]


def _csi(value: Object, path: str) -> Errors:
    found = volume_sources.driver_name(value.get("driver", ""), f"{path}.driver")
    if not value.get("volumeHandle"):
        found.append(field.required(f"{path}.volumeHandle"))
    for name in (
        "controllerPublishSecretRef",
        "controllerExpandSecretRef",
        "nodePublishSecretRef",
        "nodeExpandSecretRef",
    ):
        secret = value.get(name)
        if secret is None:
            continue
        for part, check in (("name", words.dns_subdomain), ("namespace", words.dns_label)):
            at, text = f"{path}.{name}.{part}", secret.get(part, "")
            found += field.each(at, text, check(text)) if text else [field.required(at)]
    return found


def _iscsi(value: Object, path: str) -> Errors:
    found = volume_sources.iscsi(value, path)
    return found + volume_sources.secret(value.get("secretRef"), f"{path}.secretRef", "name")


SOURCES: dict[str, tuple[str, Callable[[Object, str], Errors]]] = {
    "hostPath": volumes.SOURCES["hostPath"],
    "gcePersistentDisk": volumes.SOURCES["gcePersistentDisk"],
    "awsElasticBlockStore": volumes.SOURCES["awsElasticBlockStore"],
    "glusterfs": ("glusterfs", _glusterfs),
    "flocker": volumes.SOURCES["flocker"],
    "nfs": volumes.SOURCES["nfs"],
    "rbd": volumes.SOURCES["rbd"],
    "quobyte": volumes.SOURCES["quobyte"],
    "cephfs": volumes.SOURCES["cephfs"],
    "iscsi": ("iscsi", _iscsi),
    "cinder": ("cinder", volume_sources.cinder_persistent),
    "fc": volumes.SOURCES["fc"],
    "flexVolume": volumes.SOURCES["flexVolume"],
    "azureFile": ("azureFile", _azure_file),
    "vsphereVolume": volumes.SOURCES["vsphereVolume"],
    "photonPersistentDisk": volumes.SOURCES["photonPersistentDisk"],
    "portworxVolume": volumes.SOURCES["portworxVolume"],
    "azureDisk": volumes.SOURCES["azureDisk"],
    "scaleIO": volumes.SOURCES["scaleIO"],
    "local": ("local", _local),
    "storageos": ("storageos", volume_sources.storage_os_persistent),
    "csi": ("csi", _csi),
}
FORBIDDEN_AS = {"cephfs": "cephFS"}
