"""One process namespace for several containers: they count their processes together and see and signal each other's.

A container has a namespace of its own, which takes nothing from here, until another joins it or its Pod shares one.
Source: cri-api NamespaceMode (POD, TARGET), pid_namespaces(7)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8s_magic.runtime.process import Process

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer
    from k8s_magic.sim.kernel import Kernel


class SharedProcesses:
    """`first` is the container whose main process is PID 1; where there is none, that is the Pod's pause."""

    __slots__ = ("_first", "_members", "_next", "_pause")

    def __init__(self, kernel: Kernel, first: SimulatedContainer | None = None, next_pid: int = 2) -> None:
        self._first = first
        self._members = [] if first is None else [first]
        self._next = next_pid
        self._pause = Process(kernel, 1, ["/pause"], _ignore) if first is None else None

    def join(self, container: SimulatedContainer) -> None:
        """Before the container starts."""
        container.shared = self
        self._members.append(container)

    def take(self) -> int:
        """The next process's number."""
        pid, self._next = self._next, self._next + 1
        return pid

    def processes(self) -> list[Process]:
        found = [] if self._pause is None else [self._pause]
        for container in self._members:
            found += container.own_processes()
        return sorted(found, key=lambda process: process.pid)

    def signal(self, name: str, pid: int) -> bool:
        """kill(2): False when there is no such process. The pause takes no harm."""
        process = next((one for one in self.processes() if one.pid == pid), None)
        if process is not None and process is not self._pause:
            process.signal(name)
        return process is not None

    def leave(self, container: SimulatedContainer) -> None:
        """A container ended. With PID 1 all that is left of the namespace is killed."""
        if container in self._members:
            self._members.remove(container)
        if container is self._first:
            for other in list(self._members):
                other.end(137)


def _ignore(process: Process) -> None:
    return None
