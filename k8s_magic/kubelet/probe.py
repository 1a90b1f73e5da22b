"""Readiness, liveness and startup probes. Without probes a container costs nothing here.

Our simplification: a probe's first run comes with its initial delay, then one every period from there.
Source: pkg/kubelet/prober/{worker,prober}.go, pkg/probe/util.go (1.36)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from k8s_magic.kubelet.record import ContainerRecord
from k8s_magic.machinery.meta import Object
from k8s_magic.runtime.contract import ProbeOutcome
from k8s_magic.sim.kernel import Callback
from k8s_magic.sim.time import MILLISECOND, SECOND, SimTime

if TYPE_CHECKING:
    from k8s_magic.kubelet.worker import PodWorker

FIELDS = (("Startup", "startupProbe"), ("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"))
# Our figure: a probe without initial delay runs this long after its container started.
FIRST: SimTime = 500 * MILLISECOND


def unsupported(pod: Object) -> str:
    """A sentence about a probe that is not modelled; "" where there is none."""
    for container in (*(pod["spec"].get("initContainers") or ()), *pod["spec"]["containers"]):
        for _, name in FIELDS:
            if (container.get(name) or {}).get("grpc"):
                return f"k8s-magic does not model gRPC probes ({name} of container {container['name']})"
    return ""


def port_number(port: int | str, record: ContainerRecord) -> int:
    """Raises: LookupError for a name that the container does not declare."""
    if isinstance(port, int):
        return port
    for declared in record.spec.get("ports") or ():
        if declared.get("name") == port:
            return int(declared["containerPort"])
    if port.isdigit():
        return int(port)
    raise LookupError(f"couldn't find port: {port}")


class Probe:
    """One probe of one running container."""

    def __init__(self, worker: PodWorker, record: ContainerRecord, kind: str, spec: Mapping[str, Any]) -> None:
        self.kind = kind
        self._worker = worker
        self._record = record
        self._container = record.current
        self._spec = spec
        self._period: SimTime = (spec.get("periodSeconds") or 10) * SECOND
        self._timeout: SimTime = (spec.get("timeoutSeconds") or 1) * SECOND
        self._last: bool | None = None
        self._run = 0
        delay = (spec.get("initialDelaySeconds") or 0) * SECOND
        self._timer: Callback = worker.kubelet.kernel.call_after(max(delay, FIRST), self.tick)

    def stop(self) -> None:
        self._timer.cancel()

    def tick(self) -> None:
        worker, record = self._worker, self._record
        if record.current is not self._container or not record.is_running:
            return
        self._timer = worker.kubelet.kernel.call_after(self._period, self.tick)
        if not worker.kubelet.online or (not record.is_started and self.kind != "Startup"):
            return
        outcome = self._probe()
        if outcome is None:
            return
        if not outcome.success:
            worker.event("Warning", "Unhealthy", f"{self.kind} probe failed: {outcome.output}", record)
        if self._last == outcome.success:
            self._run += 1
        else:
            self._last, self._run = outcome.success, 1
        threshold = (
            (self._spec.get("successThreshold") or 1) if outcome.success else self._spec.get("failureThreshold") or 3
        )
        if self._run >= threshold:
            self._settle(outcome.success)

    def _probe(self) -> ProbeOutcome | None:
        worker, spec, runtime = self._worker, self._spec, self._worker.kubelet.runtime
        sandbox, container = worker.sandbox, self._container
        if sandbox is None or container is None:
            return None
        try:
            if spec.get("httpGet"):
                get = spec["httpGet"]
                port = port_number(get["port"], self._record)
                headers = {header["name"]: header["value"] for header in get.get("httpHeaders") or ()}
                host, path = get.get("host") or sandbox.ip, get.get("path") or "/"
                scheme = get.get("scheme") or "HTTP"
                return runtime.probe_http(sandbox, host, port, path, scheme, headers, self._timeout)
            if spec.get("tcpSocket"):
                target = spec["tcpSocket"]
                port = port_number(target["port"], self._record)
                return runtime.probe_tcp(sandbox, target.get("host") or sandbox.ip, port, self._timeout)
        except LookupError as error:
            message = f"{self.kind} probe errored and resulted in unknown state: {error.args[0]}"
            worker.event("Warning", "Unhealthy", message, self._record)
            return None
        if spec.get("exec"):
            return runtime.probe_exec(container, list(spec["exec"].get("command") or ()), self._timeout)
        return None

    def _settle(self, success: bool) -> None:
        worker, record = self._worker, self._record
        if self.kind == "Readiness":
            if record.is_ready != success:
                record.is_ready = success
                worker.write_status()
        elif self.kind == "Startup":
            self._timer.cancel()
            if success:
                record.is_started = True
                record.is_ready = not record.spec.get("readinessProbe")
                worker.write_status()
                if record.is_sidecar:
                    worker.sync()
            else:
                self._kill("startup")
        elif not success:
            self._timer.cancel()
            self._kill("liveness")

    def _kill(self, word: str) -> None:
        worker, record = self._worker, self._record
        message = f"Container {record.name} failed {word} probe"
        if record.is_sidecar or worker.restart_policy != "Never":
            message += ", will be restarted"
        record.killed_by = word
        worker.stop_container(record, message, self._spec.get("terminationGracePeriodSeconds"))


def begin(worker: PodWorker, record: ContainerRecord) -> None:
    """The container has just started."""
    if record.is_init and not record.is_sidecar:
        return
    spec = record.spec
    record.probes = [Probe(worker, record, kind, spec[name]) for kind, name in FIELDS if spec.get(name)]


def stop(record: ContainerRecord, *, keep_readiness: bool = False) -> None:
    for probe in record.probes:
        if not (keep_readiness and probe.kind == "Readiness"):
            probe.stop()
