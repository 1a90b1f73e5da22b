"""Waiting until one object is as wanted: list it, then watch it. For wait, delete's --wait, and who follows a Pod.

Source: client-go/tools/watch/until.go (UntilWithSync), kubectl/pkg/cmd/wait/{condition,delete}.go
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.resources import Info
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import ListOptions, Transport, WatchEvent
from k8s_magic.sim.time import SECOND


def timed_out(info: Info) -> KubectlError:
    return KubectlError(f"timed out waiting for the condition on {info.object_name}")


def until(
    client: Transport,
    info: Info,
    end: datetime,
    ready: Callable[[Object | None], bool],
    *,
    stays_gone: bool,
) -> Object | None:
    """The object as it was when `ready` said yes; None is an object that is not there.

    `stays_gone` says that a deletion in between is an end (which `ready` then sees as None); otherwise the object may
    come again. Raises: KubectlError when the time is over; whatever `ready` raises.
    """
    late = timed_out(info)
    return one(client, info.resource.gvr, info.namespace, info.name, end, ready, stays_gone=stays_gone, late=late)


def one(
    client: Transport,
    resource: GroupVersionResource,
    namespace: str,
    name: str,
    end: datetime | None,
    ready: Callable[[Object | None], bool],
    *,
    stays_gone: bool,
    late: KubectlError | None = None,
) -> Object | None:
    """As `until`; `late` is raised when the time is over, of which there is no end where `end` is None."""
    selector = f"metadata.name={name}"
    first = True
    while True:
        if not first and end is not None and client.now() >= end:
            raise late or KubectlError("timed out waiting for the condition")
        listed = client.list(resource, namespace, options=ListOptions(field_selector=selector))
        items = listed["items"]
        found = items[0] if items else None
        if (found is not None or first or stays_gone) and ready(found):
            return found
        first = False
        version = (listed.get("metadata") or {}).get("resourceVersion", "")
        watch = client.watch(
            resource, namespace, options=ListOptions(field_selector=selector, resource_version=version)
        )
        try:
            while (event := _next(client, watch.next, end)) is not None:
                if event.type == "ERROR":
                    break  # the watch is over: list again
                if event.type == "DELETED":
                    if stays_gone and ready(None):
                        return event.object
                elif event.type != "BOOKMARK" and ready(event.object):
                    return event.object
        finally:
            watch.close()


def _next(
    client: Transport, following: Callable[[int | None], WatchEvent | None], end: datetime | None
) -> WatchEvent | None:
    if end is None:
        return following(None)
    left = (end - client.now()).total_seconds()
    return following(int(left * SECOND)) if left > 0 else None
