"""Deletes Pods that do not tolerate a NoExecute taint of their node, at once or when their toleration has run out.

Source: pkg/controller/tainteviction/taint_eviction.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result
from k8s_magic.controllers import _pods, _writes
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.sim.kernel import Callback
from k8s_magic.sim.time import MILLISECOND, SECOND, SimTime

COMPONENT = "taint-eviction-controller"
NO_EXECUTE = "NoExecute"
# Source: taint_eviction.go deletePodHandler (retries, and the sleep between)
RETRIES = 5
RETRY_AFTER: SimTime = 10 * MILLISECOND
# Requests for nodes and for Pods share a queue; a node's has no namespace.
CONDITION = {
    "type": "DisruptionTarget",
    "status": "True",
    "reason": "DeletionByTaintManager",
    "message": "Taint manager: deleting due to NoExecute taint",
}


def _taints(node: Object | None) -> list[dict[str, Any]]:
    held = ((node or {}).get("spec") or {}).get("taints") or ()
    return [taint for taint in held if taint["effect"] == NO_EXECUTE]


def tolerates(toleration: dict[str, Any], taint: dict[str, Any]) -> bool:
    """Source: core/v1 toleration.go ToleratesTaint"""
    if toleration.get("effect") and toleration["effect"] != taint["effect"]:
        return False
    if toleration.get("key") and toleration["key"] != taint["key"]:
        return False
    operator = toleration.get("operator") or "Equal"
    if operator == "Exists":
        return True
    return operator == "Equal" and toleration.get("value", "") == taint.get("value", "")


def endurance(tolerations: list[dict[str, Any]], taints: list[dict[str, Any]]) -> SimTime | None:
    """How long a Pod may stay: 0 where some taint is not tolerated, None for ever."""
    shortest: int | None = None
    for taint in taints:
        used = next((found for found in tolerations if tolerates(found, taint)), None)
        if used is None:
            return 0
        seconds = used.get("tolerationSeconds")
        if seconds is not None:
            shortest = max(0, seconds) if shortest is None else min(shortest, max(0, seconds))
    return None if shortest is None else shortest * SECOND


class TaintEviction:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._kernel = context.kernel
        self._transport = context.transport(COMPONENT)
        self._recorder = context.recorder(COMPONENT)
        self._nodes = context.informer(names.NODES)
        self._pods = context.informer(names.PODS)
        self._evictions: dict[ObjectKey, tuple[SimTime, Callback]] = {}  # (since when, the call to come)
        self._controller = Controller(COMPONENT, context.kernel, self._reconcile)
        self._controller.watch(self._nodes, self._note_node)
        self._controller.watch(self._pods, self._note_pod)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()
        for _, callback in self._evictions.values():
            callback.cancel()
        self._evictions.clear()

    def _note_node(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        if type == "DELETED" or _taints(new) == _taints(old):
            return ()
        return (ObjectKey("", meta.name_of(new)),)

    def _note_pod(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        key = meta.key_of(new)
        if type == "DELETED":
            return (key,) if key in self._evictions else ()
        spec = new["spec"]
        if old is not None and (old["spec"] is spec or _place(old) == _place(new)):
            return ()
        node = spec.get("nodeName")
        return (key,) if node and _taints(self._nodes.get("", node)) else ()

    def _reconcile(self, request: Request) -> Result | None:
        if request.namespace:
            pod = self._pods.get(request.namespace, request.name)
            if pod is None:
                self._cancel(request)
            elif pod["spec"].get("nodeName"):
                self._judge(pod, _taints(self._nodes.get("", pod["spec"]["nodeName"])))
            return None
        node = self._nodes.get("", request.name)
        if node is not None:
            taints = _taints(node)
            for pod in list(self._pods.by_node(request.name)):
                self._judge(pod, taints)
        return None

    def _judge(self, pod: Object, taints: list[dict[str, Any]]) -> None:
        key = meta.key_of(pod)
        if not taints:
            self._cancel(key)
            return
        now = self._kernel.now
        stay = endurance(pod["spec"].get("tolerations") or [], taints)
        if stay is None:
            self._cancel(key)
            return
        since = now
        planned = self._evictions.get(key)
        if planned is not None and stay > 0:
            since = planned[0]
            if since + stay < now + stay:
                return
        self._cancel(key)
        callback = self._kernel.call_at(since + stay, self._evict, key, meta.uid_of(pod), RETRIES)
        self._evictions[key] = (since, callback)

    def _cancel(self, key: ObjectKey) -> None:
        planned = self._evictions.pop(key, None)
        if planned is not None and planned[1].is_pending:
            planned[1].cancel()
            self._event(key, f"Cancelling deletion of Pod {key}")

    def _event(self, key: ObjectKey, message: str) -> None:
        """The event names the Pod without its uid, as the real one does."""
        metadata = {"namespace": key.namespace, "name": key.name}
        reference = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata}
        self._recorder.event(reference, "Normal", "TaintManagerEviction", message)

    def _evict(self, key: ObjectKey, uid: str, attempts: int) -> None:
        pod = self._pods.get(key.namespace, key.name)
        if pod is None or meta.uid_of(pod) != uid:
            self._evictions.pop(key, None)
            return
        if attempts == RETRIES:
            self._event(key, f"Marking for deletion Pod {key}")
        try:
            self._mark(pod)
            self._transport.delete(names.PODS, key.namespace, key.name)
        except ApiError as error:
            if not error.is_not_found and attempts > 1:
                again = self._kernel.call_after(RETRY_AFTER, self._evict, key, uid, attempts - 1)
                self._evictions[key] = (self._kernel.now, again)
                return
        self._evictions.pop(key, None)

    def _mark(self, pod: Object) -> None:
        held = _pods.condition(pod, CONDITION["type"])
        if held is not None and held["status"] == "True" and held.get("reason") == CONDITION["reason"]:
            return
        new: dict[str, Any] = {**CONDITION, "lastProbeTime": None, "lastTransitionTime": self._context.now_text()}
        conditions = [found for found in pod["status"].get("conditions") or () if found["type"] != CONDITION["type"]]
        self._transport.update(
            names.PODS,
            meta.namespace_of(pod),
            meta.name_of(pod),
            meta.with_status(pod, {**pod["status"], "conditions": [*conditions, new]}),
            subresource="status",
            options=_writes.AS_MANAGER,
        )


def _place(pod: Object) -> tuple[Any, Any]:
    return pod["spec"].get("nodeName"), pod["spec"].get("tolerations")


def build(context: Context) -> Component:
    return TaintEviction(context)


CONTROLLER = ComponentRecord(COMPONENT, build)
