"""Stopping containers and whole Pods: preStop, SIGTERM, grace, SIGKILL, the final status, the last delete.

Source: pkg/kubelet/kuberuntime/kuberuntime_container.go (killContainer), pod_workers.go, status_manager.go (1.36)
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from k8s_magic.kubelet import hook, probe
from k8s_magic.kubelet.record import ContainerRecord
from k8s_magic.machinery import names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.protocols import DeleteOptions
from k8s_magic.sim.kernel import Callback
from k8s_magic.sim.time import MILLISECOND, SECOND, SimTime

if TYPE_CHECKING:
    from k8s_magic.kubelet.worker import PodWorker

MINIMUM_GRACE = 2  # seconds; Source: minimumGracePeriodInSeconds
# Our figures: from the last container's end to the Pod's removal (volumes, cgroups).
CLEAN_UP = (200 * MILLISECOND, 600 * MILLISECOND)


def deletion_asked(worker: PodWorker) -> None:
    """The API marked the Pod for deletion, or shortened its grace."""
    grace = worker.pod["metadata"].get("deletionGracePeriodSeconds", 30)
    if worker.is_static:
        worker.kubelet.replace_mirror(worker)
        return
    if worker.is_over and not worker.is_killing:
        worker.is_killing = True
        worker.write_status()
        _finish(worker)
    elif worker.is_killing:
        worker.write_status()
        shorten(worker, grace)
        if worker.is_over:
            _finish(worker)
    else:
        worker.write_status()
        kill(worker, grace)


def kill(worker: PodWorker, grace: int) -> None:
    """End every container; when the last has ended the Pod has."""
    worker.drop_job()
    worker.is_killing = True
    for record in worker.all_records():
        probe.stop(record, keep_readiness=True)
    running = [record for record in (*worker.records, *worker.ephemeral_records) if record.is_running]
    sidecars = [record for record in worker.init_records if record.is_running]
    for record in running or sidecars:
        stop_one(worker, record, "", grace)
    if not running and not sidecars:
        one_ended(worker)


def shorten(worker: PodWorker, grace: int) -> None:
    for record in worker.all_records():
        if record.is_running and record.current is not None:
            worker.kubelet.runtime.stop(record.current, max(grace, MINIMUM_GRACE) * SECOND)


def stop_rest(worker: PodWorker, sidecars: list[ContainerRecord], ephemeral: list[ContainerRecord]) -> None:
    """The main containers are done: the ephemeral ones and the sidecars follow, last started first."""
    worker.drop_job()
    worker.write_status()
    for record in (*ephemeral, *reversed(sidecars)):
        if record.killed_by != "end":
            record.killed_by = "end"
            if record.is_sidecar:
                record.spec = {**record.spec, "restartPolicy": "Never"}
            stop_one(worker, record, "")


def stop_one(worker: PodWorker, record: ContainerRecord, message: str, grace: int | None = None) -> None:
    """Kill one container with its preStop hook first."""
    if grace is None:
        grace = worker.pod["spec"].get("terminationGracePeriodSeconds", 30)
    worker.event("Normal", "Killing", message or f"Stopping container {record.name}", record)
    before = (record.spec.get("lifecycle") or {}).get("preStop")
    if before and grace > 0:
        _Stopping(worker, record, hook.run(worker, record, before), grace).step()
    elif record.current is not None:
        worker.kubelet.runtime.stop(record.current, max(grace, MINIMUM_GRACE) * SECOND)


class _Stopping:
    """A preStop hook on its way; when it has ended or used up the grace, the container is stopped."""

    def __init__(
        self, worker: PodWorker, record: ContainerRecord, job: Generator[SimTime | None, None, str], grace: int
    ) -> None:
        self._worker = worker
        self._record = record
        self._container = record.current
        self._job = job
        self._grace = grace
        self._began = worker.kubelet.kernel.now
        self._timer: Callback | None = None

    def step(self) -> None:
        kernel, record = self._worker.kubelet.kernel, self._record
        used = kernel.now - self._began
        if record.current is not self._container or not record.is_running:
            return
        if used >= self._grace * SECOND:
            self._stop(0)
            return
        try:
            wait = next(self._job)
        except StopIteration as end:
            if end.value:
                self._worker.event("Warning", "FailedPreStopHook", "PreStopHook failed", record)
            self._stop(self._grace - used // SECOND)
            return
        limit = self._began + self._grace * SECOND - kernel.now
        self._timer = kernel.call_after(min(wait or limit, limit), self.step)

    def _stop(self, grace: int) -> None:
        if self._container is not None:
            self._worker.kubelet.runtime.stop(self._container, max(grace, MINIMUM_GRACE) * SECOND)


def one_ended(worker: PodWorker) -> None:
    """A container of a Pod that is being killed ended: the sidecars' turn, or the end."""
    if any(record.is_running for record in (*worker.records, *worker.ephemeral_records)):
        return
    sidecars = [record for record in worker.init_records if record.is_running]
    if sidecars:
        if not any(record.killed_by == "order" for record in sidecars):
            grace = worker.pod["metadata"].get("deletionGracePeriodSeconds", 30)
            for record in reversed(sidecars):
                record.killed_by = "order"
                stop_one(worker, record, "", grace)
        return
    if worker.is_over:
        return
    worker.is_over = True
    worker.release()
    worker.write_status()
    _finish(worker)


def _finish(worker: PodWorker) -> None:
    kernel = worker.kubelet.kernel
    if worker.is_gone:
        worker.kubelet.forget(worker)
    elif "deletionTimestamp" in worker.pod["metadata"]:
        kernel.call_after(worker.draw(*CLEAN_UP), remove, worker)


def remove(worker: PodWorker) -> None:
    """Delete the Pod object for good."""
    if worker.is_gone:
        return
    if not worker.kubelet.online:
        worker.is_stalled = True
        return
    try:
        worker.kubelet.transport.delete(
            names.PODS,
            worker.namespace,
            worker.name,
            options=DeleteOptions(grace_period_seconds=0, uid=worker.uid),
        )
    except ApiError:
        return  # it went by another hand
