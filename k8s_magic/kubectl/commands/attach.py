"""`kubectl attach`: the output of a running container from now on, and its standard input where that is open.

Source: kubectl/pkg/cmd/attach/attach.go
"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl import attaching, pod_choice, shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.resources import Query, select
from k8s_magic.kubectl.resources.query import KUBECTL_SCHEME
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import listed
from k8s_magic.machinery.protocols import Transport


@dataclass(frozen=True, slots=True)
class Options:
    query: Query
    container: str
    stdin: bool
    tty: bool
    quiet: bool
    timeout: float


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    if not call.args:
        raise KubectlError("at least 1 argument is required for attach")
    if len(call.args) > 2:
        raise KubectlError(
            f"expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw {len(call.args)}: {listed(call.args)}"
        )
    try:
        timeout = shared_flags.pod_running_timeout(call)
    except KubectlError as error:
        call.usage_error(str(error))
    named = len(call.args) == 1
    query = Query(
        scheme=KUBECTL_SCHEME,
        names=tuple(call.args) if named else tuple(call.args[1:]),
        default_type="pods" if named else call.args[0],
        namespace=call.namespace,
        flatten=False,
    )
    container, quiet = call.text("container"), call.flag("quiet")
    return Options(query, container, call.flag("stdin"), call.flag("tty"), quiet, timeout)


def run(options: Options, client: Transport, streams: Streams) -> int:
    obj = select(options.query, client, streams).object()
    pod = pod_choice.attachable(client, obj, options.timeout)
    phase = (pod.get("status") or {}).get("phase")
    if phase in ("Succeeded", "Failed"):
        raise KubectlError(f"cannot attach a container in a completed pod; current phase is {phase}")
    container = options.container
    if not container:
        container = pod_choice.default_container(pod, (lambda text: None) if options.quiet else streams.err)
    elif not pod_choice.find_container(pod, container):
        raise pod_choice.not_valid(container, pod)
    attaching.attach(pod, container, client, streams, stdin=options.stdin, tty=options.tty, quiet=options.quiet)
    return 0


COMMAND: Command[Options] = Command(
    name="attach",
    short="Show a running container's output from now on",
    usage="attach (POD | TYPE/NAME) -c CONTAINER",
    complete=complete,
    run=run,
    flags=(
        shared_flags.CONTAINER,
        shared_flags.POD_RUNNING_TIMEOUT,
        Flag("quiet", "bool", short="q", help="Print nothing but the container's own output."),
        Flag("stdin", "bool", short="i", help="Give it what is typed or piped in."),
        Flag("tty", "bool", short="t", help="With a terminal."),
        Flag("detach-keys", default="ctrl-p,ctrl-q", help="Keys that detach (no effect here)."),
    ),
    arguments="pod",
)
