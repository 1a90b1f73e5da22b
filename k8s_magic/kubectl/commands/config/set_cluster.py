"""`kubectl config set-cluster`. The simulated cluster answers all the same.

Source: kubectl/pkg/cmd/config/set_cluster.go
"""

from __future__ import annotations

from k8s_magic.kubectl import kubeconfig
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import HelpFirst
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import listed
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text.go_values import quoted


def run(call: Call, client: Transport, streams: Streams) -> int:
    if len(call.args) != 1:
        raise HelpFirst(f"Unexpected args: {listed(call.args)}")
    fields = ("server", "tls-server-name", "certificate-authority", "insecure-skip-tls-verify", "proxy-url")
    changes = {field: call.values[field] or None for field in fields if call.changed(field)}
    kubeconfig.put(streams.config, "clusters", call.args[0], changes)
    streams.out(f"Cluster {quoted(call.args[0])} set.\n")
    return 0


COMMAND: Command[Call] = Command(
    name="set-cluster",
    short="Make or change a cluster",
    usage=(
        "set-cluster NAME [--server=server] [--certificate-authority=path/to/certificate/authority] "
        "[--insecure-skip-tls-verify=true] [--tls-server-name=example.com]"
    ),
    complete=no_options,
    run=run,
    flags=(Flag("proxy-url", help="Proxy of the cluster (unused here)."),),
)
