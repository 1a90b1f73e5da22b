"""`kubectl debug`: a debugging container in a running Pod, in a copy of it, or on a node.

Source: kubectl/pkg/cmd/debug/debug.go
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from k8s_magic import kinds
from k8s_magic.kubectl import following, shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.debugging import plans, profiles
from k8s_magic.kubectl.debugging.plans import Wanted
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.resources.query import KUBECTL_SCHEME
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import parsing
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import NODES, PODS
from k8s_magic.machinery.patch import strategic
from k8s_magic.machinery.protocols import DeleteOptions, Transport
from k8s_magic.text import json_in, yaml_in
from k8s_magic.text.go_values import quoted

LEGACY_WARNING = (
    "--profile=legacy is deprecated and planned to be removed in v1.39. It is recommended to specify other profile, "
    'for example "--profile=general".\n'
)
NOT_ROOT = (
    "Warning: Non-root user is configured for the entire target Pod, and some capabilities granted by debug profile "
    'may not work. Please consider using "--custom" with a custom profile that specifies "securityContext.runAsUser: '
    '0".\n'
)
_NOT_A_CONTAINER = re.compile(r"(into Go )struct field PodSpec\.spec\.containers of type v1\.Container")
# What a custom profile may not say.
FIXED = ("name", "command", "image", "lifecycle", "volumeDevices")


@dataclass(frozen=True, slots=True)
class Options:
    call: Call
    query: Query
    wanted: Wanted
    attach: bool
    streams: Streams


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    args, dash = call.args, call.dash
    names, words = (args[:dash], args[dash:]) if 0 <= dash < len(args) else (args, [])
    profile = call.text("profile")
    if profile not in profiles.NAMES:
        raise KubectlError(f"unknown profile: {profile}")
    wanted = Wanted(
        suffix=streams.suffix,
        say=(lambda text: None) if call.flag("quiet") else streams.out,
        container=call.text("container"),
        image=call.text("image"),
        arguments=tuple(words),
        are_args=call.flag("arguments-only"),
        env=call.values["env"],
        pull_policy=call.text("image-pull-policy"),
        stdin=call.flag("stdin"),
        tty=call.flag("tty"),
        target=call.text("target"),
        profile=profile,
        keep=profiles.Keep(
            labels=call.flag("keep-labels"),
            annotations=call.flag("keep-annotations"),
            liveness=call.flag("keep-liveness"),
            readiness=call.flag("keep-readiness"),
            startup=call.flag("keep-startup"),
            init_containers=call.flag("keep-init-containers"),
        ),
        custom=_custom(call.text("custom"), streams) if call.text("custom") else None,
        copy_to=call.text("copy-to"),
        same_node=call.flag("same-node"),
        share_processes=call.flag("share-processes") if call.changed("share-processes") else None,
        images=call.values["set-image"],
    )
    query = Query(
        scheme=KUBECTL_SCHEME,
        names=tuple(names),
        default_type="pods",
        filenames=call.texts("filename"),
        namespace=call.namespace,
        enforce=call.namespace_given,
        flatten=False,
    )
    attach = call.flag("attach") or (call.flag("stdin") and not call.changed("attach"))
    return Options(call, query, wanted, attach, streams)


def _custom(name: str, streams: Streams) -> Object | None:
    """A partial container as a typed client reads it: without what it does not know. Raises: KubectlError."""
    try:
        text = streams.files.read(name).decode(errors="replace")
    except OSError as error:
        raise KubectlError(f"must pass a container spec json file for custom profile: {error}") from None
    wrong = f"{name} does not contain a valid container spec: "
    try:
        found: Any = json_in.loads(text)
    except json_in.JsonError:
        try:
            found = yaml_in.load(text)
        except yaml_in.YamlError as error:
            raise KubectlError(f"{wrong}{error}") from None
    if found is None:
        return None
    try:
        pod, _ = kinds.decode({"spec": {"containers": [found]}}, plans.POD)
    except ApiError as error:
        # Read as a container of a Pod: the path to it is not in the words about a container alone.
        words = error.message.partition("handled as a Pod: ")[2].replace(".spec.containers.", ".")
        words = _NOT_A_CONTAINER.sub(r"\1value of type v1.Container", words)
        raise KubectlError(f"{wrong}error unmarshaling JSON: while decoding JSON: {words}") from None
    container: Object = pod["spec"]["containers"][0]
    return container


def validate(options: Options) -> None:
    call, wanted = options.call, options.wanted
    if options.attach and call.changed("attach") and not wanted.image and not wanted.container:
        raise KubectlError("you must specify --container or create a new container using --image in order to attach.")
    if wanted.copy_to:
        if not wanted.image and not wanted.images and not wanted.arguments:
            raise KubectlError("you must specify --image, --set-image or command arguments.")
        if wanted.arguments and not wanted.container and not wanted.image:
            raise KubectlError("you must specify an existing container or a new image when specifying args.")
    else:
        for name in ("replace", "same-node", "set-image"):
            if call.values[name]:
                raise KubectlError(f"--{name} may only be used with --copy-to.")
        if not wanted.image:
            raise KubectlError("you must specify --image when not using --copy-to.")
    if wanted.image and not parsing.is_image(wanted.image):
        raise KubectlError(f"invalid image name {quoted(wanted.image)}: invalid reference format")
    if not options.query.names and not options.query.filenames:
        raise KubectlError("NAME or filename is required for debug")
    if wanted.pull_policy not in ("", "Always", "IfNotPresent", "Never"):
        raise KubectlError(f"invalid image pull policy: {wanted.pull_policy}")
    for name, image in (wanted.images or {}).items():
        if not parsing.is_image(image):
            where = f"{quoted(image)} for container {quoted(name)}"
            raise KubectlError(f"invalid image name {where}: invalid reference format")
    if wanted.target:
        if wanted.copy_to:
            raise KubectlError("--target is incompatible with --copy-to. Use --share-processes instead.")
        wanted.say(
            f"Targeting container {quoted(wanted.target)}. If you don't see processes from this container it may be "
            "because the container runtime doesn't support this feature.\n"
        )
    if wanted.tty and not wanted.stdin:
        raise KubectlError("-i/--stdin is required for containers with -t/--tty=true")
    if wanted.custom is not None and any(wanted.custom.get(part) for part in FIXED):
        words = "name, command, image, lifecycle and volume devices are not modifiable via custom profile"
        raise KubectlError(words)
    if wanted.profile == profiles.LEGACY:
        options.streams.err(LEGACY_WARNING)


def run(options: Options, client: Transport, streams: Streams) -> int:
    result = select(options.query, client, streams)
    result.check()
    result.visit(lambda info: _debug(info, options, client, streams))
    return 0


def _debug(info: Info, options: Options, client: Transport, streams: Streams) -> None:
    wanted, resource = options.wanted, info.resource.gvr
    if resource == NODES:
        pod = client.create(PODS, options.call.namespace, plans.on_node(info.found, wanted))
        container = pod["spec"]["containers"][0]["name"]
    elif resource == PODS and wanted.copy_to:
        pod, container = _copy(info.found, options, client, streams)
    elif resource == PODS:
        pod, container = _add(info.found, wanted, client, streams)
    else:
        gvk = info.resource.gvk
        raise KubectlError(f"{quoted(f'{gvk.api_version}, Kind={gvk.kind}')} not supported by debug")
    if options.attach and container:
        quiet = options.call.flag("quiet")
        following.follow(pod, container, client, streams, stdin=wanted.stdin, tty=wanted.tty, quiet=quiet)


def _add(pod: Object, wanted: Wanted, client: Transport, streams: Streams) -> tuple[Object, str]:
    """An ephemeral container in the Pod itself. Raises: ApiError, KubectlError."""
    changed, name = plans.with_ephemeral(pod, wanted)
    _warn(changed, name, streams)
    patch = strategic.create_two_way(pod, changed, kinds.schema_of(plans.POD))
    try:
        result = client.patch(
            PODS, meta.namespace_of(pod), meta.name_of(pod), patch, "strategic", subresource="ephemeralcontainers"
        )
    except ApiError as error:
        if error.is_not_found and not (error.status.get("details") or {}).get("name"):
            words = f"ephemeral containers are disabled for this cluster (error from server: {quoted(error.message)})"
            raise KubectlError(words) from None
        raise
    return result, name


def _copy(pod: Object, options: Options, client: Transport, streams: Streams) -> tuple[Object, str]:
    """A changed copy of the Pod. Raises: ApiError, KubectlError."""
    made, name = plans.copied(pod, options.wanted)
    if name:
        _warn(made, name, streams)
    namespace = meta.namespace_of(pod)
    created = client.create(PODS, namespace, made)
    if options.call.flag("replace"):
        client.delete(PODS, namespace, meta.name_of(pod), options=DeleteOptions(grace_period_seconds=0))
    return created, name


def _warn(pod: Object, name: str, streams: Streams) -> None:
    """Of capabilities that a user other than root cannot use (displayWarning)."""
    context = profiles.named(pod, name).get("securityContext") or {}
    can_do_more = context.get("privileged") or (context.get("capabilities") or {}).get("add")
    if (pod["spec"].get("securityContext") or {}).get("runAsUser") and context.get("runAsUser") != 0 and can_do_more:
        streams.err(NOT_ROOT)


COMMAND: Command[Options] = Command(
    name="debug",
    short="Look into a Pod or a node with a debugging container",
    usage="debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        shared_flags.FILENAME,
        Flag("arguments-only", "bool", help="What follows -- are the container's arguments, not its command."),
        Flag("attach", "bool", help="Wait until the container runs and attach to it; -i means it too."),
        Flag("container", short="c", help="The name of the debugging container."),
        Flag("copy-to", help="Make a copy of the Pod of this name and debug that."),
        Flag("replace", "bool", help="With --copy-to, delete the Pod itself."),
        Flag("env", "map", help="Environment variables of the container, as NAME=value."),
        Flag("image", help="The image of the debugging container."),
        Flag("keep-labels", "bool", help="The copy keeps the Pod's labels."),
        Flag("keep-annotations", "bool", help="The copy keeps the Pod's annotations."),
        Flag("keep-liveness", "bool", help="The copy keeps the liveness probes."),
        Flag("keep-readiness", "bool", help="The copy keeps the readiness probes."),
        Flag("keep-startup", "bool", help="The copy keeps the startup probes."),
        Flag("keep-init-containers", "bool", default=True, help="The copy keeps the init containers."),
        Flag("set-image", "map", help="With --copy-to, other images as container=image; * is all containers."),
        Flag("image-pull-policy", help="Always, IfNotPresent or Never.", candidates="Always,IfNotPresent,Never"),
        Flag("stdin", "bool", short="i", help="Keep the container's input open, and attach."),
        Flag("quiet", "bool", short="q", help="Say less."),
        Flag("same-node", "bool", help="With --copy-to, on the Pod's own node."),
        Flag("share-processes", "bool", default=True, help="With --copy-to, containers see each other's processes."),
        Flag("target", help="Be among the processes of this container.", candidates="container"),
        Flag("tty", "bool", short="t", help="Give the container a terminal."),
        Flag("profile", default="general", help="What the container may do.", candidates=",".join(profiles.NAMES[:-1])),
        Flag("custom", help="A file with a partial container, to be merged into the debugging container."),
    ),
    arguments="pod",
    examples=(
        "kubectl debug web -it --image=busybox --target=web",
        "kubectl debug web --image=busybox --copy-to=web-debug --share-processes",
        "kubectl debug node/node-1 -it --image=busybox",
    ),
)
