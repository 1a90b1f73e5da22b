"""`kubectl cp`: files to and from a container, by the tar that is in it. Local files are those that -f may name.

What is copied here becomes one of the notebook's own files, never one of this machine's.
Source: kubectl/pkg/cmd/cp/cp.go
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from posixpath import basename, dirname, normpath

from k8s_magic.kubectl import copying, shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.commands import exec as exec_command
from k8s_magic.kubectl.copying import Place
from k8s_magic.kubectl.errors import Failure, KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.resources import Query
from k8s_magic.kubectl.resources.query import KUBECTL_SCHEME
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.names import PODS
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text.go_values import quoted


@dataclass(frozen=True, slots=True)
class Options:
    places: tuple[str, ...]
    namespace: str
    container: str
    no_preserve: bool
    retries: int


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    return Options(
        tuple(call.args),
        call.namespace,
        call.text("container"),
        call.flag("no-preserve"),
        call.number("retries"),
    )


def validate(options: Options) -> None:
    if len(options.places) != 2:
        raise KubectlError("source and destination are required")


def run(options: Options, client: Transport, streams: Streams) -> int:
    source, target = (copying.place(text) for text in options.places)
    if source.pod and target.pod:
        raise KubectlError("one of src or dest must be a local file specification")
    if not source.path or not target.path:
        raise KubectlError("filepath can not be empty")
    if source.pod:
        _from_pod(options, source, _local(target.path, streams), client, streams)
    elif target.pod:
        _to_pod(options, _local(source.path, streams), target, client, streams)
    else:
        raise KubectlError("one of src or dest must be a remote file specification")
    return 0


def _local(path: str, streams: Streams) -> str:
    """A path as the notebook's own files have it: without the folder that they are all in."""
    home = streams.env.get("HOME", "")
    return path.removeprefix(f"{home}/") if home else path


def _to_pod(options: Options, source: str, target: Place, client: Transport, streams: Streams) -> None:
    files = streams.files
    if not files.kind(normpath(source)):
        raise KubectlError(f"{source} doesn't exist in local filesystem")
    path = target.path
    try:
        _run(options, target, ["test", "-d", path], client, replace(streams, out=_ignore, err=_ignore, stdin=""))
        path = copying.joined(path, basename(source))
    except Failure:
        pass  # where it is no folder, it is the new file's own name
    try:
        data = copying.packed(files, source, path)
    except OSError as error:
        raise KubectlError(str(error)) from None
    command = ["tar", *(("--no-same-permissions", "--no-same-owner") if options.no_preserve else ()), "-xmf", "-"]
    command += ["-C", dirname(path) or "."]
    text = data.decode("utf-8", "surrogateescape")
    _run(options, target, command, client, replace(streams, stdin=text), stdin=True)


def _from_pod(options: Options, source: Place, target: str, client: Transport, streams: Streams) -> None:
    """Our simplification: a failing tar is always heard of; the real kubectl may have ended before that."""
    command = ["tar", "cf", "-", source.path]
    if options.retries:
        escaped = source.path.replace("'", "'\\''")
        command = ["sh", "-c", f"tar cf - '{escaped}' | tail -c+0"]
    parts: list[str] = []
    heard = replace(streams, out=parts.append, err=streams.out, stdin="")
    _run(options, source, command, client, heard)
    namespace = quoted(source.namespace)
    words = f"kubectl exec -n {namespace} {quoted(source.pod)} -- tar cf - {quoted(source.path)} | tar xf -"
    advice = f' (consider using "{words}")'
    data = "".join(parts).encode("utf-8", "surrogateescape")
    copying.unpack(streams.files, data, source.path, target, streams.err, advice)


def _run(
    options: Options, place: Place, command: list[str], client: Transport, streams: Streams, *, stdin: bool = False
) -> None:
    """As `kubectl exec` does it. Raises: Failure."""
    namespace = place.namespace or options.namespace
    client.get(PODS, namespace, place.pod)
    query = Query(scheme=KUBECTL_SCHEME, names=(place.pod,), default_type="pods", namespace=namespace, flatten=False)
    wanted = exec_command.Options(query, tuple(command), options.container, stdin, False, False, 60.0)
    exec_command.run(wanted, client, replace(streams, keyboard=None))


def _ignore(text: str) -> None:
    return None


COMMAND: Command[Options] = Command(
    name="cp",
    short="Copy files and folders to and from containers",
    usage="cp <file-spec-src> <file-spec-dest>",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        shared_flags.CONTAINER,
        Flag("no-preserve", "bool", help="Owners and permissions are not kept in the container."),
        Flag("retries", "int", help="How often to go on with a copy from a container that broke off; no effect here."),
    ),
    examples=("kubectl cp web.yaml web:/tmp/web.yaml", "kubectl cp web:/etc/nginx nginx"),
)
