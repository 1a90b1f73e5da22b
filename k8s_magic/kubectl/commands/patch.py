"""`kubectl patch`. Source: kubectl/pkg/cmd/patch/patch.go"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import recording, typed
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.patch import PatchError, json_patch, merge_patch, strategic
from k8s_magic.machinery.protocols import PatchType, Transport, WriteOptions
from k8s_magic.text import json_in, json_out, yaml_in
from k8s_magic.text.go_values import quoted

_TYPES = ("json", "merge", "strategic")


@dataclass(frozen=True, slots=True)
class Options:
    call: Call
    query: Query
    dry_run: str
    printer: Callable[[str], Printer]
    cause: str


@dataclass(frozen=True, slots=True)
class _Malformed:
    """A patch that begins like JSON and is not."""

    text: str
    complaint: str


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    dry_run = shared_flags.dry_run(call, streams)
    printing = PrintOptions.of(call)
    return Options(
        call=call,
        query=Query(
            arguments=tuple(call.args),
            filenames=call.texts("filename"),
            kustomize=call.text("kustomize"),
            recursive=call.flag("recursive"),
            namespace=call.namespace,
            enforce=call.namespace_given,
            subresource=call.text("subresource"),
            local=call.flag("local"),
            continue_on_error=True,
        ),
        dry_run=dry_run,
        printer=lambda operation: printing.printer(operation, streams, dry_run),
        cause=recording.change_cause(call),
    )


def validate(options: Options) -> None:
    call = options.call
    patch, file = call.text("patch"), call.text("patch-file")
    if patch and file:
        raise KubectlError("cannot specify --patch and --patch-file together")
    if not patch and not file:
        raise KubectlError("must specify --patch or --patch-file containing the contents of the patch")
    if call.flag("local") and call.args:
        raise KubectlError("cannot specify --local and server resources")
    if call.flag("local") and options.dry_run == "server":
        raise KubectlError("cannot specify --local and --dry-run=server - did you mean --dry-run=client?")
    if call.text("type") and call.text("type").lower() not in _TYPES:
        raise KubectlError(f"--type must be one of [{' '.join(_TYPES)}], not {quoted(call.text('type'))}")


def run(options: Options, client: Transport, streams: Streams) -> int:
    call = options.call
    kind = cast(PatchType, call.text("type").lower() or "strategic")
    body = _read(call, streams)
    count = 0

    def change(info: Info) -> None:
        nonlocal count
        count += 1
        if call.flag("local") or options.dry_run == "client":
            obj = _apply(info.found, body, kind)
        else:
            obj = _send(info, body, kind, options, client)
        operation = "patched" if obj != info.found else "patched (no change)"
        if options.cause and not call.flag("local") and options.dry_run != "client":
            obj = client.patch(
                info.resource.gvr, info.namespace, info.name, recording.patch_for(options.cause), "merge"
            )
        options.printer(operation).print(obj, streams.out)

    result = select(options.query, client, streams)
    result.check()
    result.visit(change)
    if not count:
        raise KubectlError("no objects passed to patch")
    return 0


def _read(call: Call, streams: Streams) -> Any:
    text = call.text("patch")
    if call.text("patch-file"):
        try:
            text = streams.files.read(call.text("patch-file")).decode("utf-8", "replace")
        except OSError as error:
            raise KubectlError(f"unable to read patch file: {error}") from None
    if text.lstrip().startswith("{"):  # yaml.ToJSON: JSON goes to the server as it is, right or wrong
        try:
            return json_in.loads(text)
        except json_in.JsonError as error:
            return _Malformed(text, str(error))
    try:
        return yaml_in.load(text)
    except yaml_in.YamlError as error:
        raise KubectlError(f"unable to parse {quoted(call.text('patch'))}: {error}") from None


def _send(info: Info, body: Any, kind: PatchType, options: Options, client: Transport) -> Object:
    call = options.call
    # In the transport's contract a text is JSON text as it is.
    data = body.text if isinstance(body, _Malformed) else quoted(body) if isinstance(body, str) else body
    try:
        return client.patch(
            info.resource.gvr,
            info.namespace,
            info.name,
            data,
            kind,
            subresource=call.text("subresource"),
            options=WriteOptions(dry_run=options.dry_run == "server", field_manager=call.text("field-manager")),
        )
    except ApiError as error:
        if error.reason == "UnsupportedMediaType":
            media = {"json": "json", "merge": "merge", "strategic": "strategic-merge"}[kind]
            gvk = info.resource.gvk
            named = f"{gvk.group}/{gvk.version}, Kind={gvk.kind}"
            raise KubectlError(f"application/{media}-patch+json is not supported by {named}: {error.message}") from None
        raise


def _apply(obj: Object, body: Any, kind: PatchType) -> Object:
    changed = _changed(obj, body, kind)
    if not isinstance(changed, dict):
        raise KubectlError("json: cannot unmarshal array into Go value of type unstructured.detector")
    if not changed.get("kind") or not isinstance(changed["kind"], str):
        raise KubectlError(f"Object 'Kind' is missing in '{json_out.compact(changed)}'")
    return changed


def _changed(obj: Object, body: Any, kind: PatchType) -> Any:
    try:
        if kind == "json":
            if isinstance(body, _Malformed):
                raise KubectlError(body.complaint)
            return json_patch.apply(obj, body)
        if kind == "merge":
            if not isinstance(body, dict | list):
                raise KubectlError("Invalid JSON Patch")
            return merge_patch.apply(obj, body)
        if body is None:
            return obj
        if not isinstance(body, dict):
            raise KubectlError("invalid JSON document")
        schema = typed.schema_for(obj)
        if schema is None:
            raise KubectlError(
                f"strategic merge patch is not supported for {obj.get('apiVersion')}, Kind={obj.get('kind')} "
                "locally, try --type merge"
            )
        return strategic.apply(obj, body, schema)
    except PatchError as error:
        raise KubectlError(str(error)) from None


COMMAND = Command(
    "patch",
    "Change fields of an object",
    "patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        recording.RECORD,
        *PRINT_FLAGS,
        Flag("patch", short="p", help="The patch, in JSON or YAML."),
        Flag("patch-file", help="A file with the patch."),
        Flag("type", default="strategic", help="json, merge or strategic.", candidates=",".join(_TYPES)),
        shared_flags.DRY_RUN,
        *shared_flags.FILENAME_FLAGS,
        Flag("local", "bool", help="Patch the file's content, ask no server."),
        shared_flags.field_manager("kubectl-patch"),
        shared_flags.SUBRESOURCE,
    ),
    arguments="kind/name",
)
