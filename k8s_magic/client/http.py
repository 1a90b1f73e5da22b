"""The Transport over HTTP: the same calls to this package's own server, or to any Kubernetes API server.

Simulated time there is the server's: its clock is read from the Date header, and a wait takes as long as on a clock.
"""

from __future__ import annotations

import base64
import json
import queue
import re
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from k8s_magic.client import http_exec
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS, GroupVersionResource
from k8s_magic.machinery.protocols import (
    DELETE,
    LIST,
    WRITE,
    DeleteOptions,
    Discovery,
    ExecResult,
    ListOptions,
    LogOptions,
    PatchType,
    Strings,
    WatchEvent,
    WriteOptions,
)
from k8s_magic.sim.time import SECOND, SimTime

AGENT = "kubectl/v1.36.4 (k8s-magic)"
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


class Server(NamedTuple):
    """Where the API server is and how to be let in. Shape: `context` is None for plain HTTP."""

    url: str
    token: str = ""
    context: ssl.SSLContext | None = None

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Server:
        """From a kubeconfig's current context. Raises: KeyError when it has none."""
        current = _named(config, "contexts", config["current-context"])["context"]
        cluster = _named(config, "clusters", current["cluster"])["cluster"]
        user = _named(config, "users", current["user"]).get("user") or {}
        context = None
        if cluster["server"].startswith("https:"):
            data = cluster.get("certificate-authority-data")
            text = base64.b64decode(data).decode() if data else None
            context = ssl.create_default_context(cadata=text, cafile=cluster.get("certificate-authority"))
            if cluster.get("insecure-skip-tls-verify"):
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return cls(cluster["server"].rstrip("/"), user.get("token", ""), context)

    def connect(self) -> HTTPConnection:
        parts = urlsplit(self.url)
        if self.context is not None:
            return HTTPSConnection(parts.hostname or "", parts.port, context=self.context)
        return HTTPConnection(parts.hostname or "", parts.port)

    @property
    def headers(self) -> dict[str, str]:
        found = {"User-Agent": AGENT}
        return {**found, "Authorization": f"Bearer {self.token}"} if self.token else found


def _named(config: Mapping[str, Any], section: str, name: str) -> Mapping[str, Any]:
    for entry in config.get(section) or ():
        if entry["name"] == name:
            found: Mapping[str, Any] = entry
            return found
    raise KeyError(f"{section} has no {name!r}")


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
        connection.request(method, target, body=body, headers={**self.server.headers, **headers})
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
    ) -> tuple[HTTPResponse, bytes]:
        content = None if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        headers = {"Accept": accept, **({"Content-Type": content_type} if content is not None else {})}
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
        answer = self._ask("GET", path, _reading(options), accept=TABLE if options.table else JSON)
        return answer if options.table or options.managed_fields else _unmanaged(answer)

    def list(self, resource: GroupVersionResource, namespace: str = "", *, options: ListOptions = LIST) -> Object:
        path = _path(resource, namespace)
        answer = self._ask("GET", path, _reading(options), accept=TABLE if options.table else JSON)
        return answer if options.table else _typed(answer, options.managed_fields)

    def watch(self, resource: GroupVersionResource, namespace: str = "", *, options: ListOptions = LIST) -> HttpWatch:
        query = {**_reading(options), "watch": "true", "allowWatchBookmarks": "true" if options.allow_bookmarks else ""}
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
        return _unmanaged(self._ask("POST", path, _writing(options), body))

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
        return _unmanaged(self._ask("PUT", _path(resource, namespace, name, subresource), _writing(options), body))

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
        query = {**_writing(options), "force": "true" if options.force else ""}
        return _unmanaged(self._ask("PATCH", path, query, body, content_type=PATCHES[patch_type]))

    def delete(
        self, resource: GroupVersionResource, namespace: str, name: str, *, options: DeleteOptions = DELETE
    ) -> Object:
        return _unmanaged(self._ask("DELETE", _path(resource, namespace, name), None, _deleting(options)))

    def delete_collection(
        self,
        resource: GroupVersionResource,
        namespace: str,
        *,
        options: DeleteOptions = DELETE,
        selection: ListOptions = LIST,
    ) -> Object:
        return _typed(self._ask("DELETE", _path(resource, namespace), _reading(selection), _deleting(options)), False)

    # -- the server

    def resources(self) -> Discovery:
        if self._resources is None:
            found: Discovery = []
            for root in ("/api", "/apis"):
                for group in self._ask("GET", root, accept=DISCOVERY)["items"]:
                    found += _resources(group)
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

    def proxy(
        self, resource: GroupVersionResource, namespace: str, name: str, path: str, *, method: str = "GET"
    ) -> tuple[int, str]:
        target = f"{_path(resource, namespace, name, 'proxy')}/{path.lstrip('/')}"
        response, content = self._send(method, target, accept="*/*")
        if response.status >= 400 and content.startswith(b'{"kind":"Status"'):
            raise failure(response.status, content)
        return response.status, content.decode(errors="replace")


class HttpWatch:
    """Implements machinery.protocols.Watch: a thread reads, whoever asks takes."""

    def __init__(self, connection: HTTPConnection, response: HTTPResponse) -> None:
        self._connection = connection
        self._events: queue.SimpleQueue[WatchEvent | None] = queue.SimpleQueue()
        self._has_ended = False
        threading.Thread(target=self._read, args=(response,), name="k8s-magic-watch", daemon=True).start()

    def _read(self, response: HTTPResponse) -> None:
        try:
            while line := response.readline():
                event = json.loads(line)
                self._events.put(WatchEvent(event["type"], event["object"]))
        except (OSError, ValueError, HTTPException, AttributeError):
            return  # it was closed
        finally:
            self._events.put(None)

    def next(self, timeout: SimTime | None = None) -> WatchEvent | None:
        if self._has_ended:
            return None
        try:
            event = self._events.get(timeout=None if timeout is None else timeout / SECOND)
        except queue.Empty:
            return None
        self._has_ended = event is None
        return event

    def close(self) -> None:
        self._has_ended = True
        sock = self._connection.sock
        if sock is not None:
            with _quiet():
                sock.shutdown(2)
        self._connection.close()

    def __iter__(self) -> Iterator[WatchEvent]:
        while (event := self.next()) is not None:
            yield event


class _quiet:
    """A socket that has gone needs no closing."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> bool:
        return kind is not None and issubclass(kind, OSError)


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


def _reading(options: ListOptions) -> dict[str, Any]:
    return {
        "labelSelector": options.label_selector,
        "fieldSelector": options.field_selector,
        "limit": options.limit,
        "continue": options.continue_,
        "resourceVersion": options.resource_version,
        "includeObject": options.include_object if options.table and options.include_object != "Metadata" else "",
    }


def _writing(options: WriteOptions) -> dict[str, Any]:
    return {
        "dryRun": "All" if options.dry_run else "",
        "fieldManager": options.field_manager,
        "fieldValidation": options.field_validation,
    }


def _deleting(options: DeleteOptions) -> Object:
    body: Object = {"kind": "DeleteOptions", "apiVersion": "v1"}
    if options.grace_period_seconds is not None:
        body["gracePeriodSeconds"] = options.grace_period_seconds
    if options.propagation:
        body["propagationPolicy"] = options.propagation
    if options.dry_run:
        body["dryRun"] = ["All"]
    conditions = {"uid": options.uid, "resourceVersion": options.resource_version}
    if any(conditions.values()):
        body["preconditions"] = {name: value for name, value in conditions.items() if value}
    return body


def _unmanaged(obj: Object) -> Object:
    metadata = obj.get("metadata")
    if isinstance(metadata, dict) and "managedFields" in metadata:
        kept = {name: value for name, value in metadata.items() if name != "managedFields"}
        return {**obj, "metadata": kept}
    return obj


def _typed(answer: Object, managed_fields: bool) -> Object:
    """A list whose items tell their kind."""
    if "items" not in answer:
        return answer
    kind, version = answer.get("kind", "").removesuffix("List"), answer.get("apiVersion", "")
    items = [{"kind": kind, "apiVersion": version, **item} for item in answer["items"] or ()]
    return {**answer, "items": items if managed_fields else [_unmanaged(item) for item in items]}


def _resources(group: Object) -> Iterator[Mapping[str, Any]]:
    for version in group["versions"]:
        for entry in version["resources"]:
            yield {
                "name": entry["resource"],
                "singularName": entry["singularResource"],
                "namespaced": entry["scope"] == "Namespaced",
                "group": group["metadata"].get("name", ""),
                "version": version["version"],
                "kind": entry["responseKind"]["kind"],
                "verbs": entry["verbs"],
                "shortNames": entry.get("shortNames") or [],
                "categories": entry.get("categories") or [],
                "subresources": [each["subresource"] for each in entry.get("subresources") or ()],
            }


def _lines(connection: HTTPConnection, response: HTTPResponse) -> Iterator[str]:
    try:
        while line := response.readline():
            yield line.decode(errors="replace")
    finally:
        connection.close()
