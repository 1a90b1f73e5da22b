"""`kubectl apply`: make what a file says so, by the client's three-way patch or by the server.

Source: kubectl/pkg/cmd/apply/apply.go
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import Failure, KubectlError, aggregate, with_source
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import deleting, last_applied, migration, recording, requests
from k8s_magic.kubectl.writing.deleting import Deletion
from k8s_magic.kubectl.writing.patcher import Patcher, PatchFailed
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import ListOptions, Transport, WriteOptions
from k8s_magic.text import json_out

CLIENT_MANAGER = "kubectl-client-side-apply"
SERVER_MANAGER = "kubectl"
LAST_APPLIED_MANAGER = "kubectl-last-applied"
MIGRATION_RETRIES = 5  # apply.go maxPatchRetry

_ADVICE = """
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts"""


@dataclass(frozen=True, slots=True)
class Options:
    query: Query
    dry_run: str
    server_side: bool
    force_conflicts: bool
    write: WriteOptions
    printer: Callable[[str], Printer]
    prints_objects: bool
    deletion: Deletion
    force: bool
    overwrite: bool
    subresource: str
    prune: bool
    all: bool
    cause: str


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    if call.args:
        call.usage_error(f"Unexpected args: [{' '.join(call.args)}]")
    server_side = call.flag("server-side")
    dry_run = shared_flags.dry_run(call, streams)
    manager = call.text("field-manager")
    if not call.changed("field-manager"):
        manager = SERVER_MANAGER if server_side else CLIENT_MANAGER
    propagation = deleting.cascading(call, streams)
    if not call.texts("filename") and not call.text("kustomize"):
        raise KubectlError("must specify one of -f and -k")
    validation = shared_flags.field_validation(call)
    printing = PrintOptions.of(call)
    return Options(
        query=Query(
            filenames=call.texts("filename"),
            kustomize=call.text("kustomize"),
            recursive=call.flag("recursive"),
            namespace=call.namespace,
            enforce=call.namespace_given,
            selector=call.text("selector"),
            continue_on_error=True,
            validate=validation != "Ignore",
        ),
        dry_run=dry_run,
        server_side=server_side,
        force_conflicts=call.flag("force-conflicts"),
        write=WriteOptions(dry_run=dry_run == "server", field_manager=manager, field_validation=validation),
        printer=lambda operation: printing.printer(operation, streams, dry_run),
        prints_objects=call.text("output") not in ("", "name"),
        deletion=Deletion(propagation=propagation, grace=call.number("grace-period"), timeout=call.seconds("timeout")),
        force=call.flag("force"),
        overwrite=call.flag("overwrite"),
        subresource=call.text("subresource"),
        prune=call.flag("prune"),
        all=call.flag("all"),
        cause=recording.change_cause(call),
    )


def validate(options: Options) -> None:
    if options.force_conflicts and not options.server_side:
        raise KubectlError("--force-conflicts only works with --server-side")
    if options.dry_run == "client" and options.server_side:
        raise KubectlError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)")
    if options.server_side and options.force:
        raise KubectlError("--force cannot be used with --server-side")
    if options.dry_run == "server" and options.force:
        raise KubectlError("--dry-run=server cannot be used with --force")
    if options.all and options.query.selector:
        raise KubectlError("cannot set --all and --selector at the same time")
    if options.prune:
        raise Unsupported("apply --prune is not part of this simulation: delete what is no longer wanted by name")
    if options.subresource and not options.server_side:
        raise KubectlError("--subresource can only be specified for --server-side")


def run(options: Options, client: Transport, streams: Streams) -> int:
    infos, error = select(options.query, client, streams).infos()
    failed: list[Exception] = [] if error is None else [error]
    if not infos and not failed:
        raise KubectlError("no objects passed to apply")
    one = _ServerSide(options, client, streams) if options.server_side else _ClientSide(options, client, streams)
    for info in infos:
        try:
            one.apply(info)
        except Failure as caught:
            failed.append(caught)
    if len(failed) == 1:
        raise failed[0]
    found = aggregate(failed)
    if found is not None:
        raise found
    if options.prints_objects:
        _print_all(options, [info.found for info in infos], streams)
    return 0


def _print_all(options: Options, objects: list[Object], streams: Streams) -> None:
    shown: Object = objects[0]
    if len(objects) > 1:
        shown = {"kind": "List", "apiVersion": "v1", "metadata": {}, "items": objects}
    options.printer("").print(shown, streams.out)


class _Apply:
    def __init__(self, options: Options, client: Transport, streams: Streams) -> None:
        self.options = options
        self.client = client
        self.streams = streams

    def _start(self, info: Info) -> Object:
        info.object = obj = recording.recorded(info.found, self.options.cause)
        generated = (obj.get("metadata") or {}).get("generateName")
        if not info.name and generated:
            raise KubectlError(f"from {generated}: cannot use generate name with apply")
        return obj

    def _say(self, info: Info, operation: str) -> None:
        if not self.options.prints_objects:
            self.options.printer(operation).print(info.found, self.streams.out)

    def _warn_if_deleting(self, info: Info) -> None:
        if info.object is not None and meta.is_deleting(info.object):
            self.streams.err(f"Warning: Detected changes to resource {info.name} which is currently being deleted.\n")


class _ClientSide(_Apply):
    def apply(self, info: Info) -> None:
        local = self._start(info)
        options = self.options
        verb = f"retrieving current configuration of:\n{requests.described(info)}\nfrom server for:"
        if not info.name:
            raise with_source(verb, info.source, KubectlError("resource name may not be empty"))
        try:
            info.get()
        except ApiError as error:
            if not error.is_not_found:
                raise with_source(verb, info.source, error) from None
            self._create(info, local)
            return
        if last_applied.original(info.found) is None:
            self.streams.err(
                f"Warning: resource {info.object_name} is missing the {last_applied.ANNOTATION} annotation which is "
                "required by kubectl apply. kubectl apply should only be used on resources created declaratively by "
                "either kubectl create --save-config or kubectl apply. The missing annotation will be patched "
                "automatically.\n"
            )
        patcher = Patcher(self.client, info, options.write, options.overwrite, options.force, options.deletion)
        modified = last_applied.annotated(local)
        try:
            if options.dry_run == "client":
                patch, obj = patcher.patch_locally(info.found, modified)
            else:
                patch, obj = patcher.patch(info.found, modified)
        except PatchFailed as failed:
            shown = json_out.compact(failed.patch) if failed.patch else ""
            verb = f"applying patch:\n{shown}\nto:\n{requests.described(info)}\nfor:"
            raise with_source(verb, info.source, failed.cause) from None
        info.refresh(obj)
        self._warn_if_deleting(info)
        self._say(info, "configured" if patch else "unchanged")

    def _create(self, info: Info, local: Object) -> None:
        obj = _without_nulls(last_applied.annotated(local))
        info.object = obj
        if self.options.dry_run != "client":
            try:
                info.refresh(requests.create(self.client, info, obj, self.options.write))
            except ApiError as error:
                raise with_source("creating", info.source, error) from None
        self._say(info, "created")


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(held) for key, held in value.items() if held is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


class _ServerSide(_Apply):
    def apply(self, info: Info) -> None:
        wanted = self._start(info)
        options = self.options
        write = replace(options.write, force=options.force_conflicts)
        try:
            info.refresh(self._patch(info, wanted, write, options.subresource))
        except ApiError as error:
            if error.is_conflict:
                raise KubectlError(f"{error.message}{_ADVICE}") from None
            raise
        self._migrate(info, wanted, write)
        self._warn_if_deleting(info)
        self._say(info, "serverside-applied")

    def _patch(self, info: Info, body: Object, write: WriteOptions, subresource: str = "") -> Object:
        return self.client.patch(
            info.resource.gvr,
            info.namespace,
            info.name,
            body,
            "apply",
            subresource=subresource,
            options=write,
        )

    def _migrate(self, info: Info, wanted: Object, write: WriteOptions) -> None:
        """Hands over what client-side apply owned. Failing is not fatal."""
        try:
            self._keep_annotation(info)
        except ApiError as error:
            self.streams.err(
                f"Warning: failed to migrate {last_applied.ANNOTATION} for Server-Side Apply. This is non-fatal and "
                f"will be retried next time you apply. Error: {error.message}\n"
            )
            return
        try:
            migrated = self._take_over(info)
        except ApiError as error:
            self.streams.err(
                "Warning: server rejected managed fields migration to Server-Side Apply. This is non-fatal and will "
                f"be retried next time you apply. Error: {error.message}\n"
            )
            return
        if not migrated:
            return
        try:
            info.refresh(self._patch(info, wanted, write, self.options.subresource))
        except ApiError as error:
            self.streams.err(
                "Warning: failed to re-apply configuration after performing Server-Side Apply migration. This is "
                f"non-fatal and will be retried next time you apply. Error: {error.message}\n"
            )

    def _sees_managers(self, info: Info) -> bool:
        """Whether managedFields are known; a server in the same process tells them only when asked."""
        if "managedFields" not in info.found["metadata"] and not self.options.dry_run:
            read = ListOptions(managed_fields=True)
            info.refresh(self.client.get(info.resource.gvr, info.namespace, info.name, options=read))
        return "managedFields" in info.found["metadata"]

    def _keep_annotation(self, info: Info) -> None:
        text = last_applied.original(info.found)
        if self.options.write.field_manager != SERVER_MANAGER or text is None:
            return
        if not self._sees_managers(info) or migration.owners(info.found, "Apply"):
            return
        metadata: Object = {"name": info.name, "annotations": {last_applied.ANNOTATION: text}}
        if info.namespace:
            metadata["namespace"] = info.namespace
        gvk = info.resource.gvk
        body: Object = {"apiVersion": gvk.api_version, "kind": gvk.kind, "metadata": metadata}
        write = replace(self.options.write, field_manager=LAST_APPLIED_MANAGER, force=False)
        info.refresh(self._patch(info, body, write))

    def _take_over(self, info: Info) -> bool:
        for _ in range(MIGRATION_RETRIES):
            if not self._sees_managers(info):
                return False
            patch = migration.patch(info.found, self.options.write.field_manager)
            if patch is None:
                return False
            resource, write = info.resource.gvr, self.options.write
            try:
                info.refresh(self.client.patch(resource, info.namespace, info.name, patch, "json", options=write))
            except ApiError as error:
                if not error.is_conflict:
                    raise
                info.get()
                continue
            return True
        return False


COMMAND = Command(
    "apply",
    "Make what a file says so",
    "apply (-f FILENAME | -k DIRECTORY)",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        *deleting.RUN_FLAGS,
        recording.RECORD,
        *PRINT_FLAGS,
        shared_flags.VALIDATE,
        shared_flags.DRY_RUN,
        Flag("server-side", "bool", help="Let the server merge."),
        Flag("force-conflicts", "bool", help="With --server-side: take fields over from other managers."),
        shared_flags.field_manager(CLIENT_MANAGER),
        shared_flags.SELECTOR,
        Flag("prune", "bool", help="Delete what is no longer in the files (not part of this simulation)."),
        Flag("prune-allowlist", "array", help="With --prune: the kinds to look at."),
        Flag("all", "bool", help="With --prune: all objects."),
        Flag("overwrite", "bool", default=True, help="Where others changed a field too, take the file's value."),
        Flag("openapi-patch", "bool", default=True, help="Compute patches by the server's schema (no effect here)."),
        shared_flags.SUBRESOURCE,
    ),
    examples=("kubectl apply -f web.yaml", "kubectl apply --server-side -f web.yaml"),
)
