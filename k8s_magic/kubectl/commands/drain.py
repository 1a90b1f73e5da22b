"""`kubectl drain`: cordon nodes and evict their Pods.

The real one evicts all Pods of a node at the same time; here one request follows the other, then all are waited for.

Source: kubectl/pkg/cmd/drain/drain.go, pkg/drain/drain.go
"""

from __future__ import annotations

from datetime import datetime, timedelta

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import Aggregate, KubectlError, raise_all
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.resources import Info
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import draining
from k8s_magic.kubectl.writing.draining import Options
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS
from k8s_magic.machinery.protocols import DeleteOptions, Transport, WriteOptions
from k8s_magic.text.go_values import quoted

USAGE = "drain NODE"
RETRY = 5.0  # drain.go EvictErrorRetryDelay, seconds
POLL = 1.0  # drain.go waitForDeleteParams.interval


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    return draining.complete(USAGE, call, client, streams)


def run(options: Options, client: Transport, streams: Streams) -> int:
    draining.cordon(options, True, client, streams)
    failed: list[Exception] = []
    remaining: list[str] = []
    for info in options.nodes:
        try:
            _drain(info, options, client, streams)
        except (KubectlError, Aggregate, ApiError) as error:
            streams.err(
                f"error: unable to drain node {quoted(info.name)} due to error: {error}, continuing command...\n"
            )
            failed.append(error)
            remaining.append(info.name)
            continue
        options.say(info.found, "drained", streams)
    if remaining:
        streams.err("There are pending nodes to be drained:\n")
        for name in remaining:
            streams.err(f" {name}\n")
    raise_all(failed)
    return 0


def _drain(info: Info, options: Options, client: Transport, streams: Streams) -> None:
    call = options.call
    found = draining.pods_on(info.name, call, client)
    raise_all(draining.errors_of(found))
    warnings = draining.warnings_of(found)
    if warnings:
        streams.err(f"Warning: {warnings}\n")
    pods = [pod for pod, verdict in found if verdict.delete]
    if options.dry_run == "client":
        for pod in pods:
            streams.out(f"evicting pod {meta.namespace_of(pod)}/{meta.name_of(pod)} (dry run)\n")
        return
    try:
        _Eviction(options, client, streams).take(pods)
    except (KubectlError, Aggregate, ApiError) as error:
        pending = draining.pods_on(info.name, call, client)
        left = [pod for pod, verdict in pending if verdict.delete]
        if left:
            streams.err(f"There are pending pods in node {quoted(info.name)} when an error occurred: {error}\n")
            for pod in left:
                streams.err(f"pod/{meta.name_of(pod)}\n")
        raise


class _Eviction:
    """Asks for each Pod to go, again and again while a budget forbids it, then waits until they are gone."""

    def __init__(self, options: Options, client: Transport, streams: Streams) -> None:
        call = options.call
        self._options, self._client, self._streams, self._call = options, client, streams, call
        limit = call.seconds("timeout")
        self._limit = limit
        self._end: datetime | None = client.now() + timedelta(seconds=limit) if limit else None
        grace = call.number("grace-period")
        self._grace = grace if grace >= 0 else None
        self._evicts = not call.flag("disable-eviction")
        self._errors: list[Exception] = []

    def take(self, pods: list[Object]) -> None:
        waiting = self._delete(pods) if not self._evicts else self._evict(pods)
        if self._options.dry_run != "server":
            self._wait(waiting)
        raise_all(self._errors)

    def _is_over(self) -> bool:
        return self._end is not None and self._client.now() >= self._end

    def _delete(self, pods: list[Object]) -> list[Object]:
        how = DeleteOptions(dry_run=self._options.dry_run == "server", grace_period_seconds=self._grace)
        for pod in pods:
            try:
                self._client.delete(PODS, meta.namespace_of(pod), meta.name_of(pod), options=how)
            except ApiError as error:
                if not error.is_not_found:
                    raise
        return pods

    def _evict(self, pods: list[Object]) -> list[Object]:
        waiting: list[Object] = []
        asking = pods
        while asking:
            again: list[Object] = []
            for pod in asking:
                self._evict_one(pod, waiting, again)
            asking = again
            if asking:
                self._client.sleep(RETRY)
        return waiting

    def _evict_one(self, pod: Object, waiting: list[Object], again: list[Object]) -> None:
        namespace, name = meta.namespace_of(pod), meta.name_of(pod)
        suffix = " (server dry run)" if self._options.dry_run == "server" else ""
        self._streams.out(f"evicting pod {namespace}/{name}{suffix}\n")
        where = f"pods/{quoted(name)} -n {quoted(namespace)}"
        if self._is_over():
            limit = _go_duration(self._limit)
            self._errors.append(KubectlError(f"error when evicting {where}: global timeout reached: {limit}"))
            return
        body: Object = {
            "apiVersion": "policy/v1",
            "kind": "Eviction",
            "metadata": {"name": name, "namespace": namespace},
            "deleteOptions": {} if self._grace is None else {"gracePeriodSeconds": self._grace},
        }
        write = WriteOptions(dry_run=self._options.dry_run == "server")
        try:
            self._client.create(PODS, namespace, body, name=name, subresource="eviction", options=write)
        except ApiError as error:
            if error.is_not_found:
                return
            if error.reason == "TooManyRequests":
                self._streams.err(f"error when evicting {where} (will retry after 5s): {error.message}\n")
                again.append(pod)
                return
            self._errors.append(KubectlError(f"error when evicting {where}: {error.message}"))
            return
        waiting.append(pod)

    def _wait(self, pods: list[Object]) -> None:
        while pods:
            pods = [pod for pod in pods if not self._is_gone(pod)]
            if not pods:
                return
            if self._is_over():
                for pod in pods:
                    what = f"pod {quoted(meta.name_of(pod))} in namespace {quoted(meta.namespace_of(pod))}"
                    self._errors.append(
                        KubectlError(
                            f"error when waiting for {what} to terminate: global timeout reached: "
                            f"{_go_duration(self._limit)}"
                        )
                    )
                return
            self._client.sleep(POLL)

    def _is_gone(self, pod: Object) -> bool:
        namespace, name = meta.namespace_of(pod), meta.name_of(pod)
        try:
            found = self._client.get(PODS, namespace, name)
        except ApiError as error:
            if not error.is_not_found:
                raise
            found = None
        if found is None or meta.uid_of(found) != meta.uid_of(pod):
            shown = {**pod, "apiVersion": "v1", "kind": "Pod"}
            self._options.say(shown, "evicted" if self._evicts else "deleted", self._streams)
            return True
        if draining.is_skipped(found, self._call, self._client):
            limit = self._call.number("skip-wait-for-delete-timeout")
            self._streams.out(f"pod {quoted(name)} has DeletionTimestamp older than {limit} seconds, skipping\n")
            return True
        return False


def _go_duration(seconds: float) -> str:
    """time.Duration.String() for whole seconds and fractions: `1m30s`, `500ms`."""
    if seconds < 1:
        return f"{seconds * 1000:g}ms"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + f"{rest:g}s"


COMMAND = Command(
    "drain",
    "Take all Pods off a node",
    USAGE,
    complete=complete,
    run=run,
    flags=(
        Flag("force", "bool", help="Go on for Pods without a controller too."),
        Flag("ignore-daemonsets", "bool", help="Leave Pods of DaemonSets alone."),
        Flag("delete-emptydir-data", "bool", help="Go on for Pods with an emptyDir too: its data is lost."),
        Flag("grace-period", "int", default=-1, help="Seconds each Pod has to end in; below 0 its own."),
        Flag("timeout", "duration", help="How long to go on; 0 is for ever."),
        Flag("pod-selector", help="Only Pods with these labels."),
        Flag("disable-eviction", "bool", help="Delete instead of evicting: budgets are not asked."),
        Flag("skip-wait-for-delete-timeout", "int", help="Do not wait for Pods going for longer than this."),
        shared_flags.CHUNK_SIZE,
        shared_flags.DRY_RUN,
        shared_flags.SELECTOR,
    ),
    arguments="node",
)
