"""The Transport within one process: calls the API server, and blocks by letting simulated time pass.

A component gets one without a pump: it lives inside the simulation and may not block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from k8s_magic.apiserver import ApiServer, NotYet, Watcher
from k8s_magic.apiserver.access import ADMIN, impersonated
from k8s_magic.client import node_calls
from k8s_magic.client.dialogue import InProcessDialogue
from k8s_magic.machinery import selectors
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS, GroupVersionResource
from k8s_magic.machinery.protocols import (
    DELETE,
    LIST,
    WRITE,
    Conversation,
    DeleteOptions,
    Discovery,
    ExecResult,
    HttpAnswer,
    ListOptions,
    LogOptions,
    PatchType,
    Pump,
    Strings,
    UserInfo,
    WatchEvent,
    WriteOptions,
)
from k8s_magic.sim.time import SECOND, SimTime

# What a request's method is to the authorizer. Source: apiserver/pkg/endpoints/request/requestinfo.go
VERBS = {"GET": "get", "HEAD": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


def _ignore(warning: str) -> None:
    """Nobody listens to warnings."""


class InProcessTransport:
    """Implements machinery.protocols.Transport."""

    def __init__(
        self,
        server: ApiServer,
        actor: str,
        pump: Pump | None = None,
        *,
        component: bool = False,
        warn: Callable[[str], None] = _ignore,
    ) -> None:
        """`component`: the actor is one of the cluster's own, whose objects are taken as well-formed."""
        self.warn = warn
        self.actor = actor
        self._server = server
        self.user = ADMIN
        self._pump = None if component else pump
        if component:
            server.add_component(actor)

    def acting_as(self, user: UserInfo) -> InProcessTransport:
        other = InProcessTransport(self._server, self.actor, self._pump, warn=self.warn)
        other.user = impersonated(user)
        return other

    @property
    def is_acting(self) -> bool:
        """Whether requests are made for somebody else."""
        return self.user is not ADMIN

    def allow(
        self,
        verb: str,
        resource: GroupVersionResource,
        namespace: str = "",
        name: str = "",
        subresource: str = "",
        options: ListOptions = LIST,
    ) -> None:
        """Raises: Forbidden. Only who is acted as is asked for: nobody else here may not do something."""
        if self.user is not ADMIN:
            name = name or named_by(options)
            self._server.authorize(self.user, verb, resource, namespace, name, subresource)

    def now(self) -> datetime:
        return self._server.times.epoch + timedelta(microseconds=self._server.kernel.now)

    def sleep(self, seconds: float) -> None:
        self.pump.wait(_never, round(seconds * SECOND))

    @property
    def pump(self) -> Pump:
        """Raises: Unsupported where nothing may block."""
        if self._pump is None:
            raise Unsupported(f"{self.actor} is part of the simulation and cannot wait for it.")
        return self._pump

    def get(
        self,
        resource: GroupVersionResource,
        namespace: str,
        name: str,
        *,
        subresource: str = "",
        options: ListOptions = LIST,
    ) -> Object:
        self.allow("get", resource, namespace, name, subresource)
        return self._server.get(
            self.actor, resource, namespace, name, subresource=subresource, options=options, warn=self.warn
        )

    def list(self, resource: GroupVersionResource, namespace: str = "", *, options: ListOptions = LIST) -> Object:
        self.allow("list", resource, namespace, options=options)
        return self._server.list(self.actor, resource, namespace, options=options, warn=self.warn)

    def watch(
        self, resource: GroupVersionResource, namespace: str = "", *, options: ListOptions = LIST
    ) -> InProcessWatch:
        self.allow("watch", resource, namespace, options=options)
        watcher = self._server.watch(self.actor, resource, namespace, options=options, warn=self.warn)
        return InProcessWatch(self._server, resource, watcher, self.pump, options)

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
        self.allow("create", resource, namespace, name, subresource)
        try:
            return self._create(resource, namespace, body, name, subresource, options)
        except NotYet as wait:
            if self._pump is None or not self._pump.wait(wait.until, wait.patience):
                raise
        return self._create(resource, namespace, body, name, subresource, options)

    def _create(
        self,
        resource: GroupVersionResource,
        namespace: str,
        body: Object,
        name: str,
        subresource: str,
        options: WriteOptions,
    ) -> Object:
        return self._server.create(
            self.actor,
            resource,
            namespace,
            body,
            name=name,
            subresource=subresource,
            options=options,
            warn=self.warn,
            user=self.user,
        )

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
        self.allow("update", resource, namespace, name, subresource)
        return self._server.update(
            self.actor, resource, namespace, name, body, subresource=subresource, options=options, warn=self.warn
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
        self.allow("patch", resource, namespace, name, subresource)
        return self._server.patch(
            self.actor,
            resource,
            namespace,
            name,
            body,
            patch_type,
            subresource=subresource,
            options=options,
            warn=self.warn,
        )

    def delete(
        self, resource: GroupVersionResource, namespace: str, name: str, *, options: DeleteOptions = DELETE
    ) -> Object:
        self.allow("delete", resource, namespace, name)
        return self._server.delete(self.actor, resource, namespace, name, options=options)

    def delete_collection(
        self,
        resource: GroupVersionResource,
        namespace: str,
        *,
        options: DeleteOptions = DELETE,
        selection: ListOptions = LIST,
    ) -> Object:
        self.allow("deletecollection", resource, namespace)
        return self._server.delete_collection(self.actor, resource, namespace, options=options, selection=selection)

    def resources(self) -> Discovery:
        return self._server.resources()

    def server_version(self) -> Mapping[str, str]:
        return self._server.server_version()

    def logs(self, namespace: str, name: str, options: LogOptions) -> Iterator[str]:
        self.allow("get", PODS, namespace, name, "log")
        return node_calls.logs(self._server, self._pump, namespace, name, options)

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
        running = self.begin(namespace, name, container, command, stdin, on_output)
        try:
            self.pump.wait(running.step)
        finally:
            running.close()
        return running.result

    def begin(
        self,
        namespace: str,
        name: str,
        container: str,
        command: Strings,
        stdin: str | None = "",
        on_output: Callable[[str, str], None] | None = None,
        tty: bool = False,
    ) -> node_calls.Exec:
        """`exec` without the wait; with `stdin` None its input is what is written to it."""
        self.allow("create", PODS, namespace, name, "exec")
        return node_calls.begin(self._server, namespace, name, container, command, stdin, on_output, tty)

    def attach(
        self,
        namespace: str,
        name: str,
        container: str,
        stdin: bool,
        on_output: Callable[[str, str], None] | None = None,
    ) -> node_calls.Exec:
        """Hear a container's first process from now on, and write to it."""
        self.allow("create", PODS, namespace, name, "attach")
        return node_calls.attach(self._server, namespace, name, container, stdin, on_output)

    def converse(
        self,
        namespace: str,
        name: str,
        container: str,
        command: Strings | None,
        *,
        stdin: bool = True,
        tty: bool = False,
    ) -> InProcessDialogue:
        dialogue = InProcessDialogue(self.pump)
        if command is None:
            dialogue.running = self.attach(namespace, name, container, stdin, dialogue.hear)
        else:
            typed = None if stdin else ""
            dialogue.running = self.begin(namespace, name, container, command, typed, dialogue.hear, tty)
        return dialogue

    def forward(self, namespace: str, name: str, port: int) -> Conversation:
        """A connection to a Pod's port, by its bytes."""
        self.allow("create", PODS, namespace, name, "portforward")
        return node_calls.forward(self._server, namespace, name, port)

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
        self.allow(VERBS.get(method, "create"), resource, namespace, name, "proxy")
        return node_calls.proxy(self._server, resource, namespace, name, path, method, headers, body)


class InProcessWatch:
    """Implements machinery.protocols.Watch. A watch with a timeout ends by itself, as on the real server."""

    def __init__(
        self,
        server: ApiServer,
        resource: GroupVersionResource,
        watcher: Watcher,
        pump: Pump,
        options: ListOptions,
    ) -> None:
        self._server = server
        self._resource = resource
        self._watcher = watcher
        self._pump = pump
        self._bookmark = options.allow_bookmarks
        self._end = None if options.timeout is None else server.kernel.now + options.timeout

    def next(self, timeout: SimTime | None = None) -> WatchEvent | None:
        watcher = self._watcher
        event = watcher.take()
        if event is not None or watcher.closed:
            return event
        limit = timeout
        if self._end is not None:
            left = max(0, self._end - self._server.kernel.now)
            limit = left if limit is None else min(left, limit)
        self._pump.wait(lambda: bool(watcher.pending) or watcher.closed, limit)
        event = watcher.take()
        if event is None and self._end is not None and self._server.kernel.now >= self._end:
            return self._last()
        return event

    def _last(self) -> WatchEvent | None:
        self.close()
        if not self._bookmark:
            return None
        self._bookmark = False
        return WatchEvent("BOOKMARK", self._server.bookmark(self._resource))

    def close(self) -> None:
        self._watcher.close()

    def __iter__(self) -> Iterator[WatchEvent]:
        while (event := self.next()) is not None:
            yield event


def named_by(options: ListOptions) -> str:
    """The name that a list or watch is narrowed to, which resourceNames are compared with."""
    try:
        return selectors.parse_fields(options.field_selector).exact("metadata.name") or ""
    except selectors.SelectorError:
        return ""


def _never() -> bool:
    return False
