"""What label and annotate share: which objects, and how the changed metadata is sent.

Source: kubectl/pkg/cmd/label/label.go, pkg/cmd/annotate/annotate.go
"""

from __future__ import annotations

from collections.abc import Mapping

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS
from k8s_magic.kubectl.resources import Info, Query
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import recording
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.patch import merge_patch
from k8s_magic.machinery.protocols import Transport, WriteOptions


def flags(manager: str) -> tuple[Flag, ...]:
    return (
        recording.RECORD,
        *PRINT_FLAGS,
        Flag("overwrite", "bool", help="Whether something may get another value."),
        Flag("list", "bool", help="Show what there is."),
        Flag("local", "bool", help="Change the file's content, ask no server."),
        shared_flags.SELECTOR,
        shared_flags.FIELD_SELECTOR,
        Flag("all", "bool", help="All objects of the types, in the namespace."),
        shared_flags.ALL_NAMESPACES,
        Flag("resource-version", help="Only if the object has this resourceVersion."),
        *shared_flags.FILENAME_FLAGS,
        shared_flags.DRY_RUN,
        shared_flags.field_manager(manager),
    )


def query(call: Call, resources: list[str]) -> Query:
    local = call.flag("local")
    return Query(
        arguments=() if local else tuple(resources),
        filenames=call.texts("filename"),
        kustomize=call.text("kustomize"),
        recursive=call.flag("recursive"),
        namespace=call.namespace,
        all_namespaces=call.flag("all-namespaces") and not local,
        enforce=call.namespace_given,
        selector="" if local else call.text("selector"),
        field_selector="" if local else call.text("field-selector"),
        empty_selector=call.flag("all"),
        local=local,
        latest=not local,
        continue_on_error=True,
    )


def check(call: Call, resources: list[str], dry_run: str, file: str) -> None:
    """The complaints that label and annotate have in common. `file` is their example file's stem."""
    if call.flag("all") and call.text("selector"):
        raise KubectlError("cannot set --all and --selector at the same time")
    if call.flag("all") and call.text("field-selector"):
        raise KubectlError("cannot set --all and --field-selector at the same time")
    no_files = not call.texts("filename") and not call.text("kustomize")
    if call.flag("local"):
        if dry_run == "server":
            raise KubectlError("cannot specify --local and --dry-run=server - did you mean --dry-run=client?")
        example = f"-f {file}.yaml or --filename={file}.json"
        if resources:
            raise KubectlError(f"can only use local files by {example} when --local=true is set")
        if no_files:
            raise KubectlError(f"one or more files must be specified as {example}")
    elif not resources and no_files:
        raise KubectlError("one or more resources must be specified as <resource> <name> or <resource>/<name>")


def send(info: Info, before: Object, after: Object, call: Call, dry_run: str, client: Transport) -> Object:
    """What the server answers to the change."""
    version = call.text("resource-version")
    if version:
        before = meta.with_metadata(before, resourceVersion="")
        after = meta.with_metadata(after, resourceVersion=version)
    patch = merge_patch.create(before, after)
    write = WriteOptions(dry_run=dry_run == "server", field_manager=call.text("field-manager"))
    return client.patch(info.resource.gvr, info.namespace, info.name, patch, "merge", options=write)


def list_all(info: Info, what: str, held: Mapping[str, str], single: bool, streams: Streams) -> None:
    indent = ""
    if not single:
        indent = " "
        gvk = info.resource.gvk
        streams.out(f"Listing {what} for {gvk.kind}.{gvk.group}/{info.name}:\n")
    for key, value in held.items():
        streams.out(f"{indent}{key}={value}\n")
