"""The image that nobody modelled: its process starts, prints nothing and stays.

Our simplification, stated where a person meets it: it listens on the ports that the Pod declares and answers every
path with 200 and a line that says so, so that probes and Services of any manifest work. Commands of the shell run
as usual; a program we do not know runs as the same plain process.
"""

from __future__ import annotations

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.http.go import GO
from k8s_magic.runtime.http.server import HttpServer
from k8s_magic.runtime.image import MEBIBYTE, Image
from k8s_magic.runtime.listener import AddressInUse
from k8s_magic.runtime.process import Steps
from k8s_magic.sim.time import MILLISECOND

# What an application takes until it answers. A guess.
BOOT = 300 * MILLISECOND


def plain(call: Call) -> Steps:
    container = call.container

    def answer(request: HttpRequest) -> HttpResponse:
        body = f"{container.sandbox.name}: k8s-magic does not model the image {container.config.image}\n"
        return HttpResponse(200, body, {"Content-Type": "text/plain; charset=utf-8"})

    server = HttpServer(container, answer, GO)
    for protocol, port in container.config.ports:
        try:
            container.listen(port, server, BOOT, protocol)
        except AddressInUse:
            call.err(f"listen {protocol.lower()} :{port}: bind: address already in use\n")
            return 1
    call.process.signals = {"SIGTERM": (143, 50 * MILLISECOND), "SIGQUIT": (131, 0), "SIGINT": (130, 0)}
    while True:
        yield None


PLAIN = Image(
    repositories=(),
    size=70 * MEBIBYTE,
    entrypoint=("app",),
    programs={"app": plain},
    base="any",
    modelled=False,
)
