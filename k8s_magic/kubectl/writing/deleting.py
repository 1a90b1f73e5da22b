"""Deleting objects and waiting until they are gone, for delete, replace, apply, run and drain.

Source: kubectl/pkg/cmd/delete/{delete,delete_flags}.go, pkg/cmd/wait/delete.go
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError, is_not_found, with_source
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.mapper import ResourceMapping
from k8s_magic.kubectl.resources import Info, Result
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import awaiting
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import DeleteOptions, Transport

LONGEST_WAIT = 168 * 3600.0  # delete.go effectiveTimeout
_TRUE = ("1", "t", "T", "true", "TRUE", "True")
_FALSE = ("0", "f", "F", "false", "FALSE", "False")
_STRATEGIES = {"orphan": "Orphan", "foreground": "Foreground", "background": "Background"}
IMMEDIATE = (
    "Immediate deletion does not wait for confirmation that the running resource has been terminated. "
    "The resource may continue to run on the cluster indefinitely."
)

CASCADE = Flag(
    "cascade",
    default="background",
    no_value="background",
    help="What happens to the dependents: background, orphan or foreground.",
    candidates="background,orphan,foreground",
)
GRACE_PERIOD = Flag("grace-period", "int", default=-1, help="Seconds to end in; 0 only together with --force.")
FORCE = Flag("force", "bool", help="Take it out of the API at once.")
TIMEOUT = Flag("timeout", "duration", help="How long to wait until it is gone; 0 waits as long as it takes.")
# delete.go NewDeleteFlags: what run, replace and apply offer.
RUN_FLAGS: tuple[Flag, ...] = (
    *shared_flags.FILENAME_FLAGS,
    CASCADE,
    GRACE_PERIOD,
    FORCE,
    TIMEOUT,
    Flag("wait", "bool", help="Wait until what is deleted is gone."),
)


def cascading(call: Call, streams: Streams) -> str:
    """The propagation policy. Raises: KubectlError."""
    value = call.text("cascade")
    if value in _TRUE or value in _FALSE:
        instead = "background" if value in _TRUE else "orphan"
        streams.err(
            f"warning: --cascade={value} is deprecated (boolean value) and can be replaced with --cascade={instead}.\n"
        )
        return _STRATEGIES[instead]
    if value not in _STRATEGIES:
        raise KubectlError(f'invalid cascade value ({value}). Must be "background", "foreground", or "orphan"')
    return _STRATEGIES[value]


@dataclass(frozen=True, slots=True)
class Deletion:
    """How to delete. `grace` below 0 is the object's own. `scope_warning`: -n was given."""

    propagation: str = "Background"
    grace: int = -1
    wait: bool = True
    timeout: float = 0.0
    dry_run: str = ""
    output: str = ""
    quiet: bool = False
    ignore_not_found: bool = False
    scope_warning: bool = False
    only: frozenset[tuple[GroupVersionResource, str, str]] | None = None

    @property
    def options(self) -> DeleteOptions:
        return DeleteOptions(
            dry_run=self.dry_run == "server",
            grace_period_seconds=self.grace if self.grace >= 0 else None,
            propagation=self.propagation,
        )


@dataclass(slots=True)
class _Done:
    infos: list[Info] = field(default_factory=list)
    uids: dict[tuple[GroupVersionResource, str, str], str] = field(default_factory=dict)
    warned: bool = False


def location(info: Info) -> tuple[GroupVersionResource, str, str]:
    return (info.resource.gvr, info.namespace, info.name)


def delete_result(result: Result, how: Deletion, client: Transport, streams: Streams) -> None:
    """Deletes what was found, says so, and waits as asked (DeleteOptions.DeleteResult)."""
    if how.ignore_not_found:
        result.ignore = is_not_found
    done = _Done()
    result.check()
    result.visit(lambda info: _delete(info, how, done, client, streams))
    if not done.infos:
        streams.out("No resources found\n")
        return
    if not how.wait or how.dry_run:
        return
    for info in done.infos:
        wait_until_gone(client, info, how.timeout or LONGEST_WAIT, done.uids)


def _delete(info: Info, how: Deletion, done: _Done, client: Transport, streams: Streams) -> None:
    if how.only is not None and location(info) not in how.only:
        return
    done.infos.append(info)
    if how.scope_warning and not info.namespaced and not done.warned:
        streams.err("Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n")
        done.warned = True
    if how.dry_run != "client":
        try:
            answer = client.delete(info.resource.gvr, info.namespace, info.name, options=how.options)
        except ApiError as error:
            raise with_source("deleting", info.source, error) from None
        done.uids[location(info)] = _uid(answer)
    if not how.quiet:
        streams.out(_said(info, how))


def _uid(answer: Object) -> str:
    if answer.get("kind") == "Status":
        uid: str = (answer.get("details") or {}).get("uid", "")
        return uid
    return meta.uid_of(answer)


def kind_text(mapping: ResourceMapping) -> str:
    return mapping.qualified_kind


def _said(info: Info, how: Deletion) -> str:
    kind = kind_text(info.resource)
    if how.output == "name":
        return f"{kind}/{info.name}\n"
    operation = "force deleted" if how.grace == 0 else "deleted"
    if info.namespaced:
        operation += f" from {info.namespace} namespace"
    suffix = {"": "", "client": " (dry run)", "server": " (server dry run)"}[how.dry_run]
    return f'{kind} "{info.name}" {operation}{suffix}\n'


def delete_one(
    client: Transport, resource: GroupVersionResource, namespace: str, name: str, options: DeleteOptions
) -> None:
    """Deletes an object that may be gone already."""
    try:
        client.delete(resource, namespace, name, options=options)
    except ApiError as error:
        if not error.is_not_found:
            raise


def is_gone(client: Transport, info: Info, uids: Mapping[tuple[GroupVersionResource, str, str], str]) -> bool:
    """Whether there is no such object any more, or another one of its name."""
    try:
        found = client.get(info.resource.gvr, info.namespace, info.name)
    except ApiError as error:
        if error.is_not_found:
            return True
        raise
    uid = uids.get(location(info))
    return bool(uid) and meta.uid_of(found) != uid


def wait_until_gone(
    client: Transport, info: Info, timeout: float, uids: Mapping[tuple[GroupVersionResource, str, str], str]
) -> None:
    """Raises: KubectlError where it is still there after `timeout` seconds."""
    if is_gone(client, info, uids):
        return
    uid = uids.get(location(info))

    def gone(obj: Object | None) -> bool:
        return obj is None or (bool(uid) and meta.uid_of(obj) != uid)

    awaiting.until(client, info, client.now() + timedelta(seconds=timeout), gone, stays_gone=True)
