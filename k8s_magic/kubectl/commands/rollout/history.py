"""`kubectl rollout history`. Source: kubectl/pkg/cmd/rollout/rollout_history.go, polymorphichelpers/history.go"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers.print_flags import PrintOptions
from k8s_magic.kubectl.resources import Info, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import recording, rollouts, typed
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.patch import PatchError
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text.go_values import quoted
from k8s_magic.text.tabwriter import TabWriter

_NAMES = {"Deployment": "deployment", "DaemonSet": "DaemonSet", "StatefulSet": "Statefulset"}


def validate(call: Call) -> None:
    rollouts.require_resource(call)
    if call.number("revision") < 0:
        raise KubectlError(f"revision must be a positive integer: {call.number('revision')}")


def run(call: Call, client: Transport, streams: Streams) -> int:
    result = select(rollouts.query(call), client, streams)
    result.check()
    wanted = call.number("revision")

    def show(info: Info) -> None:
        obj = _current(info, client)
        if call.text("output"):
            _print_objects(call, obj, wanted, client, streams)
            return
        text = _history(obj, wanted, client)
        lead = f"with revision #{wanted}" if wanted else ""
        PrintOptions.of(call).printer(f"{lead}\n{text}", streams).print(info.found, streams.out)

    result.visit(show)
    return 0


def _current(info: Info, client: Transport) -> Object:
    gvk = info.resource.gvk
    if gvk.group != "apps" or gvk.kind not in _NAMES:
        raise KubectlError(f"no history viewer has been implemented for {quoted(rollouts.kind_text(info))}")
    try:
        return client.get(info.resource.gvr, info.namespace, info.name)
    except ApiError as error:
        raise KubectlError(f"failed to retrieve {_NAMES[gvk.kind]} {info.name}: {error.message}") from None


def _revisions(obj: Object, client: Transport) -> dict[int, Object]:
    """Revision -> ReplicaSet or ControllerRevision, in order."""
    if obj["kind"] == "Deployment":
        return dict(sorted(rollouts.replica_sets(client, obj).items()))
    return rollouts.controller_revisions(client, obj)


def _history(obj: Object, wanted: int, client: Transport) -> str:
    found = _revisions(obj, client)
    if not found:
        return "No rollout history found."
    if wanted:
        if wanted not in found:
            raise KubectlError("unable to find the specified revision")
        return rollouts.template_text(_template(obj, found[wanted]))
    parts: list[str] = []
    writer = TabWriter(parts.append, 0, 8, 2, " ", 0)
    writer.write("REVISION\tCHANGE-CAUSE\n")
    for number, revision in found.items():
        writer.write(f"{number}\t{rollouts.change_cause(revision) or '<none>'}\n")
    writer.flush()
    return "".join(parts)


def _template(obj: Object, revision: Object) -> Object:
    if obj["kind"] != "Deployment":
        try:
            template: Object = rollouts.with_revision(obj, revision)["spec"]["template"]
        except PatchError:
            raise KubectlError(f"unable to parse history {meta.name_of(revision)}") from None
        return template
    template = revision["spec"]["template"]
    cause = rollouts.change_cause(revision)
    if cause:
        template = {**template, "metadata": template.get("metadata") or {}}
        return meta.with_metadata(
            template, annotations={**meta.annotations_of(template), recording.CHANGE_CAUSE: cause}
        )
    return template


def _print_objects(call: Call, obj: Object, wanted: int, client: Transport, streams: Streams) -> None:
    printer = PrintOptions.of(call).printer("", streams, typed=True)
    found = _revisions(obj, client)
    if wanted and wanted not in found:
        raise KubectlError("unable to find the specified revision")
    for number, revision in found.items():
        if wanted in (0, number):
            shown = revision if obj["kind"] == "Deployment" else rollouts.with_revision(obj, revision)
            printer.print(typed.in_order(shown), streams.out)


COMMAND = Command(
    "history",
    "Show earlier revisions",
    "history (TYPE NAME | TYPE/NAME) [flags]",
    complete=no_options,
    validate=validate,
    run=run,
    flags=(Flag("revision", "int", help="Show this revision's Pod template."), *rollouts.FLAGS),
    arguments="kind/name",
)
