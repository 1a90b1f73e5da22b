"""Everything that runs: every node's runtime, and who has which address."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from k8s_magic.runtime.catalog import Catalog
from k8s_magic.runtime.contract import Net, Sandbox
from k8s_magic.runtime.node import NodeRuntime
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import TimeFormatter

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer


class World:
    """`net` is set by the network; without one, requests between sandboxes find no route."""

    def __init__(self, kernel: Kernel, streams: Streams, times: TimeFormatter) -> None:
        self.kernel = kernel
        self.streams = streams
        self.times = times
        self.net: Net | None = None
        self.catalog = Catalog()
        # Who wants to know when a container begins or stops to listen: called right after it.
        self.listening: list[Callable[[SimulatedContainer], None]] = []
        self._nodes: dict[str, NodeRuntime] = {}
        self._sandboxes: dict[str, Sandbox] = {}  # by address; host network ones are reached by their node's

    def node(self, name: str) -> NodeRuntime:
        runtime = self._nodes.get(name)
        if runtime is None:
            runtime = self._nodes[name] = NodeRuntime(self, name)
        return runtime

    def known_node(self, name: str) -> NodeRuntime | None:
        return self._nodes.get(name)

    def remove_node(self, name: str) -> None:
        runtime = self._nodes.pop(name, None)
        if runtime is not None:
            runtime.shut_down()
            for address in [address for address, sandbox in self._sandboxes.items() if sandbox.node == name]:
                del self._sandboxes[address]

    def join(self, sandbox: Sandbox) -> None:
        if not sandbox.host_network:
            self._sandboxes[sandbox.ip] = sandbox

    def leave(self, sandbox: Sandbox) -> None:
        if self._sandboxes.get(sandbox.ip) is sandbox:
            del self._sandboxes[sandbox.ip]

    def sandbox_at(self, address: str) -> Sandbox | None:
        return self._sandboxes.get(address)
