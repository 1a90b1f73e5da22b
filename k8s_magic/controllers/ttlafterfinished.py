"""Jobs that name a time to live are deleted, with their Pods, that long after they finished.

Source: pkg/controller/ttlafterfinished/ttlafterfinished_controller.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result, itself
from k8s_magic.machinery import meta
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import DeleteOptions
from k8s_magic.sim.time import SECOND

COMPONENT = "ttl-after-finished-controller"
JOBS = GroupVersionResource("batch", "v1", "jobs")


class TtlAfterFinished:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._transport = context.transport(COMPONENT)
        self._jobs = context.informer(JOBS)
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._jobs, itself)

    def reconcile(self, request: Request) -> Result | None:
        job = self._jobs.get(request.namespace, request.name)
        if job is None or meta.is_deleting(job):
            return None
        seconds = job["spec"].get("ttlSecondsAfterFinished")
        ends = [
            found["lastTransitionTime"]
            for found in (job.get("status") or {}).get("conditions") or ()
            if found["type"] in ("Complete", "Failed") and found["status"] == "True"
        ]
        if seconds is None or not ends:
            return None
        left = self._context.times.parse(ends[0]) + seconds * SECOND - self._context.kernel.now
        if left > 0:
            return Result(requeue_after=left)
        options = DeleteOptions(propagation="Foreground", uid=meta.uid_of(job))
        self._transport.delete(JOBS, request.namespace, request.name, options=options)
        return None


def build(context: Context) -> Component:
    return TtlAfterFinished(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
