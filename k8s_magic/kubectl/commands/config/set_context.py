"""`kubectl config set-context`. Source: kubectl/pkg/cmd/config/set_context.go."""

from __future__ import annotations

from k8s_magic.kubectl import kubeconfig
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import HelpFirst, KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import listed
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text.go_values import quoted


def run(call: Call, client: Transport, streams: Streams) -> int:
    if len(call.args) > 1:
        raise HelpFirst(f"Unexpected args: {listed(call.args)}")
    name = call.args[0] if call.args else ""
    current = call.flag("current")
    if not name and not current:
        raise KubectlError("you must specify a non-empty context name or --current")
    if name and current:
        raise KubectlError("you cannot specify both a context name and --current")
    if current:
        name = streams.config.get("current-context", "")
        if not name:
            raise KubectlError("no current context is set")
    changes = {field: call.text(field) or None for field in ("cluster", "user", "namespace") if call.changed(field)}
    was_there = kubeconfig.put(streams.config, "contexts", name, changes)
    streams.out(f"Context {quoted(name)} {'modified' if was_there else 'created'}.\n")
    return 0


COMMAND: Command[Call] = Command(
    name="set-context",
    short="Make or change a context",
    usage="set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]",
    complete=no_options,
    run=run,
    arguments="context",
    flags=(Flag("current", "bool", help="Change the current context."),),
)
