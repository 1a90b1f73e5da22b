"""What a kubelet asks of the runtime, what an image is, and what the network offers to both.

Units: times in simulated microseconds; sizes in bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from k8s_magic.machinery.protocols import Conversation as Conversation
from k8s_magic.machinery.protocols import Session
from k8s_magic.sim.time import SimTime


def encoded(text: str) -> bytes:
    """The bytes of a body, a file or a header, which are texts here.

    Bytes that are no UTF-8 are carried as lone surrogates (PEP 383), so that nothing is lost on the way.
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character, out of JSON's \ud800
        return text.encode("utf-8", "replace")


def decoded(data: bytes) -> str:
    """The other way round."""
    return data.decode("utf-8", "surrogateescape")


def size(text: str) -> int:
    return len(text) if text.isascii() else len(encoded(text))


def readable(text: str) -> str:
    """A text for a person's eyes: what is no character is shown as such."""
    return encoded(text).decode(errors="replace")


@dataclass(slots=True)
class HttpRequest:
    method: str
    path: str
    host: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    source_ip: str = ""
    version: str = "HTTP/1.1"


@dataclass(slots=True)
class HttpResponse:
    """`reason` and `version` are what stands in the status line; "" is the usual phrase."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    latency: SimTime = 0
    served_by: str = ""  # the Pod's name
    address: str = ""  # what the client connected to: IP:port
    reason: str = ""
    version: str = "HTTP/1.1"

    @property
    def content(self) -> bytes:
        return encoded(self.body)

    @property
    def size(self) -> int:
        """Of its body, in bytes."""
        return size(self.body)


class Forwarded(Protocol):
    """A port that somebody outside has been led to."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A whole HTTP request. Raises: NetworkError."""

    def converse(self) -> Conversation:
        """Raises: NetworkError; Unsupported where the server's bytes are not modelled."""


class NetworkError(Exception):
    """A request that got no HTTP answer. `kind`: refused, timeout, no_route, unknown_host, reset, empty
    (the server has closed the connection without a word).

    `elapsed` is how long the caller waited for it; `address` is what was tried (IP:port), where known.
    """

    def __init__(self, kind: str, message: str = "", *, elapsed: SimTime = 0, address: str = "") -> None:
        super().__init__(message or kind)
        self.kind = kind
        self.elapsed = elapsed
        self.address = address


@dataclass(frozen=True, slots=True)
class Answer:
    """What DNS says: the name that was found (after search domains and CNAMEs), its records, how long it took."""

    name: str
    values: tuple[str, ...]
    aliases: tuple[tuple[str, str], ...] = ()  # CNAMEs on the way: (name, target)
    latency: SimTime = 0


class Net(Protocol):
    """The network as a process inside a sandbox (or a person outside, source None) sees it."""

    def lookup(self, source: Sandbox | None, name: str, record: str = "A", search: bool = True) -> Answer:
        """A DNS query (A, CNAME, SRV, PTR). Raises NetworkError("unknown_host")."""

    def ping(self, source: Sandbox | None, address: str) -> SimTime:
        """The round trip of an ICMP echo to an address. Raises NetworkError("timeout"), e.g. for a ClusterIP."""

    def resolve(self, source: Sandbox | None, name: str, record: str = "A") -> list[str]:
        """Addresses (or CNAME/SRV/PTR texts) of a DNS name. Raises NetworkError("unknown_host")."""

    def http(
        self, source: Sandbox | None, url: str, request: HttpRequest, timeout: SimTime | None = None
    ) -> HttpResponse:
        """One request to `http://host[:port]/path`. Raises NetworkError."""

    def connect(self, source: Sandbox | None, host: str, port: int, protocol: str = "TCP") -> SimTime:
        """Open and close a connection: how long it took. Raises NetworkError."""

    def forward(self, sandbox: Sandbox, port: int) -> Forwarded:
        """A port of a sandbox as somebody in it reaches it on localhost. Raises NetworkError."""

    def dial(self, source: Sandbox | None, host: str, port: int) -> Conversation:
        """A TCP connection by its bytes. Raises NetworkError; Unsupported where the server's are not modelled."""


Handler = Callable[[HttpRequest], HttpResponse]


@runtime_checkable
class Speaker(Protocol):
    """What a port may have instead of a Handler: a server with a protocol of its own.

    `serve` is how the way to it answers a whole HTTP request (the same server, told of where it matters).
    """

    def __call__(self, request: HttpRequest) -> HttpResponse: ...

    def converse(self, source_ip: str, serve: Handler) -> Conversation: ...


@dataclass(frozen=True, slots=True)
class Mount:
    """A volume in a container. `files` is the volume's live content, shared by all who mount it.

    Shape: `files` maps a path relative to the volume's root to its text; a path that ends in `/` is a directory.
    """

    path: str
    files: dict[str, str]
    read_only: bool = False
    sub_path: str = ""


@dataclass(frozen=True, slots=True)
class ContainerConfig:
    """One start of one container. Empty `command` and `args` mean the image's own."""

    name: str
    image: str
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    working_dir: str = ""
    mounts: tuple[Mount, ...] = ()
    ports: tuple[tuple[str, int], ...] = ()  # declared (protocol, containerPort): information, as in Kubernetes
    memory_limit: int | None = None
    attempt: int = 0
    stop_signal: str = ""  # "": the image's own, else SIGTERM
    stdin: bool = False  # an open standard input: a shell without a script waits instead of ending
    stdin_once: bool = False  # it ends when the first who attached leaves
    tty: bool = False
    termination_message_path: str = "/dev/termination-log"
    target: Container | None = None  # whose processes it is among, instead of having a namespace of its own


@dataclass(slots=True, eq=False)
class Sandbox:
    """A Pod's network namespace: one address and one port space for all its containers."""

    uid: str
    namespace: str
    name: str
    node: str
    ip: str
    hostname: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    host_network: bool = False
    # Who listens: (protocol, port) -> handler. A second listener on a port fails as bind(2) would.
    listeners: dict[tuple[str, int], Handler] = field(default_factory=dict)
    search: tuple[str, ...] = ()  # DNS search domains
    nameserver: str = "10.96.0.10"
    # hostPort: (protocol, port on the node) -> (protocol, port here).
    host_ports: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    share_processes: bool = False  # spec.shareProcessNamespace: one process namespace for all its containers
    subdomain: str = ""  # spec.subdomain: with it `hostname -f` is hostname.subdomain.namespace.svc.cluster.local


class Container(Protocol):
    """A started container, running or ended."""

    id: str  # 64 hex digits
    image_id: str
    started_at: SimTime
    finished_at: SimTime | None
    exit_code: int | None  # None while it runs
    reason: str  # Completed, Error, OOMKilled, … once ended
    message: str  # the termination message

    def log_lines(self) -> list[tuple[SimTime, str, str]]:
        """(time, stream, line without its end) so far. Only the last few thousand are kept."""

    def log_since(self, position: int) -> tuple[list[tuple[SimTime, str, str]], int]:
        """The lines from a position on (0: all that are kept) and the position to ask from next time."""


@dataclass(frozen=True, slots=True)
class PullOutcome:
    """How a pull ended: `error` is "" or the runtime's message. Units: size in bytes."""

    error: str = ""
    size: int = 0
    duration: SimTime = 0
    image_id: str = ""


@dataclass(frozen=True, slots=True)
class ProbeOutcome:
    success: bool
    output: str = ""


class Runtime(Protocol):
    """One node's container runtime. Callbacks come through the kernel, never inside the call that asked."""

    online: bool  # False: the node is cut off; nothing outside it is reached and nothing on it answers

    def has_image(self, image: str) -> bool: ...

    def user_of(self, image: str) -> str:
        """Whom an image's processes run as unless told, by name or number; "" where that is not known."""

    def pull(self, image: str, done: Callable[[PullOutcome], None]) -> None: ...

    def images(self) -> list[tuple[str, int]]:
        """(reference, bytes) of the node's cached images, for node.status.images."""

    def create_sandbox(self, sandbox: Sandbox, pod_cidr: str) -> None:
        """Put a sandbox on the network. Gives it a free address of `pod_cidr` unless it has one (host network)."""

    def remove_sandbox(self, sandbox: Sandbox) -> None:
        """Ends what still runs in it and takes it off the network."""

    def start(self, sandbox: Sandbox, config: ContainerConfig, on_exit: Callable[[Container], None]) -> Container:
        """Start a container. Raises StartError where it cannot (no such executable).

        The image must have been pulled. `command` and `args` are final: `$(NAME)` is expanded by the kubelet.
        """

    def stop(self, container: Container, grace: SimTime) -> None:
        """SIGTERM now, SIGKILL after `grace`; on_exit is called when it ends."""

    def remove(self, container: Container) -> None:
        """Forget a dead container and its log."""

    def exec(
        self,
        container: Container,
        command: list[str],
        stdin: str | None,
        on_output: Callable[[str, str], None],
        tty: bool = False,
    ) -> Session:
        """As NodeConnector.exec. Raises StartError("failed to exec in container: …") for a missing executable."""

    def attach(self, container: Container, on_output: Callable[[str, str], None], stdin: bool) -> Session:
        """As NodeConnector.attach."""

    def probe_http(
        self,
        sandbox: Sandbox,
        host: str,
        port: int,
        path: str,
        scheme: str,
        headers: Mapping[str, str],
        timeout: SimTime,
    ) -> ProbeOutcome: ...

    def probe_tcp(self, sandbox: Sandbox, host: str, port: int, timeout: SimTime) -> ProbeOutcome: ...

    def probe_exec(self, container: Container, command: list[str], timeout: SimTime) -> ProbeOutcome: ...


class StartError(Exception):
    """A container that could not start. `reason` is the kubelet's (RunContainerError), `exit_code` e.g. 128."""

    def __init__(self, message: str, reason: str = "StartError", exit_code: int = 128) -> None:
        super().__init__(message)
        self.reason = reason
        self.exit_code = exit_code
