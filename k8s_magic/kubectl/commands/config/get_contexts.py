"""`kubectl config get-contexts`. Source: kubectl/pkg/cmd/config/get_contexts.go."""

from __future__ import annotations

from k8s_magic.kubectl import kubeconfig
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import KubectlError, raise_all
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text import tabwriter


def run(call: Call, client: Transport, streams: Streams) -> int:
    output = call.text("output")
    if output not in ("", "name"):
        raise KubectlError(
            f"--output {output} is not available in kubectl config get-contexts; resetting to default output format"
        )
    contexts = kubeconfig.entries(streams.config, "contexts")
    current = streams.config.get("current-context", "")
    rows = [] if output or call.flag("no-headers") else [["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"]]
    missing: list[Exception] = []
    for name in sorted(call.args or contexts):
        if name not in contexts:
            missing.append(KubectlError(f"context {name} not found"))
        elif output:
            rows.append([name])
        else:
            body = contexts[name]
            fields = [body.get(field, "") for field in ("cluster", "user", "namespace")]
            rows.append(["*" if name == current else "", name, *fields])
    streams.out(tabwriter.table(rows))
    raise_all(missing)
    return 0


COMMAND: Command[Call] = Command(
    name="get-contexts",
    short="List contexts",
    usage="get-contexts [(-o|--output=)name)]",
    complete=no_options,
    run=run,
    flags=(
        Flag("no-headers", "bool", help="Leave the headers out."),
        Flag("output", short="o", help="Form of the output: name.", candidates="name"),
    ),
    arguments="context",
)
