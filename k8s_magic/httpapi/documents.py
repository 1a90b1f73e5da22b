"""What is answered without looking at the cluster: discovery, OpenAPI, the version, health.

The documents follow from what is served, so each is made once, when it is first asked for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from k8s_magic.apiserver import discovery as version
from k8s_magic.httpapi import answers, discovery, openapi, openapi_wire
from k8s_magic.httpapi.discovery import Served
from k8s_magic.kinds import tables
from k8s_magic.machinery import errors

AGGREGATED = "as=APIGroupDiscoveryList"
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
    """Made documents are kept by path and form, until what is served changes."""

    def __init__(
        self, custom: Callable[[], tuple[Mapping[str, Any], ...]], virtual: tuple[Mapping[str, Any], ...] = ()
    ) -> None:
        """`custom` answers the custom resources that are served: another tuple when they have changed."""
        self._virtual = virtual
        self._custom = custom
        self._known: tuple[Mapping[str, Any], ...] | None = None
        self._served = Served(())
        self._made: dict[tuple[str, str], Document] = {}

    def find(self, path: str, accept: str, query: str) -> Document | None:
        """None where the path is none of these. Raises: NotAcceptable."""
        path = path.rstrip("/") or "/"
        if path.startswith(HEALTH):
            return _health(path, query)
        custom = self._custom()
        if custom is not self._known:
            self._known, self._made = custom, {}
            self._served = Served([*tables.discovery(), *map(dict, custom), *map(dict, self._virtual)])
        make = self._maker(path)
        if make is None:
            return None
        form = _form(path, accept)
        if (path, form) not in self._made:
            self._made[path, form] = _document(make(form), form)
        return self._made[path, form]

    def _maker(self, path: str) -> Callable[[str], Any] | None:
        words = path.strip("/").split("/")
        served = self._served
        if path in ("/api", "/apis"):
            is_core = path == "/api"
            return lambda form: (
                discovery.aggregated(served, is_core, form)
                if AGGREGATED in form
                else discovery.versions(served)
                if is_core
                else discovery.groups(served)
            )
        if words[0] == "api" and len(words) == 2 and words[1] in served.versions_of(""):
            return lambda form: discovery.resources(served, "", words[1])
        if words[0] == "apis" and len(words) in (2, 3) and (versions := served.versions_of(words[1])):
            if len(words) == 2:
                return lambda form: discovery.group(served, words[1])
            if words[2] in versions:
                return lambda form: discovery.resources(served, words[1], words[2])
        if path.startswith("/openapi/v3/") and path.removeprefix("/openapi/v3/") in openapi.group_versions(served):
            return lambda form: openapi.version_3(served, path.removeprefix("/openapi/v3/"))
        plain: dict[str, Callable[[str], Any]] = {
            "/": lambda form: {"paths": _paths(served)},
            "/version": lambda form: dict(version.VERSION),
            "/openapi/v2": lambda form: _version_2(served, form),
            "/openapi/v3": lambda form: openapi.index(served),
        }
        return plain.get(path)


def _version_2(served: Served, form: str) -> Any:
    found = openapi.version_2(served)
    return openapi_wire.document(found) if form == OPENAPI_V2 else found


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
                return f"{JSON};g={discovery.GROUP};v={wanted['v']};{AGGREGATED}"
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


def _paths(served: Served) -> list[str]:
    found = ["/api", "/api/v1", "/apis", *HEALTH, "/openapi/v2", "/openapi/v3", "/version"]
    for group in served.group_names():
        found += [f"/apis/{group}", *(f"/apis/{group}/{version}" for version in served.versions_of(group))]
    return sorted(found)
