"""`kubectl diff`: what apply would change, as `diff -u -N` prints it.

The two folders that the real command makes for diff(1) have names and times here too, although there are none.
Source: kubectl/pkg/cmd/diff/diff.go
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import CommandExit, Failure, KubectlError, UsageError, render
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import last_applied, requests
from k8s_magic.kubectl.writing.deleting import Deletion
from k8s_magic.kubectl.writing.patcher import Patcher, PatchFailed
from k8s_magic.kubectl.writing.unified import unified
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import ListOptions, Transport, WriteOptions
from k8s_magic.text import yaml_out

MANAGER = "kubectl-client-side-apply"
SERVER_MANAGER = "kubectl"
MASK, MASK_BEFORE, MASK_AFTER = "***", "*** (before)", "*** (after)"  # diff.go


@dataclass(frozen=True, slots=True)
class Options:
    query: Query
    server_side: bool
    write: WriteOptions
    managed_fields: bool
    secrets: bool


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    try:
        return _complete(call)
    except KubectlError as error:
        raise _trouble(error) from None


def _complete(call: Call) -> Options:
    if call.args:
        call.usage_error(f"Unexpected args: [{' '.join(call.args)}]")
    if not call.texts("filename") and not call.text("kustomize"):
        raise KubectlError("must specify one of -f and -k")
    server_side, force = call.flag("server-side"), call.flag("force-conflicts")
    if force and not server_side:
        raise KubectlError("--force-conflicts only works with --server-side")
    if call.flag("prune"):
        raise Unsupported("diff --prune is not part of this simulation")
    manager = call.text("field-manager")
    if server_side and not call.changed("field-manager"):
        manager = SERVER_MANAGER
    return Options(
        query=Query(
            filenames=call.texts("filename"),
            kustomize=call.text("kustomize"),
            recursive=call.flag("recursive"),
            namespace=call.namespace,
            enforce=call.namespace_given,
            selector=call.text("selector"),
        ),
        server_side=server_side,
        write=WriteOptions(dry_run=True, field_manager=manager, force=server_side and force),
        managed_fields=call.flag("show-managed-fields"),
        secrets=call.flag("show-secrets"),
    )


def _trouble(error: Exception) -> CommandExit:
    """Exit code 1 says that there are differences: errors end with the next one."""
    text, code = render(error)
    return CommandExit(code + 1, text)


def run(options: Options, client: Transport, streams: Streams) -> int:
    pairs: list[tuple[str, str, str]] = []

    def compare(info: Info) -> None:
        wanted = info.found
        info.object = live = _live(options, info, client)
        merged = _merged(options, info, live, wanted, client)
        pairs.append((_file_name(info), *_texts(options, live, merged)))
        if live is not None and meta.is_deleting(live):
            streams.err(f"Warning: Detected changes to resource {info.name} which is currently being deleted.\n")

    try:
        result = select(options.query, client, streams)
        result.check()
        result.visit(compare)
    except Failure as error:
        raise _trouble(error) from None
    lines = list(_differences(pairs, client.now()))
    streams.out("".join(lines))
    return 1 if lines else 0


def _live(options: Options, info: Info, client: Transport) -> Object | None:
    read = ListOptions(managed_fields=options.managed_fields)
    try:
        return client.get(info.resource.gvr, info.namespace, info.name, options=read)
    except ApiError as error:
        if error.is_not_found:
            return None
        raise


def _merged(options: Options, info: Info, live: Object | None, wanted: Object, client: Transport) -> Object:
    if options.server_side:
        resource = info.resource.gvr
        return client.patch(resource, info.namespace, info.name, wanted, "apply", options=options.write)
    if live is None:
        return requests.create(client, info, wanted, options.write)
    patcher = Patcher(client, info, options.write, overwrite=True, force=False, deletion=Deletion())
    try:
        return patcher.patch(live, last_applied.without(wanted))[1]
    except PatchFailed as failed:
        raise failed.cause from None


def _texts(options: Options, live: Object | None, merged: Object) -> tuple[str, str]:
    before: Object | None
    before, after = live, merged
    if not options.managed_fields:
        before = before and meta.with_metadata(before, managedFields=None)
        after = meta.with_metadata(after, managedFields=None)
    if not options.secrets and merged.get("apiVersion") == "v1" and merged.get("kind") == "Secret":
        before, after = _masked(before, after)
    return ("" if before is None else yaml_out.dump(before)), yaml_out.dump(after)


def _masked(before: Object | None, after: Object) -> tuple[Object | None, Object]:
    old, new = (before or {}).get("data") or {}, after.get("data") or {}
    changed = {key for key in old if key in new and old[key] != new[key]}
    if before is not None and old:
        before = {**before, "data": {key: MASK_BEFORE if key in changed else MASK for key in old}}
    if new:
        after = {**after, "data": {key: MASK_AFTER if key in changed else MASK for key in new}}
    return before, after


def _file_name(info: Info) -> str:
    gvk = info.resource.gvk
    group = f"{gvk.group}." if gvk.group else ""
    return f"{group}{gvk.version}.{gvk.kind}.{info.namespace}.{info.name}"


def _differences(pairs: Iterable[tuple[str, str, str]], now: datetime) -> Iterable[str]:
    sides = [f"/tmp/{side}-{crc32(f'{side}{now.isoformat()}'.encode())}" for side in ("LIVE", "MERGED")]
    time = now.strftime("%Y-%m-%d %H:%M:%S.%f000 +0000")
    for name, before, after in sorted(pairs):
        hunks = unified(before, after)
        if hunks:
            live, merged = (f"{side}/{name}" for side in sides)
            yield f"diff -u -N {live} {merged}\n--- {live}\t{time}\n+++ {merged}\t{time}\n{hunks}"


def _flag_error(path: str, message: str) -> CommandExit:
    return _trouble(UsageError(path, message))


COMMAND = Command(
    "diff",
    "What apply would change",
    "diff -f FILENAME",
    complete=complete,
    run=run,
    flag_error=_flag_error,
    flags=(
        Flag("prune-allowlist", "array", help="With --prune: the kinds to look at."),
        Flag("prune", "bool", help="Show what pruning would delete (not part of this simulation)."),
        Flag("show-managed-fields", "bool", help="Compare metadata.managedFields too."),
        Flag("show-secrets", "bool", help="Show the values of Secrets."),
        Flag("concurrency", "int", default=1, help="How many objects to read at a time (no effect here)."),
        *shared_flags.FILENAME_FLAGS,
        Flag("server-side", "bool", help="Let the server merge."),
        Flag("force-conflicts", "bool", help="With --server-side: take fields over from other managers."),
        shared_flags.field_manager(MANAGER),
        shared_flags.SELECTOR,
    ),
    examples=("kubectl diff -f web.yaml",),
)
