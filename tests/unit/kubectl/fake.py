"""A Transport over a plain dict of objects: enough of a server for the command line's own tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from k8s_magic.kubectl.main import main
from k8s_magic.kubectl.streams import Files, MemoryFiles, NoFiles, Streams
from k8s_magic.machinery import errors, selectors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import LIST, ExecResult, ListOptions, LogOptions, UserInfo, WatchEvent

NOW = datetime(2026, 1, 1, 0, 1, 0, tzinfo=UTC)


def resource(
    name: str, kind: str, group: str = "", version: str = "v1", *, namespaced: bool = True, **more: Any
) -> dict[str, Any]:
    return {
        "name": name,
        "singularName": kind.lower(),
        "kind": kind,
        "group": group,
        "version": version,
        "namespaced": namespaced,
        "verbs": ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
        **more,
    }


RESOURCES = [
    resource("configmaps", "ConfigMap", shortNames=["cm"]),
    resource("events", "Event", shortNames=["ev"]),
    resource("namespaces", "Namespace", namespaced=False, shortNames=["ns"]),
    resource("nodes", "Node", namespaced=False, shortNames=["no"]),
    resource("pods", "Pod", shortNames=["po"], categories=["all"]),
    resource("services", "Service", shortNames=["svc"], categories=["all"]),
    resource("deployments", "Deployment", "apps", shortNames=["deploy"], categories=["all"]),
    resource("replicasets", "ReplicaSet", "apps", shortNames=["rs"], categories=["all"]),
]


class FakeWatch:
    def __init__(self, events: list[WatchEvent]) -> None:
        self._events = iter(events)
        self.closed = False

    def next(self, timeout: int | None = None) -> WatchEvent | None:
        return next(self._events, None)

    def close(self) -> None:
        self.closed = True

    def __iter__(self) -> Iterator[WatchEvent]:
        return self._events


@dataclass
class FakeTransport:
    """`objects` in order of creation. `changes` are the events that any watch tells."""

    objects: list[Object] = field(default_factory=list)
    changes: list[WatchEvent] = field(default_factory=list)
    warn: Callable[[str], None] = lambda text: None
    warning: str = ""
    calls: list[tuple[str, ...]] = field(default_factory=list)
    log_texts: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    exec_result: ExecResult = field(default_factory=ExecResult)
    slept: float = 0.0

    def acting_as(self, user: UserInfo) -> FakeTransport:
        self.calls.append(("acting_as", *user[:3]))
        return self

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept += seconds

    def _kind(self, gvr: GroupVersionResource) -> Mapping[str, Any]:
        for entry in RESOURCES:
            if (entry["name"], entry["group"]) == (gvr.resource, gvr.group):
                return entry
        raise errors.resource_missing()

    def _of(self, gvr: GroupVersionResource, namespace: str) -> list[Object]:
        kind = self._kind(gvr)["kind"]
        return [
            obj
            for obj in self.objects
            if obj["kind"] == kind and namespace in ("", obj["metadata"].get("namespace", ""))
        ]

    def get(
        self,
        resource: GroupVersionResource,
        namespace: str,
        name: str,
        *,
        subresource: str = "",
        options: ListOptions = LIST,
    ) -> Object:
        self.calls.append(("get", resource.resource, namespace, name))
        for obj in self._of(resource, namespace):
            if obj["metadata"]["name"] == name:
                return table([obj]) if options.table else obj
        raise errors.not_found(resource, name)

    def list(self, resource: GroupVersionResource, namespace: str = "", *, options: ListOptions = LIST) -> Object:
        self.calls.append(("list", resource.resource, namespace, options.label_selector))
        if self.warning:
            self.warn(self.warning)
        try:
            selector = selectors.parse(options.label_selector)
        except selectors.SelectorError as error:
            raise errors.bad_request(str(error)) from None
        found = [obj for obj in self._of(resource, namespace) if selector.matches(obj["metadata"].get("labels") or {})]
        found.sort(key=lambda obj: (obj["metadata"].get("namespace", ""), obj["metadata"]["name"]))
        start = int(options.continue_ or 0)
        page = found[start : start + options.limit] if options.limit else found
        metadata = {"resourceVersion": "100"}
        if options.limit and start + options.limit < len(found):
            metadata["continue"] = str(start + options.limit)
        if options.table:
            return table(page) | {"metadata": metadata}
        entry = self._kind(resource)
        version = f"{resource.group}/{resource.version}" if resource.group else resource.version
        return {"kind": f"{entry['kind']}List", "apiVersion": version, "metadata": metadata, "items": page}

    def watch(self, resource: GroupVersionResource, namespace: str = "", *, options: ListOptions = LIST) -> FakeWatch:
        self.calls.append(("watch", resource.resource, namespace, options.resource_version))
        if options.table:
            return FakeWatch([WatchEvent(event.type, table([event.object])) for event in self.changes])
        return FakeWatch(self.changes)

    def resources(self) -> list[Mapping[str, Any]]:
        return list(RESOURCES)

    def server_version(self) -> Mapping[str, str]:
        return {"major": "1", "minor": "36", "gitVersion": "v1.36.2"}

    def logs(self, namespace: str, name: str, options: LogOptions) -> Iterator[str]:
        self.calls.append(("logs", namespace, name, options.container))
        lines = self.log_texts[name, options.container]
        yield from lines[-options.tail_lines :] if options.tail_lines is not None else lines

    def exec(
        self,
        namespace: str,
        name: str,
        container: str,
        command: list[str],
        *,
        stdin: str = "",
        on_output: Callable[[str, str], None] | None = None,
    ) -> ExecResult:
        self.calls.append(("exec", namespace, name, container, *command))
        for stream, text in self.exec_result.chunks:
            if on_output is not None:
                on_output(stream, text)
        return self.exec_result

    def converse(
        self,
        namespace: str,
        name: str,
        container: str,
        command: list[str] | None,
        *,
        stdin: bool = True,
        tty: bool = False,
    ) -> FakeDialogue:
        self.calls.append(("attach" if command is None else "exec", namespace, name, container, *(command or ())))
        return FakeDialogue(self.exec_result)

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a read command must not call {name}")


class FakeDialogue:
    """Has printed all and ended at once."""

    has_ended = True
    wants_input = False

    def __init__(self, result: ExecResult) -> None:
        self.exit_code = result.exit_code
        self._chunks = list(result.chunks)
        self.has_ended = not self._chunks

    def wait(self) -> None: ...

    def take(self) -> list[tuple[str, str]]:
        self.has_ended = True
        return self._chunks

    def close(self) -> None: ...


def table(objects: list[Object]) -> Object:
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {"resourceVersion": "100"},
        "columnDefinitions": [
            {"name": "Name", "type": "string", "format": "name", "priority": 0},
            {"name": "Status", "type": "string", "format": "", "priority": 0},
            {"name": "Restarts", "type": "integer", "format": "", "priority": 0},
            {"name": "Node", "type": "string", "format": "", "priority": 1},
        ],
        "rows": [
            {
                "cells": [obj["metadata"]["name"], (obj.get("status") or {}).get("phase", "-"), 0, "node-0"],
                "object": obj,
            }
            for obj in objects
        ],
    }


def named(kind: str, name: str, namespace: str = "default", api_version: str = "v1", **more: Any) -> Object:
    metadata: Object = {"name": name, "creationTimestamp": "2026-01-01T00:00:00Z", "resourceVersion": "7"}
    if namespace:
        metadata["namespace"] = namespace
    metadata |= more.pop("metadata", {})
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **more}


def pod(
    name: str, namespace: str = "default", labels: dict[str, str] | None = None, containers: tuple[str, ...] = ("web",)
) -> Object:
    metadata = {"labels": labels} if labels else {}
    spec = {"nodeName": "node-0", "containers": [{"name": one, "image": "nginx"} for one in containers]}
    status = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}
    return named("Pod", name, namespace, metadata=metadata, spec=spec, status=status)


def kubectl(
    line: str | list[str],
    transport: FakeTransport | None = None,
    *,
    files: Mapping[str, str] | None = None,
    stdin: str = "",
    config: dict[str, Any] | None = None,
) -> tuple[int, str, str]:
    """(exit code, stdout, stderr) of one command line."""
    out: list[str] = []
    err: list[str] = []
    where: Files = MemoryFiles(files) if files is not None else NoFiles()
    streams = Streams(stdin=stdin, out=out.append, err=err.append, files=where)
    if config is not None:
        streams.config = config
    words = line.split() if isinstance(line, str) else line
    code = main(words, transport or FakeTransport(), streams)  # type: ignore[arg-type]
    return code, "".join(out), "".join(err)
