"""A started container: its processes, files, listeners and log, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from k8s_magic.runtime import basefiles
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import Container, ContainerConfig, Handler, Sandbox, Speaker, readable
from k8s_magic.runtime.filesystem import FileSystem
from k8s_magic.runtime.image import ImageVersion
from k8s_magic.runtime.listener import AddressInUse, Listener
from k8s_magic.runtime.log import ContainerLog, Line
from k8s_magic.runtime.pids import SharedProcesses
from k8s_magic.runtime.pipes import Pipe, PipeEnd, Reader, Source, Writer
from k8s_magic.runtime.process import Process, Program
from k8s_magic.runtime.terminal import Terminal
from k8s_magic.sim.kernel import Callback, Kernel
from k8s_magic.sim.time import MILLISECOND, SimTime

if TYPE_CHECKING:
    from k8s_magic.runtime.world import World

# A process that ends at once has still been created, run and reaped. A guess.
SHORTEST_LIFE: SimTime = 20 * MILLISECOND
# Source: kubelet keeps up to 4096 bytes of a termination message (MaxContainerTerminationMessageLength).
MAX_MESSAGE = 4096
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class SimulatedContainer:
    """contract.Container. Ends when its first process ends; all others end with it."""

    __slots__ = (
        "_fs", "_kill_timer", "_listeners", "_log", "_next_pid", "_on_exit", "argv", "config", "exit_code",
        "finished_at", "id", "input", "kernel", "main", "memory", "message", "others", "reason", "sandbox", "shared",
        "started_at", "version", "world",
    )  # fmt: skip

    def __init__(
        self,
        world: World,
        sandbox: Sandbox,
        config: ContainerConfig,
        version: ImageVersion,
        id: str,
        on_exit: Callable[[Container], None],
    ) -> None:
        self.world = world
        self.kernel: Kernel = world.kernel
        self.sandbox = sandbox
        self.config = config
        self.version = version
        self.id = id
        self.started_at: SimTime = world.kernel.now
        self.finished_at: SimTime | None = None
        self.exit_code: int | None = None
        self.reason = ""
        self.message = ""
        self.memory = 0  # bytes that its processes have asked for
        self.argv: list[str] = []
        self.input: Terminal | Pipe | None = None  # of its first process, where somebody may write to it
        self.main: Process | None = None
        self.others: dict[int, Process] = {}
        self.shared: SharedProcesses | None = None
        self._fs: FileSystem | None = None
        self._log = ContainerLog()
        self._listeners: list[tuple[str, int]] = []
        self._next_pid = 2
        self._kill_timer: Callback | None = None
        self._on_exit = on_exit

    # -- what contract.Container promises

    @property
    def image_id(self) -> str:
        return self.version.image_id

    def log_lines(self) -> list[Line]:
        return self._log.since(self.kernel.now, 0)[0]

    def log_since(self, position: int) -> tuple[list[Line], int]:
        return self._log.since(self.kernel.now, position)

    def log_partial(self) -> dict[str, str]:
        """What each stream has printed of the line that it is at."""
        return self._log.partial

    # -- what its programs use

    @property
    def fs(self) -> FileSystem:
        if self._fs is None:
            image = self.version.image
            files = dict(basefiles.of(self))
            if image.files is not None:
                files.update(image.files(self))
            self._fs = FileSystem(files, self.config.mounts, basefiles.ALIASES.get(image.base))
        return self._fs

    @property
    def has_files(self) -> bool:
        """Whether anything has looked at its files yet: until then they are as the image and the mounts have them."""
        return self._fs is not None

    @property
    def working_dir(self) -> str:
        return self.config.working_dir or self.version.image.working_dir

    @property
    def tag(self) -> str:
        return self.version.reference.tag

    def environment(self) -> dict[str, str]:
        image = self.version.image
        env = {"PATH": PATH, "HOSTNAME": self.sandbox.hostname or self.sandbox.name, **image.env}
        if image.env_of is not None:
            env.update(image.env_of(self.tag))
        env.update(self.config.env)
        if self.config.tty:
            env.setdefault("TERM", "xterm")
        env.setdefault("HOME", "/root" if image.user == "root" else "/")
        return env

    def boot_log(self, make: Callable[[], list[Line]]) -> None:
        """What a server prints while it starts; made when somebody looks."""
        self._log.boot(make)

    def log(self, text: str, stream: str = "stdout") -> None:
        """One whole line, now."""
        if self.config.tty:
            self.stream(stream).write(text + "\n")
        else:
            self._log.line(self.kernel.now, stream, text)

    def listen(self, port: int, handler: Handler | Speaker | None, boot: SimTime = 0, protocol: str = "TCP") -> None:
        """Listen from `boot` after now on. Raises AddressInUse when the sandbox's port is taken."""
        key = (protocol, port)
        if key in self.sandbox.listeners:
            raise AddressInUse
        self.sandbox.listeners[key] = Listener(self, handler, self.kernel.now + boot)
        self._listeners.append(key)
        for hear in self.world.listening:
            hear(self)

    def close_listeners(self) -> None:
        if not self._listeners:
            return
        for key in self._listeners:
            self.sandbox.listeners.pop(key, None)
        self._listeners.clear()
        for hear in self.world.listening:
            hear(self)

    def allocate(self, amount: int) -> None:
        """Ask for memory. Beyond the limit the kernel kills the container's processes."""
        self.memory += amount
        limit = self.config.memory_limit
        if limit is not None and self.memory > limit:
            self.end(137, "OOMKilled")

    # -- processes

    def start(self, argv: list[str], program: Program) -> None:
        self.argv = argv
        pid = 1 if self.shared is None else self.shared.take()
        process = self.main = Process(self.kernel, pid, argv, self._main_done)
        process.run(program, Call(self, process, argv, self._stdin(), self.stream("stdout"), self.stream("stderr")))

    def _stdin(self) -> Reader:
        assert self.main is not None
        if self.config.tty:
            terminal = self.input = Terminal(lambda text: self.write_log("stdout", text))
            terminal.read_by(self.main)
            terminal.foreground = self.main.signal
            terminal.size = (0, 0)  # whoever attaches sees the shell's line again
            return terminal
        if self.config.stdin:
            pipe = self.input = Pipe()
            pipe.read_by(self.main)
            return PipeEnd(pipe, is_shared=True)
        return Source()

    def stream(self, name: str) -> Writer:
        return self.input if isinstance(self.input, Terminal) else _LogWriter(self, name)

    def spawn(self, argv: list[str], done: Callable[[Process], None], kernel: Kernel | None = None) -> Process:
        """One more process, yet to be run: of exec, of a pipeline, in the background."""
        if self.shared is not None:
            pid = self.shared.take()
        else:
            pid, self._next_pid = self._next_pid, self._next_pid + 1

        def ended(process: Process) -> None:
            self.others.pop(process.pid, None)
            done(process)

        process = self.others[pid] = Process(kernel or self.kernel, pid, argv, ended)
        return process

    def own_processes(self) -> list[Process]:
        main = self.main
        found = [main] if main is not None and main.exit_code is None else []
        return found + list(self.others.values())

    def processes(self) -> list[Process]:
        """What its processes see of one another."""
        return self.own_processes() if self.shared is None else self.shared.processes()

    def open_processes(self) -> SharedProcesses:
        """Its namespace, for another container to join."""
        if self.shared is None:
            self.shared = SharedProcesses(self.kernel, self, self._next_pid)
        return self.shared

    def signal(self, name: str, pid: int = 0) -> bool:
        """kill(2), to its first process unless told: False when there is no such process."""
        if self.shared is not None and pid:
            return self.shared.signal(name, pid)
        process = self.main if pid <= 1 else self.others.get(pid)
        if process is None or process.exit_code is not None:
            return False
        process.signal(name)
        return True

    # -- its end

    def stop(self, grace: SimTime) -> None:
        """The stop signal now, SIGKILL after the grace if it still runs then."""
        main = self.main
        if main is None or self.exit_code is not None:
            return
        if grace <= 0:
            self.kernel.call_after(0, main.signal, "SIGKILL")
            return
        main.signal(self.config.stop_signal or self.version.image.stop_signal)
        if main.exit_code is None and self.exit_code is None:
            if main.ending:
                self.close_listeners()
            if self._kill_timer is not None:
                self._kill_timer.cancel()
            self._kill_timer = self.kernel.call_after(grace, main.signal, "SIGKILL")

    def _main_done(self, process: Process) -> None:
        code = process.exit_code or 0
        if self.kernel.now < self.started_at + SHORTEST_LIFE:
            self.close_listeners()
            self.kernel.call_at(self.started_at + SHORTEST_LIFE, self.end, code)
        else:
            self.end(code)

    def end(self, code: int, reason: str = "") -> None:
        """The container is over: everything of it stops, and its starter hears of it through the kernel."""
        if self.exit_code is not None:
            return
        self.exit_code = code
        self.reason = reason or ("Completed" if code == 0 else "Error")
        self.finished_at = self.kernel.now
        if self._kill_timer is not None:
            self._kill_timer.cancel()
        self.close_listeners()
        if self.main is not None:
            self.main.finish(code)
        for process in list(self.others.values()):
            process.finish(137)
        if self.shared is not None:
            self.shared.leave(self)
        self._log.flush(self.kernel.now)
        self._log.cut(self.kernel.now)
        if self._fs is not None:
            path = self.config.termination_message_path
            if self._fs.is_file(path):
                self.message = readable(self._fs.read(path))[:MAX_MESSAGE]
        self.kernel.call_after(0, self._on_exit, self)

    def write_log(self, stream: str, text: str) -> None:
        self._log.write(self.kernel.now, stream, text)


class _LogWriter:
    """A stream of the container's main process."""

    __slots__ = ("_container", "_stream")

    def __init__(self, container: SimulatedContainer, stream: str) -> None:
        self._container = container
        self._stream = stream

    is_terminal = False

    def write(self, text: str) -> None:
        if text:
            self._container.write_log(self._stream, text)

    def close(self) -> None:
        """The log stays open."""
