"""`kubectl config delete-user`. Source: kubectl/pkg/cmd/config/delete_user.go."""

from __future__ import annotations

from k8s_magic.kubectl import kubeconfig
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.protocols import Transport


def run(call: Call, client: Transport, streams: Streams) -> int:
    if len(call.args) != 1:
        call.usage_error("user to delete is required")
    name, path = call.args[0], kubeconfig.path(streams)
    if not kubeconfig.remove(streams.config, "users", name):
        raise KubectlError(f"cannot delete user {name}, not in {path}")
    streams.out(f"deleted user {name} from {path}\n")
    return 0


COMMAND: Command[Call] = Command(
    name="delete-user",
    short="Remove a user",
    usage="delete-user NAME",
    complete=no_options,
    run=run,
)
