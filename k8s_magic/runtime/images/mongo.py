"""mongo: a database server; its queries are not modelled."""

from __future__ import annotations

import json

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.process import Steps
from k8s_magic.runtime.server import GRACEFUL, serve
from k8s_magic.runtime.shell import times
from k8s_magic.sim.time import MILLISECOND

PORT = 27017
# A guess.
BOOT = 900 * MILLISECOND


def server(call: Call) -> Steps:
    container = call.container

    def lines() -> list[tuple[int, str, str]]:
        moment = times.strftime(times.at(container, container.started_at + BOOT), "%Y-%m-%dT%H:%M:%S.000+00:00")
        line = {"t": {"$date": moment}, "s": "I", "c": "NETWORK", "id": 23016, "ctx": "listener",
                "msg": "Waiting for connections", "attr": {"port": PORT, "ssl": "off"}}  # fmt: skip
        return [(BOOT, "stdout", json.dumps(line, separators=(",", ":")))]

    return (yield from serve(call, {PORT: None}, boot=BOOT, lines=lines, signals=GRACEFUL))


def client(call: Call) -> int:
    if any("ping" in word for word in call.argv):
        call.out("{ ok: 1 }\n")
        return 0
    raise Unsupported("k8s-magic does not model MongoDB's queries: its shell knows only ping")


IMAGE = Image(
    repositories=("docker.io/library/mongo",),
    size=298_000_000,
    tags=matching(r"latest|\d(?:\.\d{1,2}){0,2}(?:-jammy|-noble|-focal|-xenial)?"),
    entrypoint=("docker-entrypoint.sh",),
    command=("mongod",),
    programs={"docker-entrypoint.sh": server, "mongod": server, "mongosh": client, "mongo": client},
)
