"""`kubectl config use-context`. Source: kubectl/pkg/cmd/config/use_context.go."""

from __future__ import annotations

from k8s_magic.kubectl import kubeconfig
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import HelpFirst, KubectlError
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import listed
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text.go_values import quoted


def run(call: Call, client: Transport, streams: Streams) -> int:
    if len(call.args) != 1:
        raise HelpFirst(f"Unexpected args: {listed(call.args)}")
    name = call.args[0]
    if not name:
        raise KubectlError("empty context names are not allowed")
    if name not in kubeconfig.entries(streams.config, "contexts"):
        raise KubectlError(f"no context exists with the name: {quoted(name)}")
    streams.config["current-context"] = name
    streams.out(f"Switched to context {quoted(name)}.\n")
    return 0


COMMAND: Command[Call] = Command(
    name="use-context",
    short="Change to another context",
    usage="use-context CONTEXT_NAME",
    complete=no_options,
    run=run,
    arguments="context",
    aliases=("use",),
)
