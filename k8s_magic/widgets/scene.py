"""What the node and Pod views show, kept up to date by the API's changes and handed out as small deltas.

A Pod gets a slot on its node (or in the waiting room) and keeps it for life. The slot of a Pod that is gone stays
empty for a second of simulated time, so that a replacement is seen to be another Pod.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from k8s_magic.client.context import Context
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Informer, WatchType
from k8s_magic.sim.time import SimTime
from k8s_magic.widgets import node_box, pod_state
from k8s_magic.widgets.label_sets import LabelSets
from k8s_magic.widgets.node_loads import NodeLoads
from k8s_magic.widgets.records import WAITING_ROOM, Changes, Ghost, NodeBox, PodCell, Services
from k8s_magic.widgets.slots import GHOST, Slots

_REVISION = "deployment.kubernetes.io/revision"


class Scene:
    """Follows Pods, Nodes, ReplicaSets and Services. `show(pod)` says which Pods belong in the picture."""

    def __init__(self, context: Context, show: Callable[[Object], bool] = lambda pod: True) -> None:
        self.context = context
        self._kernel = context.kernel
        self._show = show
        self._pods: Informer = context.informer(names.PODS)
        self._nodes: Informer = context.informer(names.NODES)
        self._replica_sets: Informer = context.informer(names.REPLICA_SETS)
        self._deployments: Informer = context.informer(names.DEPLOYMENTS)
        self._services: Informer = context.informer(names.SERVICES)
        self._world: Any = context.services.get("world")
        self.cells: dict[str, PodCell] = {}
        self.boxes: dict[str, NodeBox] = {}
        self._labels = LabelSets()
        self._ghosts: deque[Ghost] = deque()
        self._slots: dict[str, Slots] = {}
        self._loads = NodeLoads()
        self._tainted: dict[str, SimTime] = {}  # node -> since when it drives Pods away
        self._creating: dict[str, frozenset[str]] = {}  # uid -> images, of Pods that are on their way
        self._dirty_pods: dict[str, Object | None] = {}
        self._dirty_nodes: dict[str, None] = {}
        self._has_new_services = False
        self._changes = Changes()
        self._closed = False
        self._handlers = (
            (self._pods, self._on_pod),
            (self._nodes, self._on_node),
            (self._replica_sets, self._on_replica_set),
            (self._services, self._on_service),
        )
        for informer, handler in self._handlers:
            informer.add_handler(handler)

    def close(self) -> None:
        """Hear nothing more."""
        self._closed = True
        for informer, handler in self._handlers:
            informer.remove_handler(handler)
        self._dirty_pods.clear()
        self._dirty_nodes.clear()

    @property
    def now(self) -> SimTime:
        return self._kernel.now

    # Handlers run inside writes: they only note what changed.

    def _on_pod(self, type: WatchType, pod: Object, old: Object | None) -> None:
        if not self._closed and self._show(pod):
            self._dirty_pods[pod["metadata"]["uid"]] = None if type == "DELETED" else pod

    def _on_node(self, type: WatchType, node: Object, old: Object | None) -> None:
        if self._closed:
            return
        name = node["metadata"]["name"]
        self._dirty_nodes[name] = None
        is_tainted = self._note_taints(name, node if type != "DELETED" else None, is_new=old is None)
        if is_tainted or old is None or pod_state.is_true(old, "Ready") != pod_state.is_true(node, "Ready"):
            for pod in self._pods.by_node(name):
                self._on_pod("MODIFIED", pod, None)

    def _note_taints(self, name: str, node: Object | None, is_new: bool) -> bool:
        """Whether the node has begun or ceased to drive Pods away."""
        taints = node_box.evicting_taints(node)
        if bool(taints) == (name in self._tainted):
            return False
        if not taints:
            del self._tainted[name]
            return True
        since = self._kernel.now
        if is_new:  # The scene came later than the taint.
            added = [self.context.times.parse(taint["timeAdded"]) for taint in taints if taint.get("timeAdded")]
            since = min(added, default=since)
        self._tainted[name] = since
        return True

    def _on_replica_set(self, type: WatchType, replica_set: Object, old: Object | None) -> None:
        if self._closed or type == "DELETED":
            return
        before = meta.annotations_of(old).get(_REVISION) if old is not None else None
        if before != meta.annotations_of(replica_set).get(_REVISION):
            owner = meta.controller_of(replica_set)
            for sibling in self._replica_sets.by_owner(owner["uid"]) if owner else (replica_set,):
                for pod in self._pods.by_owner(sibling["metadata"]["uid"]):
                    self._on_pod("MODIFIED", pod, None)

    def _on_service(self, type: WatchType, service: Object, old: Object | None) -> None:
        self._has_new_services = True

    # What is handed out.

    def take(self) -> Changes:
        """Update, and hand out what is different from the last call's picture."""
        self.update()
        changes, self._changes = self._changes, Changes()
        return changes

    def whole(self) -> Changes:
        """The whole picture as changes from nothing."""
        return Changes(nodes=self.boxes, pods=self.cells, labels=dict(self._labels.live), services=self.services())

    def services(self) -> Services:
        found = ((obj, obj["spec"].get("selector")) for obj in self._services.list())
        return {f"{meta.namespace_of(obj)}/{meta.name_of(obj)}": selector for obj, selector in found if selector}

    def ghosts(self) -> list[Ghost]:
        """The places of Pods that went less than a second ago."""
        while self._ghosts and self._ghosts[0].until <= self._kernel.now:
            self._ghosts.popleft()
        return list(self._ghosts)

    def pod(self, uid: str) -> Object | None:
        """The object behind a cell."""
        cell = self.cells.get(uid)
        return None if cell is None else self._pods.get(cell.namespace, cell.name)

    def node(self, name: str) -> Object | None:
        return self._nodes.get("", name)

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
                if cell.node in self._tainted:
                    self._dirty_nodes[cell.node] = None
        if self._creating:
            self._update_pulls(changes)
        dirty_nodes, self._dirty_nodes = self._dirty_nodes, {}
        for name in dirty_nodes:
            self._update_node(name, changes)
        if self._has_new_services:
            self._has_new_services = False
            changes.services = self.services()

    def _remove(self, uid: str, changes: Changes) -> None:
        cell = self.cells.pop(uid, None)
        self._dirty_nodes |= dict.fromkeys(self._loads.drop(uid))
        self._creating.pop(uid, None)
        if cell is not None:
            self._slots[cell.node].give_back(cell.slot, self._kernel.now)
            self._forget_labels(cell.labels)
            self._ghosts.append(Ghost(self._kernel.now + GHOST, cell.node, cell.slot))
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
            slot = self._slots.setdefault(node, Slots()).take(now)
        state, reason = pod_state.classify(pod, self._is_ready(node))
        statuses = pod.get("status", {}).get("containerStatuses") or ()
        self._dirty_nodes |= dict.fromkeys(self._loads.put(uid, pod))
        if state == "creating" and self._world is not None:
            self._creating[uid] = frozenset(container.get("image", "") for container in spec["containers"])
        else:
            self._creating.pop(uid, None)
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
            parts=pod_state.parts(pod),
            labels=self._label_set(meta.labels_of(pod), old),
            until=self._until(pod, node),
            pull=old.pull if old is not None and state == "creating" else None,
            message=pod_state.message(pod, state),
        )

    def _label_set(self, labels: dict[str, str], old: PodCell | None) -> int:
        if old is not None:
            if self._labels.live[old.labels] == labels:
                return old.labels
            self._forget_labels(old.labels)
        number, is_new = self._labels.take(labels)
        if is_new:
            self._changes.labels[number] = labels
        return number

    def _forget_labels(self, number: int) -> None:
        if self._labels.give_back(number):
            self._changes.labels.pop(number, None)

    def _until(self, pod: Object, node: str) -> SimTime:
        if meta.is_deleting(pod):
            return self.context.times.parse(pod["metadata"]["deletionTimestamp"])
        since = self._tainted.get(node)
        if since is None:
            return 0
        span = node_box.stay(pod, node_box.evicting_taints(self._nodes.get("", node)))
        return 0 if span is None else since + span

    def _update_pulls(self, changes: Changes) -> None:
        """Which Pods' images are being downloaded: kubelets fetch one at a time and the API does not tell."""
        for uid, images in self._creating.items():
            cell = self.cells[uid]
            runtime = self._world.known_node(cell.node)
            current = runtime.pulling if runtime is not None else None
            pull = (current[1], current[2]) if current is not None and current[0] in images else None
            if pull != cell.pull:
                self.cells[uid] = changes.pods[uid] = replace(cell, pull=pull)

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

    def _update_node(self, name: str, changes: Changes) -> None:
        node = self._nodes.get("", name)
        if node is None:
            if self.boxes.pop(name, None) is not None:
                changes.nodes.pop(name, None)
                changes.gone_nodes[name] = None
            return
        box = node_box.read(node, self._loads.of(name), self._evicts_at(name))
        if box != self.boxes.get(name):
            self.boxes[name] = box
            changes.gone_nodes.pop(name, None)
            changes.nodes[name] = box

    def _evicts_at(self, name: str) -> SimTime:
        if name not in self._tainted:
            return 0
        found = (self.cells.get(meta.uid_of(pod)) for pod in self._pods.by_node(name) if not meta.is_deleting(pod))
        return min((cell.until for cell in found if cell is not None and cell.until), default=0)


def _number(replica_set: Object) -> int:
    text = meta.annotations_of(replica_set).get(_REVISION, "0")
    return int(text) if text.isdigit() else 0
