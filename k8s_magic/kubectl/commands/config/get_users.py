"""`kubectl config get-users`. Source: kubectl/pkg/cmd/config/get_users.go."""

from __future__ import annotations

from k8s_magic.kubectl import kubeconfig
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.protocols import Transport


def run(call: Call, client: Transport, streams: Streams) -> int:
    names = sorted(kubeconfig.entries(streams.config, "users"))
    streams.out("".join(f"{name}\n" for name in ["NAME", *names]))
    return 0


COMMAND: Command[Call] = Command(
    name="get-users",
    short="List users",
    usage="get-users",
    complete=no_options,
    run=run,
)
