"""Which Pod and which container a command means that is about one: `deploy/web`, the default container.

Source: kubectl/pkg/polymorphichelpers/{helpers,logsforobject,attachablepodforobject}.go,
kubectl/pkg/cmd/util/podcmd/podcmd.go, kubectl/pkg/util/podutils/podutils.go
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8s_magic.kinds import by_gvk
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.mapper import gvk_of
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS
from k8s_magic.machinery.protocols import ListOptions, Transport
from k8s_magic.sim.time import SECOND
from k8s_magic.text.go_values import quoted

DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
_PHASES = {"Running": 0, "Unknown": 1, "Pending": 2}

PodKey = Callable[[Object], Any]


def selector_of(obj: Object, verb: str) -> str:
    """The selector of a workload's or Service's Pods. Raises: KubectlError where it has none.

    `verb` is `get the logs from` or `attach to`.
    """
    gvk = gvk_of(obj)
    go_type = f"*{gvk.version}.{gvk.kind}"
    kind = by_gvk(gvk)
    if kind is None or kind.pod_selector is None:
        raise KubectlError(f"cannot {verb} {go_type}: selector for {go_type} not implemented")
    if gvk.kind == "Service" and not (obj.get("spec") or {}).get("selector"):
        name = obj["metadata"]["name"]
        raise KubectlError(f"cannot {verb} {go_type}: invalid service '{name}': Service is defined without a selector")
    return kind.pod_selector(obj)


def ready_since(pod: Object) -> str:
    """When it became ready; "" where it is not."""
    for condition in (pod.get("status") or {}).get("conditions") or ():
        if condition["type"] == "Ready" and condition["status"] == "True":
            since: str = condition.get("lastTransitionTime") or "9999"
            return since
    return ""


def _restarts(pod: Object) -> int:
    statuses = (pod.get("status") or {}).get("containerStatuses") or ()
    return max((status.get("restartCount", 0) for status in statuses), default=0)


def _common(pod: Object) -> tuple[Any, ...]:
    phase = _PHASES.get((pod.get("status") or {}).get("phase", ""), 0)
    return (not (pod.get("spec") or {}).get("nodeName"), phase, not ready_since(pod))


def for_logs(pod: Object) -> tuple[Any, ...]:
    """The order in which a workload's Pods are asked for logs (ByLogging)."""
    return (*_common(pod), ready_since(pod), -_restarts(pod), pod["metadata"].get("creationTimestamp", "9999"))


def for_attaching(pod: Object) -> tuple[Any, ...]:
    """The order in which they are exec'd into or forwarded to (the reverse of ActivePods)."""
    deleting = meta.is_deleting(pod)
    deleted = pod["metadata"].get("deletionTimestamp") or ""
    created = pod["metadata"].get("creationTimestamp", "9999")
    latest_first = tuple(-ord(letter) for letter in deleted)
    return (*_common(pod), deleting, latest_first, ready_since(pod), _restarts(pod), created)


def pods_of(client: Transport, namespace: str, selector: str, timeout: float, key: PodKey) -> list[Object]:
    """The Pods, best first; waits for one where there is none yet. Raises: KubectlError after `timeout` seconds."""
    options = ListOptions(label_selector=selector)
    listing = client.list(PODS, namespace, options=options)
    found: list[Object] = sorted(listing["items"], key=key)
    if found:
        return found
    version = listing["metadata"].get("resourceVersion", "")
    watch = client.watch(PODS, namespace, options=ListOptions(label_selector=selector, resource_version=version))
    deadline = client.now().timestamp() + timeout
    try:
        while True:
            left = deadline - client.now().timestamp()
            event = watch.next(max(0, int(left * SECOND)))
            if event is None:
                raise KubectlError("timed out waiting for the condition")
            if event.type in ("ADDED", "MODIFIED"):
                return [event.object]
    finally:
        watch.close()


def attachable(client: Transport, obj: Object, timeout: float) -> Object:
    """The Pod to exec into, attach or forward to for any object."""
    if obj.get("kind") == "Pod":
        return obj
    selector = selector_of(obj, "attach to")
    return pods_of(client, meta.namespace_of(obj), selector, timeout, for_attaching)[0]


def find_container(pod: Object, name: str) -> str:
    """A container's path in its Pod, `spec.containers{web}`; "" where there is none of that name."""
    for field in ("containers", "initContainers", "ephemeralContainers"):
        if any(container["name"] == name for container in pod["spec"].get(field) or ()):
            return f"spec.{field}{{{name}}}"
    return ""


def container_names(pod: Object) -> str:
    """`web, debugger (ephem), setup (init)`."""
    marks = (("containers", ""), ("ephemeralContainers", " (ephem)"), ("initContainers", " (init)"))
    return ", ".join(container["name"] + mark for field, mark in marks for container in pod["spec"].get(field) or ())


def not_valid(name: str, pod: Object) -> KubectlError:
    return KubectlError(f"container {name} is not valid for pod {meta.name_of(pod)} out of: {container_names(pod)}")


def has_several(pod: Object) -> bool:
    spec = pod["spec"]
    return len(spec["containers"]) > 1 or bool(spec.get("initContainers")) or bool(spec.get("ephemeralContainers"))


def defaulted_text(name: str, pod: Object) -> str:
    return f"Defaulted container {quoted(name)} out of: {container_names(pod)}\n"


def default_container(pod: Object, notice: Callable[[str], None]) -> str:
    """The container to use where none was named; `notice` hears which, if there are several."""
    name = meta.annotations_of(pod).get(DEFAULT_CONTAINER, "")
    if name:
        if not find_container(pod, name):
            raise not_valid(name, pod)
        return name
    first: str = pod["spec"]["containers"][0]["name"]
    if has_several(pod):
        notice(defaulted_text(first, pod))
    return first
