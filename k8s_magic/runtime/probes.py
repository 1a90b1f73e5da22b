"""What a kubelet's probe finds out, in the words that kubelets put into events.

Source: pkg/probe/{http,tcp}/*.go, Go's net/http and net error texts. Our simplification: a probe takes no time.
"""

from __future__ import annotations

from collections.abc import Mapping

from k8s_magic.runtime.contract import HttpRequest, NetworkError, ProbeOutcome, Sandbox
from k8s_magic.runtime.listener import accepts
from k8s_magic.runtime.words import host_port
from k8s_magic.sim.time import SimTime

# Source: pkg/probe/http/http.go (maxRespBodyLength).
MAX_BODY = 10 * 1024
USER_AGENT = "kube-probe/1.36"


def http(
    sandbox: Sandbox,
    host: str,
    port: int,
    path: str,
    scheme: str,
    headers: Mapping[str, str],
    timeout: SimTime,
    source_ip: str,
) -> ProbeOutcome:
    scheme = scheme.lower() or "http"
    address = host_port(host or sandbox.ip, port)
    url = f"{scheme}://{address}{path if path.startswith('/') else '/' + path}"
    handler = sandbox.listeners.get(("TCP", port))
    if handler is None or not accepts(handler):
        return ProbeOutcome(False, f'Get "{url}": dial tcp {address}: connect: connection refused')
    sent = {"User-Agent": USER_AGENT, "Accept": "*/*", "Connection": "close", **headers}
    host_header = next((value for name, value in headers.items() if name.lower() == "host"), address)
    request = HttpRequest("GET", path if path.startswith("/") else "/" + path, host_header, sent, "", source_ip)
    try:
        response = handler(request)
    except NetworkError as error:
        if error.kind == "timeout":
            return ProbeOutcome(False, _late(url))
        if error.kind == "refused":
            return ProbeOutcome(False, f'Get "{url}": dial tcp {address}: connect: connection refused')
        return ProbeOutcome(False, f'Get "{url}": EOF')
    if response.latency > timeout:
        return ProbeOutcome(False, _late(url))
    body = response.body[:MAX_BODY]
    if 300 <= response.status < 400:
        return ProbeOutcome(True, f"Probe terminated redirects, Response body: {body}")
    if 200 <= response.status < 300:
        return ProbeOutcome(True, body)
    return ProbeOutcome(False, f"HTTP probe failed with statuscode: {response.status}")


def _late(url: str) -> str:
    return f'Get "{url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'


def tcp(sandbox: Sandbox, host: str, port: int) -> ProbeOutcome:
    handler = sandbox.listeners.get(("TCP", port))
    if handler is not None and accepts(handler):
        return ProbeOutcome(True)
    return ProbeOutcome(False, f"dial tcp {host_port(host or sandbox.ip, port)}: connect: connection refused")
