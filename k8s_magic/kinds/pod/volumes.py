"""Volumes of a Pod. Source: core/validation ValidateVolumes, validateVolumeSource"""

from __future__ import annotations

from collections.abc import Callable

from k8s_magic.kinds.pod import environment, projected
from k8s_magic.kinds.pod.containers import pull_policy
from k8s_magic.kinds.validation import claims, field, metadata, paths, volume_sources, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object

ONE_TYPE = "may not specify more than 1 volume type"
HOST_PATH_TYPES = (
    "",
    "BlockDevice",
    "CharDevice",
    "Directory",
    "DirectoryOrCreate",
    "File",
    "FileOrCreate",
    "Socket",
)


def volumes(declared: list[Object] | None, path: str, pod_name: str = "") -> tuple[dict[str, Object], Errors]:
    """The valid volumes by name, and the complaints about the others."""
    found: Errors = []
    known: dict[str, Object] = {}
    created = {f"{pod_name}-{one.get('name', '')}" for one in declared or () if "ephemeral" in one and pod_name}
    for position, volume in enumerate(declared or ()):
        at, name = f"{path}[{position}]", volume.get("name", "")
        wrong = source(volume, at, pod_name)
        wrong += field.each(f"{at}.name", name, words.dns_label(name)) if name else [field.required(f"{at}.name")]
        if name in known:
            wrong.append(field.duplicate(f"{at}.name", name))
        if wrong:
            found += wrong
        else:
            known[name] = volume
        claim = (volume.get("persistentVolumeClaim") or {}).get("claimName")
        if claim in created:
            message = "must not reference a PVC that gets created for an ephemeral volume"
            found.append(field.invalid(f"{at}.persistentVolumeClaim.claimName", claim, message))
    return known, found


def source(volume: Object, path: str, pod_name: str) -> Errors:
    """The one type of a volume; a second is refused."""
    found: Errors = []
    has_one = False
    for name, (label, check) in SOURCES.items():
        value = volume.get(name)
        if value is None:
            continue
        if has_one:
            found.append(field.forbidden(f"{path}.{FORBIDDEN_AS.get(name, name)}", ONE_TYPE))
            continue
        has_one = True
        found += check(value, f"{path}.{label}")
        if name == "ephemeral" and pod_name and volume.get("name"):
            claim = f"{pod_name}-{volume['name']}"
            found += [
                field.invalid(f"{path}.name", volume["name"], f'PVC name "{claim}": {message}')
                for message in words.dns_subdomain(claim)
            ]
    if not has_one:
        found.append(field.required(path, "must specify a volume type"))
    return found


def _empty_dir(value: Object, path: str) -> Errors:
    limit = value.get("sizeLimit")
    if limit is not None and quantity.parse(limit).nanos < 0:
        return [field.forbidden(f"{path}.sizeLimit", "SizeLimit field must be a valid resource quantity")]
    return []


def _host_path(value: Object, path: str) -> Errors:
    where, type_ = value.get("path", ""), value.get("type")
    if not where:
        return [field.required(f"{path}.path")]
    found = paths.no_backsteps(where, f"{path}.path")
    if type_ is not None and type_ not in HOST_PATH_TYPES:
        found.append(field.unsupported(f"{path}.type", type_, HOST_PATH_TYPES))
    return found


def _git_repo(value: Object, path: str) -> Errors:
    found = [] if value.get("repository") else [field.required(f"{path}.repository")]
    return found + paths.descending(value.get("directory", ""), f"{path}.directory")


def _files(name: str) -> Callable[[Object, str], Errors]:
    def check(value: Object, path: str) -> Errors:
        found = [] if value.get(name) else [field.required(f"{path}.{name}")]
        found += paths.file_mode(value.get("defaultMode"), f"{path}.defaultMode")
        for position, item in enumerate(value.get("items") or ()):
            found += projected.key_to_path(item, f"{path}.items[{position}]")
        return found

    return check


def _claim(value: Object, path: str) -> Errors:
    return [] if value.get("claimName") else [field.required(f"{path}.claimName")]


def _downward(value: Object, path: str) -> Errors:
    found = paths.file_mode(value.get("defaultMode"), f"{path}.defaultMode")
    for item in value.get("items") or ():
        found += downward_file(item, path)
    return found


def downward_file(item: Object, path: str) -> Errors:
    return projected.downward_file(item, path, environment.VOLUME_FIELDS)


def _ephemeral(value: Object, path: str) -> Errors:
    template = value.get("volumeClaimTemplate")
    at = f"{path}.volumeClaimTemplate"
    if template is None:
        return [field.required(at)]
    meta = template.get("metadata") or {}
    found = metadata.check_annotations(meta.get("annotations") or {}, f"{at}.metadata.annotations")
    found += metadata.labels(meta.get("labels") or {}, f"{at}.metadata.labels")
    found += [
        field.forbidden(f"{at}.metadata.{name}", "cannot be set")
        for name in sorted(meta)
        if name not in ("annotations", "labels") and meta[name]
    ]
    return found + claims.spec(template.get("spec") or {}, f"{at}.spec")


def _image(value: Object, path: str) -> Errors:
    found = [] if value.get("reference") else [field.required(f"{path}.reference")]
    return found + pull_policy(value.get("pullPolicy", ""), f"{path}.pullPolicy")


def _csi(value: Object, path: str) -> Errors:
    found = volume_sources.driver_name(value.get("driver", ""), f"{path}.driver")
    secret = value.get("nodePublishSecretRef")
    if secret is not None:
        name = secret.get("name", "")
        if not name:
            found.append(field.required(f"{path}.nodePublishSecretRef.name"))
        else:
            found += field.each(f"{path}.name", name, words.dns_subdomain(name))
    return found


# In upstream's order: name -> (the name in its own complaints, its check).
SOURCES: dict[str, tuple[str, Callable[[Object, str], Errors]]] = {
    "emptyDir": ("emptyDir", _empty_dir),
    "hostPath": ("hostPath", _host_path),
    "gitRepo": ("gitRepo", _git_repo),
    "gcePersistentDisk": ("persistentDisk", volume_sources.gce),
    "awsElasticBlockStore": ("awsElasticBlockStore", volume_sources.aws),
    "secret": ("secret", _files("secretName")),
    "nfs": ("nfs", volume_sources.nfs),
    "iscsi": ("iscsi", volume_sources.iscsi),
    "glusterfs": ("glusterfs", volume_sources.needs("endpoints", "path")),
    "flocker": ("flocker", volume_sources.flocker),
    "persistentVolumeClaim": ("persistentVolumeClaim", _claim),
    "rbd": ("rbd", volume_sources.needs("monitors", "image")),
    "cinder": ("cinder", volume_sources.cinder),
    "cephfs": ("cephfs", volume_sources.needs("monitors")),
    "quobyte": ("quobyte", volume_sources.quobyte),
    "downwardAPI": ("downwardAPI", _downward),
    "fc": ("fc", volume_sources.fc),
    "flexVolume": ("flexVolume", volume_sources.flex),
    "configMap": ("configMap", _files("name")),
    "azureFile": ("azureFile", volume_sources.needs("secretName", "shareName")),
    "vsphereVolume": ("vsphereVolume", volume_sources.needs("volumePath")),
    "photonPersistentDisk": ("photonPersistentDisk", volume_sources.needs("pdID")),
    "portworxVolume": ("portworxVolume", volume_sources.needs("volumeID")),
    "azureDisk": ("azureDisk", volume_sources.azure_disk),
    "storageos": ("storageos", volume_sources.storage_os),
    "projected": ("projected", projected.volume),
    "scaleIO": ("scaleIO", volume_sources.needs("gateway", "system", "volumeName")),
    "csi": ("csi", _csi),
    "ephemeral": ("ephemeral", _ephemeral),
    "image": ("image", _image),
}
# Names that upstream spells differently when the type is a second one.
FORBIDDEN_AS = {"cephfs": "cephFS", "downwardAPI": "downwarAPI"}
