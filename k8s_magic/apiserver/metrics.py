"""What a metrics server would tell of nodes and Pods: read-only, and a pure function of what runs.

Our choice, not a measurement: a running container uses a twentieth of the CPU and half of the memory it requests, and
at least a small figure of its image's; a node uses the sum of its Pods and something of its own.
Source: metrics/pkg/apis/metrics/v1beta1/types.go
"""

from __future__ import annotations

import zlib
from typing import Any

from k8s_magic.apiserver.core import Core
from k8s_magic.apiserver.selection import Selection, storage_order
from k8s_magic.machinery import errors, quantity
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import NODES, PODS, GroupVersionResource
from k8s_magic.machinery.protocols import ListOptions

GROUP, VERSION = "metrics.k8s.io", "v1beta1"
WINDOW = "15s"
NODE_CPU, NODE_MEMORY = 40, 256 * 1024
RECORDS: tuple[dict[str, Any], ...] = tuple(
    {
        "group": GROUP,
        "version": VERSION,
        "kind": kind,
        "resource": resource,
        "singular": "",
        "namespaced": resource == "pods",
        "verbs": ["get", "list"],
    }
    for resource, kind in (("nodes", "NodeMetrics"), ("pods", "PodMetrics"))
)
DISCOVERY: tuple[dict[str, Any], ...] = tuple(
    {
        "name": record["resource"],
        "singularName": "",
        "shortNames": [],
        "categories": [],
        "subresources": [],
        **{field: record[field] for field in ("namespaced", "group", "version", "kind", "verbs")},
    }
    for record in RECORDS
)
Use = tuple[int, int]  # milli CPUs, KiB


class Metrics:
    def __init__(self, core: Core) -> None:
        self._core = core

    def get(self, gvr: GroupVersionResource, namespace: str, name: str) -> Object:
        """Raises: NotFound, also for what does not run."""
        source = _source(gvr)
        found = self._told(source, self._core.entry(source, namespace, name).object)
        if found is None:
            shown, kind = (f"{namespace}/{name}", "podmetrics") if source == PODS else (name, "nodemetrics")
            raise errors.not_found(GroupVersionResource(GROUP, VERSION, kind), shown)
        return found

    def list(self, gvr: GroupVersionResource, namespace: str, options: ListOptions) -> Object:
        source = _source(gvr)
        kind = self._core.kind(source, "list")
        chosen = Selection(kind, options).select(self._core.table(source), namespace if kind.namespaced else "")
        items = [told for obj in sorted(chosen, key=storage_order) if (told := self._told(source, obj)) is not None]
        return {
            "kind": f"{kind.gvk.kind}MetricsList",
            "apiVersion": f"{GROUP}/{VERSION}",
            "metadata": {},
            "items": items,
        }

    def _told(self, source: GroupVersionResource, obj: Object) -> Object | None:
        return self._pod(obj) if source == PODS else self._node(obj)

    def _pod(self, pod: Object) -> Object | None:
        used = uses(pod)
        if not used:
            return None
        return {
            **self._head("PodMetrics", pod),
            "containers": [{"name": name, "usage": _usage(use)} for name, use in used.items()],
        }

    def _node(self, node: Object) -> Object | None:
        conditions = (node.get("status") or {}).get("conditions") or ()
        if not any(each["type"] == "Ready" and each["status"] == "True" for each in conditions):
            return None
        cpu, memory = NODE_CPU, NODE_MEMORY
        for pod in self._core.table(PODS).by_node(node["metadata"]["name"]):
            for own_cpu, own_memory in uses(pod).values():
                cpu, memory = cpu + own_cpu, memory + own_memory
        return {**self._head("NodeMetrics", node), "usage": _usage((cpu, memory))}

    def _head(self, kind: str, obj: Object) -> Object:
        given = obj["metadata"]
        now = self._core.now_text()
        metadata = {name: given[name] for name in ("name", "namespace", "labels") if name in given}
        return {
            "kind": kind,
            "apiVersion": f"{GROUP}/{VERSION}",
            "metadata": {**metadata, "creationTimestamp": now},
            "timestamp": now,
            "window": WINDOW,
        }


def _source(gvr: GroupVersionResource) -> GroupVersionResource:
    for source in (NODES, PODS):
        if gvr.version == VERSION and gvr.resource == source.resource:
            return source
    raise errors.resource_missing()


def uses(pod: Object) -> dict[str, Use]:
    """What each running container of a Pod uses."""
    statuses = (pod.get("status") or {}).get("containerStatuses") or ()
    running = {each["name"] for each in statuses if "running" in (each.get("state") or {})}
    return {each["name"]: _use(each) for each in pod["spec"]["containers"] if each["name"] in running}


def _use(container: Object) -> Use:
    resources = container.get("resources") or {}
    requests, limits = resources.get("requests") or {}, resources.get("limits") or {}
    own = zlib.crc32(container.get("image", "").encode())
    cpu = max(1 + own % 3, quantity.cpu_milli(requests.get("cpu", "0")) // 20)
    memory = max((4 + own % 9) * 1024, quantity.as_bytes(requests.get("memory", "0")) // 2048)
    if "cpu" in limits:
        cpu = min(cpu, quantity.cpu_milli(limits["cpu"]))
    if "memory" in limits:
        memory = min(memory, quantity.as_bytes(limits["memory"]) // 1024)
    return cpu, memory


def _usage(use: Use) -> dict[str, str]:
    cpu, memory = use
    return {"cpu": f"{cpu}m", "memory": f"{memory}Ki"}
