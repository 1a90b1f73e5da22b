"""How the API server reaches containers: logs, commands, and requests to Pods, Services and nodes.

Source: pkg/kubelet/kubelet_pods.go (validateContainerLogStatus), pkg/kubelet/kuberuntime/logs/logs.go,
pkg/registry/core/{pod,service,node}/rest (1.36)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from k8s_magic.kubelet.record import ContainerRecord
from k8s_magic.kubelet.worker import PodWorker
from k8s_magic.machinery import errors, meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import LogOptions
from k8s_magic.runtime.contract import Container, HttpRequest, NetworkError, Sandbox, StartError
from k8s_magic.sim.time import SECOND, SimTime

if TYPE_CHECKING:
    from k8s_magic.kubelet.kubelets import Kubelets
    from k8s_magic.kubelet.node import NodeKubelet

KUBELET_PORT = 10250


class Connector:
    """Implements machinery.protocols.NodeConnector."""

    def __init__(self, fleet: Kubelets) -> None:
        self._fleet = fleet

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
        stdin: str,
        on_output: Callable[[str, str], None],
    ) -> Iterator[None] | int:
        """Raises: BadRequest, InternalError with the kubelet's words."""
        phase = (pod.get("status") or {}).get("phase")
        if phase in ("Succeeded", "Failed"):
            raise errors.bad_request(f"cannot exec into a container in a completed pod; current phase is {phase}")
        name = container or pod["spec"]["containers"][0]["name"]
        path = f"exec/{meta.namespace_of(pod)}/{meta.name_of(pod)}/{name}"
        kubelet = self._reach(pod, path)
        worker = kubelet.workers.get(meta.uid_of(pod))
        record = _record(worker, name) if worker is not None else None
        if record is None or record.current is None or not record.is_running:
            raise errors.internal_error(f'unable to upgrade connection: container not found ("{name}")')
        try:
            return kubelet.runtime.exec(record.current, command, stdin, on_output)
        except StartError as error:
            raise errors.internal_error(f"error executing command in container: {error}") from None

    # --- Proxy

    def proxy(self, kind: str, namespace: str, name: str, path: str, method: str) -> tuple[int, str]:
        """Raises: ApiError, Unsupported."""
        scheme, plain, port = _split(name)
        if kind == "nodes":
            return self._proxy_node(plain, path)
        if kind == "services":
            host, number = self._service_target(namespace, plain, port)
        else:
            host, number = self._pod_target(namespace, plain, port)
        if scheme == "https":
            raise errors.Unsupported("HTTPS between the API server and Pods is not modelled; use http.")
        net = self._fleet.world.net
        if net is None:
            raise errors.service_unavailable("no network is running")
        target = "/" + path.lstrip("/")
        try:
            answer = net.http(
                self._api_server(), f"http://{host}:{number}{target}", HttpRequest(method, target, f"{host}:{number}")
            )
        except NetworkError as error:
            words = {"refused": "connect: connection refused", "timeout": "i/o timeout"}.get(error.kind, str(error))
            raise errors.service_unavailable(
                f"error trying to reach service: dial tcp {host}:{number}: {words}"
            ) from None
        return answer.status, answer.body

    def _api_server(self) -> Sandbox | None:
        """Where the API server's own requests come from: the host network of the first node, the control plane's."""
        names = self._fleet.names()
        if not names:
            return None
        kubelet = self._fleet.kubelet(names[0])
        address = kubelet.config.address
        return Sandbox("kube-apiserver", "kube-system", "kube-apiserver", names[0], address, host_network=True)

    def _proxy_node(self, name: str, path: str) -> tuple[int, str]:
        kubelet = self._fleet.known(name)
        if kubelet is None or not kubelet.online:
            raise errors.service_unavailable(f"error trying to reach service: dial tcp: lookup {name}: i/o timeout")
        if path.strip("/") == "healthz":
            return 200, "ok"
        raise errors.Unsupported(f"The kubelet's own endpoint /{path.strip('/')} is not modelled.")

    def _pod_target(self, namespace: str, name: str, port: str) -> tuple[str, int]:
        pod = self._fleet.pods.get(namespace, name)
        ip = ((pod or {}).get("status") or {}).get("podIP")
        if pod is None or not ip:
            raise errors.service_unavailable("address not allowed")
        if not port:
            ports = [one for container in pod["spec"]["containers"] for one in container.get("ports") or ()]
            return ip, ports[0]["containerPort"] if ports else 80
        return ip, _number(port, pod)

    def _service_target(self, namespace: str, name: str, port: str) -> tuple[str, int]:
        service = self._fleet.services.get(namespace, name)
        ports = ((service or {}).get("spec") or {}).get("ports") or []
        chosen = next((one for one in ports if port in ("", one.get("name"), str(one["port"]))), None)
        if chosen is None or (not port and len(ports) > 1):
            raise errors.service_unavailable(f'no service port "{port}" found for service "{name}"')
        for part in self._fleet.endpoint_slices.by_label(namespace, "kubernetes.io/service-name", name):
            for endpoint in part.get("endpoints") or ():
                if (endpoint.get("conditions") or {}).get("ready") is False:
                    continue
                for one in part.get("ports") or ():
                    if (one.get("name") or "") == (chosen.get("name") or ""):
                        return endpoint["addresses"][0], one["port"]
        raise errors.service_unavailable(f'no endpoints available for service "{name}"')

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
    return next((one for one in (*worker.init_records, *worker.records) if one.name == name), None)


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


def _split(name: str) -> tuple[str, str, str]:
    """`[scheme:]name[:port]`."""
    parts = name.split(":")
    if len(parts) == 3:
        return parts[0], parts[1], parts[2]
    if len(parts) == 2:
        return (parts[0], parts[1], "") if parts[0] in ("http", "https") else ("", parts[0], parts[1])
    return "", name, ""


def _number(port: str, pod: Object) -> int:
    if port.isdigit():
        return int(port)
    for container in pod["spec"]["containers"]:
        for one in container.get("ports") or ():
            if one.get("name") == port:
                return int(one["containerPort"])
    raise errors.service_unavailable(f'no port "{port}" found')
