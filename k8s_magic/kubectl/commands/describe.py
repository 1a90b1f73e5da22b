"""`kubectl describe`: everything about objects, with what belongs to them. Each kind tells of itself.

Source: kubectl/pkg/cmd/describe/describe.go
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from k8s_magic.kinds import describe, describer
from k8s_magic.kinds.describe import DescribeContext
from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import Failure, KubectlError, is_not_found, raise_all
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import SUGGEST_API_RESOURCES
from k8s_magic.machinery.protocols import Transport


@dataclass(frozen=True, slots=True)
class Options:
    query: Query
    show_events: bool
    show_events_given: bool


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    filenames, kustomize = call.texts("filename"), call.text("kustomize")
    if not call.args and not filenames and not kustomize:
        raise KubectlError(f"You must specify the type of resource to describe. {SUGGEST_API_RESOURCES}\n")
    everywhere = call.flag("all-namespaces")
    query = Query(
        arguments=tuple(call.args),
        filenames=filenames,
        recursive=call.flag("recursive"),
        kustomize=kustomize,
        namespace=call.namespace,
        all_namespaces=everywhere,
        enforce=call.namespace_given and not everywhere,
        selector=call.text("selector"),
        chunk=call.number("chunk-size"),
        empty_selector=True,
        continue_on_error=True,
    )
    return Options(query, call.flag("show-events"), call.changed("show-events"))


def run(options: Options, client: Transport, streams: Streams) -> int:
    query = options.query
    result = select(query, client, streams)
    result.check()
    infos, error = result.infos()
    if (error is not None or len(infos) > 1) and not options.show_events_given:
        options = replace(options, show_events=False)
    failures: list[Exception] = []
    if error is not None:
        if is_not_found(error) and len(query.arguments) == 2:
            return _matching(options, error, client, streams)
        failures.append(error)
    told: list[str] = []
    separator = ""
    for info in infos:
        try:
            text = _text(options, info, client)
        except Failure as failure:
            if str(failure) not in told:
                told.append(str(failure))
                failures.append(failure)
            continue
        streams.out(separator + text)
        separator = "\n\n"
    if not infos and not failures:
        where = "" if query.all_namespaces else f" in {query.namespace} namespace."
        streams.err(f"No resources found{where}\n")
    raise_all(failures)
    return 0


def _text(options: Options, info: Info, client: Transport) -> str:
    if info.source:  # a file only names what the server knows
        info.get()
    tell = describer(info.resource.gvk) or describe.generic
    context = DescribeContext(client, options.show_events, options.query.chunk)
    return tell(info.found, context)


def _matching(options: Options, error: Exception, client: Transport, streams: Streams) -> int:
    """Where there is no such name: everything whose name begins so."""
    kind, prefix = options.query.arguments
    query = replace(
        options.query,
        arguments=(kind,),
        all_namespaces=False,
        enforce=False,
        single_type=True,
        continue_on_error=False,
    )
    found = [info for info in select(query, client, streams).all() if info.name.startswith(prefix)]
    if not found:
        raise error
    for info in found:
        streams.out(_text(options, info, client) + "\n")
    return 0


COMMAND: Command[Options] = Command(
    name="describe",
    short="Tell all about objects and what belongs to them",
    usage="describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)",
    complete=complete,
    run=run,
    flags=(
        shared_flags.ALL_NAMESPACES,
        shared_flags.CHUNK_SIZE,
        *shared_flags.FILENAME_FLAGS,
        shared_flags.SELECTOR,
        Flag("show-events", "bool", default=True, help="Show the events about an object (one object only)."),
    ),
    suggest_for=("inspect",),
    arguments="kind/name",
    examples=("kubectl describe node node-1", "kubectl describe deploy/web", "kubectl describe pods -l app=web"),
)
