"""pause: does nothing, and ends when told to."""

from __future__ import annotations

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.process import Disposition, Steps
from k8s_magic.sim.time import MILLISECOND

# Source: build/pause/linux/pause.c: SIGINT and SIGTERM end it with 0.
SIGNALS: dict[str, Disposition] = {"SIGTERM": (0, MILLISECOND), "SIGINT": (0, MILLISECOND)}


def pause(call: Call) -> Steps:
    call.process.signals = SIGNALS
    while True:
        yield None


IMAGE = Image(
    repositories=("registry.k8s.io/pause", "docker.io/kubernetes/pause", "docker.io/library/pause",
                  "gcr.io/google-containers/pause", "registry.k8s.io/pause-amd64"),
    size=320_000,
    tags=matching(r"latest|go|test\d?|0\.8\.0|1\.0|2\.0|3\.(?:[0-9]|10(?:\.\d)?)"),
    entrypoint=("/pause",),
    programs={"/pause": pause},
    base="none",
)  # fmt: skip
