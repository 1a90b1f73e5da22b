"""Puts the parts of a cluster together: server, components, runtime and network, each knowing only its Context."""

from __future__ import annotations

from k8s_magic import controllers
from k8s_magic.apiserver import ApiServer
from k8s_magic.client.context import Component, Context
from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.client.recorder import Recorder
from k8s_magic.cluster.door import Door
from k8s_magic.cluster.options import Options
from k8s_magic.kubelet import Kubelets
from k8s_magic.network import Loads, Network
from k8s_magic.runtime.world import World
from k8s_magic.scheduler import Scheduler
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.pace import Pace
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import TimeFormatter


class Parts:
    """Every part of one cluster, started and empty: no node, no namespace yet."""

    def __init__(self, options: Options) -> None:
        self.kernel = Kernel()
        self.streams = Streams(options.seed)
        self.times = TimeFormatter(options.start)
        self.pace = Pace(self.kernel, manual=True)
        self.door = Door(self.kernel, self.pace)
        self.server = ApiServer(self.kernel, self.streams, self.times)
        self.server.has_metrics = not options.bare
        self.world = World(self.kernel, self.streams, self.times)
        self.context = Context(
            kernel=self.kernel,
            streams=self.streams,
            times=self.times,
            informer=self.server.informer,
            transport=self._component,
            recorder=self._recorder,
            services={"world": self.world, "load_balancers": not options.bare},
        )
        self.network = Network(self.context)
        self.loads = Loads(self.context, self.network)
        self.context.services["loads"] = self.loads
        self.kubelets = Kubelets(self.context)
        self.scheduler = Scheduler(self.context)
        self.components: dict[str, Component] = {
            "network": self.network,
            "kubelets": self.kubelets,
            "scheduler": self.scheduler,
            **{record.name: record.build(self.context) for record in controllers.discover()},
        }
        self.server.connector = self.kubelets.connector

    def transport(self, actor: str) -> InProcessTransport:
        """For somebody outside the simulation, who may wait."""
        return InProcessTransport(self.server, actor, self.door)

    def _component(self, actor: str) -> InProcessTransport:
        return InProcessTransport(self.server, actor, component=True)

    def _recorder(self, component: str, host: str = "") -> Recorder:
        return Recorder(self.context, component, host)

    def start(self) -> None:
        for component in self.components.values():
            component.start()

    def stop(self) -> None:
        self.loads.close()
        for component in self.components.values():
            component.stop()
