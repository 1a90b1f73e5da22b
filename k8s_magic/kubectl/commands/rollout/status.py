"""`kubectl rollout status`. Source: kubectl/pkg/cmd/rollout/rollout_status.go, polymorphichelpers/rollout_status.go"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from k8s_magic.kinds.deployment import rollout as deployment_rollout
from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.resources import Info, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import rollouts
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import ListOptions, Transport
from k8s_magic.sim.time import SECOND
from k8s_magic.text.go_values import quoted

Viewer = Callable[[Object, int], tuple[str, bool]]


def validate(call: Call) -> None:
    rollouts.require_resource(call)
    if call.number("revision") < 0:
        raise KubectlError(f"revision must be a positive integer: {call.number('revision')}")


def run(call: Call, client: Transport, streams: Streams) -> int:
    found = False

    def follow(info: Info) -> None:
        nonlocal found
        found = True
        gvk = info.resource.gvk
        viewer = _VIEWERS.get(gvk.kind) if gvk.group == "apps" else None
        if viewer is None:
            raise KubectlError(f"no status viewer has been implemented for {rollouts.kind_text(info)}")
        _follow(info, viewer, call, client, streams)

    result = select(rollouts.query(call), client, streams)
    result.check()
    result.visit(follow)
    if not found:
        streams.err(f"No resources found in {call.namespace} namespace.\n")
    return 0


def _follow(info: Info, viewer: Viewer, call: Call, client: Transport, streams: Streams) -> None:
    """The state now and after every change, until it is done, or the watch or the time is over."""
    resource, namespace = info.resource.gvr, info.namespace
    only = f"metadata.name={info.name}"
    listed = client.list(resource, namespace, options=ListOptions(field_selector=only))
    version = (listed.get("metadata") or {}).get("resourceVersion", "")

    def is_over(obj: Object) -> bool:
        text, done = viewer(obj, call.number("revision"))
        streams.out(text)
        return done or not call.flag("watch")

    for obj in listed["items"]:
        if is_over(obj):
            return
    limit = call.seconds("timeout")
    end = client.now() + timedelta(seconds=limit) if limit else None
    watch = client.watch(resource, namespace, options=ListOptions(field_selector=only, resource_version=version))
    try:
        while True:
            timeout = None if end is None else max(0, int((end - client.now()).total_seconds() * SECOND))
            event = watch.next(timeout)
            if event is None:
                raise KubectlError("timed out waiting for the condition")
            if event.type == "DELETED":
                raise KubectlError("object has been deleted")
            if event.type in ("ADDED", "MODIFIED") and is_over(event.object):
                return
    finally:
        watch.close()


def _observed(obj: Object) -> bool:
    generation: int = obj["metadata"].get("generation", 0)
    observed: int = (obj.get("status") or {}).get("observedGeneration", 0)
    return generation <= observed


def _deployment(obj: Object, revision: int) -> tuple[str, bool]:
    if revision:
        running = rollouts.revision_of(obj)
        if revision != running:
            raise KubectlError(f"desired revision ({revision}) is different from the running revision ({running})")
    progress = deployment_rollout.progress(obj)
    if progress.has_failed:
        raise KubectlError(progress.text)
    return f"{progress.text}\n", progress.is_done


_ROLLING_ONLY = "rollout status is only available for RollingUpdate strategy type"


def _daemon_set(obj: Object, revision: int) -> tuple[str, bool]:
    if (obj["spec"].get("updateStrategy") or {}).get("type") != "RollingUpdate":
        raise KubectlError(_ROLLING_ONLY)
    if not _observed(obj):
        return "Waiting for daemon set spec update to be observed...\n", False
    name, status = quoted(meta.name_of(obj)), obj.get("status") or {}
    lead = f"Waiting for daemon set {name} rollout to finish: "
    wanted = status.get("desiredNumberScheduled", 0)
    updated, available = status.get("updatedNumberScheduled", 0), status.get("numberAvailable", 0)
    if updated < wanted:
        return f"{lead}{updated} out of {wanted} new pods have been updated...\n", False
    if available < wanted:
        return f"{lead}{available} of {wanted} updated pods are available...\n", False
    return f"daemon set {name} successfully rolled out\n", True


def _stateful_set(obj: Object, revision: int) -> tuple[str, bool]:
    strategy = obj["spec"].get("updateStrategy") or {}
    if strategy.get("type") != "RollingUpdate":
        raise KubectlError(_ROLLING_ONLY)
    status = obj.get("status") or {}
    if not status.get("observedGeneration") or not _observed(obj):
        return "Waiting for statefulset spec update to be observed...\n", False
    wanted, ready = obj["spec"].get("replicas"), status.get("readyReplicas", 0)
    if wanted is not None and ready < wanted:
        return f"Waiting for {wanted - ready} pods to be ready...\n", False
    updated = status.get("updatedReplicas", 0)
    rolling = strategy.get("rollingUpdate")
    if rolling is not None:
        partition = rolling.get("partition")
        if wanted is not None and partition is not None and updated < wanted - partition:
            return (
                f"Waiting for partitioned roll out to finish: {updated} out of {wanted - partition} new pods have "
                "been updated...\n",
                False,
            )
        return f"partitioned roll out complete: {updated} new pods have been updated...\n", True
    if status.get("updateRevision", "") != status.get("currentRevision", ""):
        return (
            f"waiting for statefulset rolling update to complete {updated} pods at revision "
            f"{status.get('updateRevision', '')}...\n",
            False,
        )
    return (
        f"statefulset rolling update complete {status.get('currentReplicas', 0)} pods at revision "
        f"{status.get('currentRevision', '')}...\n",
        True,
    )


_VIEWERS: dict[str, Viewer] = {
    "Deployment": _deployment,
    "DaemonSet": _daemon_set,
    "StatefulSet": _stateful_set,
}

COMMAND = Command(
    "status",
    "Follow a rollout until it is done",
    "status (TYPE NAME | TYPE/NAME) [flags]",
    complete=no_options,
    validate=validate,
    run=run,
    flags=(
        *shared_flags.FILENAME_FLAGS,
        Flag("watch", "bool", default=True, short="w", help="Wait until the rollout is done."),
        Flag("revision", "int", help="Fail when another revision than this one is rolled out."),
        Flag("timeout", "duration", help="How long to wait; 0 waits for ever."),
        shared_flags.SELECTOR,
    ),
    arguments="kind/name",
)
