"""`kubectl auth whoami`: the kubeconfig's user, as the administrator that everybody is here.

Source: kubectl/pkg/cmd/auth/whoami.go
"""

from __future__ import annotations

from k8s_magic.kubectl import kubeconfig
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.printers import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text import tabwriter

# Source: apiserver/pkg/authentication/user/user.go
GROUPS = ["system:masters", "system:authenticated"]


def run(call: Call, client: Transport, streams: Streams) -> int:
    contexts = kubeconfig.entries(streams.config, "contexts")
    name = call.text("context") or streams.config.get("current-context", "")
    user = call.text("user") or contexts.get(name, {}).get("user", "")
    printing = PrintOptions.of(call)
    if printing.output:
        review = {
            "kind": "SelfSubjectReview",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": {},
            "status": {"userInfo": {"username": user, "groups": GROUPS}},
        }
        printing.printer("", streams, typed=True).print(review, streams.out)
        return 0
    rows = [["ATTRIBUTE", "VALUE"], ["Username", user], ["Groups", f"[{' '.join(GROUPS)}]"]]
    streams.out(tabwriter.table(rows))
    return 0


COMMAND: Command[Call] = Command(
    name="whoami",
    short="Show who the server takes you for",
    usage="whoami",
    complete=no_options,
    run=run,
    flags=PRINT_FLAGS,
)
