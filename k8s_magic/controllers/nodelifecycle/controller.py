"""Looks at nodes, marks the silent ones, taints and untaints."""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result
from k8s_magic.controllers import _pods, _writes
from k8s_magic.controllers.nodelifecycle import health, silence, taints
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.sim.kernel import Callback
from k8s_magic.sim.time import SimTime

COMPONENT = "node-controller"
LEASES_NAMESPACE = "kube-node-lease"
EXCLUDED = "node.kubernetes.io/exclude-disruption"
REGION, ZONE = "topology.kubernetes.io/region", "topology.kubernetes.io/zone"


class NodeLifecycle:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._kernel = context.kernel
        self._transport = context.transport(COMPONENT)
        self._recorder = context.recorder(COMPONENT)
        self._nodes = context.informer(names.NODES)
        self._leases = context.informer(names.LEASES)
        self._pods = context.informer(names.PODS)
        self._heard = health.Heard()
        self._known: dict[str, str] = {}  # names and uids of nodes that are registered here
        self._changed: dict[str, None] = {}
        self._retry: dict[str, None] = {}  # nodes whose Pods could not all be marked
        self._waiting: dict[str, None] = {}  # nodes to be tainted NoExecute when their zone's pace allows
        self._allowed_at: dict[str, SimTime] = {}  # by zone
        self._all_down = False
        self._look: Callback | None = None
        self._tainting: Callback | None = None
        self._no_schedule = Controller(COMPONENT, context.kernel, self._taint_no_schedule)
        self._no_schedule.watch(self._nodes, self._note_node)
        self._no_schedule.watch(self._leases, self._note_lease)

    def start(self) -> None:
        self._no_schedule.start()

    def stop(self) -> None:
        self._no_schedule.stop()
        for callback in (self._look, self._tainting):
            if callback is not None:
                callback.cancel()

    # What is heard

    def _note_node(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        name = meta.name_of(new)
        if type == "DELETED":
            self._heard.forget(name)
            self._waiting.pop(name, None)
            self._changed[name] = None
            self._plan_look()
            return ()
        ready = _pods.condition(new, "Ready") or {}
        before = (_pods.condition(old, "Ready") if old is not None else None) or {}
        if old is None or ready.get("lastHeartbeatTime") != before.get("lastHeartbeatTime"):
            self._heard.note(name, self._kernel.now)
        if old is None or ready.get("status") != before.get("status") or taints.of(new) != taints.of(old):
            self._changed[name] = None
            self._plan_look()
        if taints.wanted_no_schedule(new) != taints.held_no_schedule(new):
            return (ObjectKey("", name),)
        return ()

    def _note_lease(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        if type != "DELETED" and new["metadata"].get("namespace") == LEASES_NAMESPACE:
            self._heard.note(new["metadata"]["name"], self._kernel.now)
        return ()

    def _plan_look(self) -> None:
        """Look at the next instant of the monitor's beat if something changed, else when a node may be silent."""
        if self._changed or self._retry:
            due: SimTime | None = health.next_look(self._kernel.now + 1)
        else:
            due = self._heard.silent_at(self._alive())
        if due is None:
            return
        due = max(due, health.next_look(self._kernel.now + 1))
        look = self._look
        if look is not None and look.is_pending:
            if look.time <= due:
                return
            look.cancel()
        self._look = self._kernel.call_at(due, self._monitor)

    def _alive(self) -> Iterable[str]:
        for node in self._nodes.list():
            ready = _pods.condition(node, "Ready")
            if ready is None or ready["status"] != "Unknown":
                yield meta.name_of(node)

    # The monitor

    def _monitor(self) -> None:
        nodes = list(self._nodes.list())
        self._register(nodes)
        changed, self._changed = self._changed, {}
        looked = []
        for node in nodes:
            name = meta.name_of(node)
            if self._heard.is_silent(name, self._kernel.now, self._grace(node)):
                looked.append(self._lose(node))
            else:
                looked.append(node)
                if name in self._retry:
                    self._mark_pods(node)
            if name in changed or looked[-1] is not node:
                self._weigh(looked[-1])
        self._judge_zones(looked)
        self._plan_look()

    def _register(self, nodes: list[Object]) -> None:
        present = {meta.name_of(node): node for node in nodes}
        for name, node in present.items():
            if name not in self._known:
                self._known[name] = meta.uid_of(node)
                self._event(node, "RegisteredNode", f"Node {name} event: Registered Node {name} in Controller")
        for name in [name for name in self._known if name not in present]:
            gone = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "uid": self._known.pop(name)}}
            self._event(gone, "RemovingNode", f"Node {name} event: Removing Node {name} from Controller")

    def _event(self, node: Object, reason: str, message: str) -> None:
        self._recorder.event(node, "Normal", reason, message)

    @staticmethod
    def _grace(node: Object) -> SimTime:
        has_reported = _pods.condition(node, "Ready") is not None
        return health.GRACE_PERIOD if has_reported else health.STARTUP_GRACE_PERIOD

    def _lose(self, node: Object) -> Object:
        """A silent node's conditions become Unknown; its Pods are not ready any more. Answers the node after it."""
        before = _pods.condition(node, "Ready")
        if before is not None and before["status"] == "Unknown":
            return node
        now = self._context.now_text()
        status = {**(node.get("status") or {}), "conditions": silence.unknown_conditions(node, now)}
        name = meta.name_of(node)
        try:
            updated = self._transport.update(
                names.NODES,
                "",
                name,
                meta.with_status(node, status),
                subresource="status",
                options=_writes.AS_MANAGER,
            )
        except ApiError:
            self._changed[name] = None
            return node
        if before is not None and before["status"] == "True":
            self._event(updated, "NodeNotReady", f"Node {name} status is now: NodeNotReady")
            self._mark_pods(updated)
        return updated

    def _mark_pods(self, node: Object) -> None:
        name = meta.name_of(node)
        self._retry.pop(name, None)
        now = self._context.now_text()
        for pod in list(self._pods.by_node(name)):
            if not _pods.is_ready(pod):
                continue
            try:
                self._transport.update(
                    names.PODS,
                    meta.namespace_of(pod),
                    meta.name_of(pod),
                    silence.unready(pod, now),
                    subresource="status",
                    options=_writes.AS_MANAGER,
                )
            except ApiError as error:
                if error.is_not_found:
                    continue
                self._retry[name] = None
            self._recorder.event(pod, "Warning", "NodeNotReady", "Node is not ready")

    # Taints

    def _weigh(self, node: Object) -> None:
        """NoExecute: swap the one for the other at once, queue a node for its first, take both from a ready one."""
        name = meta.name_of(node)
        ready = _pods.condition(node, "Ready")
        if ready is None:
            return
        if ready["status"] == "True":
            self._reach(node)
            return
        wanted, other = _no_execute(ready["status"])
        if taints.has(node, other, taints.NO_EXECUTE):
            self._swap(node, [wanted], [other], taints.NO_EXECUTE)
        elif not taints.has(node, wanted, taints.NO_EXECUTE):
            self._waiting[name] = None

    def _reach(self, node: Object) -> None:
        self._waiting.pop(meta.name_of(node), None)
        keys = [taints.NOT_READY, taints.UNREACHABLE]
        for key in keys:
            if taints.has(node, key, taints.NO_EXECUTE):
                node = self._swap(node, [], [key], taints.NO_EXECUTE)

    def _judge_zones(self, nodes: list[Object]) -> None:
        """Each zone's pace; when no node of the cluster is ready, the fault is taken to be elsewhere."""
        zones: dict[str, list[bool]] = {}
        for node in nodes:
            if EXCLUDED not in meta.labels_of(node):
                ready = _pods.condition(node, "Ready")
                zones.setdefault(_zone(node), []).append(ready is not None and ready["status"] == "True")
        states = {zone: health.zone_state(found.count(True), found.count(False)) for zone, found in zones.items()}
        all_down = bool(states) and all(state == health.FULL for state in states.values())
        if all_down and not self._all_down:
            for node in nodes:
                self._reach(node)
        elif self._all_down and not all_down:
            self._heard.reset(self._kernel.now)
            self._changed.update(dict.fromkeys(map(meta.name_of, nodes)))
        self._all_down = all_down
        if not all_down:
            self._taint_waiting({zone: (states[zone], len(found)) for zone, found in zones.items()})

    def _taint_waiting(self, zones: dict[str, tuple[str, int]]) -> None:
        now = self._kernel.now
        later: list[SimTime] = []
        for name in list(self._waiting):
            node = self._nodes.get("", name)
            ready = _pods.condition(node, "Ready") if node is not None else None
            if node is None or ready is None or ready["status"] == "True":
                del self._waiting[name]
                continue
            zone = _zone(node)
            pace = health.spacing(*zones.get(zone, (health.NORMAL, 1)))
            if pace is None:
                continue
            if self._allowed_at.get(zone, 0) > now:
                later.append(self._allowed_at[zone])
                continue
            self._allowed_at[zone] = now + pace
            del self._waiting[name]
            wanted, other = _no_execute(ready["status"])
            self._swap(node, [wanted], [other], taints.NO_EXECUTE)
        if later:
            if self._tainting is not None:
                self._tainting.cancel()
            self._tainting = self._kernel.call_at(min(later), self._judge_again)

    def _judge_again(self) -> None:
        self._judge_zones(list(self._nodes.list()))
        self._plan_look()

    def _taint_no_schedule(self, request: Request) -> Result | None:
        node = self._nodes.get("", request.name)
        if node is None:
            return None
        wanted, held = taints.wanted_no_schedule(node), taints.held_no_schedule(node)
        add = [key for key in wanted if key not in held]
        remove = [key for key in held if key not in wanted]
        if add or remove:
            self._swap(node, add, remove, taints.NO_SCHEDULE)
        return None

    def _swap(self, node: Object, add: list[str], remove: list[str], effect: str) -> Object:
        """Two writes, as the real controller: first what comes, then what goes. Answers the node after them."""
        present = taints.of(node)
        if add:
            present = taints.added(present, add, effect, self._context.now_text())
            node = self._write_taints(node, present)
        left = taints.removed(present, remove, effect)
        if len(left) < len(present):
            node = self._write_taints(node, left)
        return node

    def _write_taints(self, node: Object, present: list[taints.Taint]) -> Object:
        patch = {"spec": {"taints": present or None}}
        return self._transport.patch(names.NODES, "", meta.name_of(node), patch, "merge", options=_writes.AS_MANAGER)


def _no_execute(ready: str) -> tuple[str, str]:
    """(the key that a state of Ready asks for, the other one)"""
    if ready == "False":
        return taints.NOT_READY, taints.UNREACHABLE
    return taints.UNREACHABLE, taints.NOT_READY


def _zone(node: Object) -> str:
    labels = meta.labels_of(node)
    return f"{labels.get(REGION, '')}:{labels.get(ZONE, '')}"


def build(context: Context) -> Component:
    return NodeLifecycle(context)


CONTROLLER = ComponentRecord(COMPONENT, build)
