"""What the node and Pod views show, kept up to date by the API's changes and handed out as small deltas.

A Pod gets a slot on its node (or in the waiting room) and keeps it for life. The slot of a Pod that is gone stays
empty for a second of simulated time, so that a replacement is seen to be another Pod.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

from k8s_magic.client.context import Context
from k8s_magic.machinery import meta, names, quantity
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Informer, WatchType
from k8s_magic.sim.time import SECOND, SimTime
from k8s_magic.widgets import pod_state
from k8s_magic.widgets.pod_state import State

GHOST: SimTime = 1 * SECOND
WAITING_ROOM = ""
_ROLE = "node-role.kubernetes.io/"
_REVISION = "deployment.kubernetes.io/revision"


@dataclass(frozen=True, slots=True)
class PodCell:
    """Shape: `node` is "" in the waiting room; `owner` is `Deployment/web`; `is_old` when a newer template exists."""

    uid: str
    namespace: str
    name: str
    node: str
    slot: int
    state: State
    reason: str
    owner: str
    revision: str
    is_old: bool
    restarts: int
    ready_containers: int
    containers: int
    since: SimTime


@dataclass(frozen=True, slots=True)
class NodeBox:
    """Units: CPU millicores, memory bytes; each pair is (requested by its Pods, allocatable)."""

    name: str
    roles: str
    is_ready: bool
    is_cordoned: bool
    taints: tuple[str, ...]
    cpu: tuple[int, int]
    memory: tuple[int, int]
    pods: tuple[int, int]


@dataclass(slots=True)
class Changes:
    """What changed since the last `take`, the last state of each; `gone` are uids."""

    nodes: dict[str, NodeBox] = field(default_factory=dict)
    gone_nodes: dict[str, None] = field(default_factory=dict)
    pods: dict[str, PodCell] = field(default_factory=dict)
    gone: dict[str, None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.nodes or self.gone_nodes or self.pods or self.gone)


class _Slots:
    """Hands out the lowest free slot; a freed one rests for GHOST before it is used again."""

    __slots__ = ("_free", "_next", "_resting")

    def __init__(self) -> None:
        self._free: list[int] = []
        self._resting: list[tuple[SimTime, int]] = []
        self._next = 0

    def take(self, now: SimTime) -> int:
        while self._resting and self._resting[0][0] <= now:
            heapq.heappush(self._free, heapq.heappop(self._resting)[1])
        if self._free:
            return heapq.heappop(self._free)
        self._next += 1
        return self._next - 1

    def give_back(self, slot: int, now: SimTime) -> None:
        heapq.heappush(self._resting, (now + GHOST, slot))


class Scene:
    """Follows Pods, Nodes and ReplicaSets. `show(pod)` says which Pods belong in the picture."""

    def __init__(self, context: Context, show: Callable[[Object], bool] = lambda pod: True) -> None:
        self._kernel = context.kernel
        self._show = show
        self._pods: Informer = context.informer(names.PODS)
        self._nodes: Informer = context.informer(names.NODES)
        self._replica_sets: Informer = context.informer(names.REPLICA_SETS)
        self._deployments: Informer = context.informer(names.DEPLOYMENTS)
        self.cells: dict[str, PodCell] = {}
        self.boxes: dict[str, NodeBox] = {}
        self._slots: dict[str, _Slots] = {}
        self._requests: dict[str, tuple[str, int, int]] = {}  # uid -> node, CPU, memory
        self._usage: dict[str, list[int]] = {}  # node -> CPU, memory, Pods
        self._dirty_pods: dict[str, Object | None] = {}
        self._dirty_nodes: dict[str, None] = {}
        self._changes = Changes()
        self._closed = False
        self._pods.add_handler(self._on_pod)
        self._nodes.add_handler(self._on_node)
        self._replica_sets.add_handler(self._on_replica_set)

    def close(self) -> None:
        """Hear nothing more."""
        self._closed = True
        self._dirty_pods.clear()
        self._dirty_nodes.clear()

    # Handlers run inside writes: they only note what changed.

    def _on_pod(self, type: WatchType, pod: Object, old: Object | None) -> None:
        if not self._closed and self._show(pod):
            self._dirty_pods[pod["metadata"]["uid"]] = None if type == "DELETED" else pod

    def _on_node(self, type: WatchType, node: Object, old: Object | None) -> None:
        if self._closed:
            return
        name = node["metadata"]["name"]
        self._dirty_nodes[name] = None
        if old is None or pod_state.is_true(old, "Ready") != pod_state.is_true(node, "Ready"):
            for pod in self._pods.by_node(name):
                self._on_pod("MODIFIED", pod, None)

    def _on_replica_set(self, type: WatchType, replica_set: Object, old: Object | None) -> None:
        if self._closed or type == "DELETED":
            return
        if old is None or meta.annotations_of(old).get(_REVISION) != meta.annotations_of(replica_set).get(_REVISION):
            owner = meta.controller_of(replica_set)
            for sibling in self._replica_sets.by_owner(owner["uid"]) if owner else (replica_set,):
                for pod in self._pods.by_owner(sibling["metadata"]["uid"]):
                    self._on_pod("MODIFIED", pod, None)

    def take(self) -> Changes:
        """Update, and hand out what is different from the last call's picture."""
        self.update()
        changes, self._changes = self._changes, Changes()
        return changes

    def update(self) -> None:
        """Bring `cells` and `boxes` up to the present."""
        changes = self._changes
        dirty, self._dirty_pods = self._dirty_pods, {}
        for uid, pod in dirty.items():
            if pod is None:
                self._remove(uid, changes)
                continue
            cell = self._cell(pod)
            if cell != self.cells.get(uid):
                self.cells[uid] = cell
                changes.pods[uid] = cell
        dirty_nodes, self._dirty_nodes = self._dirty_nodes, {}
        for name in dirty_nodes:
            self._update_node(name, changes)

    def _remove(self, uid: str, changes: Changes) -> None:
        cell = self.cells.pop(uid, None)
        self._charge(uid, "", 0, 0)
        if cell is not None:
            self._slots[cell.node].give_back(cell.slot, self._kernel.now)
            changes.pods.pop(uid, None)
            changes.gone[uid] = None

    def _cell(self, pod: Object) -> PodCell:
        metadata, spec = pod["metadata"], pod["spec"]
        uid, node = metadata["uid"], spec.get("nodeName", WAITING_ROOM)
        old = self.cells.get(uid)
        now = self._kernel.now
        if old is not None and old.node == node:
            slot = old.slot
        else:
            if old is not None:
                self._slots[old.node].give_back(old.slot, now)
            slot = self._slots.setdefault(node, _Slots()).take(now)
        state, reason = pod_state.classify(pod, self._is_ready(node))
        statuses = pod.get("status", {}).get("containerStatuses") or ()
        if state in ("succeeded",) or pod.get("status", {}).get("phase") == "Failed":
            self._charge(uid, "", 0, 0)
        else:
            self._charge(uid, node, *_requested(spec))
        owner, revision, is_old = self._lineage(pod)
        return PodCell(
            uid=uid,
            namespace=metadata.get("namespace", ""),
            name=metadata["name"],
            node=node,
            slot=slot,
            state=state,
            reason=reason,
            owner=owner,
            revision=revision,
            is_old=is_old,
            restarts=pod_state.restarts(pod),
            ready_containers=sum(1 for status in statuses if status.get("ready")),
            containers=len(spec["containers"]),
            since=old.since if old is not None and old.state == state else now,
        )

    def _is_ready(self, name: str) -> bool:
        node = self._nodes.get("", name) if name else None
        return node is None or pod_state.is_true(node, "Ready")

    def _lineage(self, pod: Object) -> tuple[str, str, bool]:
        """Owner as `Kind/name`, template hash, and whether the Deployment has moved on to another template."""
        reference = meta.controller_of(pod)
        revision = meta.labels_of(pod).get("pod-template-hash", "")
        if reference is None:
            return "", revision, False
        namespace = meta.namespace_of(pod)
        if reference["kind"] == "ReplicaSet":
            replica_set = self._replica_sets.get(namespace, reference["name"])
            parent = meta.controller_of(replica_set) if replica_set else None
            if replica_set is not None and parent is not None:
                deployment = self._deployments.get(namespace, parent["name"])
                newest = max((_number(sibling) for sibling in self._replica_sets.by_owner(parent["uid"])), default=0)
                is_old = deployment is not None and _number(replica_set) < newest
                return f"Deployment/{parent['name']}", revision, is_old
        return f"{reference['kind']}/{reference['name']}", revision, False

    def _charge(self, uid: str, node: str, cpu: int, memory: int) -> None:
        """Count a Pod's requests on a node (and no longer where it was counted before)."""
        before = self._requests.get(uid)
        after = (node, cpu, memory) if node else None
        if before == after:
            return
        if before is not None:
            usage = self._usage[before[0]]
            usage[0], usage[1], usage[2] = usage[0] - before[1], usage[1] - before[2], usage[2] - 1
            self._dirty_nodes[before[0]] = None
            del self._requests[uid]
        if after is not None:
            usage = self._usage.setdefault(node, [0, 0, 0])
            usage[0], usage[1], usage[2] = usage[0] + cpu, usage[1] + memory, usage[2] + 1
            self._dirty_nodes[node] = None
            self._requests[uid] = after

    def _update_node(self, name: str, changes: Changes) -> None:
        node = self._nodes.get("", name)
        if node is None:
            if self.boxes.pop(name, None) is not None:
                changes.nodes.pop(name, None)
                changes.gone_nodes[name] = None
            return
        box = self._box(node)
        if box != self.boxes.get(name):
            self.boxes[name] = box
            changes.gone_nodes.pop(name, None)
            changes.nodes[name] = box

    def _box(self, node: Object) -> NodeBox:
        name, spec = node["metadata"]["name"], node.get("spec", {})
        allocatable = node.get("status", {}).get("allocatable", {})
        usage = self._usage.get(name, (0, 0, 0))
        roles = [key.removeprefix(_ROLE) for key in meta.labels_of(node) if key.startswith(_ROLE)]
        taints = [f"{taint['key']}:{taint['effect']}" for taint in spec.get("taints") or ()]
        return NodeBox(
            name=name,
            roles=",".join(sorted(roles)),
            is_ready=pod_state.is_true(node, "Ready"),
            is_cordoned=bool(spec.get("unschedulable")),
            taints=tuple(taints),
            cpu=(usage[0], quantity.cpu_milli(allocatable.get("cpu", "0"))),
            memory=(usage[1], quantity.as_bytes(allocatable.get("memory", "0"))),
            pods=(usage[2], int(allocatable.get("pods", "0"))),
        )


def _number(replica_set: Object) -> int:
    text = meta.annotations_of(replica_set).get(_REVISION, "0")
    return int(text) if text.isdigit() else 0


def _requested(spec: Object) -> tuple[int, int]:
    cpu = memory = 0
    for container in spec["containers"]:
        requests = container.get("resources", {}).get("requests") or {}
        cpu += quantity.cpu_milli(requests.get("cpu", "0"))
        memory += quantity.as_bytes(requests.get("memory", "0"))
    return cpu, memory
