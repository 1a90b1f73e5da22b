"""Source: pkg/apis/core/validation/validation.go ValidateSecret"""

from __future__ import annotations

from base64 import b64decode

from k8s_magic.kinds.configmap.validation import LIMIT, bytes_of, immutable
from k8s_magic.kinds.secret import go_json
from k8s_magic.kinds.validation import field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

REDACTED = "<secret contents redacted>"
ACCOUNT_NAME = "kubernetes.io/service-account.name"
CONFIGS = {"kubernetes.io/dockercfg": ".dockercfg", "kubernetes.io/dockerconfigjson": ".dockerconfigjson"}


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj)
    data = obj.get("data") or {}
    for key in sorted(data):
        found += field.each(f"data[{key}]", key, words.config_key(key))
    if sum(bytes_of(value) for value in data.values()) > LIMIT:
        found.append(field.too_long("data", LIMIT))
    return found + _by_type(obj, data)


def _by_type(obj: Object, data: dict[str, str]) -> Errors:
    type_ = obj.get("type")
    if type_ == "kubernetes.io/service-account-token":
        annotations = obj["metadata"].get("annotations") or {}
        if not annotations.get(ACCOUNT_NAME):
            return [field.required(f"metadata.annotations[{ACCOUNT_NAME}]")]
    elif type_ in CONFIGS:
        key = CONFIGS[type_]
        if key not in data:
            return [field.required(f"data[{key}]")]
        wrong = go_json.object_error(b64decode(data[key] or "").decode(errors="replace"))
        if wrong:
            return [field.invalid(f"data[{key}]", REDACTED, wrong)]
    elif type_ == "kubernetes.io/basic-auth":
        if "username" not in data and "password" not in data:
            return [field.required("data[username]"), field.required("data[password]")]
    elif type_ == "kubernetes.io/ssh-auth":
        if not data.get("ssh-privatekey"):
            return [field.required("data[ssh-privatekey]")]
    elif type_ == "kubernetes.io/tls":
        return [field.required(f"data[{key}]") for key in ("tls.crt", "tls.key") if key not in data]
    return []


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    found += field.immutable(new.get("type"), old.get("type"), "type")
    return found + immutable(new, old, "data") + validate(new)
