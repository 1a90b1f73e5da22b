"""How descriptions tell of volumes, in Pods and as PersistentVolumes.

Source: kubectl/pkg/describe/describe.go (describeVolumes, print…VolumeSource)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from k8s_magic.kinds import printing
from k8s_magic.kinds.describe import Writer, amount, annotation_lines, label_lines, strings, yes
from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object
from k8s_magic.text import go_values


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _number(value: Any) -> str:
    return str(value or 0)


def _or_none(value: Any) -> str:
    return "<none>" if value is None else str(value)


def _reference(value: Any) -> str:
    """%v of a pointer to a reference by name."""
    if value is None:
        return "<nil>"
    if "namespace" in value:
        return f"&SecretReference{{Name:{value.get('name', '')},Namespace:{value['namespace']},}}"
    return f"&LocalObjectReference{{Name:{value.get('name', '')},}}"


def _size_limit(value: Any) -> str:
    return str(quantity.parse(value)) if value is not None and quantity.parse(value).nanos > 0 else "<unset>"


def _or_unset(value: Any) -> str:
    return "<unset>" if value is None else str(value)


def _reference_name(value: Any) -> str:
    return str((value or {}).get("name", ""))


def _reference_namespace(value: Any) -> str:
    return str((value or {}).get("namespace", ""))


def _joined(value: Any) -> str:
    return ", ".join(value or ())


def _map(value: Any) -> str:
    return go_values.plain(value or {})


class Line(NamedTuple):
    """One line of a source; some are only there in a PersistentVolume."""

    label: str
    key: str
    show: Callable[[Any], str] = _text
    is_persistent: bool = False


_FS = Line("FSType:", "fsType")
_READ_ONLY = Line("ReadOnly:", "readOnly", yes)
_SECRET = Line("SecretRef:", "secretRef", _reference)
_ISCSI = (
    Line("TargetPortal:", "targetPortal"),
    Line("IQN:", "iqn"),
    Line("Lun:", "lun", _number),
    Line("ISCSIInterface", "iscsiInterface"),
    _FS,
    _READ_ONLY,
    Line("Portals:", "portals", strings),
    Line("DiscoveryCHAPAuth:", "chapAuthDiscovery", yes),
    Line("SessionCHAPAuth:", "chapAuthSession", yes),
    _SECRET,
    Line("InitiatorName:", "initiatorName", _or_none),
)
_RBD = (
    Line("CephMonitors:", "monitors", strings),
    Line("RBDImage:", "image"),
    _FS,
    Line("RBDPool:", "pool"),
    Line("RadosUser:", "user"),
    Line("Keyring:", "keyring"),
    _SECRET,
    _READ_ONLY,
)

# The key of a source, what it is called, and its lines; the sources of Pods and of PersistentVolumes.
_SIMPLE: dict[str, tuple[str, tuple[Line, ...]]] = {
    "hostPath": (
        "HostPath (bare host directory volume)",
        (Line("Path:", "path"), Line("HostPathType:", "type", _or_none)),
    ),
    "emptyDir": (
        "EmptyDir (a temporary directory that shares a pod's lifetime)",
        (Line("Medium:", "medium"), Line("SizeLimit:", "sizeLimit", _size_limit)),
    ),
    "gcePersistentDisk": (
        "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
        (Line("PDName:", "pdName"), _FS, Line("Partition:", "partition", _number), _READ_ONLY),
    ),
    "awsElasticBlockStore": (
        "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
        (Line("VolumeID:", "volumeID"), _FS, Line("Partition:", "partition", _number), _READ_ONLY),
    ),
    "gitRepo": (
        "GitRepo (a volume that is pulled from git when the pod is created)",
        (Line("Repository:", "repository"), Line("Revision:", "revision")),
    ),
    "secret": (
        "Secret (a volume populated by a Secret)",
        (Line("SecretName:", "secretName"), Line("Optional:", "optional", yes)),
    ),
    "configMap": (
        "ConfigMap (a volume populated by a ConfigMap)",
        (Line("Name:", "name"), Line("Optional:", "optional", yes)),
    ),
    "nfs": (
        "NFS (an NFS mount that lasts the lifetime of a pod)",
        (Line("Server:", "server"), Line("Path:", "path"), _READ_ONLY),
    ),
    "iscsi": (
        "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
        _ISCSI,
    ),
    "persistentVolumeClaim": (
        "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        (Line("ClaimName:", "claimName"), _READ_ONLY),
    ),
    "rbd": ("RBD (a Rados Block Device mount on the host that shares a pod's lifetime)", _RBD),
    "azureDisk": (
        "AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)",
        (
            Line("DiskName:", "diskName"),
            Line("DiskURI:", "diskURI"),
            Line("Kind: ", "kind"),
            _FS,
            Line("CachingMode:", "cachingMode"),
            _READ_ONLY,
        ),
    ),
    "vsphereVolume": (
        "vSphereVolume (a Persistent Disk resource in vSphere)",
        (Line("VolumePath:", "volumePath"), _FS, Line("StoragePolicyName:", "storagePolicyName")),
    ),
    "cinder": (
        "Cinder (a Persistent Disk resource in OpenStack)",
        (Line("VolumeID:", "volumeID"), _FS, _READ_ONLY, _SECRET),
    ),
    "local": (
        "LocalVolume (a persistent volume backed by local storage on a node)",
        (Line("Path:", "path"),),
    ),
    "cephfs": (
        "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
        (
            Line("Monitors:", "monitors", strings),
            Line("Path:", "path"),
            Line("User:", "user"),
            Line("SecretFile:", "secretFile"),
            _SECRET,
            _READ_ONLY,
        ),
    ),
    "glusterfs": (
        "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
        (
            Line("EndpointsName:", "endpoints"),
            Line("EndpointsNamespace:", "endpointsNamespace", _or_unset, is_persistent=True),
            Line("Path:", "path"),
            _READ_ONLY,
        ),
    ),
    "quobyte": (
        "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
        (Line("Registry:", "registry"), Line("Volume:", "volume"), _READ_ONLY),
    ),
    "photonPersistentDisk": (
        "PhotonPersistentDisk (a Persistent Disk resource in photon platform)",
        (Line("PdID:", "pdID"), _FS),
    ),
    "portworxVolume": ("PortworxVolume (a Portworx Volume resource)", (Line("VolumeID:", "volumeID"),)),
    "scaleIO": (
        "ScaleIO (a persistent volume backed by a block device in ScaleIO)",
        (
            Line("Gateway:", "gateway"),
            Line("System:", "system"),
            Line("Protection Domain:", "protectionDomain"),
            Line("Storage Pool:", "storagePool"),
            Line("Storage Mode:", "storageMode"),
            Line("VolumeName:", "volumeName"),
            Line("SecretName:", "secretRef", _reference_name, is_persistent=True),
            Line("SecretNamespace:", "secretRef", _reference_namespace, is_persistent=True),
            _FS,
            _READ_ONLY,
        ),
    ),
    "storageos": (
        "StorageOS (a StorageOS Persistent Disk resource)",
        (Line("VolumeName:", "volumeName"), Line("VolumeNamespace:", "volumeNamespace"), _FS, _READ_ONLY),
    ),
    "fc": (
        "FC (a Fibre Channel disk)",
        (Line("TargetWWNs:", "targetWWNs", _joined), Line("LUN:", "lun", _or_none), _FS, _READ_ONLY),
    ),
    "azureFile": (
        "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
        (
            Line("SecretName:", "secretName"),
            Line("SecretNamespace:", "secretNamespace", is_persistent=True),
            Line("ShareName:", "shareName"),
            _READ_ONLY,
        ),
    ),
    "flexVolume": (
        "FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)",
        (Line("Driver:", "driver"), _FS, _SECRET, _READ_ONLY, Line("Options:", "options", _map)),
    ),
    "flocker": (
        "Flocker (a Flocker volume mounted by the Flocker agent)",
        (Line("DatasetName:", "datasetName"), Line("DatasetUUID:", "datasetUUID")),
    ),
    "image": (
        "Image (a container image or OCI artifact)",
        (Line("Reference:", "reference"), Line("PullPolicy:", "pullPolicy")),
    ),
}


# Source: describe.go (maxAnnotationLen)
_LONGEST_ATTRIBUTE = 140


def volume_lines(w: Writer, volumes: list[Object] | None, space: str = "") -> None:
    if not volumes:
        w(0, f"{space}Volumes:\t<none>")
        return
    w(0, f"{space}Volumes:")
    for volume in volumes:
        w(1, f"{' ' if space else ''}{volume['name']}:")
        source_lines(w, volume)


def source_lines(w: Writer, volume: Object, *, is_persistent: bool = False) -> None:
    """The one source of a volume, or of a PersistentVolume's spec."""
    for key, (title, lines) in _SIMPLE.items():
        source = volume.get(key)
        if source is not None:
            w(2, f"Type:\t{title}")
            for line in lines:
                if is_persistent or not line.is_persistent:
                    w(2, f"{line.label}\t{line.show(source.get(line.key))}")
            return
    if volume.get("projected") is not None:
        _projected(w, volume["projected"])
    elif volume.get("downwardAPI") is not None:
        _downward(w, volume["downwardAPI"])
    elif volume.get("ephemeral") is not None:
        _ephemeral(w, volume["ephemeral"])
    elif volume.get("csi") is not None:
        _csi(w, volume["csi"], is_persistent)
    else:
        w(1, "<unknown>")


def _projected(w: Writer, projected: Object) -> None:
    w(2, "Type:\tProjected (a volume that contains injected data from multiple sources)")
    for source in projected.get("sources") or ():
        if source.get("secret") is not None:
            w(2, f"SecretName:\t{source['secret'].get('name', '')}")
            w(2, f"Optional:\t{yes(source['secret'].get('optional'))}")
        elif source.get("downwardAPI") is not None:
            w(2, "DownwardAPI:\ttrue")
        elif source.get("configMap") is not None:
            w(2, f"ConfigMapName:\t{source['configMap'].get('name', '')}")
            w(2, f"Optional:\t{yes(source['configMap'].get('optional'))}")
        elif source.get("serviceAccountToken") is not None:
            w(2, f"TokenExpirationSeconds:\t{source['serviceAccountToken'].get('expirationSeconds', 0)}")


def _downward(w: Writer, source: Object) -> None:
    w(2, "Type:\tDownwardAPI (a volume populated by information about the pod)")
    w(2, "Items:")
    for item in source.get("items") or ():
        if item.get("fieldRef"):
            w(3, f"{item['fieldRef'].get('fieldPath', '')} -> {item['path']}")
        if item.get("resourceFieldRef"):
            w(3, f"{item['resourceFieldRef'].get('resource', '')} -> {item['path']}")


def _ephemeral(w: Writer, source: Object) -> None:
    title = "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)"
    w(2, f"Type:\t{title}")
    template = source.get("volumeClaimTemplate")
    if template is not None:
        claim = {"metadata": template.get("metadata") or {}, "spec": template.get("spec") or {}}
        claim_lines(w.nested(2), claim)


def _csi(w: Writer, source: Object, is_persistent: bool) -> None:
    w(2, "Type:\tCSI (a Container Storage Interface (CSI) volume source)")
    w(2, f"Driver:\t{source.get('driver', '')}")
    w(2, f"FSType:\t{source.get('fsType') or ''}")
    if is_persistent:
        w(2, f"VolumeHandle:\t{source.get('volumeHandle', '')}")
    w(2, f"ReadOnly:\t{yes(source.get('readOnly'))}")
    attributes = source.get("volumeAttributes") or {}
    if not attributes:
        w(2, "VolumeAttributes:\t<none>")
    lead = "VolumeAttributes:\t    "
    for key in sorted(attributes):
        line = f"{key}={attributes[key]}"
        w(2, lead + (line if len(line) <= _LONGEST_ATTRIBUTE else line[:_LONGEST_ATTRIBUTE] + "..."))
        lead = "    \t    "


_CLASS = "volume.beta.kubernetes.io/storage-class"


def class_of(obj: Object) -> str:
    """The storage class of a claim or a volume."""
    annotations = obj["metadata"].get("annotations") or {}
    name: str = annotations.get(_CLASS, obj["spec"].get("storageClassName") or "")
    return name


def claim_lines(w: Writer, claim: Object, status: str | None = None) -> None:
    """A claim's own lines; a full one (with its status) has a name, a template in a Pod has not."""
    metadata, spec = claim["metadata"], claim["spec"]
    if status is not None:
        w(0, f"Name:\t{metadata['name']}")
        w(0, f"Namespace:\t{metadata.get('namespace', '')}")
    w(0, f"StorageClass:\t{class_of(claim)}")
    if status is not None:
        w(0, f"Status:\t{status}")
    volume = spec.get("volumeName", "")
    w(0, f"Volume:\t{volume}")
    label_lines(w, "Labels", metadata.get("labels"))
    annotation_lines(w, metadata.get("annotations"))
    if status is not None:
        w(0, f"Finalizers:\t{strings(metadata.get('finalizers'))}")
    found = claim.get("status") or {}
    w(0, f"Capacity:\t{amount((found.get('capacity') or {}).get('storage')) if volume else ''}")
    w(0, f"Access Modes:\t{printing.access_modes(found.get('accessModes')) if volume else ''}")
    if spec.get("volumeMode") is not None:
        w(0, f"VolumeMode:\t{spec['volumeMode']}")
    source = spec.get("dataSource")
    if source is not None:
        w(0, "DataSource:")
        if source.get("apiGroup") is not None:
            w(1, f"APIGroup:\t{source['apiGroup']}")
        w(1, f"Kind:\t{source.get('kind', '')}")
        w(1, f"Name:\t{source.get('name', '')}")
