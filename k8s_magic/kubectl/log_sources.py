"""Which containers a `logs` command reads, and how several are followed at once.

Source: kubectl/pkg/polymorphichelpers/logsforobject.go
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from k8s_magic.kubectl import pod_choice
from k8s_magic.kubectl.resources.info import is_list
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS
from k8s_magic.machinery.protocols import LogOptions, Transport
from k8s_magic.text.go_values import quoted

# Our guess at how soon a line is seen when several containers are followed at once. Units: seconds.
FOLLOW_EVERY = 0.25


@dataclass(frozen=True, slots=True)
class Source:
    """One container whose log is wanted."""

    pod: Object
    log: LogOptions

    @property
    def prefix(self) -> str:
        return f"[pod/{meta.name_of(self.pod)}/{self.log.container}] "

    def lines(self, client: Transport, log: LogOptions) -> list[str]:
        chunks = client.logs(meta.namespace_of(self.pod), meta.name_of(self.pod), log)
        return "".join(chunks).splitlines(keepends=True)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for of an object. `timeout` is how long a Pod is waited for."""

    log: LogOptions
    all_containers: bool
    all_pods: bool
    timeout: float


Notice = Callable[[str], None]


def sources(wanted: Wanted, target: Object, client: Transport, notice: Notice) -> Iterator[Source]:
    """The containers of a Pod, a list of Pods, or a workload. Raises: KubectlError."""
    if is_list(target):
        for item in target["items"]:
            yield from _of_pod(wanted, item, notice)
        return
    if target.get("kind") == "Pod":
        yield from _of_pod(wanted, target, notice)
        return
    selector = pod_choice.selector_of(target, "get the logs from")
    namespace = meta.namespace_of(target)
    found = pod_choice.pods_of(client, namespace, selector, wanted.timeout, pod_choice.for_logs)
    if len(found) > 1 and wanted.all_pods:
        for item in found:
            yield from _of_pod(wanted, item, notice)
        return
    if len(found) > 1:
        notice(f"Found {len(found)} pods, using pod/{meta.name_of(found[0])}\n")
    yield from _of_pod(wanted, found[0], notice)


def _of_pod(wanted: Wanted, pod: Object, notice: Notice) -> Iterator[Source]:
    if wanted.all_containers:
        for field in ("initContainers", "containers", "ephemeralContainers"):
            for container in pod["spec"].get(field) or ():
                yield Source(pod, replace(wanted.log, container=container["name"]))
        return
    name = wanted.log.container
    if not name:
        name = meta.annotations_of(pod).get(pod_choice.DEFAULT_CONTAINER, "")
        if name and not pod_choice.find_container(pod, name):
            notice(f"Default container name {quoted(name)} not found in pod {meta.name_of(pod)}\n")
            name = ""
    if not name:
        name = pod["spec"]["containers"][0]["name"]
        if pod_choice.has_several(pod) and not wanted.all_pods:
            notice(pod_choice.defaulted_text(name, pod))
    if not pod_choice.find_container(pod, name):
        raise pod_choice.not_valid(name, pod)
    yield Source(pod, replace(wanted.log, container=name))


def follow(found: list[Source], client: Transport, write: Callable[[Source, str], None], notice: Notice) -> None:
    """Several logs at once: each is read again and again, and what is new in it is written."""
    counts = [0] * len(found)
    open_ones = list(range(len(found)))
    first = True
    while open_ones:
        for index in list(open_ones):
            source = found[index]
            ended = _has_ended(client, source)
            if ended:
                open_ones.remove(index)
            try:
                whole = source.lines(client, replace(source.log, follow=False, tail_lines=None, since_seconds=None))
                begin = source.lines(client, replace(source.log, follow=False)) if first else whole[counts[index] :]
            except ApiError as error:
                if first:
                    notice(f"{error}\n")
                continue
            counts[index] = len(whole)
            for line in begin:
                write(source, line)
        first = False
        if open_ones:
            client.sleep(FOLLOW_EVERY)


def _has_ended(client: Transport, source: Source) -> bool:
    """Whether the container writes no more: it has terminated for good, or its Pod is gone."""
    try:
        pod = client.get(PODS, meta.namespace_of(source.pod), meta.name_of(source.pod))
    except ApiError as error:
        if error.is_not_found:
            return True
        raise
    status = pod.get("status") or {}
    if status.get("phase") in ("Succeeded", "Failed"):
        return True
    for field in ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"):
        for container in status.get(field) or ():
            if container["name"] == source.log.container:
                return "terminated" in (container.get("state") or {})
    return False
