"""contract.Runtime: one node's containers, images and Pod addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from k8s_magic.runtime import probes
from k8s_magic.runtime.addresses import AddressPool, NoAddressLeft
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.container import SimulatedContainer
from k8s_magic.runtime.contract import (
    Container,
    ContainerConfig,
    Handler,
    ProbeOutcome,
    PullOutcome,
    Sandbox,
    StartError,
    readable,
)
from k8s_magic.runtime.pids import SharedProcesses
from k8s_magic.runtime.pipes import Capture, Pipe, PipeEnd, Reader, Sink, Source, Writer
from k8s_magic.runtime.process import Program
from k8s_magic.runtime.pulls import ImageStore
from k8s_magic.runtime.session import Attachment, Execution, Hear, Input
from k8s_magic.runtime.shell import lookup
from k8s_magic.runtime.terminal import Terminal
from k8s_magic.runtime.words import go_duration
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.time import SimTime

if TYPE_CHECKING:
    from k8s_magic.runtime.world import World

# Source: kubelet's probes read up to 10 KiB of a command's output.
MAX_PROBE_OUTPUT = 10 * 1024
# How many steps a probe's command may take: it must not hold up the simulation. A guess.
MAX_PROBE_STEPS = 10_000


class NodeRuntime:
    """`online` False: the node is cut off; nothing outside it is reached and nothing on it answers."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._kernel = world.kernel
        self.name = name
        self.online = True
        self._ids = world.streams.stream(f"runtime/{name}/ids")
        self._store = ImageStore(world.kernel, world.streams, f"runtime/{name}", world.catalog)
        self._pools: dict[str, AddressPool] = {}
        self._given: dict[str, AddressPool] = {}  # sandbox uid -> whose address it has
        self._containers: dict[str, dict[str, SimulatedContainer]] = {}  # sandbox uid -> container id -> container
        self._shared: dict[str, SharedProcesses] = {}  # sandbox uid -> the process namespace that its Pod shares
        self._host_ports: dict[tuple[str, int], tuple[Sandbox, int]] = {}
        # One port space for all that use the node's own network.
        self.host_listeners: dict[tuple[str, int], Handler] = {}

    # -- images

    def has_image(self, image: str) -> bool:
        return self._store.get(image) is not None

    def user_of(self, image: str) -> str:
        version = self._store.get(image)
        if version is None or not version.image.modelled or version.image.base == "none":
            return ""
        return version.image.user

    def pull(self, image: str, done: Callable[[PullOutcome], None]) -> None:
        self._store.pull(image, done)

    @property
    def pulling(self) -> tuple[str, SimTime, SimTime] | None:
        """The download under way: the image as written, when it began and when it will have arrived."""
        return self._store.current

    def preload(self, image: str) -> None:
        """An image that is on the node from the start. Raises catalog.PullError."""
        self._store.put(self._world.catalog.find(image))

    def images(self) -> list[tuple[str, int]]:
        return self._store.all()

    # -- sandboxes

    def create_sandbox(self, sandbox: Sandbox, pod_cidr: str) -> None:
        """Raises StartError when no address is left."""
        if sandbox.host_network:
            sandbox.listeners = self.host_listeners
        elif not sandbox.ip:
            pool = self._pools.get(pod_cidr)
            if pool is None:
                pool = self._pools[pod_cidr] = AddressPool(pod_cidr)
            try:
                sandbox.ip = pool.take()
            except NoAddressLeft as error:
                raise StartError(str(error), "FailedCreatePodSandBox") from None
            self._given[sandbox.uid] = pool
        for key, inner in sandbox.host_ports.items():
            self._host_ports.setdefault(key, (sandbox, inner[1]))
        self._containers.setdefault(sandbox.uid, {})
        self._world.join(sandbox)

    def host_port(self, protocol: str, port: int) -> tuple[Sandbox, int] | None:
        """The sandbox and its port that a port of the node is mapped to (hostPort)."""
        return self._host_ports.get((protocol, port))

    def remove_sandbox(self, sandbox: Sandbox) -> None:
        for container in self._containers.pop(sandbox.uid, {}).values():
            container.end(137)
        self._shared.pop(sandbox.uid, None)
        pool = self._given.pop(sandbox.uid, None)
        if pool is not None:
            pool.give_back(sandbox.ip)
        for key in sandbox.host_ports:
            held = self._host_ports.get(key)
            if held is not None and held[0] is sandbox:
                del self._host_ports[key]
        self._world.leave(sandbox)

    def shut_down(self) -> None:
        """The node is gone: everything on it ends without a word."""
        for containers in self._containers.values():
            for container in containers.values():
                container.end(137)

    # -- containers

    def start(
        self, sandbox: Sandbox, config: ContainerConfig, on_exit: Callable[[Container], None]
    ) -> SimulatedContainer:
        """As contract.Runtime: raises StartError."""
        version = self._store.get(config.image)
        if version is None:
            raise StartError(
                f'failed to create containerd container: image "{config.image}" not found', "CreateContainerError"
            )
        container_id = f"{self._ids.getrandbits(256):064x}"
        container = SimulatedContainer(self._world, sandbox, config, version, container_id, on_exit)
        image = version.image
        if config.command:
            argv = [*config.command, *config.args]
        else:
            argv = [*image.entrypoint, *(config.args or image.command)]
        if not argv:
            raise StartError("failed to generate container spec: no command specified", "CreateContainerError")
        program = lookup.find(container, argv[0])
        if program is None:
            raise StartError(
                "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create "
                f"failed: unable to start container process: error during container init: {_no_executable(argv[0])}"
            )
        self._containers.setdefault(sandbox.uid, {})[container_id] = container
        self._join_processes(container)
        container.start(argv, program)
        return container

    def _join_processes(self, container: SimulatedContainer) -> None:
        sandbox, target = container.sandbox, container.config.target
        if target is not None:
            _own(target).open_processes().join(container)
        elif sandbox.share_processes:
            shared = self._shared.get(sandbox.uid)
            if shared is None:
                shared = self._shared[sandbox.uid] = SharedProcesses(self._kernel)
            shared.join(container)

    def stop(self, container: Container, grace: SimTime) -> None:
        _own(container).stop(grace)

    def remove(self, container: Container) -> None:
        own = _own(container)
        held = self._containers.get(own.sandbox.uid)
        if held is not None:
            held.pop(own.id, None)

    def containers(self, sandbox: Sandbox) -> list[SimulatedContainer]:
        return list(self._containers.get(sandbox.uid, {}).values())

    # -- commands inside

    def exec(
        self, container: Container, command: list[str], stdin: str | None, on_output: Hear, tty: bool = False
    ) -> Execution:
        own = _own(container)
        program = self._executable(own, command)
        process = own.spawn(command, lambda _: None)
        typed: Input = None
        reader: Reader
        env = None
        out: Writer = Sink(lambda text: on_output("stdout", text), is_terminal=True)
        err: Writer = Sink(lambda text: on_output("stderr", text), is_terminal=True)
        if tty:
            reader = out = err = typed = Terminal(lambda text: on_output("stdout", text))
            typed.foreground = process.signal
            env = {"TERM": "xterm", **own.environment()}
        elif stdin is None:
            typed = Pipe()
            reader = PipeEnd(typed, is_shared=True)
        else:
            reader = Source(stdin)
        reader.read_by(process)
        process.run(program, Call(own, process, command, reader, out, err, env=env))
        return Execution(process, typed)

    def attach(self, container: Container, on_output: Hear, stdin: bool) -> Attachment:
        return Attachment(_own(container), on_output, stdin)

    def _executable(self, container: SimulatedContainer, command: list[str]) -> Program:
        if container.exit_code is not None:
            raise StartError(f"container not running ({container.id})", "ExecError")
        program = lookup.find(container, command[0], unknown=False) if command else None
        if program is None:
            name = command[0] if command else ""
            exec_id = f"{self._ids.getrandbits(256):064x}"
            raise StartError(
                f'failed to exec in container: failed to start exec "{exec_id}": OCI runtime exec failed: exec failed: '
                f"unable to start container process: {_no_executable(name)}",
                "ExecError",
                127,
            )
        return program

    # -- probes

    def probe_http(
        self,
        sandbox: Sandbox,
        host: str,
        port: int,
        path: str,
        scheme: str,
        headers: Mapping[str, str],
        timeout: SimTime,
    ) -> ProbeOutcome:
        return probes.http(sandbox, host, port, path, scheme, headers, timeout, self._gateway(sandbox))

    def probe_tcp(self, sandbox: Sandbox, host: str, port: int, timeout: SimTime) -> ProbeOutcome:
        return probes.tcp(sandbox, host, port)

    def probe_exec(self, container: Container, command: list[str], timeout: SimTime) -> ProbeOutcome:
        """The command runs in a time of its own, from now on, that ends with the timeout."""
        own = _own(container)
        try:
            program = self._executable(own, command)
        except StartError as error:
            if not own.version.image.modelled and own.exit_code is None:
                return ProbeOutcome(True, "k8s-magic does not model this image: taken for healthy")
            return ProbeOutcome(False, str(error))
        aside = Kernel()
        aside.now = self._kernel.now
        output = Capture()
        process = own.spawn(command, lambda _: None, aside)
        process.run(program, Call(own, process, command, Source(), output, output))
        deadline = self._kernel.now + timeout
        while process.exit_code is None and aside.steps < MAX_PROBE_STEPS and aside.step_due(deadline):
            pass
        if process.exit_code is None:
            process.signal("SIGKILL")
            line = " ".join(command).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            return ProbeOutcome(False, f'command timed out: "{line}" timed out after {go_duration(timeout)}')
        return ProbeOutcome(process.exit_code == 0, readable(output.text[:MAX_PROBE_OUTPUT]))

    def _gateway(self, sandbox: Sandbox) -> str:
        """Where a kubelet's own requests come from: the first address of the Pods' range."""
        if sandbox.host_network or not sandbox.ip:
            return "127.0.0.1"
        return sandbox.ip.rpartition(".")[0] + ".1"


def _own(container: Container) -> SimulatedContainer:
    return cast(SimulatedContainer, container)


def _no_executable(name: str) -> str:
    """runc's words. Source: opencontainers/runc libcontainer/standard_init_linux.go, os/exec."""
    if "/" in name:
        return f'exec: "{name}": stat {name}: no such file or directory: unknown'
    return f'exec: "{name}": executable file not found in $PATH: unknown'
