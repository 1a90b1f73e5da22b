"""How the API server reaches containers: logs, commands, and requests to Pods, Services and nodes.

Source: pkg/kubelet/kubelet_pods.go (validateContainerLogStatus), pkg/kubelet/kuberuntime/logs/logs.go,
pkg/registry/core/{pod,service,node}/rest (1.36)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from k8s_magic.kubelet import forwarding
from k8s_magic.kubelet.proxying import Proxy
from k8s_magic.kubelet.record import ContainerRecord
from k8s_magic.kubelet.worker import PodWorker
from k8s_magic.machinery import errors, meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Conversation, HttpAnswer, LogOptions, Session
from k8s_magic.runtime.contract import Container, Forwarded, HttpRequest, StartError
from k8s_magic.sim.time import SECOND, SimTime

if TYPE_CHECKING:
    from k8s_magic.kubelet.kubelets import Kubelets
    from k8s_magic.kubelet.node import NodeKubelet

KUBELET_PORT = 10250


class Connector:
    """Implements machinery.protocols.NodeConnector."""

    def __init__(self, fleet: Kubelets) -> None:
        self._fleet = fleet
        self._proxy = Proxy(fleet)

    # --- Logs

    def logs(self, pod: Object, options: LogOptions) -> Iterator[str | None]:
        """Raises: BadRequest with the kubelet's words, before anything is read."""
        container = options.container or pod["spec"]["containers"][0]["name"]
        path = f"containerLogs/{meta.namespace_of(pod)}/{meta.name_of(pod)}/{container}"
        kubelet = self._reach(pod, path)
        worker = kubelet.workers.get(meta.uid_of(pod))
        record = _record(worker, container) if worker is not None else None
        if worker is None or record is None:
            raise errors.bad_request(f'container "{container}" in pod "{meta.name_of(pod)}" is not available')
        source = _with_log(worker, record, options.previous)
        return self._lines(source, options, kubelet)

    def _lines(self, container: Container, options: LogOptions, kubelet: NodeKubelet) -> Iterator[str | None]:
        times, kernel = self._fleet.times, self._fleet.kernel
        since: SimTime | None = None
        if options.since_time:
            since = times.parse(options.since_time)
        elif options.since_seconds is not None:
            since = kernel.now - options.since_seconds * SECOND
        left = options.limit_bytes

        def formatted(time: SimTime, line: str) -> str:
            return f"{times.micros(time)[:-1]}000Z {line}\n" if options.timestamps else f"{line}\n"

        lines = container.log_lines()
        seen = len(lines)
        if options.tail_lines is not None:
            lines = lines[max(len(lines) - options.tail_lines, 0) :] if options.tail_lines else []
        while True:
            for time, _, line in lines:
                if since is not None and time < since:
                    continue
                text = formatted(time, line)
                if left is not None:
                    text = text.encode()[:left].decode(errors="ignore")
                    left -= len(text.encode())
                if text:
                    yield text
                if left is not None and left <= 0:
                    return
            if not options.follow:
                return
            ended = container.exit_code is not None
            everything = container.log_lines()
            lines, seen = everything[seen:], len(everything)
            if lines:
                continue
            if ended or not kubelet.online:
                return
            yield None

    # --- Commands

    def exec(
        self,
        pod: Object,
        container: str,
        command: list[str],
        stdin: str | None,
        on_output: Callable[[str, str], None],
        tty: bool = False,
    ) -> Session:
        """Raises: BadRequest, InternalError with the kubelet's words."""
        kubelet, current = self._running(pod, container, "exec into")
        try:
            return kubelet.runtime.exec(current, command, stdin, on_output, tty)
        except StartError as error:
            raise errors.internal_error(f"error executing command in container: {error}") from None

    def attach(self, pod: Object, container: str, on_output: Callable[[str, str], None], stdin: bool) -> Session:
        """Raises: BadRequest, InternalError with the kubelet's words."""
        kubelet, current = self._running(pod, container, "attach")
        return kubelet.runtime.attach(current, on_output, stdin)

    def _running(self, pod: Object, container: str, action: str) -> tuple[NodeKubelet, Container]:
        """A container that runs. Raises: BadRequest, InternalError."""
        phase = (pod.get("status") or {}).get("phase")
        if phase in ("Succeeded", "Failed"):
            raise errors.bad_request(f"cannot {action} a container in a completed pod; current phase is {phase}")
        name = container or pod["spec"]["containers"][0]["name"]
        path = f"{action.partition(' ')[0]}/{meta.namespace_of(pod)}/{meta.name_of(pod)}/{name}"
        kubelet = self._reach(pod, path)
        worker = kubelet.workers.get(meta.uid_of(pod))
        record = _record(worker, name) if worker is not None else None
        if record is None or record.current is None or not record.is_running:
            raise errors.internal_error(f'unable to upgrade connection: container not found ("{name}")')
        return kubelet, record.current

    # --- Requests and connections

    def proxy(
        self, kind: str, namespace: str, name: str, path: str, method: str, headers: Mapping[str, str], body: str
    ) -> HttpAnswer:
        """Raises: ApiError, Unsupported."""
        return self._proxy.request(kind, namespace, name, HttpRequest(method, path, "", headers, body))

    def forward(self, pod: Object, port: int) -> Conversation:
        """Raises: InternalError with what kubectl shows, Unsupported."""
        return self.port(pod, port).converse()

    def port(self, pod: Object, port: int) -> Forwarded:
        """As `forward`, for who asks by whole HTTP requests. Raises: InternalError."""
        path = f"portForward/{meta.namespace_of(pod)}/{meta.name_of(pod)}"
        kubelet = self._reach(pod, path)
        worker = kubelet.workers.get(meta.uid_of(pod))
        return forwarding.reach(self._fleet.world.net, pod, worker.sandbox if worker is not None else None, port)

    def _reach(self, pod: Object, path: str) -> NodeKubelet:
        """The Pod's kubelet. Raises: InternalError where the node does not answer."""
        name = pod["spec"].get("nodeName", "")
        kubelet = self._fleet.known(name)
        if kubelet is None or not kubelet.online:
            address = kubelet.config.address if kubelet is not None else name
            url = f"https://{address}:{KUBELET_PORT}/{path}"
            message = f'Get "{url}": dial tcp {address}:{KUBELET_PORT}: i/o timeout'
            raise errors.failure(500, "InternalError", message)
        return kubelet


def _record(worker: PodWorker, name: str) -> ContainerRecord | None:
    return worker.record_of(name)


def _with_log(worker: PodWorker, record: ContainerRecord, previous: bool) -> Container:
    """The start of a container whose log is meant. Raises: BadRequest."""
    what = f'container "{record.name}" in pod "{worker.name}"'
    current = record.current
    if previous:
        before = record.previous
        if record.waiting is not None and current is not None and current.exit_code is not None:
            before = current
        if before is None:
            raise errors.bad_request(f"previous terminated {what} not found")
        return before
    if current is not None:
        return current
    if record.waiting is None:
        reason = "PodInitializing" if worker.init_records else "ContainerCreating"
    else:
        reason = record.waiting[0]
    if reason == "ErrImagePull":
        raise errors.bad_request(f"{what} is waiting to start: image can't be pulled")
    if reason == "ImagePullBackOff":
        raise errors.bad_request(f"{what} is waiting to start: trying and failing to pull image")
    raise errors.bad_request(f"{what} is waiting to start: {reason}")
