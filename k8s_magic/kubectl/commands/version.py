"""`kubectl version`. Source: kubectl/pkg/cmd/version/{version,skew_warning}.go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import listed
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text import json_out, yaml_out

# The kubectl whose behaviour this one has. Source: `kubectl version --client -o json` of the released binary
CLIENT = {
    "major": "1",
    "minor": "36",
    "gitVersion": "v1.36.4",
    "gitCommit": "bb826b1d48562f110659e64e8ec444327433db95",
    "gitTreeState": "clean",
    "buildDate": "2026-08-20T03:09:25Z",
    "goVersion": "go1.26.5",
    "compiler": "gc",
    "platform": "linux/amd64",
}
KUSTOMIZE = "v5.8.1"
_FIELDS = (
    "major",
    "minor",
    "emulationMajor",
    "emulationMinor",
    "minCompatibilityMajor",
    "minCompatibilityMinor",
    "gitVersion",
    "gitCommit",
    "gitTreeState",
    "buildDate",
    "goVersion",
    "compiler",
    "platform",
)
# Source: skew_warning.go (supportedMinorVersionSkew)
SKEW = 1
_SEMANTIC = re.compile(r"v?(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Options:
    client_only: bool
    output: str
    args: tuple[str, ...]


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    args = () if call.flag("client") else tuple(call.args)
    return Options(call.flag("client"), call.text("output"), args)


def validate(options: Options) -> None:
    if options.args:
        raise KubectlError(f"extra arguments: {listed(options.args)}")
    if options.output not in ("", "yaml", "json"):
        raise KubectlError("--output must be 'yaml' or 'json'")


def run(options: Options, client: Transport, streams: Streams) -> int:
    found: dict[str, Any] = {"clientVersion": CLIENT, "kustomizeVersion": KUSTOMIZE}
    server: dict[str, str] = {}
    if not options.client_only:
        told = client.server_version()
        server = {field: told[field] for field in _FIELDS if field in told}
        found["serverVersion"] = server
    if options.output == "yaml":
        streams.out(yaml_out.dump(found) + "\n")
    elif options.output == "json":
        streams.out(json_out.dump(found, 2, sort=False) + "\n")
    else:
        streams.out(f"Client Version: {CLIENT['gitVersion']}\nKustomize Version: {KUSTOMIZE}\n")
        if server:
            streams.out(f"Server Version: {server['gitVersion']}\n")
    if server:
        _warn_of_skew(server["gitVersion"], streams)
    return 0


def _warn_of_skew(server: str, streams: Streams) -> None:
    found = _SEMANTIC.match(server)
    if found is None:
        return
    major, minor = int(CLIENT["major"]), int(CLIENT["minor"])
    if int(found[1]) != major or abs(int(found[2]) - minor) > SKEW:
        streams.err(
            f"Warning: version difference between client ({major}.{minor}) and server ({found[1]}.{found[2]}) "
            f"exceeds the supported minor version skew of +/-{SKEW}\n"
        )


COMMAND: Command[Options] = Command(
    name="version",
    short="Show the client's and the server's versions",
    usage="version [flags]",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        Flag("client", "bool", help="Only the client's version."),
        Flag("output", short="o", help="Form of the output: yaml or json.", candidates="yaml,json"),
    ),
)
