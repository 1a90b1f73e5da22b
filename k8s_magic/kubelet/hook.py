"""Lifecycle handlers: what postStart and preStop run. Source: pkg/kubelet/lifecycle/handlers.go (1.36)"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any

from k8s_magic.kubelet import probe
from k8s_magic.kubelet.record import ContainerRecord
from k8s_magic.runtime.contract import StartError
from k8s_magic.sim.time import MILLISECOND, SECOND, SimTime

if TYPE_CHECKING:
    from k8s_magic.kubelet.worker import PodWorker

Handler = Mapping[str, Any]

# Our figure: how often a hook's command is looked at.
STEP: SimTime = 100 * MILLISECOND
# Source: kubelet's HTTP client for hooks has no timeout of its own; ours ends a request that nobody answers.
HTTP_TIMEOUT: SimTime = 30 * SECOND


def run(worker: PodWorker, record: ContainerRecord, handler: Handler) -> Generator[SimTime | None, None, str]:
    """A job's part; its value is "" or why the hook failed."""
    runtime, container = worker.kubelet.runtime, record.current
    if container is None:
        return "container not found"
    if handler.get("exec"):
        try:
            running = runtime.exec(container, list(handler["exec"]["command"]), "", lambda stream, text: None)
        except StartError as error:
            return str(error)
        while not running.step():
            yield STEP
        return "" if running.exit_code == 0 else f"command exited with {running.exit_code}"
    if handler.get("sleep"):
        yield handler["sleep"]["seconds"] * SECOND
        return ""
    if handler.get("httpGet") and worker.sandbox is not None:
        get = handler["httpGet"]
        port = probe.port_number(get["port"], record)
        host = get.get("host") or worker.sandbox.ip
        headers = {header["name"]: header["value"] for header in get.get("httpHeaders") or ()}
        scheme = get.get("scheme") or "HTTP"
        outcome = runtime.probe_http(worker.sandbox, host, port, get.get("path") or "/", scheme, headers, HTTP_TIMEOUT)
        return "" if outcome.success else outcome.output
    return ""
