"""All loads of a cluster: started, changed and stopped by name; they hear of changes only while one of them runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8s_magic.client.context import Context
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import WatchType
from k8s_magic.network import load_report
from k8s_magic.network.load import Load
from k8s_magic.network.load_aim import Aimer
from k8s_magic.network.load_spec import LoadSpec
from k8s_magic.network.network import Network
from k8s_magic.network.services import SERVICE_NAME
from k8s_magic.runtime.world import World

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer


class LoadError(ValueError):
    """Why a load cannot be sent, in one sentence."""


class Loads:
    """Shape: `all` by LoadSpec.key, in the order in which they began, those that have ended too."""

    def __init__(self, context: Context, network: Network) -> None:
        self._context = context
        self._network = network
        self._world: World = context.services["world"]
        self.all: dict[str, Load] = {}
        self.changes = 0  # counts starts, changes and stops
        self._is_listening = False

    def start(self, spec: LoadSpec) -> Load:
        """A load that runs already takes the new rate and goes on counting. Raises: LoadError."""
        network = self._network
        load = self.all.get(spec.key)
        aimer = Aimer(spec, self._context, self._world, network.router, network.services, network.nodes)
        refusal = aimer.refusal() or aimer.settle_source()
        if refusal:
            raise LoadError(refusal)
        self.changes += 1
        if load is not None and load.is_running and load.spec.keep_alive == spec.keep_alive:
            load.change(spec)
            return load
        if load is not None:
            load.stop()
            del self.all[spec.key]
        load = self.all[spec.key] = Load(spec, self._context, self._world, aimer, self._rest)
        self._listen()
        return load

    def stop(self, key: str) -> Load:
        """Raises: LoadError."""
        load = self.all.get(key)
        if load is None or not load.is_running:
            raise LoadError("no such load runs")
        self.changes += 1
        load.stop()
        return load

    def close(self) -> None:
        """Stop them all: the cluster is over."""
        for load in self._running():
            load.stop()

    def of_service(self, namespace: str, service: str) -> list[Load]:
        return [one for one in self.all.values() if (one.spec.namespace, one.spec.service) == (namespace, service)]

    def reports(self, namespace: str = "", service: str = "") -> list[dict[str, Any]]:
        """What views draw and `%traffic` lists, up to this instant."""
        return [
            load_report.of(load)
            for load in self.all.values()
            if (not namespace or load.spec.namespace == namespace) and (not service or load.spec.service == service)
        ]

    # -- what happens around them

    def _running(self) -> list[Load]:
        return [load for load in self.all.values() if load.is_running]

    def _listen(self) -> None:
        if not self._is_listening:
            self._is_listening = True
            self._context.informer(names.SERVICES).add_handler(self._on_service)
            self._context.informer(names.ENDPOINT_SLICES).add_handler(self._on_slice)
            self._world.listening.append(self._on_listening)

    def _rest(self) -> None:
        if self._is_listening and not self._running():
            self._is_listening = False
            self._context.informer(names.SERVICES).remove_handler(self._on_service)
            self._context.informer(names.ENDPOINT_SLICES).remove_handler(self._on_slice)
            self._world.listening.remove(self._on_listening)

    def _on_service(self, type: WatchType, new: Object, old: Object | None) -> None:
        self._changed(meta.namespace_of(new), meta.name_of(new))

    def _on_slice(self, type: WatchType, new: Object, old: Object | None) -> None:
        self._changed(meta.namespace_of(new), meta.labels_of(new).get(SERVICE_NAME, ""))

    def _changed(self, namespace: str, service: str) -> None:
        for load in self.all.values():
            if load.spec.service == service and load.spec.namespace == namespace:
                load.on_change()

    def _on_listening(self, container: SimulatedContainer) -> None:
        for load in self.all.values():
            if load.spec.namespace == container.sandbox.namespace:
                load.on_listening(container)
