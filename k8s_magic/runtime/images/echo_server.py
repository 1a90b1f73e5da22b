"""kicbase/echo-server, minikube's own greeter: tells what it was asked and which Pod answered.

Source: jmalloc/echo-server, cmd/echo-server/main.go, of which it is a copy
"""

from __future__ import annotations

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime import web
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.process import Steps
from k8s_magic.runtime.server import serve
from k8s_magic.sim.time import MILLISECOND

# A Go program starts at once. A guess.
BOOT = 30 * MILLISECOND


def echo_server(call: Call) -> Steps:
    container = call.container
    text = call.env.get("PORT", "8080")
    port = int(text) if text.isdigit() else 8080

    def answer(request: HttpRequest) -> HttpResponse:
        path = request.path.partition("?")[0]
        container.log(f"{request.source_ip}:40000 | {request.method} {request.path}")
        if web.header(request, "Upgrade").lower() == "websocket" or path in ("/.ws", "/.sse"):
            raise Unsupported("k8s-magic does not model the WebSocket and the events of echo-server")
        hides = web.header(request, "X-Send-Server-Hostname") or call.env.get("SEND_SERVER_HOSTNAME", "")
        pod = container.sandbox.hostname or container.sandbox.name
        served = "" if hides.lower() == "false" else f"Request served by {pod}\n\n"
        # Go keeps headers in a map and writes them in any order; here it is the order they came in.
        lines = [
            f"{_canonical(name)}: {value}\n"
            for name, value in request.headers.items()
            if name.lower() not in ("host", "transfer-encoding")
        ]
        head = f"{served}{request.version} {request.method} {request.path}\n\nHost: {request.host}\n{''.join(lines)}"
        body = f"{head}\n{request.body}" if request.body else head
        return HttpResponse(200, body, {"Content-Type": "text/plain"})

    def lines() -> list[tuple[int, str, str]]:
        return [(BOOT, "stdout", f"Echo server listening on port {port}.")]

    # Go dies of SIGTERM with 2 unless it handles it, and as a container's first process too.
    return (yield from serve(call, {port: answer}, boot=BOOT, lines=lines, signals={"SIGTERM": (2, MILLISECOND)}))


def _canonical(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


IMAGE = Image(
    repositories=("docker.io/kicbase/echo-server", "docker.io/jmalloc/echo-server"),
    size=2_138_000,
    tags=matching(r"latest|v?\d\.\d(?:\.\d{1,2})?"),
    entrypoint=("/bin/echo-server",),
    programs={"/bin/echo-server": echo_server, "echo-server": echo_server},
    base="none",
)
