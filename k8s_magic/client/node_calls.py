"""log, exec and proxy: the calls that the API server passes on to a kubelet, with its refusals.

Source: pkg/registry/core/pod/strategy.go (LogLocation, ExecLocation, validateContainer)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from k8s_magic.apiserver import ApiServer
from k8s_magic.machinery import errors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import NODES, PODS, SERVICES, GroupVersionResource
from k8s_magic.machinery.protocols import ExecResult, LogOptions, NodeConnector, Pump
from k8s_magic.sim.time import MILLISECOND, SimTime

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
    """A command that runs in a container: `step()` looks whether it has ended, `close()` ends it."""

    def __init__(self, on_output: Callable[[str, str], None] | None) -> None:
        self.result = ExecResult()
        self._on_output = on_output
        self._running: Iterator[None] | None = None

    def hear(self, stream: str, text: str) -> None:
        self.result.chunks.append((stream, text))
        if self._on_output is not None:
            self._on_output(stream, text)

    def begin(self, outcome: Iterator[None] | int) -> None:
        if isinstance(outcome, int):
            self.result.exit_code = outcome
        else:
            self._running = outcome
            self.step()  # only what has been looked at once can be ended

    def step(self) -> bool:
        if self._running is not None:
            try:
                next(self._running)
            except StopIteration as end:
                self.result.exit_code = end.value or 0
                self._running = None
        return self._running is None

    def close(self) -> None:
        running, self._running = self._running, None
        end = getattr(running, "close", None)
        if end is not None:
            end()


def begin(
    server: ApiServer,
    namespace: str,
    name: str,
    container: str,
    command: list[str],
    stdin: str,
    on_output: Callable[[str, str], None] | None,
) -> Exec:
    """Start a command. Raises: NotFound, BadRequest."""
    pod = server.get("", PODS, namespace, name)
    container = chosen_container(pod, container)
    if not pod["spec"].get("nodeName"):
        raise errors.bad_request(f"pod {name} does not have a host assigned")
    running = Exec(on_output)
    running.begin(_connector(server).exec(pod, container, command, stdin, running.hear))
    return running


def proxy(
    server: ApiServer, resource: GroupVersionResource, namespace: str, name: str, path: str, method: str
) -> tuple[int, str]:
    """Raises: NotFound, ServiceUnavailable."""
    if resource not in (PODS, SERVICES, NODES):
        raise errors.resource_missing()
    # [scheme:]name[:port]
    parts = name.split(":")
    plain = parts[1] if len(parts) == 3 or (len(parts) == 2 and parts[0] in ("http", "https")) else parts[0]
    server.get("", resource, namespace, plain)
    return _connector(server).proxy(resource.resource, namespace, name, path, method)


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
