"""polinux/stress: asks for memory and CPU; beyond the container's limit the kernel kills it."""

from __future__ import annotations

import re

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.process import Steps
from k8s_magic.sim.time import MILLISECOND, SECOND

# Touching a gigabyte takes about a third of a second. A guess.
TOUCH = 330 * MILLISECOND


def amount(text: str) -> int:
    found = re.fullmatch(r"(\d{1,9})([bBkKmMgG]?)i?", text)
    if not found:
        return 256 << 20
    return int(found[1]) << {"k": 10, "m": 20, "g": 30}.get(found[2].lower(), 0)


def option(words: list[str], *names: str) -> str:
    return next((words[at + 1] for at, word in enumerate(words[:-1]) if word in names), "")


def stress(call: Call) -> Steps:
    """Source: stress 1.0.4, its words."""
    words = call.argv[1:]
    cpu, io, vm = (int(option(words, *names) or 0) for names in (("--cpu", "-c"), ("--io", "-i"), ("--vm", "-m")))
    disk = int(option(words, "--hdd", "-d") or 0)
    if not (cpu or io or vm or disk):
        call.out(
            "`stress' imposes certain types of compute stress on your system\n\nUsage: stress [OPTION [ARG]] ...\n"
        )
        return 0
    pid = call.process.pid
    call.out(f"stress: info: [{pid}] dispatching hogs: {cpu} cpu, {io} io, {vm} vm, {disk} hdd\n")
    call.process.signals = {"SIGTERM": (143, MILLISECOND), "SIGINT": (130, MILLISECOND)}
    size = amount(option(words, "--vm-bytes") or "256M") * vm
    if vm:
        yield TOUCH * size >> 30
        call.container.allocate(size)
    limit = re.fullmatch(r"(\d{1,9})([smhd]?)", option(words, "--timeout", "-t"))
    if limit:
        yield int(limit[1]) * {"m": 60, "h": 3600, "d": 86400}.get(limit[2], 1) * SECOND
        call.out(f"stress: info: [{pid}] successful run completed in {limit[1]}s\n")
        return 0
    while True:
        yield None


IMAGE = Image(
    repositories=("docker.io/polinux/stress", "docker.io/progrium/stress", "docker.io/vish/stress"),
    size=4_041_495,
    tags=matching(r"latest|1\.0\.4"),
    command=("stress",),
    programs={"stress": stress, "/stress": stress},
    base="alpine",
)
