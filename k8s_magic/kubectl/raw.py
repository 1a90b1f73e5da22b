"""`get --raw`: a path of the API over any Transport, for the paths that are objects, lists, versions and health.

Source: kubectl/pkg/rawhttp/raw.go
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from k8s_magic.kubectl.mapper import Mapper, ResourceMapping, mapping_of
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import ListOptions, LogOptions, Transport
from k8s_magic.text import json_out

HEALTH = ("/healthz", "/livez", "/readyz")
_FIRST = ("kind", "apiVersion", "metadata")


def get(client: Transport, uri: str) -> str:
    """What the server answers to a GET. Raises: ApiError, Unsupported."""
    parts = urlsplit(uri)
    path = parts.path.rstrip("/") or "/"
    if path in HEALTH:
        return "ok"
    if path == "/version":
        return json_out.dump(dict(client.server_version()), 2, sort=False)
    words = [word for word in path.split("/") if word]
    if not words or words[0] not in ("api", "apis") or len(words) < (3 if words[0] == "api" else 4):
        raise Unsupported(f"the path {path} is not answered: only objects, lists, /version and /healthz are")
    return _resource(client, words, {name: values[-1] for name, values in parse_qs(parts.query).items()})


def _resource(client: Transport, words: list[str], query: dict[str, str]) -> str:
    group = "" if words[0] == "api" else words[1]
    rest = words[1:] if words[0] == "api" else words[2:]
    version, rest = rest[0], rest[1:]
    namespace = ""
    if rest[0] == "namespaces" and len(rest) >= 3:
        namespace, rest = rest[1], rest[2:]
    mapping = _mapping(client, GroupVersionResource(group, version, rest[0]))
    options = ListOptions(
        label_selector=query.get("labelSelector", ""),
        field_selector=query.get("fieldSelector", ""),
        limit=int(query.get("limit", "0") or 0),
        continue_=query.get("continue", ""),
    )
    if len(rest) == 1:
        return _text(client.list(mapping.gvr, namespace, options=options))
    name, more = rest[1], rest[2:]
    if more[:1] == ["proxy"]:
        status, body = client.proxy(mapping.gvr, namespace, name, "/" + "/".join(more[1:]))
        if status >= 400:
            raise errors.failure(status, "", body)
        return body
    if more == ["log"]:
        log = LogOptions(container=query.get("container", ""), previous=query.get("previous") == "true")
        return "".join(client.logs(namespace, name, log))
    return _text(client.get(mapping.gvr, namespace, name, subresource="/".join(more)))


def _mapping(client: Transport, wanted: GroupVersionResource) -> ResourceMapping:
    for entry in Mapper(client).resources:
        if (entry["group"], entry["version"], entry["name"]) == tuple(wanted):
            return mapping_of(entry)
    raise errors.resource_missing()


def _text(obj: Object) -> str:
    """On one line, with the type and the metadata first as the server writes them."""
    ordered = {field: obj[field] for field in _FIRST if field in obj}
    return json_out.compact({**ordered, **obj}, sort=False) + "\n"
