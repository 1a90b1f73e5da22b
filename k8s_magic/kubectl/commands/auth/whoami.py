"""`kubectl auth whoami`: whom the server takes the user for.

In the notebook the kubeconfig's users all are the administrator, each under its own name.
Source: kubectl/pkg/cmd/auth/whoami.go
"""

from __future__ import annotations

from k8s_magic.kubectl import kubeconfig
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.printers import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text import tabwriter

REVIEWS = GroupVersionResource("authentication.k8s.io", "v1", "selfsubjectreviews")


def run(call: Call, client: Transport, streams: Streams) -> int:
    review = client.create(REVIEWS, "", {"kind": "SelfSubjectReview", "apiVersion": REVIEWS.api_version})
    user = {**review["status"]["userInfo"]}
    if not call.text("as"):
        user["username"] = kubeconfig.user_of(call, streams.config) or user["username"]
    printing = PrintOptions.of(call)
    if printing.output:
        answer = {**review, "status": {"userInfo": user}}
        printing.printer("", streams, typed=True).print(answer, streams.out)
        return 0
    rows = [["ATTRIBUTE", "VALUE"], ["Username", user["username"]]]
    if user.get("uid"):
        rows.append(["UID", user["uid"]])
    if user.get("groups"):
        rows.append(["Groups", f"[{' '.join(user['groups'])}]"])
    rows += [[f"Extra: {key}", f"[{' '.join(values)}]"] for key, values in sorted((user.get("extra") or {}).items())]
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
