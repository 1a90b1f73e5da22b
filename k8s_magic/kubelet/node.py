"""One node's kubelet: its Pods' workers, what they share, its Node object and its lease."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from k8s_magic.kubelet import admission, disk, mirror, node_config, stopping
from k8s_magic.kubelet.node_config import NodeConfig
from k8s_magic.kubelet.worker import PodWorker
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.runtime.contract import Sandbox
from k8s_magic.sim import streams
from k8s_magic.sim.time import MINUTE, SimTime

if TYPE_CHECKING:
    from k8s_magic.kubelet.kubelets import Kubelets

LEASE_NAMESPACE = "kube-node-lease"
LEASE_SECONDS = 40  # Source: nodeLeaseDurationSeconds
# How often an unchanged status is posted all the same. Source: nodeStatusReportFrequency
REPORT_PERIOD: SimTime = 5 * MINUTE
CLUSTER_DOMAIN = "cluster.local"
TERMINAL = ("Succeeded", "Failed")


class NodeKubelet:
    """`online` False: the node is out of reach; what runs on it runs on, and nothing is heard of it."""

    def __init__(self, fleet: Kubelets, config: NodeConfig) -> None:
        self.fleet = fleet
        self.config = config
        self.name = config.name
        self.kernel = fleet.kernel
        self.transport = fleet.transport
        self.runtime = fleet.world.node(config.name)
        self.stream = fleet.streams.stream(f"kubelet/{config.name}")
        self.find = fleet.find
        self.service_variables = fleet.service_variables
        self.now_text = fleet.now_text
        self.recorder = fleet.recorder("kubelet", config.name)
        self.workers: dict[str, PodWorker] = {}
        self.host_files: dict[str, dict[str, str]] = {}
        self.host_ips = [{"ip": config.address}]
        self.online = True
        self.images_changed = False
        self.active = self.used_cpu = self.used_memory = 0
        self._machine_id = streams.uid(self.stream).replace("-", "")
        self._lease: Object | None = None
        self._reported: SimTime = 0
        self._mirrors = [mirror.mirror_pod(config, pod, self.now_text()) for pod in config.static_pods]

    # --- The Node object

    def register(self) -> None:
        """Create or refresh the Node, its lease and its mirror Pods, with the events of a kubelet's start."""
        for pod in self.config.static_pods:
            for container in (*(pod["spec"].get("initContainers") or ()), *pod["spec"]["containers"]):
                if not self.runtime.has_image(container["image"]):
                    self.fleet.world.node(self.name).preload(container["image"])
        node = node_config.node_object(self.config, self.now_text(), self._images(), self._machine_id)
        try:
            node = self.transport.create(names.NODES, "", node)
        except ApiError as error:
            if not error.is_already_exists:
                raise
            self.post_status()
        self._reported = self.kernel.now
        self._node_event("Starting", "Starting kubelet.")
        if not self.config.hollow:
            self._node_event("NodeAllocatableEnforced", "Updated Node Allocatable limit across pods")
        for reason in ("NodeHasSufficientMemory", "NodeHasNoDiskPressure", "NodeHasSufficientPID", "NodeReady"):
            self._node_event(reason, f"Node {self.name} status is now: {reason}")
        self.renew_lease()
        self.make_mirrors()

    def _node_event(self, reason: str, message: str) -> None:
        reference = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": self.name}}
        self.recorder.event(reference, "Normal", reason, message)

    def _images(self) -> list[tuple[str, int]]:
        if self.config.hollow:
            return []
        # Largest first, at most 50. Source: nodestatus.Images, nodeStatusMaxImages
        return sorted(self.runtime.images(), key=lambda image: (-image[1], image[0]))[:50]

    def node(self) -> Object | None:
        return self.fleet.nodes.get("", self.name)

    def pod_cidr(self) -> str:
        node = self.node()
        assigned: str = ((node or {}).get("spec") or {}).get("podCIDR") or self.config.pod_cidr
        return assigned or self.fleet.default_pod_cidr(self.name)

    def post_status(self) -> None:
        node = self.node()
        if node is None:
            return
        status = node_config.status(
            self.config, self.now_text(), self._images(), self._machine_id, node.get("status") or {}
        )
        try:
            self.transport.update(names.NODES, "", self.name, meta.with_status(node, status), subresource="status")
        except ApiError:
            return  # the Node went; the next lease brings this up again
        self._reported = self.kernel.now
        self.images_changed = False

    def beat(self) -> None:
        """Every ten seconds: the lease, and the status if it is due."""
        self.renew_lease()
        if self.images_changed or self.kernel.now - self._reported >= REPORT_PERIOD:
            self.post_status()
        if self._mirrors:
            self.make_mirrors()

    def renew_lease(self) -> None:
        renewed = self.fleet.now_micros()
        try:
            if self._lease is not None:
                body = {**self._lease, "spec": {**self._lease["spec"], "renewTime": renewed}}
                self._lease = self.transport.update(names.LEASES, LEASE_NAMESPACE, self.name, body)
                return
            node = self.node()
            if node is None:
                return
            owner = {"apiVersion": "v1", "kind": "Node", "name": self.name, "uid": meta.uid_of(node)}
            body = {
                "kind": "Lease",
                "apiVersion": "coordination.k8s.io/v1",
                "metadata": {"name": self.name, "namespace": LEASE_NAMESPACE, "ownerReferences": [owner]},
                "spec": {"holderIdentity": self.name, "leaseDurationSeconds": LEASE_SECONDS, "renewTime": renewed},
            }
            self._lease = self.transport.create(names.LEASES, LEASE_NAMESPACE, body)
        except ApiError:
            self._lease = self.fleet.lease(LEASE_NAMESPACE, self.name)

    # --- Static Pods

    def make_mirrors(self) -> None:
        """Create the mirror Pods that the API does not have (yet)."""
        node = self.node()
        for pod in self._mirrors:
            if self.fleet.pods.get(*meta.key_of(pod)) is None:
                with contextlib.suppress(ApiError):  # without its namespace it is tried again at the next beat
                    self.transport.create(names.PODS, meta.namespace_of(pod), mirror.owned_by(pod, node))

    def replace_mirror(self, worker: PodWorker) -> None:
        """Somebody deletes a mirror Pod: it goes at once and comes back; its containers start anew."""
        worker.is_killing = True
        stopping.kill(worker, 0)

    # --- Workers

    def take(self, pod: Object) -> None:
        """A Pod that was bound to this node."""
        phase = (pod.get("status") or {}).get("phase")
        worker = PodWorker(self, pod)
        if phase in TERMINAL or meta.is_deleting(pod):
            worker.is_over = True
            worker.fixed_phase = phase if phase in TERMINAL else "Failed"
            self.workers[worker.uid] = worker
            if meta.is_deleting(pod):
                stopping.deletion_asked(worker)
            return
        rejection = admission.check(self, worker, self.workers.values(), self.node())
        self.workers[worker.uid] = worker
        if rejection is not None:
            worker.reject(*rejection)
            return
        worker.is_counted = True
        self.count(worker, 1)
        worker.begin()
        self.fleet.watch_sources(worker)

    def count(self, worker: PodWorker, sign: int) -> None:
        cpu, memory = admission.amounts(worker)
        self.active += sign
        self.used_cpu += sign * cpu
        self.used_memory += sign * memory

    def gone(self, worker: PodWorker) -> None:
        """The API has no such Pod any more."""
        worker.is_gone = True
        if worker.is_over:
            self.forget(worker)
        elif worker.is_killing:
            stopping.shorten(worker, 0)
        else:
            stopping.kill(worker, 0)

    def forget(self, worker: PodWorker) -> None:
        worker.drop_job()
        worker.release()
        self.workers.pop(worker.uid, None)
        self.fleet.unwatch_sources(worker)
        if worker.is_static and self.online:
            self.make_mirrors()

    def make_disk(self) -> dict[str, str]:
        return disk.files(self.config)

    def make_sandbox(self, pod: Object) -> Sandbox:
        spec, metadata = pod["spec"], pod["metadata"]
        namespace = metadata["namespace"]
        host = bool(spec.get("hostNetwork"))
        return Sandbox(
            uid=metadata["uid"],
            namespace=namespace,
            name=metadata["name"],
            node=self.name,
            ip=self.config.address if host else "",
            hostname=self.name if host else (spec.get("hostname") or metadata["name"])[:63],
            labels=metadata.get("labels") or {},
            host_network=host,
            host_ports={} if host else admission.mapped_ports(pod),
            share_processes=bool(spec.get("shareProcessNamespace")),
            subdomain=spec.get("subdomain") or "",
            search=(f"{namespace}.svc.{CLUSTER_DOMAIN}", f"svc.{CLUSTER_DOMAIN}", CLUSTER_DOMAIN),
        )

    # --- Writing

    def write_status(self, worker: PodWorker) -> None:
        if self.online and not worker.is_gone:
            self.put_status(worker, self.fleet.statuses.build(worker, self.kernel.now))

    def put_status(self, worker: PodWorker, status: Object) -> None:
        pod = worker.pod
        if status == pod.get("status"):
            return
        body = {**pod, "status": status}
        try:
            worker.pod = self.transport.update(names.PODS, worker.namespace, worker.name, body, subresource="status")
        except ApiError as error:
            if not error.is_conflict:
                return  # the Pod went; its end is heard of separately
            fresh = self.fleet.pods.get(worker.namespace, worker.name)
            if fresh is not None and meta.uid_of(fresh) == worker.uid:
                worker.pod = fresh
                self.transport.update(
                    names.PODS, worker.namespace, worker.name, {**fresh, "status": status}, subresource="status"
                )

    def event(self, pod: Object, type: str, reason: str, message: str, path: str) -> None:
        if self.online:
            self.recorder.event(pod, type, reason, message, field_path=path)

    # --- Faults

    def fail(self) -> None:
        self.online = False
        self.runtime.online = False

    def heal(self) -> None:
        """Back again: post what is, drop what was deleted meanwhile, take what was bound meanwhile."""
        self.online = True
        self.runtime.online = True
        self.post_status()
        self.renew_lease()
        for worker in list(self.workers.values()):
            pod = self.fleet.pods.get(worker.namespace, worker.name)
            if pod is None or meta.uid_of(pod) != worker.uid:
                self.gone(worker)
                continue
            worker.pod = pod
            if meta.is_deleting(pod):
                stopping.deletion_asked(worker)
                continue
            worker.come_back()
        for pod in list(self.fleet.pods.by_node(self.name)):
            if meta.uid_of(pod) not in self.workers:
                self.take(pod)
