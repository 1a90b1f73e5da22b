"""The Transport over HTTP: the same calls to this package's own server, or to any Kubernetes API server.

Simulated time there is the server's: its clock is read from the Date header, and a wait takes as long as on a clock.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from k8s_magic.client import http_exec, http_forms
from k8s_magic.client.http_server import Server
from k8s_magic.client.http_watch import HttpWatch
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS, GroupVersionResource
from k8s_magic.machinery.protocols import (
    DELETE,
    LIST,
    WRITE,
    DeleteOptions,
    Dialogue,
    Discovery,
    ExecResult,
    HttpAnswer,
    ListOptions,
    LogOptions,
    PatchType,
    Strings,
    UserInfo,
    WriteOptions,
)
from k8s_magic.sim.time import SECOND

JSON = "application/json"
TABLE = f"{JSON};as=Table;v=v1;g=meta.k8s.io,{JSON}"
DISCOVERY = f"{JSON};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
PATCHES: dict[PatchType, str] = {
    "json": "application/json-patch+json",
    "merge": "application/merge-patch+json",
    "strategic": "application/strategic-merge-patch+json",
    "apply": "application/apply-patch+yaml",
}
_WARNING = re.compile(r'299 \S+ "((?:[^"\\]|\\.)*)"')


def _ignore(warning: str) -> None:
    """Nobody listens to warnings."""


def _path(resource: GroupVersionResource, namespace: str = "", name: str = "", subresource: str = "") -> str:
    root = f"/apis/{resource.group}/{resource.version}" if resource.group else f"/api/{resource.version}"
    place = f"/namespaces/{quote(namespace)}" if namespace else ""
    words = [word for word in (name, subresource) if word]
    return "/".join([f"{root}{place}/{resource.resource}", *(quote(word, safe=":/") for word in words)])


class HttpTransport:
    """Implements machinery.protocols.Transport. One connection is kept; each watch has its own."""

    def __init__(self, server: Server, *, warn: Callable[[str], None] = _ignore) -> None:
        self.warn = warn
        self.server = server
        self._connection: HTTPConnection | None = None
        self._resources: Discovery | None = None

    def acting_as(self, user: UserInfo) -> HttpTransport:
        return HttpTransport(self.server._replace(acting_as=user), warn=self.warn)

    # -- one request

    def _open(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any],
        body: bytes | None,
        headers: Mapping[str, str],
        connection: HTTPConnection,
    ) -> HTTPResponse:
        given = {name: value for name, value in query.items() if value not in ("", None, 0, False)}
        target = f"{urlsplit(self.server.url).path}{path}" + (f"?{urlencode(given)}" if given else "")
        connection.putrequest(method, target)
        for name, value in (*self.server.headers, *headers.items()):
            connection.putheader(name, value)
        if body is not None or method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(body or b"")))
        connection.endheaders(body)
        response = connection.getresponse()
        for text in response.headers.get_all("Warning") or ():
            for found in _WARNING.findall(text):
                self.warn(re.sub(r"\\(.)", r"\1", found))
        return response

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        *,
        accept: str = JSON,
        content_type: str = JSON,
        more: Mapping[str, str] | None = None,
    ) -> tuple[HTTPResponse, bytes]:
        """`more` are headers beyond the usual, of which Host and Content-Length are not taken."""
        if body is None or isinstance(body, bytes):
            content = body
        else:
            content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        headers = {"Accept": accept, **({"Content-Type": content_type} if content is not None and content_type else {})}
        taken = ("accept", "content-type", "host", "content-length")
        headers |= {name: text for name, text in (more or {}).items() if name.lower() not in taken}
        for attempt in (1, 2):
            kept = self._connection is not None
            if self._connection is None:
                self._connection = self.server.connect()
            try:
                response = self._open(method, path, query or {}, content, headers, self._connection)
                return response, response.read()
            except (OSError, HTTPException) as problem:
                self.close()
                if not kept or attempt == 2:
                    raise self._unreachable(problem) from None
        raise AssertionError("a request is tried twice at most")

    def _unreachable(self, problem: Exception) -> ApiError:
        place = urlsplit(self.server.url).netloc
        if isinstance(problem, ConnectionRefusedError):
            why = f"The connection to the server {place} was refused - did you specify the right host or port?"
        else:
            why = f"The connection to the server {place} failed: {problem}"
        return errors.service_unavailable(why)

    def _ask(
        self, method: str, path: str, query: Mapping[str, Any] | None = None, body: Any = None, **more: Any
    ) -> Object:
        response, content = self._send(method, path, query, body, **more)
        if response.status >= 400:
            raise failure(response.status, content)
        answer: Object = json.loads(content)
        return answer

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    # -- time

    def now(self) -> datetime:
        response, _ = self._send("GET", "/version")
        return parsedate_to_datetime(response.headers["Date"])

    def sleep(self, seconds: float) -> None:
        threading.Event().wait(seconds)

    # -- objects

    def get(
        self,
        resource: GroupVersionResource,
        namespace: str,
        name: str,
        *,
        subresource: str = "",
        options: ListOptions = LIST,
    ) -> Object:
        path = _path(resource, namespace, name, subresource)
        answer = self._ask("GET", path, http_forms.reading(options), accept=TABLE if options.table else JSON)
        return answer if options.table or options.managed_fields else http_forms.unmanaged(answer)

    def list(self, resource: GroupVersionResource, namespace: str = "", *, options: ListOptions = LIST) -> Object:
        path = _path(resource, namespace)
        answer = self._ask("GET", path, http_forms.reading(options), accept=TABLE if options.table else JSON)
        return answer if options.table else http_forms.typed(answer, options.managed_fields)

    def watch(self, resource: GroupVersionResource, namespace: str = "", *, options: ListOptions = LIST) -> HttpWatch:
        query = {
            **http_forms.reading(options),
            "watch": "true",
            "allowWatchBookmarks": "true" if options.allow_bookmarks else "",
        }
        if options.timeout is not None:
            query["timeoutSeconds"] = max(1, -(-options.timeout // SECOND))
        connection = self.server.connect()
        accept = TABLE if options.table else JSON
        try:
            response = self._open("GET", _path(resource, namespace), query, None, {"Accept": accept}, connection)
        except (OSError, HTTPException) as problem:
            raise self._unreachable(problem) from None
        if response.status >= 400:
            content = response.read()
            connection.close()
            raise failure(response.status, content)
        return HttpWatch(connection, response)

    def create(
        self,
        resource: GroupVersionResource,
        namespace: str,
        body: Object,
        *,
        name: str = "",
        subresource: str = "",
        options: WriteOptions = WRITE,
    ) -> Object:
        path = _path(resource, namespace, name if subresource else "", subresource)
        return http_forms.unmanaged(self._ask("POST", path, http_forms.writing(options), body))

    def update(
        self,
        resource: GroupVersionResource,
        namespace: str,
        name: str,
        body: Object,
        *,
        subresource: str = "",
        options: WriteOptions = WRITE,
    ) -> Object:
        return http_forms.unmanaged(
            self._ask("PUT", _path(resource, namespace, name, subresource), http_forms.writing(options), body)
        )

    def patch(
        self,
        resource: GroupVersionResource,
        namespace: str,
        name: str,
        body: Any,
        patch_type: PatchType,
        *,
        subresource: str = "",
        options: WriteOptions = WRITE,
    ) -> Object:
        path = _path(resource, namespace, name, subresource)
        query = {**http_forms.writing(options), "force": "true" if options.force else ""}
        return http_forms.unmanaged(self._ask("PATCH", path, query, body, content_type=PATCHES[patch_type]))

    def delete(
        self, resource: GroupVersionResource, namespace: str, name: str, *, options: DeleteOptions = DELETE
    ) -> Object:
        return http_forms.unmanaged(
            self._ask("DELETE", _path(resource, namespace, name), None, http_forms.deleting(options))
        )

    def delete_collection(
        self,
        resource: GroupVersionResource,
        namespace: str,
        *,
        options: DeleteOptions = DELETE,
        selection: ListOptions = LIST,
    ) -> Object:
        return http_forms.typed(
            self._ask(
                "DELETE", _path(resource, namespace), http_forms.reading(selection), http_forms.deleting(options)
            ),
            False,
        )

    # -- the server

    def resources(self) -> Discovery:
        if self._resources is None:
            found: Discovery = []
            for root in ("/api", "/apis"):
                for group in self._ask("GET", root, accept=DISCOVERY)["items"]:
                    found += http_forms.resources(group)
            self._resources = found
        return self._resources

    def server_version(self) -> Mapping[str, str]:
        return self._ask("GET", "/version")

    # -- containers

    def logs(self, namespace: str, name: str, options: LogOptions) -> Iterator[str]:
        query = {
            "container": options.container,
            "follow": "true" if options.follow else "",
            "previous": "true" if options.previous else "",
            "sinceTime": options.since_time,
            "timestamps": "true" if options.timestamps else "",
            "limitBytes": options.limit_bytes,
        }
        # Zero lines are not the same as no bound.
        numbers = {"sinceSeconds": options.since_seconds, "tailLines": options.tail_lines}
        query |= {field: str(value) for field, value in numbers.items() if value is not None}
        connection = self.server.connect()
        try:
            response = self._open("GET", _path(PODS, namespace, name, "log"), query, None, {}, connection)
        except (OSError, HTTPException) as problem:
            raise self._unreachable(problem) from None
        if response.status >= 400:
            raise failure(response.status, response.read())
        return _lines(connection, response)

    def exec(
        self,
        namespace: str,
        name: str,
        container: str,
        command: Strings,
        *,
        stdin: str = "",
        on_output: Callable[[str, str], None] | None = None,
    ) -> ExecResult:
        query = [("container", container)] if container else []
        query += [("command", word) for word in command]
        query += [("stdout", "true"), ("stderr", "true"), *([("stdin", "true")] if stdin else [])]
        url = f"{self.server.url}{_path(PODS, namespace, name, 'exec')}?{urlencode(query)}"
        return http_exec.run(url, self.server.headers, self.server.context, stdin, on_output)

    def converse(
        self,
        namespace: str,
        name: str,
        container: str,
        command: Strings | None,
        *,
        stdin: bool = True,
        tty: bool = False,
    ) -> Dialogue:
        query = [("container", container)] if container else []
        query += [("command", word) for word in command or ()]
        asked = {"stdin": stdin, "stdout": True, "stderr": not tty, "tty": tty}
        query += [(name, "true") for name, is_wanted in asked.items() if is_wanted]
        action = "attach" if command is None else "exec"
        url = f"{self.server.url}{_path(PODS, namespace, name, action)}?{urlencode(query)}"
        return http_exec.HttpDialogue(url, self.server.headers, self.server.context)

    def proxy(
        self,
        resource: GroupVersionResource,
        namespace: str,
        name: str,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: str = "",
    ) -> HttpAnswer:
        target = f"{_path(resource, namespace, name, 'proxy')}/{path.lstrip('/')}"
        content_type = next((text for key, text in (headers or {}).items() if key.lower() == "content-type"), "")
        response, content = self._send(
            method,
            target,
            body=body.encode("utf-8", "surrogateescape") if body else None,
            accept="*/*",
            content_type=content_type,
            more=headers or {},
        )
        if response.status >= 400 and content.startswith(b'{"kind":"Status"'):
            raise failure(response.status, content)
        text = content.decode("utf-8", "surrogateescape")
        return HttpAnswer(response.status, text, dict(response.getheaders()), response.reason)


def failure(code: int, content: bytes) -> ApiError:
    """What the server refused with."""
    try:
        status = json.loads(content)
    except ValueError:
        status = None
    if isinstance(status, dict) and status.get("kind") == "Status":
        return ApiError(status)
    if code == 404:
        return errors.resource_missing()
    return errors.failure(code, "", content.decode(errors="replace").strip())


def _lines(connection: HTTPConnection, response: HTTPResponse) -> Iterator[str]:
    try:
        while line := response.readline():
            yield line.decode(errors="replace")
    finally:
        connection.close()
