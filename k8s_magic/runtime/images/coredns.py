"""coredns: the cluster's DNS. Its answers come from `network/`; the Pod shows logs, health and readiness."""

from __future__ import annotations

import hashlib

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.process import Steps
from k8s_magic.runtime.server import GRACEFUL, serve
from k8s_magic.sim.time import MILLISECOND

# A guess.
BOOT = 200 * MILLISECOND


def server(call: Call) -> Steps:
    container = call.container

    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(200, "OK", {"Content-Type": "text/plain; charset=utf-8"})

    def lines() -> list[tuple[int, str, str]]:
        version = container.tag.removeprefix("v")
        checksum = hashlib.sha512(container.sandbox.uid.encode()).hexdigest()
        return [
            (BOOT, "stdout", ".:53"),
            (BOOT, "stdout", f"[INFO] plugin/reload: Running configuration SHA512 = {checksum}"),
            (BOOT, "stdout", f"CoreDNS-{version}"),
            (BOOT, "stdout", "linux/amd64, go1.24.1, "),
        ]  # fmt: skip

    container.listen(53, None, BOOT, "UDP")
    ports = {53: None, 8080: answer, 8181: answer, 9153: answer}
    return (yield from serve(call, ports, boot=BOOT, lines=lines, signals=GRACEFUL))


IMAGE = Image(
    repositories=("registry.k8s.io/coredns/coredns", "docker.io/coredns/coredns", "registry.k8s.io/coredns"),
    size=22_370_000,
    tags=matching(r"latest|v?1\.\d{1,2}\.\d{1,2}"),
    entrypoint=("/coredns",),
    programs={"/coredns": server},
    base="none",
)
