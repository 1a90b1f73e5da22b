"""What a component is given when it starts: everything it may touch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from k8s_magic.client.recorder import EventRecorder
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Informer, Transport
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import TimeFormatter


@dataclass(frozen=True)
class Context:
    """A component's world. `services` holds what the cluster wires by name (e.g. the runtime world)."""

    kernel: Kernel
    streams: Streams
    times: TimeFormatter
    informer: Callable[[GroupVersionResource], Informer]
    transport: Callable[[str], Transport]  # by actor name: writes are attributed to it
    recorder: Callable[..., EventRecorder]  # recorder(component, host="")
    services: dict[str, Any] = field(default_factory=dict)

    def now_text(self) -> str:
        """The present instant as a metav1.Time."""
        return self.times.seconds(self.kernel.now)


class Component(Protocol):
    """Something that runs: started once, stopped once; after a stop it hears and writes nothing more."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ComponentRecord:
    """The record a controller's file exports as CONTROLLER. Sorted discovery by `name` starts them."""

    name: str
    build: Callable[[Context], Component]
