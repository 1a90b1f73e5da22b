"""What the `rollout` commands share: finding objects, their history, patching them one by one.

Source: kubectl/pkg/cmd/rollout/*.go, pkg/polymorphichelpers/{history,rollback}.go
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8s_magic.kinds import describe_template
from k8s_magic.kinds.describe import Writer
from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import Failure, KubectlError, message_for, raise_all
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.resources.query import KUBECTL_SCHEME
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import recording, typed
from k8s_magic.machinery import meta, selectors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import CONTROLLER_REVISIONS, REPLICA_SETS
from k8s_magic.machinery.patch import PatchError, strategic
from k8s_magic.machinery.protocols import ListOptions, Transport, WriteOptions

REVISION = "deployment.kubernetes.io/revision"
HASH_LABEL = "pod-template-hash"
FLAGS: tuple[Flag, ...] = (*PRINT_FLAGS, *shared_flags.FILENAME_FLAGS, shared_flags.SELECTOR)
MANAGER = shared_flags.field_manager("kubectl-rollout")


def require_resource(call: Call) -> None:
    if not call.args and not call.texts("filename") and not call.text("kustomize"):
        raise KubectlError("required resource not specified")


def query(call: Call) -> Query:
    return Query(
        scheme=KUBECTL_SCHEME,
        arguments=tuple(call.args),
        filenames=call.texts("filename"),
        kustomize=call.text("kustomize"),
        recursive=call.flag("recursive"),
        namespace=call.namespace,
        enforce=call.namespace_given,
        selector=call.text("selector"),
        empty_selector=True,
        latest=True,
        continue_on_error=True,
    )


def kind_text(info: Info) -> str:
    """Go's GroupKind.String(): `ConfigMap`, `ReplicaSet.apps`."""
    gvk = info.resource.gvk
    return f"{gvk.kind}.{gvk.group}" if gvk.group else gvk.kind


def patch_each(
    call: Call,
    change: Callable[[Info], Object],
    done: str,
    unchanged: Callable[[Info], Exception],
    client: Transport,
    streams: Streams,
) -> int:
    """Changes every object found; `change` raises for one that cannot be, `unchanged` words an empty patch."""
    result = select(query(call), client, streams)
    result.check()
    infos, error = result.infos()
    failed: list[Exception] = [] if error is None else [error]
    if not infos and not failed:
        streams.err(f"No resources found in {call.namespace} namespace.\n")
        return 0
    printer = PrintOptions.of(call).printer(done, streams, typed=True)
    write = WriteOptions(field_manager=call.text("field-manager"))
    for info in infos:
        try:
            after = change(info)
            patch = strategic.create_two_way(info.found, after, typed.schema_for(info.found))
        except (*Failure, PatchError) as caught:
            name = f'{info.resource.gvr.qualified} "{info.name}"'
            failed.append(KubectlError(f"error: {name} {message_for(caught)}"))
            continue
        if not patch:
            failed.append(unchanged(info))
            continue
        try:
            info.refresh(client.patch(info.resource.gvr, info.namespace, info.name, patch, "strategic", options=write))
        except ApiError as refused:
            failed.append(KubectlError(f"failed to patch: {refused.message}"))
            continue
        printer.print(typed.in_order(info.found), streams.out)
    raise_all(failed)
    return 0


# --- History ---------------------------------------------------------------------------------------------------


def _controlled(client: Transport, resource: Any, owner: Object) -> list[Object]:
    selector = str(selectors.from_label_selector(owner["spec"].get("selector")))
    options = ListOptions(label_selector=selector)
    items = client.list(resource, meta.namespace_of(owner), options=options)["items"]
    uid = meta.uid_of(owner)
    return [item for item in items if (meta.controller_of(item) or {}).get("uid") == uid]


def revision_of(obj: Object) -> int:
    """The revision annotation; 0 where there is none."""
    text = meta.annotations_of(obj).get(REVISION, "")
    return int(text) if text.isascii() and text.isdigit() else 0


def replica_sets(client: Transport, deployment: Object) -> dict[int, Object]:
    """Revision -> ReplicaSet."""
    return {revision_of(item): item for item in _controlled(client, REPLICA_SETS, deployment)}


def controller_revisions(client: Transport, owner: Object) -> dict[int, Object]:
    """Revision -> ControllerRevision, in order."""
    found = {item["revision"]: item for item in _controlled(client, CONTROLLER_REVISIONS, owner)}
    return dict(sorted(found.items()))


def with_revision(owner: Object, revision: Object) -> Object:
    """The DaemonSet or StatefulSet as it was at a ControllerRevision."""
    return strategic.apply(owner, revision["data"], typed.schema_for(owner))


def template_text(template: Object) -> str:
    """`Pod Template:` and what it holds, with its tabs as they are."""
    parts: list[str] = []
    describe_template.template_lines(Writer(parts), template)
    return "".join(parts)


def change_cause(obj: Object) -> str:
    return meta.annotations_of(obj).get(recording.CHANGE_CAUSE, "")
