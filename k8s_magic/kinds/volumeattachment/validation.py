"""Source: pkg/apis/storage/validation/validation.go ValidateVolumeAttachment"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, volume_sources, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj, namespaced=False)
    spec = obj["spec"]
    found += volume_sources.driver_name(spec.get("attacher", ""), "spec.attacher")
    inline, name = spec["source"].get("inlineVolumeSpec"), spec["source"].get("persistentVolumeName")
    message = "must specify exactly one of inlineVolumeSpec and persistentVolumeName"
    if inline is None and name is None:
        found.append(field.required("spec.source", message))
    elif inline is not None and name is not None:
        found.append(field.forbidden("spec.source", message))
    elif name == "":
        at = "spec.source.persistentVolumeName"
        found.append(field.required(at, "must specify non empty persistentVolumeName"))
    node = spec.get("nodeName", "")
    found += field.each("spec.nodeName", node, words.dns_subdomain(node))
    if name:
        found += field.each("spec.source.persistentVolumeName", name, words.dns_subdomain(name))
    return found


def validate_update(new: Object, old: Object) -> Errors:
    return validate(new) + field.immutable(new["spec"], old["spec"], "spec")
