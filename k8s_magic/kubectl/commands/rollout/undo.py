"""`kubectl rollout undo`. Source: kubectl/pkg/cmd/rollout/rollout_undo.go, polymorphichelpers/rollback.go"""

from __future__ import annotations

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers.print_flags import PrintOptions
from k8s_magic.kubectl.resources import Info, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import last_applied, rollouts, typed
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import PatchType, Transport, WriteOptions
from k8s_magic.text.go_values import quoted

Options = tuple[Call, str]

# rollback.go annotationsToSkip
_KEPT = (
    last_applied.ANNOTATION,
    rollouts.REVISION,
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to",
)


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    return call, shared_flags.dry_run(call, streams)


def validate(options: Options) -> None:
    rollouts.require_resource(options[0])


def run(options: Options, client: Transport, streams: Streams) -> int:
    call, dry_run = options

    def undo(info: Info) -> None:
        if last_applied.original(info.found) is not None:
            streams.err(
                f"Warning: resource {info.object_name} was previously managed with 'kubectl apply'. Rolling back will "
                f"not update the {last_applied.ANNOTATION} annotation, which may cause unexpected behavior on future "
                "'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file "
                "instead.\n"
            )
        result = _roll_back(info, call.number("to-revision"), dry_run, client)
        printer = PrintOptions.of(call).printer(result, streams, dry_run, typed=True)
        printer.print(typed.in_order(info.found), streams.out)

    result = select(rollouts.query(call), client, streams)
    result.check()
    result.visit(undo)
    return 0


def _not_found(revision: int) -> KubectlError:
    return KubectlError(f"unable to find specified revision {revision} in history")


def _roll_back(info: Info, revision: int, dry_run: str, client: Transport) -> str:
    gvk = info.resource.gvk
    if gvk.group != "apps" or gvk.kind not in ("Deployment", "DaemonSet", "StatefulSet"):
        raise KubectlError(f"no rollbacker has been implemented for {quoted(rollouts.kind_text(info))}")
    if revision < 0:
        raise _not_found(revision)
    try:
        obj = client.get(info.resource.gvr, info.namespace, info.name)
    except ApiError as error:
        raise KubectlError(f"failed to retrieve {gvk.kind} {info.name}: {error.message}") from None
    write = WriteOptions(dry_run=dry_run == "server")

    def send(patch: object, kind: PatchType) -> str:
        try:
            client.patch(info.resource.gvr, info.namespace, info.name, patch, kind, options=write)
        except ApiError as error:
            raise KubectlError(f"failed restoring revision {revision}: {error.message}") from None
        return "rolled back"

    if gvk.kind != "Deployment":
        return _roll_back_revision(obj, revision, dry_run, client, send)
    target = _replica_set(obj, revision, client)
    template: Object = target["spec"]["template"]
    if dry_run == "client":
        return rollouts.template_text(template)
    if obj["spec"].get("paused"):
        raise KubectlError(
            "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again"
        )
    template = _without_hash(template)
    if template == _without_hash(obj["spec"]["template"]):
        return f"skipped rollback (current template already matches revision {revision})"
    held = meta.annotations_of(obj)
    annotations = {key: held[key] for key in _KEPT if key in held}
    annotations |= {key: value for key, value in meta.annotations_of(target).items() if key not in _KEPT}
    return send(
        [
            {"op": "replace", "path": "/spec/template", "value": template},
            {"op": "replace", "path": "/metadata/annotations", "value": annotations},
        ],
        "json",
    )


def _replica_set(deployment: Object, revision: int, client: Transport) -> Object:
    found = rollouts.replica_sets(client, deployment)
    if revision:
        if revision not in found:
            raise _not_found(revision)
        return found[revision]
    if len(found) < 2:
        raise KubectlError(f"no rollout history found for deployment {quoted(meta.name_of(deployment))}")
    return found[sorted(found)[-2]]


def _without_hash(template: Object) -> Object:
    labels = {key: value for key, value in meta.labels_of(template).items() if key != rollouts.HASH_LABEL}
    return {**template, "metadata": {**template["metadata"], "labels": labels}}


def _roll_back_revision(obj: Object, revision: int, dry_run: str, client: Transport, send: object) -> str:
    found = rollouts.controller_revisions(client, obj)
    if not revision and len(found) <= 1:
        raise KubectlError("no last revision to roll back to")
    number = revision or sorted(found)[-2]
    if number not in found:
        raise _not_found(revision)
    target = found[number]
    if dry_run == "client":
        template = rollouts.with_revision(obj, target)["spec"]["template"]
        return f"will roll back to {rollouts.template_text(template)}"
    current = {"spec": {"template": {**obj["spec"]["template"], "$patch": "replace"}}}
    if target["data"] == current:
        return f"skipped rollback (current template already matches revision {revision})"
    assert callable(send)
    text: str = send(target["data"], "strategic")
    return text


COMMAND = Command(
    "undo",
    "Go back to an earlier revision",
    "undo (TYPE NAME | TYPE/NAME) [flags]",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        Flag("to-revision", "int", help="The revision to go back to; 0 is the last one."),
        *rollouts.FLAGS,
        shared_flags.DRY_RUN,
    ),
    arguments="kind/name",
)
