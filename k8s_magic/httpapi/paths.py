"""What a path of the API means.

    /api/v1/namespaces/NAMESPACE/RESOURCE/NAME/SUBRESOURCE/REST
    /apis/GROUP/VERSION/RESOURCE

Source: apiserver/pkg/endpoints/request/requestinfo.go
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote

from k8s_magic.machinery.names import GroupVersionResource

# What may stand behind /namespaces/NAME/ and belongs to the namespace itself.
OF_NAMESPACES = ("status", "finalize")


class Target(NamedTuple):
    """`is_watch` for the old paths that begin with watch/; `rest` is what stands behind proxy."""

    resource: GroupVersionResource
    namespace: str
    name: str
    subresource: str
    rest: str
    is_watch: bool


def parse(path: str) -> Target | None:
    """None where the path names no resource."""
    words = [unquote(word) for word in path.strip("/").split("/")]
    if words[0] == "api" and len(words) >= 3:
        group, version, words = "", words[1], words[2:]
    elif words[0] == "apis" and len(words) >= 4:
        group, version, words = words[1], words[2], words[3:]
    else:
        return None
    is_watch = words[0] == "watch" and len(words) > 1
    if is_watch:
        words = words[1:]
    namespace = ""
    if words[0] == "namespaces" and len(words) >= 3 and words[2] not in OF_NAMESPACES:
        namespace, words = words[1], words[2:]
    name = words[1] if len(words) > 1 else ""
    subresource = words[2] if len(words) > 2 else ""
    rest = "/".join(words[3:])
    if subresource == "proxy":
        rest = "/" + rest + ("/" if path.endswith("/") and rest else "")
    elif rest:
        return None
    return Target(GroupVersionResource(group, version, words[0]), namespace, name, subresource, rest, is_watch)
