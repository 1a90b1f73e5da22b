"""`get --raw`: a path of the API over any Transport, for the paths that are objects, lists, versions and health.

Source: kubectl/pkg/rawhttp/raw.go
"""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from k8s_magic.kubectl.mapper import Mapper, ResourceMapping, mapping_of
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import HttpAnswer, ListOptions, LogOptions, Transport
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
    return _resource(client, words, {name: values[-1] for name, values in parse_qs(parts.query).items()}, uri)


def _resource(client: Transport, words: list[str], query: dict[str, str], uri: str) -> str:
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
        answer = client.proxy(mapping.gvr, namespace, name, "/" + uri.partition("/proxy")[2].lstrip("/"))
        if answer.status >= 400:
            raise _refused(answer)
        return answer.body
    if more == ["log"]:
        log = LogOptions(container=query.get("container", ""), previous=query.get("previous") == "true")
        return "".join(client.logs(namespace, name, log))
    return _text(client.get(mapping.gvr, namespace, name, subresource="/".join(more)))


# What client-go makes of an answer that is no Status. Source: apimachinery/pkg/api/errors (NewGenericServerResponse)
_GENERIC = {
    400: ("BadRequest", "the server rejected our request for an unknown reason"),
    401: ("Unauthorized", "the server has asked for the client to provide credentials"),
    404: ("NotFound", "the server could not find the requested resource"),
    405: ("MethodNotAllowed", "the server does not allow this method on the requested resource"),
    409: ("Conflict", "the server reported a conflict"),
    422: ("Invalid", "the server rejected our request due to an error in our request"),
    429: ("TooManyRequests", "the server has received too many requests and has asked us to try again later"),
    503: ("ServiceUnavailable", "the server is currently unable to handle the request"),
    504: (
        "Timeout",
        "the server was unable to return a response in the time allotted, but may still be processing the request",
    ),
}
_OWN_WORDS = {403: "Forbidden", 406: "NotAcceptable", 415: "UnsupportedMediaType"}


def _refused(answer: HttpAnswer) -> ApiError:
    media = next((value for name, value in answer.headers.items() if name.lower() == "content-type"), "")
    said = answer.body.strip() if media.startswith("text/") else "unknown"
    code = answer.status
    if code in _GENERIC:
        return errors.failure(code, *_GENERIC[code])
    if code in _OWN_WORDS:
        return errors.failure(code, _OWN_WORDS[code], said)
    if code >= 500:
        quoted = json.dumps(said, ensure_ascii=False)
        message = f"an error on the server ({quoted}) has prevented the request from succeeding"
        return errors.failure(code, "InternalError", message)
    message = f"the server responded with the status code {code} but did not return more information"
    return errors.failure(code, "", message)


def _mapping(client: Transport, wanted: GroupVersionResource) -> ResourceMapping:
    for entry in Mapper(client).resources:
        if (entry["group"], entry["version"], entry["name"]) == tuple(wanted):
            return mapping_of(entry)
    raise errors.resource_missing()


def _text(obj: Object) -> str:
    """On one line, with the type and the metadata first as the server writes them."""
    ordered = {field: obj[field] for field in _FIRST if field in obj}
    return json_out.compact({**ordered, **obj}, sort=False) + "\n"
