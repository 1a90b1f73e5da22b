"""`kubectl config rename-context`. Source: kubectl/pkg/cmd/config/rename_context.go."""

from __future__ import annotations

from k8s_magic.kubectl import kubeconfig
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import HelpFirst, KubectlError
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import listed
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text.go_values import quoted


def run(call: Call, client: Transport, streams: Streams) -> int:
    if len(call.args) != 2:
        raise HelpFirst(f"Unexpected args: {listed(call.args)}")
    old, new = call.args
    if not new:
        raise KubectlError("You must specify a new non-empty context name")
    contexts = kubeconfig.entries(streams.config, "contexts")
    path = kubeconfig.path(streams)
    if old not in contexts:
        raise KubectlError(f"cannot rename the context {quoted(old)}, it's not in {path}")
    if new in contexts:
        raise KubectlError(
            f"cannot rename the context {quoted(old)}, the context {quoted(new)} already exists in {path}"
        )
    kubeconfig.remove(streams.config, "contexts", old)
    kubeconfig.put(streams.config, "contexts", new, contexts[old])
    if streams.config.get("current-context") == old:
        streams.config["current-context"] = new
    streams.out(f"Context {quoted(old)} renamed to {quoted(new)}.\n")
    return 0


COMMAND: Command[Call] = Command(
    name="rename-context",
    short="Give a context another name",
    usage="rename-context CONTEXT_NAME NEW_NAME",
    complete=no_options,
    run=run,
    arguments="context",
)
