"""`kubectl config set-credentials`. Nobody asks for credentials here.

Source: kubectl/pkg/cmd/config/set_credentials.go
"""

from __future__ import annotations

from k8s_magic.kubectl import kubeconfig
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import HelpFirst
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import listed
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text.go_values import quoted


def run(call: Call, client: Transport, streams: Streams) -> int:
    if len(call.args) != 1:
        raise HelpFirst(f"Unexpected args: {listed(call.args)}")
    fields = ("client-certificate", "client-key", "token", "username", "password")
    changes = {field: call.text(field) or None for field in fields if call.changed(field)}
    kubeconfig.put(streams.config, "users", call.args[0], changes)
    streams.out(f"User {quoted(call.args[0])} set.\n")
    return 0


COMMAND: Command[Call] = Command(
    name="set-credentials",
    short="Make or change a user",
    usage="set-credentials NAME [--token=bearer_token] [--username=basic_user] [--password=basic_password]",
    complete=no_options,
    run=run,
)
