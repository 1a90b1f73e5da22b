"""Following a debugging container: wait until it runs or has run, then attach, or else show its log.

Source: kubectl/pkg/cmd/debug/debug.go (waitForContainer, handleAttachPod, logOpts)
"""

from __future__ import annotations

from k8s_magic.kubectl import attaching
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery import errors, meta
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS
from k8s_magic.machinery.protocols import ListOptions, LogOptions, Transport

# How long it takes to hear of a start and to connect, in seconds; what ends sooner is shown by its log. Our figure.
ATTACH_TIME = 0.1
STATUSES = ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")


def follow(
    pod: Object, container: str, client: Transport, streams: Streams, *, stdin: bool, tty: bool, quiet: bool
) -> None:
    """Raises: NotFound when the Pod goes, CommandExit, KeyboardInterrupt."""
    namespace, name = meta.namespace_of(pod), meta.name_of(pod)
    _wait(namespace, name, container, quiet, client, streams)
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


def _wait(namespace: str, name: str, container: str, quiet: bool, client: Transport, streams: Streams) -> None:
    """Until the container is running or terminated. Raises: NotFound when the Pod goes."""
    selector = f"metadata.name={name}"
    listing = client.list(PODS, namespace, options=ListOptions(field_selector=selector))
    pods = list(listing["items"])
    version = listing["metadata"].get("resourceVersion", "")
    watch = client.watch(PODS, namespace, options=ListOptions(field_selector=selector, resource_version=version))
    try:
        while True:
            for pod in pods:
                found = state(pod, container)
                if found.get("running") is not None or found.get("terminated") is not None:
                    return
                message = (found.get("waiting") or {}).get("message")
                if message and not quiet:
                    streams.err(f"Warning: container {container}: {message}\n")
            event = watch.next()
            if event is not None and event.type == "DELETED":
                raise errors.not_found(PODS, "")
            pods = [event.object] if event is not None and event.type in ("ADDED", "MODIFIED") else []
    finally:
        watch.close()


def state(pod: Object, container: str) -> dict[str, Object]:
    """Where a container stands: `waiting`, `running` or `terminated`, as its status tells."""
    status = pod.get("status") or {}
    for part in STATUSES:
        for one in status.get(part) or ():
            if one["name"] == container:
                return one.get("state") or {}
    return {}
