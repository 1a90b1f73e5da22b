"""`kubectl logs`: what containers wrote, of a Pod, a workload's Pods, or all Pods with some labels.

Source: kubectl/pkg/cmd/logs/logs.go, kubectl/pkg/polymorphichelpers/logsforobject.go
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from k8s_magic.kubectl import log_sources, shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError, is_not_found
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.log_sources import Source
from k8s_magic.kubectl.resources import Query, select
from k8s_magic.kubectl.resources.query import KUBECTL_SCHEME
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import LogOptions, Transport
from k8s_magic.text.go_values import quoted

# Source: logs.go (selectorTail, defaultPodLogsTimeout, consumeWithRetry)
SELECTOR_TAIL = 10
DEFAULT_TIMEOUT = 20.0
RETRY_AFTER = 1.0

_USAGE = (
    "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\n"
    "POD or TYPE/NAME is a required argument for the logs command"
)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Options:
    target: Object
    namespace: str
    log: LogOptions
    all_containers: bool
    all_pods: bool
    container_flag: bool
    words: int
    since: float
    prefix: bool
    ignore_errors: bool
    most_followed: int
    timeout: float


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    args, selector = call.args, call.text("selector")
    if not args and not selector:
        call.usage_error(_USAGE)
    if len(args) == 1 and selector:
        call.usage_error("only a selector (-l) or a POD name is allowed")
    if len(args) > 2:
        call.usage_error(_USAGE)
    timeout = shared_flags.pod_running_timeout(call)
    log = _log_options(call)
    query = Query(
        scheme=KUBECTL_SCHEME,
        names=tuple(args[:1]),
        default_type="pods",
        types=("pods",) if selector else (),
        selector=selector,
        namespace=call.namespace,
        single_type=True,
        flatten=False,
        chunk=0,
    )
    infos, error = select(query, client, streams).infos()
    if error is not None:
        if is_not_found(error):
            raise KubectlError(f'error from server (NotFound): {error} in namespace "{call.namespace}"')
        raise error
    if not selector and len(infos) != 1:
        raise KubectlError("expected a resource")
    target = infos[0].found
    if selector and not target["items"]:
        streams.err(f"No resources found in {call.namespace} namespace.\n")
    return Options(
        target=target,
        namespace=call.namespace,
        log=log,
        all_containers=call.flag("all-containers"),
        all_pods=call.flag("all-pods"),
        container_flag=call.changed("container"),
        words=len(args),
        since=call.seconds("since"),
        prefix=call.flag("prefix") or call.flag("all-pods"),
        ignore_errors=call.flag("ignore-errors"),
        most_followed=call.number("max-log-requests"),
        timeout=timeout,
    )


def _log_options(call: Call) -> LogOptions:
    since_time, since = call.text("since-time"), call.seconds("since")
    if since_time and not _RFC3339.fullmatch(since_time):
        layout = "2006-01-02T15:04:05Z07:00"
        raise KubectlError(
            f"parsing time {quoted(since_time)} as {quoted(layout)}: cannot parse {quoted(since_time)} as "
            f"{quoted('2006')}"
        )
    tail: int | None = call.number("tail")
    if call.text("selector") and not call.changed("tail"):
        tail = SELECTOR_TAIL
    elif tail == -1:
        tail = None
    return LogOptions(
        container=call.args[1] if len(call.args) == 2 else call.text("container"),
        follow=call.flag("follow"),
        previous=call.flag("previous"),
        since_seconds=int(since + 0.5) if since > 0 else int(since) if since else None,
        since_time=since_time,
        timestamps=call.flag("timestamps"),
        tail_lines=tail,
        limit_bytes=call.number("limit-bytes") or None,
    )


def validate(options: Options) -> None:
    log = options.log
    if log.since_time and options.since:
        raise KubectlError("at most one of `sinceTime` or `sinceSeconds` may be specified")
    if options.all_containers and log.container:
        raise KubectlError(f"--all-containers=true should not be specified with container name {log.container}")
    if options.container_flag and options.words == 2:
        raise KubectlError("only one of -c or an inline [CONTAINER] arg is allowed")
    if log.limit_bytes is not None and log.limit_bytes < 0:
        raise KubectlError("--limit-bytes must be greater than 0")
    if log.since_seconds is not None and log.since_seconds < 0:
        raise KubectlError("--since must be greater than 0")
    if log.tail_lines is not None and log.tail_lines < -1:
        raise KubectlError("--tail must be greater than or equal to -1")


def run(options: Options, client: Transport, streams: Streams) -> int:
    wanted = log_sources.Wanted(options.log, options.all_containers, options.all_pods, options.timeout)
    sources = list(log_sources.sources(wanted, options.target, client, streams.err))
    if options.log.follow and len(sources) > 1:
        if len(sources) > options.most_followed:
            raise KubectlError(
                f"you are attempting to follow {len(sources)} log streams, but maximum allowed concurrency is "
                f"{options.most_followed}, use --max-log-requests to increase the limit"
            )
        notice = (lambda text: None) if options.ignore_errors else streams.err
        log_sources.follow(sources, client, lambda source, text: _write(options, source, text, streams), notice)
        return 0
    for source in sources:
        _print_one(options, source, client, streams)
    return 0


def _print_one(options: Options, source: Source, client: Transport, streams: Streams) -> None:
    """One log; a container that has not started yet is waited for where it is followed."""
    namespace, name = meta.namespace_of(source.pod), meta.name_of(source.pod)
    waited = 0.0
    while True:
        try:
            for text in client.logs(namespace, name, source.log):
                _write(options, source, text, streams)
            return
        except ApiError as error:
            if options.ignore_errors:
                streams.out(f"error: {error}\n")
                return
            if not source.log.follow:
                raise
            streams.err(f"{error}\n")
        client.sleep(RETRY_AFTER)
        waited += RETRY_AFTER
        if waited >= options.timeout:
            raise KubectlError("context deadline exceeded")


def _write(options: Options, source: Source, text: str, streams: Streams) -> None:
    if not options.prefix:
        streams.out(text)
        return
    streams.out("".join(source.prefix + line for line in text.splitlines(keepends=True)))


COMMAND: Command[Options] = Command(
    name="logs",
    short="Show what a container has written",
    usage="logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        Flag("all-containers", "bool", help="Of all containers of the Pods."),
        Flag("all-pods", "bool", help="Of all Pods of a workload, with prefixes."),
        shared_flags.CONTAINER,
        Flag("follow", "bool", short="f", help="Go on with what is written from now on."),
        Flag("ignore-errors", "bool", help="Go on where a log cannot be read."),
        Flag("insecure-skip-tls-verify-backend", "bool", help="No effect here."),
        Flag("limit-bytes", "int", help="At most so many bytes."),
        Flag("max-log-requests", "int", default=5, help="How many logs may be followed at once."),
        replace(shared_flags.POD_RUNNING_TIMEOUT, default=DEFAULT_TIMEOUT),
        Flag("prefix", "bool", help="Each line with its Pod and container."),
        Flag("previous", "bool", short="p", help="Of the container before its last restart."),
        shared_flags.SELECTOR,
        Flag("since", "duration", help="Only what is newer than this, e.g. 5s, 2m, 3h."),
        Flag("since-time", help="Only what is newer than this instant (RFC 3339)."),
        Flag("tail", "int", default=-1, help="Only so many last lines; -1 is all (10 with a selector)."),
        Flag("timestamps", "bool", help="Each line with its time."),
    ),
    arguments="pod",
    examples=("kubectl logs web", "kubectl logs -f deploy/web", "kubectl logs -l app=web --prefix --tail=5"),
)
