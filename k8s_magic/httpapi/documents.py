"""What is answered without looking at the cluster: discovery, OpenAPI, the version, health.

The documents follow from the tables of kinds, so each is made once, when it is first asked for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from k8s_magic.apiserver import discovery as version
from k8s_magic.httpapi import answers, discovery, openapi
from k8s_magic.machinery import errors

JSON = "application/json"
HEALTH = ("/healthz", "/livez", "/readyz")
CHECKS = ("ping", "log", "etcd", "informer-sync")
# The older document in the only form in which kubectl reads it. Source: kube-openapi/pkg/handler
OPENAPI_V2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"


class Document(NamedTuple):
    body: bytes
    media: str = JSON
    code: int = 200
    etag: str = ""


class Documents:
    """Shape: made documents are kept by path and form."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], Document] = {}

    def find(self, path: str, accept: str, query: str) -> Document | None:
        """None where the path is none of these. Raises: NotAcceptable."""
        path = path.rstrip("/") or "/"
        if path.startswith(HEALTH):
            return _health(path, query)
        form = _form(path, accept)
        make = self._maker(path, form)
        if make is None:
            return None
        if (path, form) not in self._made:
            self._made[path, form] = _document(make(), form)
        return self._made[path, form]

    def _maker(self, path: str, form: str) -> Callable[[], Any] | None:
        words = path.strip("/").split("/")
        is_aggregated = "as=APIGroupDiscoveryList" in form
        if path == "/":
            return lambda: {"paths": _paths()}
        if path == "/version":
            return lambda: dict(version.VERSION)
        if path == "/api":
            return (lambda: discovery.aggregated(True, form)) if is_aggregated else discovery.versions
        if path == "/apis":
            return (lambda: discovery.aggregated(False, form)) if is_aggregated else discovery.groups
        if words[0] == "api" and len(words) == 2 and words[1] in discovery.versions_of(""):
            return lambda: discovery.resources("", words[1])
        if words[0] == "apis" and len(words) in (2, 3) and (versions := discovery.versions_of(words[1])):
            if len(words) == 2:
                return lambda: discovery.group(words[1])
            if words[2] in versions:
                return lambda: discovery.resources(words[1], words[2])
        if path == "/openapi/v2":
            return openapi.wire_version_2 if form == OPENAPI_V2 else openapi.version_2
        if path == "/openapi/v3":
            return openapi.index
        if path.startswith("/openapi/v3/") and path.removeprefix("/openapi/v3/") in openapi.group_versions():
            return lambda: openapi.version_3(path.removeprefix("/openapi/v3/"))
        return None


def _form(path: str, accept: str) -> str:
    """The media type to answer in, with its parameters where discovery is asked for as one document."""
    for clause in answers.clauses(accept or "*/*"):
        if clause.media in ("*/*", "application/*"):
            return JSON
        if clause.media == JSON:
            wanted = clause.parameters
            if not wanted:
                return JSON
            if (
                path in ("/api", "/apis")
                and wanted.get("g") == discovery.GROUP
                and wanted.get("v") in ("v2", "v2beta1")
            ):
                return f"{JSON};g={discovery.GROUP};v={wanted['v']};as=APIGroupDiscoveryList"
            if path not in ("/api", "/apis"):
                return JSON
        if path == "/openapi/v2" and clause.media.replace("@", ".") == OPENAPI_V2:
            return OPENAPI_V2
        if clause.media == answers.YAML and not path.startswith("/openapi"):
            return answers.YAML
    if path.startswith(("/api", "/openapi")) or path == "/version":
        raise errors.failure(406, "NotAcceptable", f"only the following media types are accepted: {JSON}")
    return JSON


def _document(data: Any, form: str) -> Document:
    if form == answers.YAML:
        return Document(answers.encode(data, answers.Form(answers.YAML)), form)
    body = data if isinstance(data, bytes) else json.dumps(data, separators=(",", ":")).encode()
    return Document(body, form, etag=f'"{hashlib.sha256(body).hexdigest()[:32].upper()}"')


def _health(path: str, query: str) -> Document | None:
    """Source: apiserver/pkg/server/healthz"""
    root, _, check = path.strip("/").partition("/")
    if f"/{root}" not in HEALTH or (check and check not in CHECKS):
        return None
    if check or "verbose" not in parse_qs(query, keep_blank_values=True):
        return Document(b"ok", "text/plain; charset=utf-8")
    lines = [f"[+]{name} ok" for name in CHECKS if name != "informer-sync" or root == "readyz"]
    return Document("\n".join([*lines, f"{root} check passed", ""]).encode(), "text/plain; charset=utf-8")


def _paths() -> list[str]:
    found = ["/api", "/api/v1", "/apis", *HEALTH, "/openapi/v2", "/openapi/v3", "/version"]
    for group in discovery.group_names():
        found += [f"/apis/{group}", *(f"/apis/{group}/{version}" for version in discovery.versions_of(group))]
    return sorted(found)
