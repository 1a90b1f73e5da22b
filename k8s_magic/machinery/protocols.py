"""The seams between floors: what one side promises and the other side may rely on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.sim.time import SimTime

WatchType = Literal["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"]
PatchType = Literal["json", "merge", "strategic", "apply"]


class WatchEvent(NamedTuple):
    type: WatchType
    object: Object


@dataclass(frozen=True, slots=True)
class ListOptions:
    """metav1.ListOptions; `table` asks for the server's Table (`include_object`: Metadata, Object or None)."""

    label_selector: str = ""
    field_selector: str = ""
    limit: int = 0
    continue_: str = ""
    resource_version: str = ""
    table: bool = False
    include_object: str = "Metadata"
    timeout: SimTime | None = None  # of a watch
    allow_bookmarks: bool = False
    resource_version_match: str = ""
    managed_fields: bool = False  # whether metadata.managedFields are wanted


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """metav1.CreateOptions, UpdateOptions and PatchOptions. `field_validation`: Strict, Warn, Ignore or ""."""

    dry_run: bool = False
    field_manager: str = ""
    field_validation: str = ""
    force: bool = False


@dataclass(frozen=True, slots=True)
class DeleteOptions:
    """metav1.DeleteOptions. `propagation`: Foreground, Background, Orphan or "" (the kind's default)."""

    dry_run: bool = False
    grace_period_seconds: int | None = None
    propagation: str = ""
    uid: str = ""
    resource_version: str = ""


class UserInfo(NamedTuple):
    """authenticationv1.UserInfo: who asks. `extra` maps a key to its values."""

    username: str
    groups: tuple[str, ...] = ()
    uid: str = ""
    extra: Mapping[str, tuple[str, ...]] = {}


LIST = ListOptions()
WRITE = WriteOptions()
DELETE = DeleteOptions()


class Watch(Protocol):
    """A running watch. Iterating blocks (and so moves simulated time) until an event comes or it ends."""

    def next(self, timeout: SimTime | None = None) -> WatchEvent | None:
        """The next event; None when `timeout` simulated microseconds passed without one, or the watch ended."""

    def close(self) -> None: ...

    def __iter__(self) -> Iterator[WatchEvent]: ...


@dataclass(frozen=True, slots=True)
class LogOptions:
    """corev1.PodLogOptions. `follow` makes the iterator block for more until the container has ended."""

    container: str = ""
    follow: bool = False
    previous: bool = False
    since_seconds: int | None = None
    since_time: str = ""
    timestamps: bool = False
    tail_lines: int | None = None
    limit_bytes: int | None = None


@dataclass(slots=True)
class ExecResult:
    """What a command in a container printed, in order, and how it ended.

    Shape: `chunks` are (stream, text) with stream "stdout" or "stderr".
    """

    chunks: list[tuple[str, str]] = field(default_factory=list)
    exit_code: int = 0

    @property
    def stdout(self) -> str:
        return "".join(text for stream, text in self.chunks if stream == "stdout")


Strings = list[str]
Discovery = list[Mapping[str, Any]]


class Transport(Protocol):
    """All that kubectl and client code may do to a cluster: the same in process, over HTTP, on a real cluster.

    Raises: ApiError with the server's Status. Objects that come back belong to the server: never change them.
    `warn` is called with each warning the server sends.
    """

    warn: Callable[[str], None]

    def acting_as(self, user: UserInfo) -> Transport:
        """The same for somebody else, as impersonation headers ask: without groups, those that go with the name."""

    def now(self) -> datetime:
        """The cluster's clock (simulated)."""

    def sleep(self, seconds: float) -> None:
        """Let simulated time pass, interruptibly."""

    def get(
        self,
        resource: GroupVersionResource,
        namespace: str,
        name: str,
        *,
        subresource: str = "",
        options: ListOptions = LIST,
    ) -> Object: ...

    def list(self, resource: GroupVersionResource, namespace: str = "", *, options: ListOptions = LIST) -> Object:
        """A List (or Table) object with its metadata; namespace "" is all namespaces."""

    def watch(self, resource: GroupVersionResource, namespace: str = "", *, options: ListOptions = LIST) -> Watch: ...

    def create(
        self,
        resource: GroupVersionResource,
        namespace: str,
        body: Object,
        *,
        name: str = "",
        subresource: str = "",
        options: WriteOptions = WRITE,
    ) -> Object: ...

    def update(
        self,
        resource: GroupVersionResource,
        namespace: str,
        name: str,
        body: Object,
        *,
        subresource: str = "",
        options: WriteOptions = WRITE,
    ) -> Object: ...

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
        """`body` is the patch as JSON data; where it is a str it is the raw text (which may be malformed)."""

    def delete(
        self, resource: GroupVersionResource, namespace: str, name: str, *, options: DeleteOptions = DELETE
    ) -> Object:
        """The object (when it waits for finalizers or grace) or a Status Success."""

    def delete_collection(
        self,
        resource: GroupVersionResource,
        namespace: str,
        *,
        options: DeleteOptions = DELETE,
        selection: ListOptions = LIST,
    ) -> Object: ...

    def resources(self) -> Discovery:
        """Discovery: metav1.APIResource of every served resource, with `group` and `version` filled in.

        In the server's preference order of groups and versions. Subresources are listed in `subresources`.
        """

    def server_version(self) -> Mapping[str, str]:
        """`/version`: major, minor, gitVersion, platform, …"""

    def logs(self, namespace: str, name: str, options: LogOptions) -> Iterator[str]:
        """Chunks of text, each ending at a line's end."""

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
        """Run a command; blocks until it ends. `on_output(stream, text)` hears output as it comes."""

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
        """Run a command that is typed to; without a command, attach to the container's first process."""

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
        """The pods/services/nodes proxy subresource. `name` may carry `:port`, `path` a query."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a container's server has said. `body` carries bytes that are no UTF-8 as lone surrogates (PEP 383)."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


class Dialogue(Protocol):
    """A command in a container, or a container's first process, that a person types to."""

    @property
    def has_ended(self) -> bool: ...

    @property
    def exit_code(self) -> int: ...

    @property
    def wants_input(self) -> bool:
        """It waits for what is typed."""

    @property
    def guesses(self) -> bool:
        """Whether `wants_input` only says that nothing has come for a while, as over a network."""

    def wait(self) -> None:
        """Block until it has printed something, wants input or has ended. Raises: ApiError, KeyboardInterrupt."""

    def take(self) -> list[tuple[str, str]]:
        """What it has printed since: (stream, text). A terminal's lines end in a carriage return and a newline."""

    def write(self, text: str) -> None: ...

    def end(self) -> None:
        """Nothing more is typed. On a terminal Ctrl-D says so instead."""

    def resize(self, width: int, height: int) -> None: ...

    def close(self) -> None:
        """Leave: a command is killed, a container's first process goes on."""


class Pump(Protocol):
    """How a blocking call lets simulated time pass: by running the kernel, or by waiting for the live pace."""

    def wait(self, ready: Callable[[], bool], timeout: SimTime | None = None) -> bool:
        """Return True as soon as `ready()` holds, False when `timeout` microseconds have passed without.

        Raises: KeyboardInterrupt between steps, never inside one.
        """


class Session(Protocol):
    """A command that runs in a container, or an attachment to its first process. `exit_code` is None until its end."""

    @property
    def exit_code(self) -> int | None: ...

    @property
    def wants_input(self) -> bool:
        """It reads what has not been written yet."""

    @property
    def room(self) -> int:
        """How much may be written before something is read."""

    def step(self) -> bool:
        """Hand over what was printed; whether it has ended."""

    def write(self, text: str) -> None:
        """Its input; on a terminal the keys as they are pressed."""

    def end(self) -> None:
        """Nothing more is written. A terminal's input is ended by Ctrl-D, not by this."""

    def resize(self, width: int, height: int) -> None:
        """The size of the person's terminal, in characters."""

    def close(self) -> None:
        """The person has left: a command is killed, a container's first process goes on."""


class NodeConnector(Protocol):
    """How the API server reaches kubelets for log, exec and proxy. Given to it by the cluster."""

    def logs(self, pod: Object, options: LogOptions) -> Iterator[str | None]:
        """Chunks of log text; None where the caller should let time pass (follow)."""

    def exec(
        self,
        pod: Object,
        container: str,
        command: list[str],
        stdin: str | None,
        on_output: Callable[[str, str], None],
        tty: bool = False,
    ) -> Session:
        """Start a command. `stdin` is its whole input; None: what is written to the session."""

    def attach(self, pod: Object, container: str, on_output: Callable[[str, str], None], stdin: bool) -> Session:
        """Hear a container's first process from now on, and write to it where it has an open standard input."""

    def proxy(
        self, kind: str, namespace: str, name: str, path: str, method: str, headers: Mapping[str, str], body: str
    ) -> HttpAnswer: ...

    def forward(self, pod: Object, port: int) -> Conversation:
        """A connection to a Pod's port. Raises: InternalError with what kubectl shows, Unsupported."""


class Conversation(Protocol):
    """One TCP connection as the server at its far end has it."""

    @property
    def has_ended(self) -> bool:
        """The server has closed it: nothing more is read or said."""

    @property
    def problem(self) -> str:
        """Why this simulation, and not the server, has ended it: a sentence, or ""."""

    def receive(self, data: bytes) -> bytes:
        """What is said to bytes that arrive, in whatever pieces."""


class Informer(Protocol):
    """One resource's objects as a component sees them, with indexes. Objects are shared: never change them."""

    def add_handler(self, handler: Callable[[WatchType, Object, Object | None], None]) -> None:
        """`handler(type, new, old)` is called inside the write: it may only note keys, never write.

        For DELETED, `new` is the last state. Existing objects are reported as ADDED at once.
        """

    def remove_handler(self, handler: Callable[[WatchType, Object, Object | None], None]) -> None:
        """The handler hears nothing more."""

    def get(self, namespace: str, name: str) -> Object | None: ...

    def list(self, namespace: str = "") -> Iterable[Object]:
        """In order of creation; namespace "" is all."""

    def by_owner(self, uid: str) -> Iterable[Object]:
        """Objects with an ownerReference to a uid (any, not only the controller's)."""

    def by_node(self, node: str) -> Iterable[Object]:
        """Pods bound to a node."""

    def by_label(self, namespace: str, key: str, value: str) -> Iterable[Object]:
        """Objects of a namespace with one label; the smallest set to match a selector in."""

    def select(self, namespace: str, match_labels: Mapping[str, str]) -> Iterable[Object]:
        """Objects of a namespace that carry all of some labels, by the label index."""

    def __len__(self) -> int: ...
