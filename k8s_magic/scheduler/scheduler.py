"""The scheduling loop: a Pod without a node is given one, or told why there is none.

Source: pkg/scheduler/{schedule_one,eventhandlers}.go (1.36). Our simplifications: every node is scored
(percentageOfNodesToScore 100); Pods are taken in batches, each in one instant.
"""

from __future__ import annotations

from typing import Any

from k8s_magic.client.context import Context
from k8s_magic.client.workqueue import REACTION
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.scheduler import filters, preemption, volume_binding
from k8s_magic.scheduler.default_selector import DefaultSelectors
from k8s_magic.scheduler.evaluation import Evaluation
from k8s_magic.scheduler.filters import Refusal
from k8s_magic.scheduler.node_table import NodeInfo, NodeTable
from k8s_magic.scheduler.queue import LEFTOVER_PERIOD, QueuedPod, SchedulingQueue
from k8s_magic.scheduler.template import Template, Templates
from k8s_magic.sim.kernel import Callback
from k8s_magic.sim.time import MILLISECOND, SimTime

NAME = "default-scheduler"
ACTOR = "kube-scheduler"
# Our figures: how many Pods are placed in one instant, and the time between two such instants.
BATCH = 50
BATCH_GAP: SimTime = 2 * MILLISECOND
# Our bound on remembered evaluations: each knows every node.
MAX_EVALUATIONS = 32

TERMINAL = ("Succeeded", "Failed")
# Plugins whose refusal may be lifted by any Pod anywhere.
RELATIONAL = frozenset({"PodTopologySpread", "InterPodAffinity"})
NO_CLAIMS = "no new claims to deallocate"  # DynamicResources' PostFilter, which speaks before DefaultPreemption


class Scheduler:
    def __init__(self, context: Context) -> None:
        self._kernel = context.kernel
        self._now_text = context.now_text
        self._informer = context.informer
        self._pods = context.informer(names.PODS)
        self._nodes = context.informer(names.NODES)
        self._transport = context.transport(ACTOR)
        self._recorder = context.recorder(NAME)
        self._draw = context.streams.stream("scheduler").random
        self._selectors: DefaultSelectors | None = None
        self._volumes: volume_binding.VolumeBinding | None = None
        self._running = False
        self._turn: Callback | None = None
        self._leftover: Callback | None = None
        self._reset()

    def _reset(self) -> None:
        self._table = NodeTable()
        self._queue = SchedulingQueue()
        self._templates = Templates()
        self._evaluations: dict[Template, Evaluation] = {}
        self._assumed: dict[str, str] = {}  # uid -> node: bound by us, not yet heard of
        self._helped: dict[str, None] = {}  # nodes on which something may fit now
        self._relations_changed = False
        self._volumes_changed = False

    # --- Component

    def start(self) -> None:
        """What the API holds is all there is to know: a restarted scheduler reads it anew."""
        self._running = True
        self._reset()
        if self._selectors is None:
            self._selectors = DefaultSelectors(self._informer)
            self._volumes = volume_binding.VolumeBinding(self._informer, self._volume_changed)
            self._nodes.add_handler(self._node_changed)
            self._pods.add_handler(self._pod_changed)
            return
        for node in self._nodes.list():
            self._node_changed("ADDED", node, None)
        for pod in self._pods.list():
            self._pod_changed("ADDED", pod, None)

    def stop(self) -> None:
        self._running = False
        for waiting in (self._turn, self._leftover):
            if waiting is not None:
                waiting.cancel()
        self._turn = self._leftover = None

    # --- What is heard (notes only)

    def _node_changed(self, type: WatchType, new: Object, old: Object | None) -> None:
        if not self._running:
            return
        name = meta.name_of(new)
        if type == "DELETED":
            self._table.drop_node(name)
            return
        if old is not None and type == "MODIFIED" and not _node_matters(new, old):
            return
        self._table.put_node(new)
        self._hear_of(name)

    def _hear_of(self, node: str) -> None:
        self._helped[node] = None
        self._wake()

    def _volume_changed(self) -> None:
        if self._running:
            self._volumes_changed = True
            self._wake()

    def _pod_changed(self, type: WatchType, new: Object, old: Object | None) -> None:
        if not self._running:
            return
        spec, uid = new["spec"], new["metadata"]["uid"]
        is_over = type == "DELETED" or (new.get("status") or {}).get("phase") in TERMINAL
        if spec.get("nodeName"):
            self._assigned_changed(type, new, old, uid, is_over)
        elif is_over:
            self._queue.remove(uid)
            self._denominate(uid)
        elif spec.get("schedulerName", NAME) == NAME and not spec.get("schedulingGates"):
            self._waiting_changed(new, old, uid)

    def _assigned_changed(self, type: WatchType, new: Object, old: Object | None, uid: str, is_over: bool) -> None:
        known = self._table.entry(uid)
        if is_over:
            if known is not None:
                self._table.remove_pod(uid)
                self._hear_of(known.node)
                self._relations_changed = True
            if type == "DELETED":
                self._assumed.pop(uid, None)
            return
        if known is None:
            self._queue.remove(uid)
            self._table.add_pod(new, self._templates.of(new), new["spec"]["nodeName"])
            self._relations_changed = True
            if len(self._queue):
                self._wake()
            return
        if old is None:
            return
        if self._assumed.pop(uid, None) is not None:
            known.pod = new
            self._relations_changed = True
            if self._queue.unschedulable:
                self._wake()
            return
        mine, its = new["metadata"], old["metadata"]
        if (
            mine.get("deletionTimestamp") != its.get("deletionTimestamp")
            or mine.get("labels") != its.get("labels")
            or new["spec"] != old["spec"]
        ):
            if mine.get("labels") != its.get("labels") or new["spec"] != old["spec"]:
                self._table.update_pod(new, self._templates.of(new))
                self._helped[known.node] = None
            else:
                self._table.update_pod(new, known.template)
            self._relations_changed = True
            if self._queue.unschedulable:
                self._wake()

    def _waiting_changed(self, new: Object, old: Object | None, uid: str) -> None:
        queued = self._queue.pods.get(uid)
        if queued is None:
            key = meta.key_of(new)
            self._queue.add(QueuedPod(key, uid, self._templates.of(new), self._kernel.now))
            self._wake()
        elif old is not None and (
            new["spec"] != old["spec"] or new["metadata"].get("labels") != old["metadata"].get("labels")
        ):
            queued.template = self._templates.of(new)
            self._queue.move(queued, self._kernel.now)
            self._wake()

    # --- Turns

    def _wake(self, delay: SimTime = REACTION) -> None:
        if self._turn is None:
            self._turn = self._kernel.call_after(delay, self._work)

    def _work(self) -> None:
        self._turn = None
        now = self._kernel.now
        self._move_helped(now)
        for _ in range(BATCH):
            pod = self._queue.pop(now)
            if pod is None:
                break
            self._schedule(pod)
        else:
            self._wake(BATCH_GAP)
            return
        due = self._queue.next_time()
        if due is not None:
            self._wake(max(due - now, BATCH_GAP))
        if self._leftover is None and self._queue.unschedulable:
            self._leftover = self._kernel.call_after(LEFTOVER_PERIOD, self._flush_leftover)

    def _flush_leftover(self) -> None:
        self._leftover = None
        if self._queue.flush_leftover(self._kernel.now):
            self._wake()
        if self._queue.unschedulable:
            self._leftover = self._kernel.call_after(LEFTOVER_PERIOD, self._flush_leftover)

    def _move_helped(self, now: SimTime) -> None:
        """Ask again for the Pods that what was heard since the last turn can help."""
        helped, self._helped = self._helped, {}
        relations, self._relations_changed = self._relations_changed, False
        volumes, self._volumes_changed = self._volumes_changed, False
        if not (helped or relations or volumes):
            return
        nodes = [info for name in helped if (info := self._table.by_name.get(name)) is not None]
        verdicts: dict[Template, bool] = {}
        for pod in self._queue.unschedulable:
            if volumes and volume_binding.PLUGIN in pod.plugins:
                self._queue.move(pod, now)
                continue
            if pod.plugins == {volume_binding.PLUGIN}:
                continue
            if (relations or nodes) and pod.plugins & RELATIONAL:
                self._queue.move(pod, now)
                continue
            fits = verdicts.get(pod.template)
            if fits is None:
                template = pod.template
                fits = any(
                    (filters.by_properties(template, info) or filters.by_occupancy(template, info)) is None
                    for info in nodes
                )
                verdicts[pod.template] = fits
            if fits or any(self._is_emptied_for(pod, info) for info in nodes):
                self._queue.move(pod, now)

    @staticmethod
    def _is_emptied_for(pod: QueuedPod, info: NodeInfo) -> bool:
        """Whether a node that was nominated for a Pod has room for it by now."""
        if pod.uid not in info.nominated:
            return False
        return (filters.by_properties(pod.template, info) or filters.by_occupancy(pod.template, info, pod.uid)) is None

    def _evaluation(self, template: Template) -> Evaluation:
        selector = self._selectors.of(template) if self._selectors is not None else None
        known = self._evaluations.pop(template, None)
        if known is None or known.selector != selector:
            known = Evaluation(template, self._table, selector)
        if template.controller is None:
            return known  # no other Pod is like it
        if len(self._evaluations) >= MAX_EVALUATIONS:
            oldest = next(iter(self._evaluations))
            del self._evaluations[oldest]
        self._evaluations[template] = known
        return known

    # --- One Pod

    def _schedule(self, queued: QueuedPod) -> None:
        pod = self._pods.get(*queued.key)
        if pod is None or meta.uid_of(pod) != queued.uid or pod["spec"].get("nodeName"):
            self._queue.remove(queued.uid)
            return
        if meta.is_deleting(pod):
            self._queue.remove(queued.uid)
            message = f"skip schedule deleting pod: {queued.key}"
            self._recorder.event(pod, "Warning", "FailedScheduling", message)
            return
        if not len(self._table):
            self._fail(queued, pod, "no nodes available to schedule pods", {})
            return
        objection = None
        if queued.template.claims and self._volumes is not None:
            objection = self._volumes.objection(queued.template)
        if objection is not None and objection.is_global:
            refusals = {info.name: objection.refusal for info in self._table}
            self._fail(queued, pod, f"0/{len(self._table)} nodes are available: {objection.message}.", refusals)
            return
        node = self._nominated_node(queued, pod)
        refusals = {}
        if node is None:
            outcome = self._evaluation(queued.template).place(self._draw, queued.uid)
            node, refusals = outcome.node, dict(outcome.refusals)
            if node is not None and objection is not None:
                refusals = {info.name: refusals.get(info.name, objection.refusal) for info in self._table}
                node = None
        if node is None:
            message = preemption.histogram(
                len(self._table), (reason for refusal in refusals.values() for reason in refusal.reasons)
            )
            self._fail(queued, pod, message, refusals)
        else:
            self._bind(queued, pod, node.name)

    def _nominated_node(self, queued: QueuedPod, pod: Object) -> NodeInfo | None:
        """The node that was emptied for this Pod, if it fits there now."""
        info = self._table.by_name.get((pod.get("status") or {}).get("nominatedNodeName") or "")
        if info is None or queued.uid not in info.nominated:
            return None
        del info.nominated[queued.uid]
        self._table.touch(info)
        if self._evaluation(queued.template).refusal_of(info) is None:
            return info
        info.nominated[queued.uid] = queued.template
        self._table.touch(info)
        return None

    def _bind(self, queued: QueuedPod, pod: Object, node: str) -> None:
        namespace, name = queued.key
        self._queue.remove(queued.uid)
        self._table.add_pod(pod, queued.template, node)
        self._assumed[queued.uid] = node
        try:
            self._transport.create(names.PODS, namespace, binding(pod, node), name=name, subresource="binding")
        except ApiError as error:
            self._assumed.pop(queued.uid, None)
            self._table.remove_pod(queued.uid)
            if not error.is_not_found:
                self._queue.add(queued)
                self._queue.pop(self._kernel.now)
                self._queue.retry(queued, self._kernel.now)
            return
        self._recorder.event(pod, "Normal", "Scheduled", f"Successfully assigned {namespace}/{name} to {node}")

    def _fail(self, queued: QueuedPod, pod: Object, message: str, refusals: dict[str, Refusal]) -> None:
        queued.plugins = frozenset(refusal.plugin for refusal in refusals.values())
        self._queue.park(queued, self._kernel.now)
        nominated: str | None = None
        if refusals:
            before = (pod.get("status") or {}).get("nominatedNodeName") or ""
            verdict = preemption.find(queued.template, queued.uid, before, self._table, refusals, self._draw)
            if verdict.node is None:
                message += f" {NO_CLAIMS}, preemption: {verdict.message}"
                if before and verdict.message not in (preemption.NEVER, preemption.VICTIMS_LEAVING):
                    nominated = ""
                    self._denominate(queued.uid)
            else:
                nominated = verdict.node.name
                self._preempt(queued, pod, verdict)
        self._recorder.event(pod, "Warning", "FailedScheduling", message)
        self._tell(queued, message, nominated)

    def _tell(self, queued: QueuedPod, message: str, nominated: str | None) -> None:
        """Write the PodScheduled condition and the nominated node, if either changed."""
        pod = self._pods.get(*queued.key)
        if pod is None or meta.uid_of(pod) != queued.uid:
            return
        condition: dict[str, Any] = {
            "type": "PodScheduled",
            "status": "False",
            "lastProbeTime": None,
            "lastTransitionTime": self._now_text(),
            "reason": "Unschedulable",
            "message": message,
        }
        if "generation" in pod["metadata"]:
            condition["observedGeneration"] = pod["metadata"]["generation"]
        self._write_status(pod, condition, nominated)

    def _write_status(self, pod: Object, condition: dict[str, Any], nominated: str | None = None) -> None:
        status = with_condition(pod.get("status") or {}, condition)
        if nominated is not None:
            status = {name: value for name, value in status.items() if name != "nominatedNodeName"}
            if nominated:
                status["nominatedNodeName"] = nominated
        if status == pod.get("status"):
            return
        namespace, name = meta.key_of(pod)
        try:
            self._transport.update(names.PODS, namespace, name, meta.with_status(pod, status), subresource="status")
        except ApiError:
            return  # the Pod went or changed; the change brings it back here

    # --- Preemption

    def _denominate(self, uid: str) -> None:
        for info in self._table:
            if uid in info.nominated:
                del info.nominated[uid]
                self._table.touch(info)

    def _preempt(self, queued: QueuedPod, preemptor: Object, verdict: preemption.Verdict) -> None:
        info = verdict.node
        assert info is not None
        self._denominate(queued.uid)
        info.nominated[queued.uid] = queued.template
        self._table.touch(info)
        for entry in verdict.victims:
            victim = self._pods.get(*meta.key_of(entry.pod))
            if victim is None or meta.uid_of(victim) != meta.uid_of(entry.pod) or meta.is_deleting(victim):
                continue
            condition = {
                "type": "DisruptionTarget",
                "observedGeneration": victim["metadata"].get("generation", 1),
                "status": "True",
                "lastProbeTime": None,
                "lastTransitionTime": self._now_text(),
                "reason": "PreemptionByScheduler",
                "message": f"{NAME}: preempting to accommodate a higher priority pod",
            }
            self._write_status(victim, condition)
            namespace, name = meta.key_of(victim)
            try:
                self._transport.delete(names.PODS, namespace, name)
            except ApiError:
                continue
            message = f"Preempted by pod {queued.uid} on node {info.name}"
            self._recorder.event(victim, "Normal", "Preempted", message)


def binding(pod: Object, node: str) -> Object:
    metadata = pod["metadata"]
    return {
        "kind": "Binding",
        "apiVersion": "v1",
        "metadata": {"name": metadata["name"], "namespace": metadata["namespace"], "uid": metadata["uid"]},
        "target": {"kind": "Node", "name": node},
    }


def with_condition(status: dict[str, Any], condition: dict[str, Any]) -> dict[str, Any]:
    """The status with a condition put in place; its transition time is kept while its status stays."""
    conditions = list(status.get("conditions") or ())
    for position, old in enumerate(conditions):
        if old["type"] == condition["type"]:
            if old["status"] == condition["status"]:
                condition = {**condition, "lastTransitionTime": old["lastTransitionTime"]}
            conditions[position] = condition
            break
    else:
        conditions.append(condition)
    return {**status, "conditions": conditions}


def _node_matters(new: Object, old: Object) -> bool:
    if new["metadata"].get("labels") != old["metadata"].get("labels") or new.get("spec") != old.get("spec"):
        return True
    mine, its = new.get("status") or {}, old.get("status") or {}
    return mine.get("allocatable") != its.get("allocatable") or mine.get("images") != its.get("images")
