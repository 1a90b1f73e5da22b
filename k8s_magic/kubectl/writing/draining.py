"""Cordoning nodes, and which Pods a drain may take.

Source: kubectl/pkg/cmd/drain/drain.go, pkg/drain/{cordon,filters}.go
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.instants import parse as instant
from k8s_magic.kubectl.printers.print_flags import PrintOptions
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery import meta, selectors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import DAEMON_SETS, NODES, PODS
from k8s_magic.machinery.protocols import ListOptions, Transport, WriteOptions
from k8s_magic.text.go_values import quoted

MIRROR = "kubernetes.io/config.mirror"
DAEMON_SET_FATAL = "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)"
DAEMON_SET_WARNING = "ignoring DaemonSet-managed Pods"
LOCAL_FATAL = "Pods with local storage (use --delete-emptydir-data to override)"
LOCAL_WARNING = "deleting Pods with local storage"
UNMANAGED_FATAL = "Pods that declare no controller (use --force to override)"
UNMANAGED_WARNING = "deleting Pods that declare no controller"


@dataclass(frozen=True, slots=True)
class Options:
    call: Call
    dry_run: str
    nodes: list[Info]

    def say(self, obj: Object, operation: str, streams: Streams) -> None:
        PrintOptions().printer(operation, streams, self.dry_run).print(obj, streams.out)


def complete(usage: str, call: Call, client: Transport, streams: Streams) -> Options:
    selector = call.text("selector")
    if not call.args and not call.changed("selector"):
        call.usage_error(f"USAGE: {usage} [flags]")
    if call.args and selector:
        call.usage_error("error: cannot specify both a node name and a --selector option")
    dry_run = shared_flags.dry_run(call, streams)
    if "pod-selector" in call.values.flags and call.text("pod-selector"):
        try:
            selectors.parse(call.text("pod-selector"))
        except selectors.SelectorError:
            raise KubectlError("--pod-selector=<pod_selector> must be a valid label selector") from None
    query = Query(
        names=tuple(call.args),
        default_type="nodes",
        types=("nodes",) if selector else (),
        namespace=call.namespace,
        selector=selector,
        single_type=True,
    )
    result = select(query, client, streams)
    result.check()
    nodes: list[Info] = []

    def take(info: Info) -> None:
        gvr = info.resource.gvr
        if gvr != NODES:
            raise KubectlError(
                f'error: expected resource of type node, got "{gvr.group}/{gvr.version}, Resource={gvr.resource}"'
            )
        nodes.append(info)

    result.visit(take)
    return Options(call, dry_run, nodes)


def cordon(options: Options, desired: bool, client: Transport, streams: Streams) -> None:
    verb = "cordon" if desired else "uncordon"
    for info in options.nodes:
        if bool(info.found["spec"].get("unschedulable")) is desired:
            options.say(info.found, f"already {verb}ed", streams)
            continue
        if options.dry_run != "client":
            patch = {"spec": {"unschedulable": True if desired else None}}
            write = WriteOptions(dry_run=options.dry_run == "server")
            try:
                client.patch(NODES, "", info.name, patch, "strategic", options=write)
            except ApiError as error:
                streams.err(f"error: unable to {verb} node {quoted(info.name)}: {error.message}\n")
                continue
        options.say(info.found, f"{verb}ed", streams)


class Verdict(NamedTuple):
    """Whether a Pod is to go, and what to say of it. `fatal` stops the drain."""

    delete: bool
    message: str = ""
    fatal: bool = False


_GO = Verdict(True)
_LEAVE = Verdict(False)


def verdict(pod: Object, call: Call, client: Transport) -> Verdict:
    """The first filter that keeps the Pod decides, else the last one."""
    found = _GO
    ended = (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed")
    if is_skipped(pod, call, client):
        return _LEAVE
    owner = meta.controller_of(pod)
    if owner is not None and (owner["kind"], owner["apiVersion"]) == ("DaemonSet", "apps/v1") and not ended:
        found = _of_daemon_set(pod, owner["name"], call, client)
        if not found.delete:
            return found
    if MIRROR in meta.annotations_of(pod):
        return _LEAVE
    if not ended and any("emptyDir" in volume for volume in pod["spec"].get("volumes") or ()):
        if not call.flag("delete-emptydir-data"):
            return Verdict(False, LOCAL_FATAL, fatal=True)
        found = Verdict(True, LOCAL_WARNING)
    else:
        found = _GO
    if not ended and owner is None:
        if not call.flag("force"):
            return Verdict(False, UNMANAGED_FATAL, fatal=True)
        return Verdict(True, UNMANAGED_WARNING)
    return _GO


def _of_daemon_set(pod: Object, name: str, call: Call, client: Transport) -> Verdict:
    try:
        client.get(DAEMON_SETS, meta.namespace_of(pod), name)
    except ApiError as error:
        if error.is_not_found and call.flag("force"):
            return Verdict(True, error.message)
        return Verdict(False, error.message, fatal=True)
    if not call.flag("ignore-daemonsets"):
        return Verdict(False, DAEMON_SET_FATAL, fatal=True)
    return Verdict(False, DAEMON_SET_WARNING)


def is_skipped(pod: Object, call: Call, client: Transport) -> bool:
    """A Pod that has been going for longer than --skip-wait-for-delete-timeout."""
    limit = call.number("skip-wait-for-delete-timeout")
    since = instant(pod["metadata"].get("deletionTimestamp"))
    return limit > 0 and since is not None and int((client.now() - since).total_seconds()) > limit


def pods_on(node: str, call: Call, client: Transport) -> list[tuple[Object, Verdict]]:
    options = ListOptions(label_selector=call.text("pod-selector"), field_selector=f"spec.nodeName={node}")
    return [(pod, verdict(pod, call, client)) for pod in client.list(PODS, "", options=options)["items"]]


def _grouped(found: list[tuple[Object, Verdict]], fatal: bool) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for pod, said in found:
        if said.message and said.fatal is fatal:
            groups.setdefault(said.message, []).append(f"{meta.namespace_of(pod)}/{meta.name_of(pod)}")
    return groups


def errors_of(found: list[tuple[Object, Verdict]]) -> list[Exception]:
    return [
        KubectlError(f"cannot delete {message}: {', '.join(pods)}") for message, pods in _grouped(found, True).items()
    ]


def warnings_of(found: list[tuple[Object, Verdict]]) -> str:
    return "; ".join(f"{message}: {', '.join(pods)}" for message, pods in _grouped(found, False).items())
