"""Source: pkg/apis/node/validation/validation.go"""

from __future__ import annotations

from k8s_magic.kinds.pod import placement
from k8s_magic.kinds.validation import field, metadata, quantities, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj, namespaced=False, is_core=False)
    handler = obj.get("handler", "")
    if handler:
        found += field.each("handler", handler, words.dns_label(handler))
    else:
        found.append(field.required("handler"))
    fixed = (obj.get("overhead") or {}).get("podFixed")
    if fixed:
        found += quantities.requirements({"limits": fixed}, (), "overhead")
    scheduling = obj.get("scheduling") or {}
    found += metadata.labels(scheduling.get("nodeSelector") or {}, "scheduling.nodeSelector")
    tolerations = scheduling.get("tolerations") or []
    found += placement.tolerations(tolerations, "scheduling.tolerations")
    seen: list[tuple[str, ...]] = []
    for position, one in enumerate(tolerations):
        key = tuple(one.get(name, "") for name in ("key", "operator", "value", "effect"))
        if key in seen:
            names = ("Key", "Operator", "Value", "Effect")
            shown = {**dict(zip(names, key, strict=True)), "TolerationSeconds": one.get("tolerationSeconds")}
            found.append(field.duplicate(f"scheduling.tolerations[{position}]", shown))
        seen.append(key)
    return found


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old, is_core=False)
    return found + field.immutable(new.get("handler"), old.get("handler"), "handler")
