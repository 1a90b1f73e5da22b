"""The Transport that people's commands go through: every change enters by the door, every answer is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from k8s_magic.apiserver import NotYet
from k8s_magic.client.inprocess import VERBS, InProcessTransport
from k8s_magic.cluster.dialogue import DoorDialogue
from k8s_magic.cluster.door import Door
from k8s_magic.machinery.kind import Warn
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
    Watch,
    WriteOptions,
)

Note = Callable[[GroupVersionResource, Object], None]


class DoorTransport:
    """`note(resource, object)` hears of every object that was asked for or changed."""

    def __init__(self, inner: InProcessTransport, door: Door, note: Note = lambda resource, obj: None) -> None:
        self._inner = inner
        self._door = door
        self.note = note

    @property
    def warn(self) -> Warn:
        return self._inner.warn

    @warn.setter
    def warn(self, warn: Warn) -> None:
        self._inner.warn = warn

    def acting_as(self, user: UserInfo) -> DoorTransport:
        return DoorTransport(self._inner.acting_as(user), self._door, self.note)

    def now(self) -> datetime:
        with self._door.look():
            return self._inner.now()

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)

    def get(
        self,
        resource: GroupVersionResource,
        namespace: str,
        name: str,
        *,
        subresource: str = "",
        options: ListOptions = LIST,
    ) -> Object:
        with self._door.look():
            obj = self._inner.get(resource, namespace, name, subresource=subresource, options=options)
            self.note(resource, obj)
            return obj

    def list(self, resource: GroupVersionResource, namespace: str = "", *, options: ListOptions = LIST) -> Object:
        with self._door.look():
            answer = self._inner.list(resource, namespace, options=options)
            self.note(resource, answer)
            return answer

    def watch(self, resource: GroupVersionResource, namespace: str = "", *, options: ListOptions = LIST) -> Watch:
        with self._door.look():
            return self._inner.watch(resource, namespace, options=options)

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
        self._allow("create", resource, namespace, name, subresource)
        return self._change("create", resource, namespace, body, name=name, subresource=subresource, options=options)

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
        self._allow("update", resource, namespace, name, subresource)
        return self._change("update", resource, namespace, name, body, subresource=subresource, options=options)

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
        self._allow("patch", resource, namespace, name, subresource)
        return self._change(
            "patch", resource, namespace, name, body, patch_type, subresource=subresource, options=options
        )

    def delete(
        self, resource: GroupVersionResource, namespace: str, name: str, *, options: DeleteOptions = DELETE
    ) -> Object:
        self._allow("delete", resource, namespace, name)
        return self._change("delete", resource, namespace, name, options=options)

    def delete_collection(
        self,
        resource: GroupVersionResource,
        namespace: str,
        *,
        options: DeleteOptions = DELETE,
        selection: ListOptions = LIST,
    ) -> Object:
        self._allow("deletecollection", resource, namespace)
        return self._change("delete_collection", resource, namespace, options=options, selection=selection)

    def resources(self) -> Discovery:
        return self._inner.resources()

    def server_version(self) -> Mapping[str, str]:
        return self._inner.server_version()

    def logs(self, namespace: str, name: str, options: LogOptions) -> Iterator[str]:
        with self._door.look():
            return self._inner.logs(namespace, name, options)

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
        self._allow("create", PODS, namespace, name, "exec")
        running = None
        try:
            with self._door.enter("exec", positional=(namespace, name, container, command), named={"stdin": stdin}):
                number = len(self._door.log)
                running = self._inner.begin(namespace, name, container, command, stdin, on_output)
            self._door.wait(running.step)
        except KeyboardInterrupt:
            if running is not None:  # it may come as the door falls shut
                with self._door.enter("interrupt", number=number):
                    running.close()
            raise
        return running.result

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
        action = "attach" if command is None else "exec"
        self._allow("create", PODS, namespace, name, action)
        dialogue = DoorDialogue(self._door)
        if command is None:
            dialogue.attach(self._inner, (namespace, name, container, stdin))
        else:
            named = {"stdin": None if stdin else "", **({"tty": True} if tty else {})}
            dialogue.begin(self._inner, (namespace, name, container, command), named)
        return dialogue

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
        self._allow(VERBS.get(method, "create"), resource, namespace, name, "proxy")
        named: dict[str, Any] = {"method": method, "headers": dict(headers or {}), "body": body}
        with self._door.enter("proxy", resource=resource, positional=(namespace, name, path), named=named):
            return self._inner.proxy(resource, namespace, name, path, **named)

    def _allow(self, *asked: Any) -> None:
        """Before the door: what is refused to somebody else is no part of the history. Raises: Forbidden."""
        if self._inner.is_acting:
            with self._door.look():
                self._inner.allow(*asked)

    def _change(self, verb: str, resource: GroupVersionResource, *positional: Any, **named: Any) -> Object:
        while True:
            try:
                with self._door.enter(verb, resource=resource, positional=positional, named=named):
                    obj: Object = getattr(self._inner, verb)(resource, *positional, **named)
                    self.note(resource, obj)
                    return obj
            except NotYet as wait:
                if not self._door.wait(wait.until, wait.patience):
                    raise
