"""The scheduler's picture of the cluster: per node what it has and who takes how much of it, kept by deltas.

`changes` is a log of node indexes: an evaluation that has read it up to some length knows which nodes to look at
again. `epoch` rises when something changed that concerns all nodes (a node came or went, images moved).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.scheduler import requests
from k8s_magic.scheduler.template import Template, image_name

_LOG_LIMIT = 100_000  # our bound: a log this long is dropped and everything evaluated anew


class PodEntry:
    """An assigned Pod as it counts on its node."""

    __slots__ = ("is_leaving", "node", "pod", "template")

    def __init__(self, pod: Object, template: Template, node: str) -> None:
        self.pod = pod
        self.template = template
        self.node = node
        self.is_leaving = meta.is_deleting(pod)


class NodeInfo:
    __slots__ = (
        "cpu",
        "ephemeral",
        "images",
        "index",
        "is_unschedulable",
        "labels",
        "live",
        "memory",
        "name",
        "node",
        "nominated",
        "pods",
        "pods_allowed",
        "ports",
        "related",
        "scalars",
        "scored_cpu",
        "scored_memory",
        "spec_version",
        "taints",
        "used_cpu",
        "used_ephemeral",
        "used_memory",
        "used_scalars",
    )

    def __init__(self, name: str, index: int) -> None:
        self.name = name
        self.index = index
        self.node: Object | None = None  # None: Pods are known to be here, the node is not
        self.labels: Mapping[str, str] = {}
        self.taints: tuple[Mapping[str, Any], ...] = ()
        self.is_unschedulable = False
        self.cpu = self.memory = self.ephemeral = self.pods_allowed = 0
        self.scalars: dict[str, int] = {}
        self.images: dict[str, int] = {}
        self.used_cpu = self.used_memory = self.used_ephemeral = 0
        self.scored_cpu = self.scored_memory = 0
        self.used_scalars: dict[str, int] = {}
        self.pods: dict[str, PodEntry] = {}
        self.related: dict[str, PodEntry] = {}  # those of them that have Pod (anti-)affinity terms
        self.live: dict[Template, int] = {}  # Pods not being deleted, by template
        self.ports: dict[tuple[str, str, int], int] = {}
        self.nominated: dict[str, Template] = {}
        self.spec_version = 0

    def set_node(self, node: Object) -> None:
        spec, status = node.get("spec") or {}, node.get("status") or {}
        allocatable = requests.amounts(status.get("allocatable") or status.get("capacity"))
        self.node = node
        self.labels = meta.labels_of(node)
        self.taints = tuple(spec.get("taints") or ())
        self.is_unschedulable = bool(spec.get("unschedulable"))
        self.cpu = allocatable.pop(requests.CPU, 0)
        self.memory = allocatable.pop(requests.MEMORY, 0)
        self.ephemeral = allocatable.pop(requests.EPHEMERAL_STORAGE, 0)
        self.pods_allowed = allocatable.pop(requests.PODS, 0)
        self.scalars = allocatable
        self.images = {
            image_name(name): image.get("sizeBytes") or 0
            for image in status.get("images") or ()
            for name in image.get("names") or ()
        }
        self.spec_version += 1

    def add(self, uid: str, entry: PodEntry) -> None:
        self.pods[uid] = entry
        template = entry.template
        if template.has_inter_pod_terms:
            self.related[uid] = entry
        self._take(template.request, 1)
        for port in template.ports:
            self.ports[port] = self.ports.get(port, 0) + 1
        if not entry.is_leaving:
            self.live[template] = self.live.get(template, 0) + 1

    def remove(self, uid: str) -> PodEntry:
        entry = self.pods.pop(uid)
        self.related.pop(uid, None)
        template = entry.template
        self._take(template.request, -1)
        for port in template.ports:
            self.ports[port] -= 1
            if not self.ports[port]:
                del self.ports[port]
        if not entry.is_leaving:
            self.mark_leaving(template)
        return entry

    def mark_leaving(self, template: Template) -> None:
        self.live[template] -= 1
        if not self.live[template]:
            del self.live[template]

    def _take(self, request: requests.Request, sign: int) -> None:
        self.used_cpu += sign * request.cpu
        self.used_memory += sign * request.memory
        self.used_ephemeral += sign * request.ephemeral
        self.scored_cpu += sign * request.scored_cpu
        self.scored_memory += sign * request.scored_memory
        for name, value in request.scalars:
            self.used_scalars[name] = self.used_scalars.get(name, 0) + sign * value


class NodeTable:
    def __init__(self) -> None:
        self.nodes: list[NodeInfo] = []
        self.by_name: dict[str, NodeInfo] = {}
        self.changes: list[int] = []
        self.epoch = 0
        self.inter_pod_terms = 0  # assigned Pods that have Pod (anti-)affinity terms
        self._orphans: dict[str, NodeInfo] = {}  # nodes that Pods name but the API does not (yet) have
        self._entries: dict[str, PodEntry] = {}

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[NodeInfo]:
        return iter(self.nodes)

    def entry(self, uid: str) -> PodEntry | None:
        return self._entries.get(uid)

    # --- Nodes

    def put_node(self, node: Object) -> NodeInfo:
        name = meta.name_of(node)
        info = self.by_name.get(name)
        if info is None:
            info = self._orphans.pop(name, None) or NodeInfo(name, 0)
            info.index = len(self.nodes)
            self.nodes.append(info)
            self.by_name[name] = info
            info.set_node(node)
            self._start_anew()
            return info
        images = info.images
        info.set_node(node)
        if info.images != images:
            self._start_anew()
        else:
            self.changes.append(info.index)
        return info

    def drop_node(self, name: str) -> None:
        info = self.by_name.pop(name, None)
        if info is None:
            return
        self.nodes.remove(info)
        for index, other in enumerate(self.nodes):
            other.index = index
        info.node = None
        if info.pods:
            self._orphans[name] = info
        self._start_anew()

    def _start_anew(self) -> None:
        self.epoch += 1
        self.changes.clear()

    def touch(self, info: NodeInfo) -> None:
        if info.node is None:
            return
        self.changes.append(info.index)
        if len(self.changes) > _LOG_LIMIT:
            self._start_anew()

    # --- Pods

    def _info(self, name: str) -> NodeInfo:
        info = self.by_name.get(name) or self._orphans.get(name)
        if info is None:
            info = self._orphans[name] = NodeInfo(name, -1)
        return info

    def add_pod(self, pod: Object, template: Template, node: str) -> None:
        uid = meta.uid_of(pod)
        if uid in self._entries:
            self.remove_pod(uid)
        info = self._info(node)
        entry = PodEntry(pod, template, node)
        self._entries[uid] = entry
        info.add(uid, entry)
        info.nominated.pop(uid, None)
        if template.has_inter_pod_terms:
            self.inter_pod_terms += 1
        self.touch(info)

    def remove_pod(self, uid: str) -> PodEntry | None:
        entry = self._entries.pop(uid, None)
        if entry is None:
            return None
        info = self._info(entry.node)
        info.remove(uid)
        if entry.template.has_inter_pod_terms:
            self.inter_pod_terms -= 1
        if info.node is None and not info.pods:
            self._orphans.pop(info.name, None)
        self.touch(info)
        return entry

    def update_pod(self, pod: Object, template: Template) -> None:
        """A change of an assigned Pod that matters: its labels, its requests, its being deleted."""
        entry = self._entries[meta.uid_of(pod)]
        if entry.template is not template:
            self.add_pod(pod, template, entry.node)
            return
        entry.pod = pod
        if meta.is_deleting(pod) and not entry.is_leaving:
            entry.is_leaving = True
            info = self._info(entry.node)
            info.mark_leaving(template)
            self.touch(info)
