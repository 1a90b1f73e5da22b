"""What a running shell knows, and how it leaves loops, functions and itself."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.container import SimulatedContainer
from k8s_magic.runtime.pipes import MAX_TEXT, Reader, Writer
from k8s_magic.runtime.process import OutputTooLarge, Process
from k8s_magic.runtime.shell.syntax import Command
from k8s_magic.sim.time import MILLISECOND, SimTime

# A loop that takes no time at all would stop simulated time: each such turn costs 1 ms, and after many 10 ms.
# Our simplification; a real shell makes some hundred thousand turns a second.
TURN: SimTime = MILLISECOND
MANY_TURNS = 2_000
MAX_CALLS = 25


@dataclass(frozen=True, slots=True)
class Io:
    stdin: Reader
    out: Writer
    err: Writer


class ExitShell(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status & 255


class ShellError(ExitShell):
    """A mistake that ends a script; a shell that is typed to goes on."""


class ReturnFunction(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status & 255


class LeaveLoop(Exception):
    """`break` and `continue`, for so many loops."""

    def __init__(self, count: int, again: bool) -> None:
        super().__init__(count)
        self.count = count
        self.again = again


class ExpansionFailure(Exception):
    """A word that cannot be expanded; the shell says so and gives the command up."""


class Variables(MutableMapping[str, str]):
    """Variables by name; those exported are what programs see."""

    __slots__ = ("exported", "values_")

    def __init__(self, values: dict[str, str], exported: dict[str, None]) -> None:
        self.values_ = values
        self.exported = exported

    def __getitem__(self, name: str) -> str:
        return self.values_[name]

    def __setitem__(self, name: str, value: str) -> None:
        if len(value) > MAX_TEXT:
            raise OutputTooLarge("variable too large to simulate")
        self.values_[name] = value

    def __delitem__(self, name: str) -> None:
        self.values_.pop(name, None)
        self.exported.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)

    def environment(self) -> dict[str, str]:
        return {name: value for name, value in self.values_.items() if name in self.exported}

    def copy(self) -> Variables:
        return Variables(dict(self.values_), dict(self.exported))


class State:
    """A shell's own things. `flavour`: dash, ash or bash."""

    def __init__(self, call: Call, flavour: str, name: str) -> None:
        self.call = call
        self.container: SimulatedContainer = call.container
        self.process: Process = call.process
        self.flavour = flavour
        self.name = name
        self.variables = Variables(dict(call.env), dict.fromkeys(call.env))
        self.functions: dict[str, Command] = {}
        self.positional: list[str] = []
        self.status = 0
        self.cwd = call.cwd
        self.options: dict[str, None] = {}
        self.traps: dict[str, str] = {}
        self.pending: list[str] = []
        self.jobs: list[Process] = []
        self.last_job = 0
        self.calls = 0
        self.line = 1
        self.origin = "-c"  # where its script is from, for messages: "" for its standard input
        self.interactive = False  # it is typed to
        self.is_subshell = False
        self.history: list[str] = []
        self.locals: list[dict[str, str | None]] = []
        self.io = Io(call.stdin, call.stdout, call.stderr)

    @property
    def now(self) -> SimTime:
        return self.process.kernel.now

    def prefix(self, line: int | None = None) -> str:
        """What stands before the shell's own messages."""
        if self.flavour == "bash" and self.interactive:
            return f"{self.name.rpartition('/')[2]}: "
        if self.flavour == "bash":
            return f"{self.name}: line {line or self.line}: "
        return f"{self.name}: {line or self.line}: " if self.flavour == "dash" else f"{self.name}: "

    def unset(self, name: str) -> None:
        self.variables.pop(name, None)
        self.functions.pop(name, None)


class Turns:
    """Makes loops that take no time take some."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._seen = state.now
        self._idle = 0

    def pause(self, free: int = 0) -> SimTime | None:
        """What a turn of the loop costs that has taken no time by itself; the first `free` ones are free."""
        if self._state.now != self._seen:
            self._seen = self._state.now
            return None
        self._idle += 1
        if self._idle <= free:
            return None
        self._seen += TURN if self._idle < MANY_TURNS else 10 * TURN
        return self._seen - self._state.now
