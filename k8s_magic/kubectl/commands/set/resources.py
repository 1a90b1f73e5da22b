"""`kubectl set resources`. Source: kubectl/pkg/cmd/set/set_resources.go"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.resources import Info
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import parsing, pod_specs, recording
from k8s_magic.kubectl.writing.pod_specs import Setting
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport


@dataclass(frozen=True, slots=True)
class Options:
    how: Setting
    infos: list[Info]


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    how = pod_specs.setting(call, call.args, "resource requirements updated", streams)
    return Options(how, how.infos(client, streams))


def validate(options: Options) -> None:
    call = options.how.call
    if options.how.local and options.how.dry_run == "server":
        raise KubectlError("cannot specify --local and --dry-run=server - did you mean --dry-run=client?")
    if call.flag("all") and call.text("selector"):
        raise KubectlError("cannot set --all and --selector at the same time")
    if not call.text("limits") and not call.text("requests"):
        raise KubectlError("you must specify an update to requests or limits (in the form of --requests/--limits)")
    for kind in ("limits", "requests"):
        parsing.resource_list(call.text(kind))


def run(options: Options, client: Transport, streams: Streams) -> int:
    call = options.how.call
    wanted = {kind: parsing.resource_list(call.text(kind)) for kind in ("limits", "requests")}
    pattern = call.text("containers")
    failed: list[Exception] = []

    def change(info: Info) -> Object | None:
        found = False

        def set_resources(container: Object) -> Object:
            nonlocal found
            if not pod_specs.is_selected(container["name"], pattern):
                return container
            found = True
            resources = dict(container.get("resources") or {})
            for kind, amounts in wanted.items():
                if amounts:
                    resources[kind] = {**(resources.get(kind) or {}), **amounts}
            return {**container, "resources": resources}

        after = pod_specs.pod_spec_changed(info, lambda spec: pod_specs.containers_changed(spec, set_resources))
        if not found:
            failed.append(KubectlError(f"error: unable to find container named {pattern}"))
            return None
        return after

    pod_specs.send_each(
        options.how,
        options.infos,
        change,
        client,
        streams,
        failure="failed to patch resources update to pod template",
        errors=failed,
    )
    return 0


COMMAND = Command(
    "resources",
    "Set the requests and limits of containers",
    "resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        *pod_specs.SET_FLAGS,
        recording.RECORD,
        shared_flags.SELECTOR,
        Flag("containers", default="*", short="c", help="Names of the containers; * matches any text."),
        Flag("limits", help="Limits as cpu=100m,memory=256Mi."),
        Flag("requests", help="Requests as cpu=100m,memory=256Mi."),
    ),
    arguments="kind/name",
)
