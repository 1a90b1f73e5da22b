"""`kubectl exec`: run a command in a container; what it reads is piped in, or typed line by line.

The notebook stands for the terminal that -t asks for.

Source: kubectl/pkg/cmd/exec/exec.go
"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl import attaching, conversation, pod_choice, shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import CommandExit, KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.resources import Query, select
from k8s_magic.kubectl.resources.info import is_list
from k8s_magic.kubectl.resources.query import KUBECTL_SCHEME
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport

# Source: cri-streaming/pkg/streaming/remotecommand/exec.go
_NOT_RUN = "error executing command in container"


@dataclass(frozen=True, slots=True)
class Options:
    query: Query
    command: tuple[str, ...]
    container: str
    stdin: bool
    tty: bool
    quiet: bool
    timeout: float


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    args, dash = call.args, call.dash
    filenames = call.texts("filename")
    name = args[:1] if args and dash != 0 else []
    command: list[str] = []
    if dash > -1:
        command = args[dash:]
    elif len(args) > 1 or (args and filenames):
        call.usage_error("exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead")
    try:
        timeout = shared_flags.pod_running_timeout(call)
    except KubectlError as error:
        call.usage_error(str(error))
    query = Query(
        scheme=KUBECTL_SCHEME,
        names=tuple(name),
        default_type="pods",
        filenames=filenames,
        namespace=call.namespace,
        enforce=call.namespace_given,
        flatten=False,
    )
    return Options(
        query,
        tuple(command),
        call.text("container"),
        call.flag("stdin"),
        call.flag("tty"),
        call.flag("quiet"),
        timeout,
    )


def validate(options: Options) -> None:
    if not options.query.names and not options.query.filenames:
        raise KubectlError("pod, type/name or --filename must be specified")
    if not options.command:
        raise KubectlError("you must specify at least one command for the container")


def run(options: Options, client: Transport, streams: Streams) -> int:
    obj = select(options.query, client, streams).object()
    if is_list(obj):
        raise KubectlError("cannot exec into multiple objects at a time")
    pod = pod_choice.attachable(client, obj, options.timeout)
    phase = (pod.get("status") or {}).get("phase")
    if phase in ("Succeeded", "Failed"):
        raise KubectlError(f"cannot exec into a container in a completed pod; current phase is {phase}")
    container = options.container
    if not container:
        container = pod_choice.default_container(pod, (lambda text: None) if options.quiet else streams.err)
    elif not pod_choice.find_container(pod, container):
        raise pod_choice.not_valid(container, pod)
    is_terminal = attaching.terminal(options.stdin, options.tty, options.quiet, streams)
    try:
        code = _run(options, pod, container, is_terminal, client, streams)
    except ApiError as error:
        # What comes over the connection's error stream is no answer of the server to kubectl.
        # Source: client-go/tools/remotecommand/v4.go (errorDecoderV4)
        if _NOT_RUN in error.message:
            raise KubectlError(error.message) from None
        raise
    if code:
        raise CommandExit(code, f"command terminated with exit code {code}")
    return 0


def _run(options: Options, pod: Object, container: str, is_terminal: bool, client: Transport, streams: Streams) -> int:
    namespace, name, command = meta.namespace_of(pod), meta.name_of(pod), list(options.command)
    if is_terminal or (options.stdin and not streams.stdin and streams.keyboard is not None):
        dialogue = client.converse(namespace, name, container, command, tty=is_terminal)
        return conversation.hold(dialogue, streams, is_terminal=is_terminal)

    def write(stream: str, text: str) -> None:
        (streams.err if stream == "stderr" else streams.out)(text)

    stdin = streams.stdin if options.stdin else ""
    return client.exec(namespace, name, container, command, stdin=stdin, on_output=write).exit_code


COMMAND: Command[Options] = Command(
    name="exec",
    short="Run a command in a container",
    usage="exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        shared_flags.CONTAINER,
        shared_flags.FILENAME,
        shared_flags.POD_RUNNING_TIMEOUT,
        Flag("quiet", "bool", short="q", help="Print nothing but the command's own output."),
        Flag("stdin", "bool", short="i", help="Give the command the standard input."),
        Flag("tty", "bool", short="t", help="With a terminal: both outputs become one."),
    ),
    arguments="pod",
    examples=("kubectl exec web -- date", "kubectl exec deploy/web -c side -- ls /tmp"),
)
