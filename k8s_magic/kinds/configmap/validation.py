"""Source: pkg/apis/core/validation/validation.go ValidateConfigMap"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

LIMIT = 1024 * 1024  # core.MaxSecretSize
FIXED = "field is immutable when `immutable` is set"


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj)
    data, binary = obj.get("data") or {}, obj.get("binaryData") or {}
    size = 0
    for key in sorted(data):
        found += field.each(f"data[{key}]", key, words.config_key(key))
        if key in binary:
            found.append(field.invalid(f"data[{key}]", key, "duplicate of key present in binaryData"))
        size += len(data[key].encode())
    for key in sorted(binary):
        found += field.each(f"binaryData[{key}]", key, words.config_key(key))
        size += bytes_of(binary[key])
    if size > LIMIT:
        found.append(field.too_long("", LIMIT))
    return found


def bytes_of(encoded: str | None) -> int:
    """How many bytes a base64 text stands for."""
    return len(encoded) // 4 * 3 - encoded[-2:].count("=") if encoded else 0


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    return found + immutable(new, old, "data", "binaryData") + validate(new)


def immutable(new: Object, old: Object, *names: str) -> Errors:
    """What may not change once `immutable` is set."""
    if not old.get("immutable"):
        return []
    found: Errors = []
    if not new.get("immutable"):
        found.append(field.forbidden("immutable", FIXED))
    found += [field.forbidden(name, FIXED) for name in names if (new.get(name) or {}) != (old.get(name) or {})]
    return found
