"""registry.k8s.io/hpa-example: a PHP page that computes for a while and says OK!"""

from __future__ import annotations

from k8s_magic.runtime import web
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.http.apache import apache
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.process import Disposition, Steps
from k8s_magic.runtime.server import serve
from k8s_magic.sim.time import MILLISECOND

# A million square roots in PHP. A guess.
WORK = 60 * MILLISECOND
SIGNALS: dict[str, Disposition] = {"SIGWINCH": (0, 20 * MILLISECOND), "SIGTERM": (0, 5 * MILLISECOND)}


def server(call: Call) -> Steps:
    container = call.container

    def answer(request: HttpRequest) -> HttpResponse:
        headers = {"X-Powered-By": "PHP/5.6.14", "Content-Type": "text/html; charset=UTF-8"}
        response = HttpResponse(200, "OK!", headers, WORK)
        container.log(web.combined_log(container, request, response, web.first_line(request)))
        return response

    manner = apache("Apache/2.4.10 (Debian)")
    return (yield from serve(call, {80: answer}, boot=300 * MILLISECOND, signals=SIGNALS, manner=manner))


IMAGE = Image(
    repositories=("registry.k8s.io/hpa-example",),
    size=152_000_000,
    tags=matching(r"latest|v1"),
    command=("apache2-foreground",),
    programs={"apache2-foreground": server},
    stop_signal="SIGWINCH",
    tools=("curl",),
)
