"""One Pod's life on its node: admitted, its containers started in order and kept, at last stopped.

A worker does one thing at a time, as a job that waits in simulated time (a generator: a number is a span to wait,
None waits for whoever calls `resume`). What happens meanwhile asks for another round.
Source: pkg/kubelet/{kubelet,pod_workers}.go, kuberuntime/kuberuntime_manager.go (computePodActions, SyncPod), 1.36
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from k8s_magic.kubelet import probe, starting, stopping
from k8s_magic.kubelet.backoff import Backoff, duration_text
from k8s_magic.kubelet.downward import Surroundings
from k8s_magic.kubelet.record import ContainerRecord
from k8s_magic.kubelet.status import total_resources
from k8s_magic.kubelet.volume import Volumes
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.runtime.contract import Container, Sandbox, StartError
from k8s_magic.sim.kernel import Callback
from k8s_magic.sim.time import MILLISECOND, SECOND, SimTime

if TYPE_CHECKING:
    from k8s_magic.kubelet.node import NodeKubelet

Job = Generator[SimTime | None, None, None]

# Our figures: with them a Pod whose image is on the node is ready 1 to 3 seconds after it was bound.
SANDBOX_TIME = (600 * MILLISECOND, 1000 * MILLISECOND)  # least, and how much more at most
# How soon a kubelet notices that a container ended. Source: genericPlegRelistPeriod
RELIST: SimTime = SECOND
# Source: backOffPeriod (a failed round is tried again after it, or half as much again)
RETRY: SimTime = 10 * SECOND
# Source: volume/util/operationexecutor exponential backoff: 500 ms doubled up to 2 min 2 s
MOUNT_RETRY: SimTime = 500 * MILLISECOND
MOUNT_RETRY_LIMIT: SimTime = 122 * SECOND
# Source: volumemanager podAttachAndMountTimeout
MOUNT_TIMEOUT: SimTime = 123 * SECOND


class PodWorker:
    __slots__ = (
        "_again",
        "_deadline",
        "_job",
        "_timer",
        "_wants_round",
        "allocated",
        "ephemeral_records",
        "fixed_phase",
        "has_sandbox",
        "init_records",
        "is_counted",
        "is_gone",
        "is_killing",
        "is_over",
        "is_stalled",
        "is_static",
        "kubelet",
        "message",
        "name",
        "namespace",
        "pod",
        "reason",
        "records",
        "resources",
        "restart_policy",
        "sandbox",
        "shown_ip",
        "since",
        "start_time",
        "uid",
        "volumes",
        "was_initialized",
    )

    def __init__(self, kubelet: NodeKubelet, pod: Object) -> None:
        self.kubelet = kubelet
        self.pod = pod
        metadata, spec = pod["metadata"], pod["spec"]
        self.uid: str = metadata["uid"]
        self.name: str = metadata["name"]
        self.namespace: str = metadata["namespace"]
        self.restart_policy: str = spec.get("restartPolicy") or "Always"
        self.init_records = [ContainerRecord(one, True) for one in spec.get("initContainers") or ()]
        self.records = [ContainerRecord(one, False) for one in spec["containers"]]
        self.ephemeral_records: tuple[ContainerRecord, ...] = ()
        self._take_ephemeral()
        self.resources, self.allocated = total_resources(spec)
        self.volumes = Volumes(kubelet.find, kubelet.host_files, kubelet.make_disk)
        self.sandbox: Sandbox | None = None
        self.has_sandbox = False
        self.shown_ip = kubelet.config.address if spec.get("hostNetwork") else ""
        self.start_time = kubelet.now_text()
        self.since: list[tuple[str, str]] | None = None  # (status, since when) of the conditions
        self.fixed_phase = ""
        self.reason = ""
        self.message = ""
        self.is_static = "kubernetes.io/config.mirror" in meta.annotations_of(pod)
        self.is_killing = False
        self.is_over = False  # nothing runs and nothing will
        self.was_initialized = not self.init_records
        self.is_gone = False  # the API has forgotten the Pod
        self.is_counted = False  # its requests are among the node's
        self.is_stalled = False  # something waited for the node to come back
        self._job: Job | None = None
        self._timer: Callback | None = None
        self._again: Callback | None = None
        self._deadline: Callback | None = None
        self._wants_round = False

    # --- Driving the job

    def resume(self) -> None:
        """The job's wait is over."""
        self._timer = None
        job = self._job
        if job is None:
            return
        if not self.kubelet.online:
            self.is_stalled = True
            return
        try:
            wait = next(job)
        except StopIteration:
            if self._job is job:
                self._job = None
                if self._wants_round:
                    self._wants_round = False
                    self.sync()
            return
        if wait is not None and self._job is job:
            self._timer = self.kubelet.kernel.call_after(wait, self.resume)

    def run(self, job: Job) -> None:
        """Do this now, instead of whatever is going on."""
        self.drop_job()
        self._job = job
        self.resume()

    def drop_job(self) -> None:
        for waiting in (self._timer, self._again):
            if waiting is not None:
                waiting.cancel()
        self._timer = self._again = None
        self._job = None
        self._wants_round = False

    def sync(self) -> None:
        """Ask for a round."""
        self._again = None
        if self.is_killing or self.is_over:
            return
        if self._job is not None:
            self._wants_round = True
            return
        self._job = self._round()
        self.resume()

    def sync_after(self, delay: SimTime) -> None:
        """Ask for a round later; the earliest of several wins."""
        due = self.kubelet.kernel.now + delay
        if self._again is not None:
            if self._again.time <= due:
                return
            self._again.cancel()
        self._again = self.kubelet.kernel.call_at(due, self.sync)

    # --- The life

    def begin(self) -> None:
        """Take the Pod on: its first status, then its first round."""
        self.write_status()
        deadline = self.pod["spec"].get("activeDeadlineSeconds")
        if deadline is not None:
            self._deadline = self.kubelet.kernel.call_after(deadline * SECOND, self._deadline_exceeded)
        self.sync()

    def write_status(self) -> None:
        self.kubelet.write_status(self)

    def event(self, type: str, reason: str, message: str, record: ContainerRecord | None = None) -> None:
        self.kubelet.event(self.pod, type, reason, message, "" if record is None else record.path)

    def all_records(self) -> tuple[ContainerRecord, ...]:
        return (*self.init_records, *self.records, *self.ephemeral_records)

    def record_of(self, name: str) -> ContainerRecord | None:
        return next((one for one in self.all_records() if one.name == name), None)

    @property
    def full_name(self) -> str:
        """kubelet's format.Pod: `web_default(uid)`."""
        return f"{self.name}_{self.namespace}({self.uid})"

    def around(self) -> Surroundings:
        config = self.kubelet.config
        ip = self.sandbox.ip if self.sandbox is not None else self.shown_ip
        return Surroundings(config.address, ip, config.cpu_milli, config.memory_bytes)

    def draw(self, least: SimTime, more: SimTime) -> SimTime:
        return least + int(self.kubelet.stream.random() * more)

    def _round(self) -> Job:
        """Bring the containers to what they should be, then say so."""
        if self.sandbox is None:
            yield from self._set_up()
        for record in self.ephemeral_records:
            if self._wants_start(record):
                yield from starting.start(self, record)
        if not self.was_initialized:
            for record in self.init_records:
                if not (yield from self._initialize(record)):
                    self.write_status()
                    return
            self.was_initialized = True
        else:
            for record in self.init_records:
                if record.is_sidecar and self._wants_start(record):
                    yield from starting.start(self, record)
        for record in self.records:
            if self._wants_start(record):
                yield from starting.start(self, record)
        self.shown_ip = self.sandbox.ip if self.sandbox is not None else self.shown_ip
        if not self._finish_if_done():
            self.write_status()

    def _set_up(self) -> Job:
        if "volumes" in self.pod["spec"]:
            yield from self._mount()
        yield self.draw(*SANDBOX_TIME)
        sandbox = self.kubelet.make_sandbox(self.pod)
        while True:
            try:
                self.kubelet.runtime.create_sandbox(sandbox, self.kubelet.pod_cidr())
                break
            except StartError as error:
                self.event("Warning", "FailedCreatePodSandBox", f"Failed to create pod sandbox: {error}")
                yield RETRY
        self.sandbox = sandbox
        self.has_sandbox = True
        self.write_status()

    def _mount(self) -> Job:
        wait, waited, deadline = MOUNT_RETRY, 0, MOUNT_TIMEOUT
        while failures := self.volumes.set_up(self.pod, self.around()):
            for name, message in failures:
                text = f'MountVolume.SetUp failed for volume "{name}" : {message}'
                self.event("Warning", "FailedMount", text)
            if waited >= deadline:
                deadline += MOUNT_TIMEOUT
                names = " ".join(name for name, _ in failures)
                self.event(
                    "Warning",
                    "FailedMount",
                    f"Unable to attach or mount volumes: unmounted volumes=[{names}], unattached volumes=[], "
                    "failed to process volumes=[]: context deadline exceeded",
                )
            yield wait
            waited += wait
            wait = min(2 * wait, MOUNT_RETRY_LIMIT)

    def _initialize(self, record: ContainerRecord) -> Generator[SimTime | None, None, bool]:
        """Whether the next container's turn has come (the generator's value)."""
        if record.is_sidecar:
            if self._wants_start(record):
                yield from starting.start(self, record)
            return record.is_running and record.is_started
        if record.has_succeeded:
            return True
        if self._wants_start(record):
            yield from starting.start(self, record)
        elif record.has_ended and not record.may_restart(self.restart_policy):
            self._finish_if_done()
        return False

    def _wants_start(self, record: ContainerRecord) -> bool:
        """Whether to start it now; where it must wait first, says so and asks for a round then."""
        if record.is_running:
            return False
        now = self.kubelet.kernel.now
        if record.image_backoff is not None and record.image_backoff.is_waiting(record.image_backoff.updated, now):
            starting.image_backs_off(self, record)
            return False
        current = record.current
        if current is None:
            return True
        if not record.may_restart(self.restart_policy):
            return False
        ended = current.finished_at or 0
        backoff = record.backoff
        if backoff is None:
            backoff = record.backoff = Backoff()
        if backoff.is_waiting(ended, now):
            self.event(
                "Warning",
                "BackOff",
                f"Back-off restarting failed container {record.name} in pod {self.full_name}",
                record,
            )
            record.waiting = (
                "CrashLoopBackOff",
                f"back-off {duration_text(backoff.delay)} restarting failed container={record.name} "
                f"pod={self.full_name}",
            )
            self.sync_after(ended + backoff.delay - now)
            return False
        backoff.next(ended, now)
        return True

    # --- What happens

    def exited(self, record: ContainerRecord, container: Container) -> None:
        """A container ended."""
        if record.current is not container:
            return
        record.is_ready = record.is_started = False
        probe.stop(record)
        if not self.kubelet.online:
            self.is_stalled = True
            return
        if self.is_killing:
            stopping.one_ended(self)
            return
        if self.is_over or self._finish_if_done():
            return
        self.write_status()
        if record.is_init and not record.is_sidecar and record.has_succeeded:
            self.sync()
        else:
            self.sync_after(RELIST)

    def _finish_if_done(self) -> bool:
        """End the Pod where no container will run again; whether it has ended or is about to."""
        policy = self.restart_policy
        failed_init = any(
            record.has_ended and not record.has_succeeded and not record.may_restart(policy)
            for record in self.init_records
            if not record.is_sidecar
        )
        done = failed_init or (
            self.was_initialized and all(one.has_ended and not one.may_restart(policy) for one in self.records)
        )
        if not done:
            return False
        sidecars = [record for record in self.init_records if record.is_sidecar and record.is_running]
        ephemeral = [record for record in self.ephemeral_records if record.is_running]
        if sidecars or ephemeral:
            stopping.stop_rest(self, sidecars, ephemeral)
            return True
        self.drop_job()
        self.is_over = True
        self.release()
        self.write_status()
        return True

    def release(self) -> None:
        """Give back what the Pod held on the node."""
        if self.is_counted:
            self.is_counted = False
            self.kubelet.count(self, -1)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        for record in self.all_records():
            probe.stop(record)
        if self.sandbox is not None and self.has_sandbox:
            self.has_sandbox = False
            self.kubelet.runtime.remove_sandbox(self.sandbox)

    def _deadline_exceeded(self) -> None:
        self._deadline = None
        if self.is_killing or self.is_over:
            return
        message = "Pod was active on the node longer than the specified deadline"
        self.event("Normal", "DeadlineExceeded", message)
        self.fixed_phase, self.reason, self.message = "Failed", "DeadlineExceeded", message
        self.write_status()
        stopping.kill(self, self.pod["spec"].get("terminationGracePeriodSeconds", 30))

    def stop_container(self, record: ContainerRecord, message: str, grace: int | None) -> None:
        stopping.stop_one(self, record, message, grace)

    def reject(self, reason: str, message: str) -> None:
        """Refuse the Pod. Source: Kubelet.rejectPod."""
        self.is_over = True
        self.event("Warning", reason, message)
        status = {
            "observedGeneration": self.pod["metadata"].get("generation", 1),
            "phase": "Failed",
            "conditions": (self.pod.get("status") or {}).get("conditions") or [],
            "reason": reason,
            "message": f"Pod was rejected: {message}",
            "startTime": self.start_time,
            "qosClass": (self.pod.get("status") or {}).get("qosClass", "BestEffort"),
        }
        self.kubelet.put_status(self, status)

    def updated(self) -> None:
        """The API has another state of the Pod."""
        if meta.is_deleting(self.pod):
            stopping.deletion_asked(self)
        elif not self.is_over and not self.is_killing:
            spec = self.pod["spec"]
            for record, fresh in zip(self.records, spec["containers"], strict=False):
                if record.spec.get("image") != fresh.get("image"):
                    record.spec = fresh
                    starting.replace(self, record)
            if "volumes" in spec:
                self.volumes.refresh(self.pod, self.around())
            has_more = self._take_ephemeral()
            self.write_status()
            if has_more:
                self.sync()

    def _take_ephemeral(self) -> bool:
        """Note the ephemeral containers that the Pod has been given; whether there are new ones."""
        known = {record.name for record in self.ephemeral_records}
        specs = self.pod["spec"].get("ephemeralContainers") or ()
        new = tuple(ContainerRecord(one, False, True) for one in specs if one["name"] not in known)
        self.ephemeral_records += new
        return bool(new)

    def come_back(self) -> None:
        """The node is back: say what happened meanwhile and go on."""
        has_more = not self.is_over and not self.is_killing and self._take_ephemeral()
        self.write_status()
        stalled, self.is_stalled = self.is_stalled, False
        if self.is_over:
            return
        if not stalled:
            if has_more:
                self.sync()
            return
        if self.is_killing:
            stopping.one_ended(self)
        elif self._job is not None:
            if self._timer is None:
                self.resume()
            self._wants_round = True
        elif not self._finish_if_done():
            self.sync()
