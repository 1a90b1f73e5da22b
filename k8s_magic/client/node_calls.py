"""log, exec and proxy: the calls that the API server passes on to a kubelet, with its refusals.

Source: pkg/registry/core/pod/strategy.go (LogLocation, ExecLocation, validateContainer)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from k8s_magic.apiserver import ApiServer
from k8s_magic.client import proxying
from k8s_magic.machinery import errors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import NODES, PODS, SERVICES, GroupVersionResource
from k8s_magic.machinery.protocols import (
    Conversation,
    ExecResult,
    HttpAnswer,
    LogOptions,
    NodeConnector,
    Pump,
    Session,
)
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.time import MILLISECOND, SimTime

OnOutput = Callable[[str, str], None]

# Our choice: how often a blocked call looks again.
SLICE: SimTime = 50 * MILLISECOND
GROUPS = ("initContainers", "containers", "ephemeralContainers")


def logs(server: ApiServer, pump: Pump | None, namespace: str, name: str, options: LogOptions) -> Iterator[str]:
    """Raises: NotFound, BadRequest for a container that is not there or has not started."""
    return _chunks(log_chunks(server, namespace, name, options), pump)


def log_chunks(server: ApiServer, namespace: str, name: str, options: LogOptions) -> Iterator[str | None]:
    """As `logs`, for who waits in a way of his own: None where time must pass."""
    pod = server.get("", PODS, namespace, name)
    chosen_container(pod, options.container)
    if not pod["spec"].get("nodeName"):
        # An unscheduled Pod has written nothing.
        return iter(())
    return _connector(server).logs(pod, options)


def _chunks(source: Iterator[str | None], pump: Pump | None) -> Iterator[str]:
    for chunk in source:
        if chunk is not None:
            yield chunk
        elif pump is None:
            return
        else:
            pump.wait(_never, SLICE)


class Exec:
    """A command that runs in a container, or its first process, as a client holds it.

    `step()` looks whether it has ended; what is typed has its effect at this very instant.
    """

    def __init__(self, kernel: Kernel, on_output: OnOutput | None) -> None:
        self.result = ExecResult()
        self._kernel = kernel
        self._on_output = on_output
        self._session: Session | None = None
        self._is_over = False

    def hear(self, stream: str, text: str) -> None:
        self.result.chunks.append((stream, text))
        if self._on_output is not None:
            self._on_output(stream, text)

    def begin(self, session: Session) -> None:
        self._session = session

    def step(self) -> bool:
        session = self._session
        if session is not None and not self._is_over and session.step():
            self._is_over = True
            self.result.exit_code = session.exit_code or 0
        return self._is_over

    @property
    def wants_input(self) -> bool:
        return self._session is not None and self._session.wants_input

    @property
    def room(self) -> int:
        """How much may be written before something is read."""
        return self._session.room if self._session is not None else 0

    def write(self, text: str) -> None:
        self._act(lambda session: session.write(text))

    def end(self) -> None:
        self._act(lambda session: session.end())

    def resize(self, width: int, height: int) -> None:
        self._act(lambda session: session.resize(width, height))

    def close(self) -> None:
        self._act(lambda session: session.close())
        self._is_over = True

    def _act(self, action: Callable[[Session], None]) -> None:
        if self._session is not None and not self._is_over:
            action(self._session)
            self._kernel.run_until(self._kernel.now)


def begin(
    server: ApiServer,
    namespace: str,
    name: str,
    container: str,
    command: list[str],
    stdin: str | None,
    on_output: OnOutput | None,
    tty: bool = False,
) -> Exec:
    """Start a command; with `stdin` None its input is what is written to it. Raises: NotFound, BadRequest."""
    running = Exec(server.kernel, on_output)
    pod, container = _placed(server, namespace, name, container)
    running.begin(_connector(server).exec(pod, container, command, stdin, running.hear, tty))
    return running


def attach(
    server: ApiServer, namespace: str, name: str, container: str, stdin: bool, on_output: OnOutput | None
) -> Exec:
    """Attach to a container's first process. Raises: NotFound, BadRequest."""
    running = Exec(server.kernel, on_output)
    pod, container = _placed(server, namespace, name, container)
    running.begin(_connector(server).attach(pod, container, running.hear, stdin))
    return running


def _placed(server: ApiServer, namespace: str, name: str, container: str) -> tuple[Object, str]:
    pod = server.get("", PODS, namespace, name)
    container = chosen_container(pod, container)
    if not pod["spec"].get("nodeName"):
        raise errors.bad_request(f"pod {name} does not have a host assigned")
    return pod, container


def forward(server: ApiServer, namespace: str, name: str, port: int) -> Conversation:
    """A connection to a Pod's port. Raises: NotFound, BadRequest, InternalError, Unsupported."""
    pod = server.get("", PODS, namespace, name)
    if not pod["spec"].get("nodeName"):
        raise errors.bad_request(f"pod {name} does not have a host assigned")
    return _connector(server).forward(pod, port)


def proxy(
    server: ApiServer,
    resource: GroupVersionResource,
    namespace: str,
    name: str,
    path: str,
    method: str,
    headers: Mapping[str, str] | None = None,
    body: str = "",
) -> HttpAnswer:
    """Raises: NotFound, ServiceUnavailable."""
    if resource not in (PODS, SERVICES, NODES):
        raise errors.resource_missing()
    # [scheme:]name[:port]
    parts = name.split(":")
    plain = parts[1] if len(parts) == 3 or (len(parts) == 2 and parts[0] in ("http", "https")) else parts[0]
    server.get("", resource, namespace, plain)
    prefix = proxying.prefix(resource, namespace, name)
    sent = proxying.outgoing(headers or {}, prefix, path)
    answer = _connector(server).proxy(resource.resource, namespace, name, path, method, sent, body)
    return proxying.incoming(answer, prefix, proxying.host(sent))


def chosen_container(pod: Object, wanted: str) -> str:
    """The container meant. Raises: BadRequest."""
    spec, pod_name = pod["spec"], pod["metadata"]["name"]
    names: dict[str, list[str]] = {group: [each["name"] for each in spec.get(group) or ()] for group in GROUPS}
    if wanted:
        if not any(wanted in each for each in names.values()):
            raise errors.bad_request(f"container {wanted} is not valid for pod {pod_name}")
        return wanted
    if len(names["containers"]) == 1:
        return names["containers"][0]
    if not names["containers"]:
        raise errors.bad_request(f"a container name must be specified for pod {pod_name}")
    listed = " ".join(names["containers"])
    message = f"a container name must be specified for pod {pod_name}, choose one of: [{listed}]"
    for group, title in (("initContainers", "init containers"), ("ephemeralContainers", "ephemeral containers")):
        if names[group]:
            message += f" or one of the {title}: [{' '.join(names[group])}]"
    raise errors.bad_request(message)


def _connector(server: ApiServer) -> NodeConnector:
    if server.connector is None:
        raise errors.service_unavailable("no kubelet is running")
    return server.connector


def _never() -> bool:
    return False
