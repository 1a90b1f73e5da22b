"""One invocation of a program: its arguments, environment, streams, and what it may touch of its container."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8s_magic.runtime.filesystem import FileError, FileSystem, normal
from k8s_magic.runtime.pipes import Reader, Writer
from k8s_magic.runtime.process import Process

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer
    from k8s_magic.sim.time import SimTime


class Call:
    """What a program is given. `env` is made at first use: most servers never look."""

    __slots__ = ("_env", "argv", "container", "cwd", "line", "process", "stderr", "stdin", "stdout")

    def __init__(
        self,
        container: SimulatedContainer,
        process: Process,
        argv: list[str],
        stdin: Reader,
        stdout: Writer,
        stderr: Writer,
        *,
        cwd: str = "",
        env: dict[str, str] | None = None,
        line: int = 1,
    ) -> None:
        self.container = container
        self.process = process
        self.argv = argv
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
        self.cwd = cwd or container.working_dir
        self.line = line  # of the script, for messages
        self._env = env

    @property
    def env(self) -> dict[str, str]:
        if self._env is None:
            self._env = self.container.environment()
        return self._env

    @property
    def now(self) -> SimTime:
        return self.process.kernel.now

    @property
    def fs(self) -> FileSystem:
        return self.container.fs

    @property
    def name(self) -> str:
        """The program's own name, without its folder."""
        return self.argv[0].rpartition("/")[2]

    def out(self, text: str) -> None:
        self.stdout.write(text)

    def err(self, text: str) -> None:
        self.stderr.write(text)

    def path(self, text: str) -> str:
        return normal(text, self.cwd)

    def read(self, text: str) -> str:
        """Raises: FileError whose path is as it was typed."""
        try:
            return self.fs.read(self.path(text))
        except FileError as error:
            raise FileError(str(error), text) from None

    def write(self, text: str, content: str, *, append: bool = False) -> None:
        try:
            self.fs.write(self.path(text), content, append=append, now=self.now)
        except FileError as error:
            raise FileError(str(error), text) from None
