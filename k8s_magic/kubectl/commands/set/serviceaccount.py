"""`kubectl set serviceaccount`. Source: kubectl/pkg/cmd/set/set_serviceaccount.go"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.resources import Info
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import pod_specs, recording
from k8s_magic.kubectl.writing.pod_specs import Setting
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport


@dataclass(frozen=True, slots=True)
class Options:
    how: Setting
    account: str
    infos: list[Info]


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    how = pod_specs.setting(call, call.args[:-1], "serviceaccount updated", streams)
    if how.local and how.dry_run == "server":
        raise KubectlError("cannot specify --local and --dry-run=server - did you mean --dry-run=client?")
    if not call.args:
        raise KubectlError("serviceaccount is required")
    return Options(how, call.args[-1], how.infos(client, streams, ignore_resources=True))


def run(options: Options, client: Transport, streams: Streams) -> int:
    def change(info: Info) -> Object:
        return pod_specs.pod_spec_changed(info, lambda spec: {**spec, "serviceAccountName": options.account})

    pod_specs.send_each(
        options.how,
        options.infos,
        change,
        client,
        streams,
        failure="failed to patch ServiceAccountName",
        always=True,
    )
    return 0


COMMAND = Command(
    "serviceaccount",
    "Set the service account of a Pod template",
    "serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT",
    complete=complete,
    run=run,
    flags=(*pod_specs.SET_FLAGS, recording.RECORD),
    aliases=("sa",),
    arguments="kind/name",
)
