"""Where a claim's first content comes from: dataSource and dataSourceRef say the same.

Source: pkg/api/persistentvolumeclaim/util.go NormalizeDataSources, DropDisabledFields
"""

from __future__ import annotations

from k8s_magic.machinery.meta import Object

VOLUME_GROUPS = (("", "PersistentVolumeClaim"), ("snapshot.storage.k8s.io", "VolumeSnapshot"))


def normalize(obj: Object) -> None:
    """Drops what is no volume or lies in another namespace (its gate is off), and fills in the missing twin."""
    spec = dict(obj["spec"])
    source = spec.get("dataSource")
    if source is not None and (source.get("apiGroup") or "", source.get("kind")) not in VOLUME_GROUPS:
        del spec["dataSource"]
        source = None
    reference = spec.get("dataSourceRef")
    if reference is not None and reference.get("namespace"):
        del spec["dataSourceRef"]
        reference = None
        obj["spec"] = spec
        return
    if source is not None and reference is None:
        spec["dataSourceRef"] = dict(source)
    elif reference is not None and source is None:
        spec["dataSource"] = {name: value for name, value in reference.items() if name != "namespace"}
    obj["spec"] = spec


def prepare_update(new: Object, old: Object) -> None:
    normalize(new)
