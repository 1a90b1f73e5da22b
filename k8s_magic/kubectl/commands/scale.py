"""`kubectl scale`. Source: kubectl/pkg/cmd/scale/scale.go, kubectl/pkg/scale/scale.go"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import recording
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport, WriteOptions
from k8s_magic.text.go_values import quoted

RETRY = 1.0  # scale.go: seconds between tries
RETRY_FOR = 300.0


@dataclass(frozen=True, slots=True)
class Options:
    call: Call
    query: Query
    dry_run: str
    printer: Printer
    cause: str


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    dry_run = shared_flags.dry_run(call, streams)
    return Options(
        call=call,
        query=Query(
            arguments=tuple(call.args),
            filenames=call.texts("filename"),
            kustomize=call.text("kustomize"),
            recursive=call.flag("recursive"),
            namespace=call.namespace,
            enforce=call.namespace_given,
            empty_selector=call.flag("all"),
            selector=call.text("selector"),
            continue_on_error=True,
        ),
        dry_run=dry_run,
        printer=PrintOptions.of(call).printer("scaled", streams, dry_run),
        cause=recording.change_cause(call),
    )


def validate(options: Options) -> None:
    call = options.call
    if call.number("replicas") < 0:
        raise KubectlError("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0")
    if call.number("current-replicas") < -1:
        raise KubectlError("The --current-replicas must specify an integer of -1 or greater")


def run(options: Options, client: Transport, streams: Streams) -> int:
    call = options.call
    result = select(options.query, client, streams)
    result.check()
    infos, error = result.infos()
    if call.text("resource-version") and len(infos) > 1:
        raise KubectlError("cannot use --resource-version with multiple resources")
    if not infos:
        raise error or KubectlError("no objects passed to scale")
    count = call.number("replicas")
    for info in infos:
        if options.dry_run == "client":
            options.printer.print(_with_replicas(info, count), streams.out)
            continue
        size = _scale(info, options, client)
        if call.seconds("timeout") and not options.dry_run:
            _wait(info, count, call.seconds("timeout"), client)
        if options.cause:
            patch = recording.patch_for(options.cause)
            client.patch(info.resource.gvr, info.namespace, info.name, patch, "merge")
        options.printer.print(_with_replicas(info, size), streams.out)
    if error is not None:
        raise error
    return 0


def _with_replicas(info: Info, count: int) -> Object:
    obj = info.found
    if info.resource.gvk.group not in ("", "apps"):
        return obj
    return {**obj, "spec": {**(obj.get("spec") or {}), "replicas": count}}


def _scale(info: Info, options: Options, client: Transport) -> int:
    """Tries again while someone else is writing. Answers the new size."""
    waited = 0.0
    while True:
        try:
            return _scale_once(info, options, client)
        except ApiError as error:
            if not error.is_conflict:
                raise
            if waited >= RETRY_FOR:
                raise KubectlError("context deadline exceeded") from None
        client.sleep(RETRY)
        waited += RETRY


def _scale_once(info: Info, options: Options, client: Transport) -> int:
    call = options.call
    count, current, version = (
        call.number("replicas"),
        call.number("current-replicas"),
        call.text("resource-version"),
    )
    where = (info.resource.gvr, info.namespace, info.name)
    write = WriteOptions(dry_run=options.dry_run == "server")
    if current == -1 and not version:
        body: Object = {"spec": {"replicas": count}}
        answer = client.patch(*where, body, "merge", subresource="scale", options=write)
    else:
        scale = client.get(*where, subresource="scale")
        size = (scale.get("spec") or {}).get("replicas", 0)
        if current not in (-1, size):
            raise KubectlError(f"Expected replicas to be {current}, was {size}")
        held = scale["metadata"].get("resourceVersion", "")
        if version and held != version:
            raise KubectlError(f"Expected resource version to be {version}, was {held}")
        body = {**scale, "spec": {**(scale.get("spec") or {}), "replicas": count}}
        answer = client.update(*where, body, subresource="scale", options=write)
    new: int = (answer.get("spec") or {}).get("replicas", 0)
    return new


def _wait(info: Info, count: int, timeout: float, client: Transport) -> None:
    waited = 0.0
    while True:
        scale = client.get(info.resource.gvr, info.namespace, info.name, subresource="scale")
        wanted = (scale.get("spec") or {}).get("replicas", 0)
        if wanted != count or (scale.get("status") or {}).get("replicas", 0) == count:
            return
        if waited >= timeout:
            raise KubectlError(f"timed out waiting for {quoted(info.name)} to be synced")
        client.sleep(RETRY)
        waited += RETRY


COMMAND = Command(
    "scale",
    "Set how many replicas there are",
    "scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        recording.RECORD,
        *PRINT_FLAGS,
        Flag("all", "bool", help="All objects of the types, in the namespace."),
        Flag("resource-version", help="Only if the object has this resourceVersion."),
        Flag("current-replicas", "int", default=-1, help="Only if there are so many now."),
        Flag("replicas", "int", help="How many there are to be."),
        Flag("timeout", "duration", help="How long to wait until there are so many; 0 does not wait."),
        *shared_flags.FILENAME_FLAGS,
        shared_flags.DRY_RUN,
        shared_flags.SELECTOR,
    ),
    required=("replicas",),
    arguments="kind/name",
)
