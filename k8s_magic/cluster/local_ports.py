"""What port-forward and proxy have made of this machine's ports, for curl beside the cluster.

Source: client-go/tools/portforward/portforward.go; kubectl/pkg/proxy/proxy_server.go
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from email.utils import format_datetime

from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.cluster.wiring import Parts
from k8s_magic.kubectl import raw
from k8s_magic.kubectl.streams import Forward
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.names import PODS, GroupVersionResource
from k8s_magic.runtime.contract import Handler, HttpRequest, HttpResponse, NetworkError
from k8s_magic.text import json_out

_PROXIED = re.compile(r"/api/v1/(?:namespaces/([^/?]+)/)?(pods|services|nodes)/([^/?]+)/proxy(/[^?]*)?(\?.*)?")


def local_ports(parts: Parts, forwards: Iterable[Forward]) -> Mapping[int, Handler]:
    transport = parts.transport("kubectl")
    return {
        one.local: _to_pod(parts, transport, one) if one.kind == "pod" else _to_api(parts, transport)
        for one in forwards
    }


def _to_pod(parts: Parts, transport: InProcessTransport, forward: Forward) -> Handler:
    def handle(request: HttpRequest) -> HttpResponse:
        """Raises: NetworkError, empty with what kubectl prints."""
        try:
            pod = transport.get(PODS, forward.namespace, forward.name)
            return parts.kubelets.connector.port(pod, forward.target)(request)
        except ApiError as error:
            words = f"an error occurred forwarding {forward.local} -> {forward.target}: {error.message}"
            raise NetworkError("empty", words, address=f"127.0.0.1:{forward.local}") from None

    return handle


def _to_api(parts: Parts, transport: InProcessTransport) -> Handler:
    def handle(request: HttpRequest) -> HttpResponse:
        """Raises: Unsupported."""
        try:
            proxied = _PROXIED.fullmatch(request.path)
            if proxied is not None:
                return _passed_on(transport, request, proxied)
            if request.method not in ("GET", "HEAD"):
                raise Unsupported(
                    f"kubectl proxy passes on GET to the API here, not {request.method}; to Pods and Services, all"
                )
            return answer(200, raw.get(transport, request.path), request)
        except ApiError as error:
            body = error.message if not error.reason else json_out.dump(error.status, 2, sort=False) + "\n"
            return answer(error.code, body, request)

    def answer(status: int, body: str, request: HttpRequest) -> HttpResponse:
        media = "application/json" if body[:1] in "{[" else "text/plain; charset=utf-8"
        now = parts.kernel.now
        response = HttpResponse(status, body)
        response.headers = {
            "Cache-Control": "no-cache, private",
            "Content-Length": str(len(response.content)),
            "Content-Type": media,
            "Date": format_datetime(parts.times.epoch + timedelta(microseconds=now), usegmt=True),
        }
        if request.method == "HEAD":
            response.body = ""
        return response

    return handle


def _passed_on(transport: InProcessTransport, request: HttpRequest, proxied: re.Match[str]) -> HttpResponse:
    namespace, resource, name, path, query = proxied.groups(default="")
    if not path and request.method in ("GET", "HEAD"):
        return HttpResponse(301, "", {"Location": f"{request.path.partition('?')[0]}/{query}", "Content-Length": "0"})
    found = transport.proxy(
        GroupVersionResource("", "v1", resource),
        namespace,
        name,
        (path or "/") + query,
        method=request.method,
        headers=request.headers,
        body=request.body,
    )
    return HttpResponse(found.status, found.body, dict(found.headers), reason=found.reason)
