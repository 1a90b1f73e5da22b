"""All nodes' kubelets as one component: hears of Pods once for all of them, beats once for all of them.

Nothing is polled. A running Pod without probes costs nothing, an idle node one lease every ten seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from k8s_magic.client.context import Context
from k8s_magic.client.workqueue import REACTION
from k8s_magic.kubelet import service_env
from k8s_magic.kubelet.connector import Connector
from k8s_magic.kubelet.node import NodeKubelet
from k8s_magic.kubelet.node_config import NodeConfig
from k8s_magic.kubelet.status import StatusWriter
from k8s_magic.kubelet.worker import PodWorker
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.runtime.world import World
from k8s_magic.sim.kernel import Callback
from k8s_magic.sim.time import SECOND, SimTime

ACTOR = "kubelet"
# Source: nodeLeaseDurationSeconds * nodeLeaseRenewIntervalFraction
BEAT: SimTime = 10 * SECOND
# How long a changed ConfigMap or Secret takes to reach the files of running Pods. Source: syncFrequency
REFRESH: SimTime = 60 * SECOND

GONE, CHANGED, NEW = "gone", "changed", "new"


class Kubelets:
    def __init__(self, context: Context) -> None:
        self.kernel = context.kernel
        self.streams = context.streams
        self.times = context.times
        self.transport = context.transport(ACTOR)
        self.recorder = context.recorder
        self.now_text = context.now_text
        self.world: World = context.services["world"]
        self.pods = context.informer(names.PODS)
        self.nodes = context.informer(names.NODES)
        self.services = context.informer(names.SERVICES)
        self.endpoint_slices = context.informer(names.ENDPOINT_SLICES)
        self.statuses = StatusWriter(context.times)
        self.connector = Connector(self)
        self._objects = {
            "configmap": context.informer(names.CONFIG_MAPS),
            "secret": context.informer(names.SECRETS),
        }
        self._kubelets: dict[str, NodeKubelet] = {}
        self._configs: list[NodeConfig] = []
        self._noted: dict[str, tuple[str, str, Object]] = {}  # uid -> (what, node, Pod)
        self._turn: Callback | None = None
        self._beat: Callback | None = None
        self._running = False
        self._heard = False
        self._variables: dict[tuple[str, bool], Mapping[str, str]] = {}
        self._shown: dict[tuple[str, str, str], dict[str, PodWorker]] = {}

    # --- Component

    def start(self) -> None:
        self._running = True
        for config in self._configs:
            self._join(config)
        self._configs = []
        if not self._heard:
            self._heard = True
            self.services.add_handler(self._service_changed)
            for kind, informer in self._objects.items():
                informer.add_handler(self._object_handler(kind))
            self.pods.add_handler(self._pod_changed)
        else:
            for kubelet in self._kubelets.values():
                kubelet.heal()
        self._beat = self.kernel.call_after(BEAT, self._beat_all)

    def stop(self) -> None:
        """Every kubelet stops; containers run on."""
        self._running = False
        for waiting in (self._turn, self._beat):
            if waiting is not None:
                waiting.cancel()
        self._turn = self._beat = None
        for kubelet in self._kubelets.values():
            kubelet.online = False

    # --- Nodes

    def add_node(self, config: NodeConfig) -> None:
        """A node joins: at once, or when the component starts."""
        if self._running:
            self._join(config)
        else:
            self._configs.append(config)

    def _join(self, config: NodeConfig) -> None:
        kubelet = self._kubelets[config.name] = NodeKubelet(self, config)
        kubelet.register()
        if self._heard:
            for pod in list(self.pods.by_node(config.name)):
                self._note(NEW, config.name, pod)

    def remove_node(self, name: str) -> None:
        """The machine goes away with all that runs on it; the Node object stays for others to notice."""
        kubelet = self._kubelets.pop(name)
        kubelet.online = False
        for worker in kubelet.workers.values():
            worker.drop_job()
        self.world.remove_node(name)

    def fail(self, name: str) -> None:
        """The node falls silent: no lease, no status, no probes; containers run on out of reach."""
        self.kubelet(name).fail()

    def heal(self, name: str) -> None:
        self.kubelet(name).heal()

    def kubelet(self, name: str) -> NodeKubelet:
        """Raises: KeyError."""
        return self._kubelets[name]

    def known(self, name: str) -> NodeKubelet | None:
        return self._kubelets.get(name)

    def names(self) -> list[str]:
        return list(self._kubelets)

    def default_pod_cidr(self, name: str) -> str:
        """Where nobody assigned one: 10.244.N.0/24 by the order of joining."""
        index = list(self._kubelets).index(name)
        return f"10.{244 + index // 256}.{index % 256}.0/24"

    def _beat_all(self) -> None:
        self._beat = self.kernel.call_after(BEAT, self._beat_all)
        for kubelet in self._kubelets.values():
            if kubelet.online:
                kubelet.beat()

    def now_micros(self) -> str:
        return self.times.micros(self.kernel.now)

    def lease(self, namespace: str, name: str) -> Object | None:
        try:
            return self.transport.get(names.LEASES, namespace, name)
        except ApiError:
            return None

    # --- What is heard (notes only)

    def _pod_changed(self, type: WatchType, new: Object, old: Object | None) -> None:
        node = new["spec"].get("nodeName")
        if not node or not self._running:
            return
        kubelet = self._kubelets.get(node)
        if kubelet is None:
            return
        metadata = new["metadata"]
        worker = kubelet.workers.get(metadata["uid"])
        if worker is None:
            if type != "DELETED":
                self._note(NEW, node, new)
            else:
                self._noted.pop(metadata["uid"], None)
            return
        if type == "DELETED":
            self._note(GONE, node, new)
            return
        before, worker.pod = worker.pod, new
        known = before["metadata"]
        if (
            (
                metadata.get("generation") != known.get("generation")
                or metadata.get("labels") != known.get("labels")
                or metadata.get("annotations") != known.get("annotations")
                or metadata.get("deletionTimestamp") != known.get("deletionTimestamp")
                or (new["spec"] is not before["spec"] and new["spec"] != before["spec"])
            )
            and metadata.get("deletionGracePeriodSeconds") != 0
        ) or (new["spec"].get("readinessGates") and new.get("status") != before.get("status")):
            self._note(CHANGED, node, new)

    def _note(self, what: str, node: str, pod: Object) -> None:
        uid = pod["metadata"]["uid"]
        if what == CHANGED and uid in self._noted and self._noted[uid][0] != CHANGED:
            what = self._noted[uid][0]
        self._noted[uid] = (what, node, pod)
        if self._turn is None:
            self._turn = self.kernel.call_after(REACTION, self._work)

    def _work(self) -> None:
        self._turn = None
        noted, self._noted = self._noted, {}
        for uid, (what, node, pod) in noted.items():
            kubelet = self._kubelets.get(node)
            if kubelet is None or not kubelet.online:
                continue  # a node that comes back looks for itself
            worker = kubelet.workers.get(uid)
            if what == GONE:
                if worker is not None:
                    kubelet.gone(worker)
            elif worker is None:
                kubelet.take(self.pods.get(*meta.key_of(pod)) or pod)
            else:
                worker.updated()

    def _service_changed(self, type: WatchType, new: Object, old: Object | None) -> None:
        self._variables.clear()

    def service_variables(self, namespace: str, links: bool) -> Mapping[str, str]:
        key = (namespace, links)
        found = self._variables.get(key)
        if found is None:
            services = [*self.services.list(namespace)]
            if namespace != "default" and (master := self.services.get("default", "kubernetes")) is not None:
                services.append(master)
            found = self._variables[key] = service_env.of_services(services, namespace, links)
        return found

    # --- ConfigMaps and Secrets

    def find(self, kind: str, namespace: str, name: str) -> Object | None:
        return self._objects[kind].get(namespace, name)

    def watch_sources(self, worker: PodWorker) -> None:
        for key in worker.volumes.sources(worker.pod):
            self._shown.setdefault(key, {})[worker.uid] = worker

    def unwatch_sources(self, worker: PodWorker) -> None:
        for key in worker.volumes.sources(worker.pod):
            shown = self._shown.get(key)
            if shown is not None:
                shown.pop(worker.uid, None)
                if not shown:
                    del self._shown[key]

    def _object_handler(self, kind: str) -> Callable[[WatchType, Object, Object | None], None]:
        def handle(type: WatchType, new: Object, old: Object | None) -> None:
            key = (kind, meta.namespace_of(new), meta.name_of(new))
            if type == "MODIFIED" and key in self._shown:
                self.kernel.call_after(REFRESH, self._refresh, key)

        return handle

    def _refresh(self, key: tuple[str, str, str]) -> None:
        for worker in list(self._shown.get(key, {}).values()):
            if worker.kubelet.online:
                worker.volumes.refresh(worker.pod, worker.around())
