"""`kubectl config unset`. Source: kubectl/pkg/cmd/config/unset.go."""

from __future__ import annotations

from k8s_magic.kubectl import kubeconfig
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.commands.config import set as set_command
from k8s_magic.kubectl.errors import HelpFirst, KubectlError
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import listed
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text.go_values import quoted


def run(call: Call, client: Transport, streams: Streams) -> int:
    if len(call.args) != 1:
        raise HelpFirst(f"Unexpected args: {listed(call.args)}")
    path = call.args[0]
    if not path:
        raise KubectlError("you must specify a property")
    if path in kubeconfig.BODIES:
        streams.config[path] = []
    else:
        kind, name, field = set_command.steps(path)
        if kind == "current-context":
            streams.config["current-context"] = ""
        elif not field:
            kubeconfig.remove(streams.config, kind, name)
        elif name in kubeconfig.entries(streams.config, kind):
            kubeconfig.put(streams.config, kind, name, {field: None})
    streams.out(f"Property {quoted(path)} unset.\n")
    return 0


COMMAND: Command[Call] = Command(
    name="unset",
    short="Take one value out",
    usage="unset PROPERTY_NAME",
    complete=no_options,
    run=run,
)
