"""One simulated node with its runtime, and ways to start containers and run commands on it."""

from __future__ import annotations

from typing import Any

from k8s_magic.runtime.container import SimulatedContainer
from k8s_magic.runtime.contract import Container, ContainerConfig, Mount, Sandbox
from k8s_magic.runtime.world import World
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import SECOND, SimTime, TimeFormatter


class Machine:
    def __init__(self, seed: int = 0) -> None:
        self.kernel = Kernel()
        self.world = World(self.kernel, Streams(seed), TimeFormatter())
        self.node = self.world.node("node-1")
        self.ended: list[tuple[str, int | None, str, SimTime]] = []

    def sandbox(self, name: str = "web") -> Sandbox:
        search = ("default.svc.cluster.local", "svc.cluster.local", "cluster.local")
        sandbox = Sandbox(name, "default", name, "node-1", "", search=search)
        self.node.create_sandbox(sandbox, "10.244.1.0/24")
        return sandbox

    def start(
        self, image: str, *command: str, sandbox: Sandbox | None = None, name: str = "c", **config: Any
    ) -> SimulatedContainer:
        if not self.node.has_image(image):
            self.node.preload(image)
        if sandbox is None:
            sandbox = self.sandbox(f"pod-{len(self.ended)}-{self.kernel.now}")
        return self.node.start(sandbox, ContainerConfig(name=name, image=image, command=command, **config), self._ended)

    def _ended(self, container: Container) -> None:
        own: Any = container
        self.ended.append((own.config.name, own.exit_code, own.reason, self.kernel.now))

    def sh(
        self, container: SimulatedContainer, script: str, shell: str = "sh", stdin: str = ""
    ) -> tuple[str, str, int]:
        return self.exec(container, shell, "-c", script, stdin=stdin)

    def exec(self, container: SimulatedContainer, *command: str, stdin: str = "") -> tuple[str, str, int]:
        """(stdout, stderr, exit code), letting time pass as the command wants it."""
        output: dict[str, str] = {"stdout": "", "stderr": ""}

        def hear(stream: str, text: str) -> None:
            output[stream] += text

        running = self.node.exec(container, list(command), stdin, hear)
        while not running.step():
            assert self.kernel.step(), "the command waits for ever"
        assert running.exit_code is not None
        return output["stdout"], output["stderr"], running.exit_code

    def box(self, **config: Any) -> SimulatedContainer:
        """A busybox that sleeps."""
        return self.start("busybox", "sleep", "3600", **config)

    def debian(self, **config: Any) -> SimulatedContainer:
        return self.start("debian", "sleep", "3600", **config)

    def run(self, seconds: float) -> None:
        self.kernel.run_until(self.kernel.now + round(seconds * SECOND))


def texts(container: SimulatedContainer) -> list[str]:
    return [line for _, _, line in container.log_lines()]


def volume(path: str, files: dict[str, str], **more: Any) -> Mount:
    return Mount(path, files, **more)
