"""Requests that the API server passes on to Pods, Services and nodes: the proxy subresource.

Source: pkg/registry/core/{pod,service,node}/rest (1.36)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8s_magic.machinery import errors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import HttpAnswer
from k8s_magic.runtime.contract import HttpRequest, NetworkError, Sandbox

if TYPE_CHECKING:
    from k8s_magic.kubelet.kubelets import Kubelets


class Proxy:
    def __init__(self, fleet: Kubelets) -> None:
        self._fleet = fleet

    def request(self, kind: str, namespace: str, name: str, request: HttpRequest) -> HttpAnswer:
        """Raises: ApiError, Unsupported."""
        scheme, plain, port = _split(name)
        if kind == "nodes":
            return self._node(plain, request.path)
        if kind == "services":
            host, number = self._service_target(namespace, plain, port)
        else:
            host, number = self._pod_target(namespace, plain, port)
        if scheme == "https":
            raise errors.Unsupported("HTTPS between the API server and Pods is not modelled; use http.")
        net = self._fleet.world.net
        if net is None:
            raise errors.service_unavailable("no network is running")
        request.path = "/" + request.path.lstrip("/")
        request.host = next((text for key, text in request.headers.items() if key.lower() == "host"), "")
        if not request.host:
            request.host = f"{host}:{number}"
            request.headers = {"Host": request.host, **request.headers}
        try:
            answer = net.http(self._api_server(), f"http://{host}:{number}/", request)
        except NetworkError as error:
            words = {"refused": "connect: connection refused", "timeout": "i/o timeout"}.get(error.kind, str(error))
            raise errors.service_unavailable(
                f"error trying to reach service: dial tcp {host}:{number}: {words}"
            ) from None
        return HttpAnswer(answer.status, answer.body, answer.headers, answer.reason)

    def _api_server(self) -> Sandbox | None:
        """Where the API server's own requests come from: the host network of the first node, the control plane's."""
        names = self._fleet.names()
        if not names:
            return None
        kubelet = self._fleet.kubelet(names[0])
        address = kubelet.config.address
        return Sandbox("kube-apiserver", "kube-system", "kube-apiserver", names[0], address, host_network=True)

    def _node(self, name: str, path: str) -> HttpAnswer:
        kubelet = self._fleet.known(name)
        if kubelet is None or not kubelet.online:
            raise errors.service_unavailable(f"error trying to reach service: dial tcp: lookup {name}: i/o timeout")
        if path.strip("/") == "healthz":
            return HttpAnswer(200, "ok", {"Content-Type": "text/plain; charset=utf-8", "Content-Length": "2"})
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
