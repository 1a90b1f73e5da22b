"""Following a container that is about to start, for run and debug: wait, then attach, or else show its log.

Source: kubectl/pkg/cmd/debug/debug.go (waitForContainer, handleAttachPod, logOpts)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from k8s_magic.kubectl import attaching
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import awaiting
from k8s_magic.machinery import errors, meta
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS
from k8s_magic.machinery.protocols import LogOptions, Transport

# How long it takes to hear of a start and to connect, in seconds; what ends sooner is shown by its log. Our figure.
ATTACH_TIME = 0.1
STATUSES = ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")


def follow(
    pod: Object, container: str, client: Transport, streams: Streams, *, stdin: bool, tty: bool, quiet: bool
) -> None:
    """Raises: NotFound when the Pod goes, CommandExit, KeyboardInterrupt."""
    namespace, name = meta.namespace_of(pod), meta.name_of(pod)

    def is_started(pod: Object) -> bool:
        found = state(pod, container)
        message = (found.get("waiting") or {}).get("message")
        if message and not quiet:
            streams.err(f"Warning: container {container}: {message}\n")
        return found.get("running") is not None or found.get("terminated") is not None

    wait(client, namespace, name, is_started)
    client.sleep(ATTACH_TIME)
    pod = client.get(PODS, namespace, name)
    if not state(pod, container).get("terminated"):
        try:
            attaching.attach(pod, container, client, streams, stdin=stdin, tty=tty, quiet=quiet)
            return
        except (ApiError, KubectlError, Unsupported) as error:
            streams.err(f"warning: couldn't attach to pod/{name}, falling back to streaming logs: {error}\n")
    for text in client.logs(namespace, name, LogOptions(container=container)):
        streams.out(text)


def wait(
    client: Transport, namespace: str, name: str, reached: Callable[[Object], bool], end: datetime | None = None
) -> Object:
    """The Pod when it is as wanted. Raises: KubectlError when the time is over, NotFound when the Pod goes."""

    def ready(pod: Object | None) -> bool:
        if pod is None:
            raise errors.not_found(PODS, "")
        return reached(pod)

    found = awaiting.one(client, PODS, namespace, name, end, ready, stays_gone=True)
    assert found is not None, "ready says no of what is gone"
    return found


def state(pod: Object, container: str) -> dict[str, Object]:
    """Where a container stands: `waiting`, `running` or `terminated`, as its status tells."""
    status = pod.get("status") or {}
    for part in STATUSES:
        for one in status.get(part) or ():
            if one["name"] == container:
                return one.get("state") or {}
    return {}
