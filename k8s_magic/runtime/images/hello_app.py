"""gcr.io/google-samples/hello-app: greets with its version and the Pod's name."""

from __future__ import annotations

from k8s_magic.runtime import web
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.image import Image, exactly
from k8s_magic.runtime.process import Steps
from k8s_magic.runtime.server import serve
from k8s_magic.runtime.shell import times
from k8s_magic.sim.time import MILLISECOND

# A Go program starts at once. A guess.
BOOT = 30 * MILLISECOND


def hello_app(call: Call) -> Steps:
    container = call.container
    text = container.config.env.get("PORT", "8080")
    port = int(text) if text.isdigit() else 8080
    version = f"{container.tag}.0" if container.tag.count(".") == 1 else "1.0.0"

    def stamp(now: int) -> str:
        return times.strftime(times.at(container, now), "%Y/%m/%d %H:%M:%S")

    def answer(request: HttpRequest) -> HttpResponse:
        container.log(f"{stamp(call.now)} Serving request: {web.bare_path(request)}", "stderr")
        pod = container.sandbox.hostname or container.sandbox.name
        body = f"Hello, world!\nVersion: {version}\nHostname: {pod}\n"
        return HttpResponse(200, body, {"Content-Type": "text/plain; charset=utf-8"})

    def lines() -> list[tuple[int, str, str]]:
        return [(BOOT, "stderr", f"{stamp(container.started_at + BOOT)} Server listening on port {port}")]

    # Go dies of SIGTERM with 2 unless it handles it, and as a container's first process too.
    return (yield from serve(call, {port: answer}, boot=BOOT, lines=lines, signals={"SIGTERM": (2, MILLISECOND)}))


IMAGE = Image(
    repositories=("gcr.io/google-samples/hello-app",),
    size=13_250_000,
    tags=exactly("1.0", "2.0", "latest"),
    entrypoint=("./hello-app",),
    programs={"./hello-app": hello_app, "hello-app": hello_app},
    base="none",
    env={"PORT": "8080"},
)
