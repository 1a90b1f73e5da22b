"""`kubectl config delete-cluster`. Source: kubectl/pkg/cmd/config/delete_cluster.go."""

from __future__ import annotations

from k8s_magic.kubectl import kubeconfig
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import HelpFirst, KubectlError
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.protocols import Transport


def run(call: Call, client: Transport, streams: Streams) -> int:
    if len(call.args) != 1:
        raise HelpFirst
    name, path = call.args[0], kubeconfig.path(streams)
    if not kubeconfig.remove(streams.config, "clusters", name):
        raise KubectlError(f"cannot delete cluster {name}, not in {path}")
    streams.out(f"deleted cluster {name} from {path}\n")
    return 0


COMMAND: Command[Call] = Command(
    name="delete-cluster",
    short="Remove a cluster",
    usage="delete-cluster NAME",
    complete=no_options,
    run=run,
)
