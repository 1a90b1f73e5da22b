"""`kubectl uncordon`. Source: kubectl/pkg/cmd/drain/drain.go"""

from __future__ import annotations

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import draining
from k8s_magic.kubectl.writing.draining import Options
from k8s_magic.machinery.protocols import Transport

USAGE = "uncordon NODE"


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    return draining.complete(USAGE, call, client, streams)


def run(options: Options, client: Transport, streams: Streams) -> int:
    draining.cordon(options, False, client, streams)
    return 0


COMMAND = Command(
    "uncordon",
    "Let new Pods onto a node again",
    USAGE,
    complete=complete,
    run=run,
    flags=(shared_flags.SELECTOR, shared_flags.DRY_RUN),
    arguments="node",
)
