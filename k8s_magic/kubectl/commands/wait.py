"""`kubectl wait`. Source: kubectl/pkg/cmd/wait/{wait,create,delete,condition,json}.go"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError, is_not_found
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import awaiting, conditions
from k8s_magic.kubectl.writing.conditions import Condition
from k8s_magic.kubectl.writing.deleting import LONGEST_WAIT
from k8s_magic.kubectl.writing.pod_specs import LOCAL_RESOURCE
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport

POLL = 0.5  # wait.go: how often --for=create looks


@dataclass(frozen=True, slots=True)
class Options:
    query: Query
    conditions: tuple[Condition, ...]
    timeout: float
    printer: Printer

    def has(self, kind: str) -> bool:
        return any(condition.kind == kind for condition in self.conditions)


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    printer = PrintOptions.of(call).printer("condition met", streams)
    wanted = conditions.parse(call.texts("for"))
    timeout = call.seconds("timeout")
    if call.flag("local") and call.args:
        raise KubectlError(LOCAL_RESOURCE)
    query = Query(
        arguments=tuple(call.args),
        filenames=call.texts("filename"),
        recursive=call.flag("recursive"),
        kustomize=call.text("kustomize"),
        namespace=call.namespace,
        all_namespaces=call.flag("all-namespaces"),
        enforce=call.namespace_given,
        selector=call.text("selector"),
        field_selector=call.text("field-selector"),
        empty_selector=call.flag("all"),
        local=call.flag("local"),
        latest=not call.flag("local"),
        continue_on_error=True,
    )
    return Options(query, wanted, LONGEST_WAIT if timeout < 0 else timeout, printer)


def run(options: Options, client: Transport, streams: Streams) -> int:
    end = client.now() + timedelta(seconds=options.timeout)
    if options.has("create"):
        _until_created(options, end, client, streams)
    seen = 0

    def wait(info: Info) -> None:
        nonlocal seen
        seen += 1
        for condition in options.conditions:
            obj = _wait(condition, info, options.timeout, end, client)
            options.printer.print(obj, streams.out)

    result = select(options.query, client, streams)
    if options.has("delete"):
        result.ignore = is_not_found
    result.visit(wait)
    if not seen and not options.has("delete"):
        raise KubectlError("no matching resources found")
    return 0


def _until_created(options: Options, end: datetime, client: Transport, streams: Streams) -> None:
    while True:
        found: list[Info] = []
        try:
            select(options.query, client, streams).visit(found.append)
        except ApiError as error:
            if not error.is_not_found:
                raise
        else:
            if found:
                return
        if client.now() >= end:
            raise KubectlError("timed out waiting for the condition")
        client.sleep(min(POLL, (end - client.now()).total_seconds()))


def _wait(condition: Condition, info: Info, timeout: float, end: datetime, client: Transport) -> Object:
    if not info.name:
        raise KubectlError("resource name must be provided")
    if condition.kind == "create":
        return info.found
    gone = condition.kind == "delete"

    def ready(obj: Object | None) -> bool:
        if gone:
            return obj is None
        if obj is None:
            # The answer to a get of what is not there, in the server's words.
            client.get(info.resource.gvr, info.namespace, info.name)
            return False
        return condition.met(obj)

    if timeout == 0:
        return _once(condition, info, client)
    found = awaiting.until(client, info, end, ready, stays_gone=gone)
    return info.found if found is None else found


def _once(condition: Condition, info: Info, client: Transport) -> Object:
    try:
        obj = client.get(info.resource.gvr, info.namespace, info.name)
    except ApiError as error:
        if condition.kind == "delete" and error.is_not_found:
            return info.found
        raise
    if condition.kind == "delete" or not condition.met(obj):
        raise KubectlError(f"condition not met for {info.object_name}")
    return obj


COMMAND = Command(
    "wait",
    "Wait until objects are as wanted",
    "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|"
    "--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
    complete=complete,
    run=run,
    flags=(
        *PRINT_FLAGS,
        shared_flags.FILENAME,
        shared_flags.KUSTOMIZE,
        Flag("recursive", "bool", short="R", default=True, help=shared_flags.RECURSIVE.help),
        shared_flags.SELECTOR,
        shared_flags.FIELD_SELECTOR,
        shared_flags.ALL_NAMESPACES,
        Flag("all", "bool", help="All objects of the types, in the namespace."),
        Flag("local", "bool", help="Ask the server nothing."),
        Flag("timeout", "duration", default=30.0, help="How long to wait: 0 looks once, below 0 waits for a week."),
        Flag("for", "array", help="What to wait for; given more than once, one after the other."),
    ),
    arguments="kind/name",
    examples=(
        "kubectl wait --for=condition=Ready pod/web",
        "kubectl wait --for=jsonpath='{.status.phase}'=Running pod/web",
        "kubectl wait --for=delete pod/web --timeout=60s",
    ),
)
