"""`kubectl config delete-context`. Source: kubectl/pkg/cmd/config/delete_context.go."""

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
    if not kubeconfig.remove(streams.config, "contexts", name):
        raise KubectlError(f"cannot delete context {name}, not in {path}")
    if streams.config.get("current-context") == name:
        streams.err(
            'warning: this removed your active context, use "kubectl config use-context" to select a different one\n'
        )
    streams.out(f"deleted context {name} from {path}\n")
    return 0


COMMAND: Command[Call] = Command(
    name="delete-context",
    short="Remove a context",
    usage="delete-context NAME",
    complete=no_options,
    run=run,
    arguments="context",
)
