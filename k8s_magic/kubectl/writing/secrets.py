"""The Secret that `create secret …` makes. Source: kubectl/pkg/cmd/create/create_secret.go (newSecretObj)"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.writing import sources
from k8s_magic.kubectl.writing.generated import bare
from k8s_magic.machinery.meta import Object


def secret(call: Call, data: dict[str, str], type: str) -> Object:
    """Shape: `data` holds base64 text."""
    name = call.args[0]
    data = dict(sorted(data.items()))
    if call.flag("append-hash"):
        content = {"kind": "Secret", "type": type, "name": name, "data": data}
        name = f"{name}-{sources.content_hash(content)}"
    found = bare(call, "v1", "Secret", name=name)
    if data:
        found["data"] = data
    if type:
        found["type"] = type
    return found
