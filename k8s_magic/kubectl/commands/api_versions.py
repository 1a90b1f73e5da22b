"""`kubectl api-versions`. Source: kubectl/pkg/cmd/apiresources/apiversions.go."""

from __future__ import annotations

from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import listed
from k8s_magic.machinery.protocols import Transport


def complete(call: Call, client: Transport, streams: Streams) -> Call:
    if call.args:
        call.usage_error(f"unexpected arguments: {listed(call.args)}")
    return call


def run(call: Call, client: Transport, streams: Streams) -> int:
    versions = {
        f"{entry['group']}/{entry['version']}" if entry["group"] else entry["version"] for entry in client.resources()
    }
    streams.out("".join(f"{version}\n" for version in sorted(versions)))
    return 0


COMMAND: Command[Call] = Command(
    name="api-versions",
    short="List the server's API versions, GROUP/VERSION",
    usage="api-versions",
    complete=complete,
    run=run,
)
