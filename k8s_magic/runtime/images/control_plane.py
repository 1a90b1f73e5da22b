"""The control plane's own images: processes that log a line, answer their health checks and stay.

What they do is done by the simulation itself; the Pods are for show, as the issue wants them.
"""

from __future__ import annotations

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import Conversation, Handler, HttpRequest, HttpResponse, Speaker
from k8s_magic.runtime.http.go import GO
from k8s_magic.runtime.http.server import HttpServer
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.process import Steps
from k8s_magic.runtime.server import GRACEFUL, serve
from k8s_magic.runtime.shell import times
from k8s_magic.sim.time import MILLISECOND

# A guess.
BOOT = 400 * MILLISECOND
# Source: kubeadm's manifests: secure and health ports.
PORTS: dict[str, tuple[int, ...]] = {
    "kube-apiserver": (6443,), "kube-controller-manager": (10257,), "kube-scheduler": (10259,),
    "etcd": (2379, 2380, 2381), "kube-proxy": (10256, 10249), "kindnetd": (), "local-path-provisioner": (),
    "metrics-server": (10250, 4443), "storage-provisioner": (),
}  # fmt: skip

# Those of them on which TLS is spoken.
SECURE = (6443, 10257, 10259, 2379, 2380, 10250, 4443)


class SecureServer(HttpServer):
    """Answers the probes inside the simulation; its bytes would be TLS."""

    __slots__ = ()

    def converse(self, source_ip: str, serve: Handler) -> Conversation:
        raise Unsupported("k8s-magic does not model TLS, which is spoken on this port")


NAMES = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "etcd")


def server(call: Call) -> Steps:
    container = call.container
    name = container.version.reference.repository.rpartition("/")[2]

    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(200, "ok", {"Content-Type": "text/plain; charset=utf-8"})

    def lines() -> list[tuple[int, str, str]]:
        moment = times.at(container, container.started_at + BOOT)
        head = f"I{times.strftime(moment, '%m%d %H:%M:%S')}.{moment.microsecond:06d}       1"
        return [(BOOT, "stderr", f'{head} server.go:1] "Started" component="{name}" version="{container.tag}"')]

    ports: dict[int, Handler | Speaker | None] = {
        port: SecureServer(container, answer, GO) if port in SECURE else answer for port in PORTS.get(name, ())
    }
    return (yield from serve(call, ports, boot=BOOT, lines=lines, signals=GRACEFUL))


IMAGE = Image(
    repositories=(
        *(f"registry.k8s.io/{name}" for name in NAMES),
        "docker.io/kindest/kindnetd",
        "docker.io/kindest/local-path-provisioner",
        "registry.k8s.io/metrics-server/metrics-server",
        "gcr.io/k8s-minikube/storage-provisioner",
    ),
    size=lambda tag: 26_000_000 + sum(tag.encode()) * 9_001,
    tags=matching(r"v?\d+\.\d+\.\d+(?:-\d+)?|v\d{8}-\w+|v5|latest"),
    entrypoint=("server",),
    programs=dict.fromkeys(("server", "/usr/local/bin/kube-proxy", *NAMES), server),
    base="none",
)  # fmt: skip
