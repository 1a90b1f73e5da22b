"""`kubectl run`: one Pod from an image, with a Service where asked; with -i or --attach it is attached to.

Source: kubectl/pkg/cmd/run/run.go, pkg/generate/versioned/run.go
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from k8s_magic.kubectl import attaching, following, shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import CommandExit, KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import (
    deleting,
    exposing,
    last_applied,
    overrides,
    parsing,
    pod_template,
    recording,
    typed,
)
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS, SERVICES, GroupVersionResource
from k8s_magic.machinery.protocols import DeleteOptions, LogOptions, Transport, WriteOptions
from k8s_magic.text.go_values import quoted

_RESTARTS = ("Always", "OnFailure", "Never")


@dataclass(frozen=True, slots=True)
class Options:
    call: Call
    dry_run: str
    printer: Printer
    attach: bool
    cause: str


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    dry_run = shared_flags.dry_run(call, streams)
    return Options(
        call=call,
        dry_run=dry_run,
        printer=PrintOptions.of(call).printer("created", streams, dry_run, typed=True),
        attach=call.flag("attach") if call.changed("attach") else call.flag("stdin"),
        cause=recording.change_cause(call),
    )


def validate(options: Options) -> None:
    call = options.call
    if not call.args or call.dash == 0:
        call.usage_error("NAME is required for run")
    if call.seconds("pod-running-timeout") <= 0:
        call.usage_error("--pod-running-timeout must be higher than zero")
    image = call.text("image")
    if not image:
        raise KubectlError("--image is required")
    if not parsing.is_image(image):
        raise KubectlError(f"Invalid image name {quoted(image)}: invalid reference format")
    if call.flag("tty") and not call.flag("stdin"):
        call.usage_error("-i/--stdin is required for containers with -t/--tty=true")
    if call.flag("expose") and not call.text("port"):
        call.usage_error("--port must be set when exposing a service")
    if call.text("restart") and call.text("restart") not in _RESTARTS:
        call.usage_error(f"invalid restart policy: {call.text('restart')}")
    if call.flag("rm") and not options.attach:
        call.usage_error("--rm should only be used for attached containers")
    if options.attach and options.dry_run:
        call.usage_error(
            "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)"
        )
    pull = call.text("image-pull-policy")
    if pull not in ("", "Always", "IfNotPresent", "Never"):
        call.usage_error(f"invalid image pull policy: {pull}")


def run(options: Options, client: Transport, streams: Streams) -> int:
    call = options.call
    created = [(PODS, _create(options, client, PODS, overrides.apply(call, _pod(call))))]
    if call.flag("expose"):
        service = _create(options, client, SERVICES, _service(call))
        created.append((SERVICES, service))
        options.printer.print(service, streams.out)
        if call.text("output") == "yaml":
            streams.out("---\n")
    pod = created[0][1]
    if not options.attach:
        options.printer.print(pod, streams.out)
        return 0
    try:
        return _attach(options, pod, client, streams)
    finally:
        if call.flag("rm"):
            _remove(call, created, client, streams)


def _create(options: Options, client: Transport, resource: GroupVersionResource, obj: Object) -> Object:
    call = options.call
    obj = recording.recorded(obj, options.cause)
    if options.dry_run == "client":
        return typed.in_order(meta.with_metadata(obj, namespace=call.namespace)) if call.namespace_given else obj
    obj = last_applied.create_or_update(call.flag("save-config"), obj, typed=True)
    write = WriteOptions(dry_run=options.dry_run == "server", field_manager=call.text("field-manager"))
    return typed.in_order(client.create(resource, call.namespace, obj, options=write))


def _pod(call: Call) -> Object:
    name = call.args[0]
    words = call.args[1:]
    env = [_variable(pair) for pair in call.texts("env")]
    annotations, _ = parsing.pairs(call.texts("annotations"), "annotations")
    labels = parsing.labels(call.text("labels")) if call.text("labels") else {"run": name}
    stdin = call.flag("stdin")
    container = pod_template.container(
        name,
        call.text("image"),
        command=words if call.flag("command") else (),
        args=[] if call.flag("command") else words,
        ports=[{"containerPort": parsing.integer(call.text("port"))}] if call.text("port") else [],
        env=env,
        imagePullPolicy=call.text("image-pull-policy"),
        securityContext={"privileged": True} if call.flag("privileged") else None,
        stdin=stdin,
        stdinOnce=stdin and not call.flag("leave-stdin-open"),
        tty=call.flag("tty"),
    )
    metadata: Object = {"name": name, "labels": dict(sorted(labels.items()))}
    if annotations:
        metadata["annotations"] = dict(sorted(annotations.items()))
    spec = {
        "containers": [container],
        "restartPolicy": call.text("restart") or "Always",
        "dnsPolicy": "ClusterFirst",
    }
    return {"kind": "Pod", "apiVersion": "v1", "metadata": metadata, "spec": spec, "status": {}}


def _variable(pair: str) -> Object:
    name, equals, value = pair.partition("=")
    if not equals or not name or parsing.env_name_errors(name):
        raise KubectlError(f"invalid env: {pair}")
    return {"name": name, "value": value} if value else {"name": name}


def _service(call: Call) -> Object:
    name = call.args[0]
    labels = parsing.labels(call.text("labels")) if call.text("labels") else {}
    return exposing.service(name, labels or {"run": name}, labels, [call.text("port")])


# --- Attached --------------------------------------------------------------------------------------------------


def _phase(pod: Object) -> str:
    phase: str = (pod.get("status") or {}).get("phase", "")
    return phase


def _has_ended(pod: Object) -> bool:
    return _phase(pod) in ("Succeeded", "Failed")


def _is_ready(pod: Object) -> bool:
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return _phase(pod) == "Running" and any(
        condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions
    )


def _attach(options: Options, pod: Object, client: Transport, streams: Streams) -> int:
    call = options.call
    namespace, name = meta.namespace_of(pod), meta.name_of(pod)
    end = client.now() + timedelta(seconds=call.seconds("pod-running-timeout"))
    following.wait(client, namespace, name, lambda pod: _has_ended(pod) or _is_ready(pod), end)
    client.sleep(following.ATTACH_TIME)
    pod = client.get(PODS, namespace, name)
    container = pod["spec"]["containers"][0]["name"]
    for text in client.logs(namespace, name, LogOptions(container=container)):
        streams.out(text.replace("\r\n", "\n"))
    if not following.state(pod, container).get("terminated"):
        _attach_running(options, pod, container, client, streams)
    if call.text("restart") not in ("Never", "OnFailure") or call.flag("leave-stdin-open"):
        return 0
    return _outcome(following.wait(client, namespace, name, _has_ended))


def _attach_running(options: Options, pod: Object, container: str, client: Transport, streams: Streams) -> None:
    call, name = options.call, meta.name_of(pod)
    stdin, tty, quiet = (call.flag(flag) for flag in ("stdin", "tty", "quiet"))
    try:
        attaching.attach(pod, container, client, streams, stdin=stdin, tty=tty, quiet=quiet)
    except ApiError as error:
        streams.err(f"warning: couldn't attach to pod/{name}, falling back to streaming logs: {error}\n")
        for text in client.logs(meta.namespace_of(pod), name, LogOptions(container=container)):
            streams.out(text.replace("\r\n", "\n"))


def _outcome(pod: Object) -> int:
    if _phase(pod) == "Succeeded":
        return 0
    where = f"{meta.namespace_of(pod)}/{meta.name_of(pod)}"
    statuses = pod["status"].get("containerStatuses") or [{}]
    ended = (statuses[0].get("state") or {}).get("terminated")
    if not ended or not ended.get("exitCode"):
        raise KubectlError(f"pod {where} failed with unknown exit code")
    text = f"pod {where} terminated ({ended.get('reason', '')})\n{ended.get('message', '')}\n"
    raise CommandExit(ended["exitCode"], text)


def _remove(
    call: Call, created: list[tuple[GroupVersionResource, Object]], client: Transport, streams: Streams
) -> None:
    for resource, obj in created:
        name, namespace = meta.name_of(obj), meta.namespace_of(obj)
        deleting.delete_one(client, resource, namespace, name, DeleteOptions(propagation="Background"))
        if not call.flag("quiet"):
            streams.out(f'{obj["kind"].lower()} "{name}" deleted from {namespace} namespace\n')


COMMAND = Command(
    "run",
    "Run an image in a Pod",
    (
        'run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] '
        "[--command] -- [COMMAND] [args...]"
    ),
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        *deleting.RUN_FLAGS,
        *PRINT_FLAGS,
        recording.RECORD,
        shared_flags.DRY_RUN,
        Flag("annotations", "array", help="An annotation of the Pod, as key=value."),
        Flag("image", help="The image to run."),
        Flag("image-pull-policy", help="Always, IfNotPresent or Never.", candidates="Always,IfNotPresent,Never"),
        Flag("rm", "bool", help="Delete the Pod when the attached command has ended."),
        Flag("env", "array", help="An environment variable, as NAME=value."),
        Flag("port", help="The port that the container listens on."),
        Flag("labels", short="l", help="Labels of the Pod, as key=value,…"),
        Flag("stdin", "bool", short="i", help="Keep the container's input open."),
        Flag("tty", "bool", short="t", help="Give the container a terminal."),
        Flag("attach", "bool", help="Wait for the Pod and follow it."),
        Flag("leave-stdin-open", "bool", help="Keep the input open after the first attach."),
        Flag("restart", default="Always", help="Always, OnFailure or Never.", candidates="Always,OnFailure,Never"),
        Flag("command", "bool", help="What follows -- is the command, not its arguments."),
        Flag("expose", "bool", help="Make a Service for the Pod as well; needs --port."),
        Flag("quiet", "bool", short="q", help="Say less."),
        Flag("privileged", "bool", help="Run the container privileged."),
        Flag("detach-keys", default="ctrl-p,ctrl-q", help="Keys that detach (no effect here)."),
        shared_flags.field_manager("kubectl-run"),
        *overrides.flags("merge"),
        last_applied.SAVE_CONFIG,
        shared_flags.POD_RUNNING_TIMEOUT,
    ),
    required=("image",),
)
