"""memcached: a server on port 11211."""

from __future__ import annotations

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.process import Steps
from k8s_magic.runtime.server import GRACEFUL, serve
from k8s_magic.sim.time import MILLISECOND


def server(call: Call) -> Steps:
    return (yield from serve(call, {11211: None}, boot=20 * MILLISECOND, signals=GRACEFUL))


IMAGE = Image(
    repositories=("docker.io/library/memcached",),
    size=lambda tag: 5_300_000 if "alpine" in tag else 31_500_000,
    tags=matching(r"(?:latest|1|1\.\d|1\.\d\.\d{1,2})(?:-alpine.*|-bookworm|-trixie)?|alpine.*"),
    entrypoint=("docker-entrypoint.sh",),
    command=("memcached",),
    user="memcache",
    programs={"docker-entrypoint.sh": server, "memcached": server},
)
