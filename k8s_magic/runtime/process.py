"""Processes over simulated time: generators that say how long they sleep.

A program's steps yield a span (sleep), or None (blocked until woken), and return the exit code. A blocked
process costs no timer, so an idle server costs nothing. Waking may be spurious: who blocks looks again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.sim.kernel import Callback, Kernel
from k8s_magic.sim.time import SimTime

if TYPE_CHECKING:
    from k8s_magic.runtime.call import Call

Steps = Generator[SimTime | None, None, int]
Program = Callable[["Call"], "Steps | int"]
# What a signal does to a process: (exit code, how long it takes), or a function that notes it.
Disposition = tuple[int, SimTime] | Callable[[str], None]

# Source: signal(7), x86-64 numbers.
SIGNALS = {
    "SIGHUP": 1, "SIGINT": 2, "SIGQUIT": 3, "SIGABRT": 6, "SIGKILL": 9, "SIGUSR1": 10, "SIGSEGV": 11, "SIGUSR2": 12,
    "SIGPIPE": 13, "SIGALRM": 14, "SIGTERM": 15, "SIGCHLD": 17, "SIGCONT": 18, "SIGSTOP": 19, "SIGWINCH": 28,
}  # fmt: skip
# Their default action is to do nothing.
_HARMLESS = frozenset({"SIGCHLD", "SIGCONT", "SIGWINCH"})


class BrokenPipe(Exception):
    """A write to a pipe that nobody reads any more."""


class OutputTooLarge(Exception):
    """A captured output beyond what the simulation holds."""


class Interrupted(Exception):
    """Ctrl-C, for a shell that gives up what it runs and goes on."""


FAILURES = (BrokenPipe, OutputTooLarge, Unsupported, RecursionError)


class Process:
    """One running program. `done` hears of its end; `signals` says what signals do to it."""

    __slots__ = (
        "_call",
        "_done",
        "_stepping",
        "_steps",
        "_thrown",
        "_timer",
        "_woken",
        "argv",
        "ending",
        "exit_code",
        "kernel",
        "pid",
        "signals",
        "started_at",
    )

    def __init__(self, kernel: Kernel, pid: int, argv: list[str], done: Callable[[Process], None]) -> None:
        self.kernel = kernel
        self.pid = pid
        self.argv = argv
        self.exit_code: int | None = None
        self.started_at = kernel.now
        self.signals: Mapping[str, Disposition] | None = None
        self.ending = False
        self._stepping = False
        self._woken = False
        self._done = done
        self._call: Call | None = None
        self._steps: Steps | None = None
        self._thrown: Exception | None = None
        self._timer: Callback | None = None

    def run(self, program: Program, call: Call) -> None:
        """Begin; the first step is made at once."""
        try:
            steps = program(call)
        except FAILURES as error:
            self.finish(_explain(error, call))
            return
        if isinstance(steps, int):
            self.finish(steps)
            return
        self._call = call
        self._steps = steps
        self._advance()

    def wake(self) -> None:
        """Go on soon if blocked; a process that sleeps sleeps on."""
        if self._stepping:
            self._woken = True
        elif self._timer is None and self._steps is not None:
            self._timer = self.kernel.call_after(0, self._advance)

    def throw(self, error: Exception) -> None:
        """What the process is at ends with an error, soon."""
        self._thrown = error
        if not self._stepping and self._steps is not None:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self.kernel.call_after(0, self._advance)

    def signal(self, name: str) -> None:
        """Deliver a signal. PID 1 ignores what it has no disposition for, as the kernel of Linux has it."""
        if self.exit_code is not None:
            return
        if name == "SIGKILL":
            self.finish(137)
            return
        disposition = self.signals.get(name) if self.signals else None
        if disposition is None:
            if self.pid != 1 and name not in _HARMLESS:
                self.finish(128 + SIGNALS.get(name, 15))
        elif isinstance(disposition, tuple):
            if not self.ending:
                self.ending = True
                self._stop_steps()
                self._timer = self.kernel.call_after(disposition[1], self.finish, disposition[0])
        else:
            disposition(name)

    def finish(self, code: int) -> None:
        if self.exit_code is None:
            self.exit_code = code & 255
            self._stop_steps()
            self._done(self)

    def _stop_steps(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        steps, self._steps = self._steps, None
        if steps is not None and not self._stepping:
            steps.close()

    def _advance(self) -> None:
        self._timer = None
        steps = self._steps
        if steps is None:
            return
        self._stepping, self._woken = True, False
        thrown, self._thrown = self._thrown, None
        try:
            wait = next(steps) if thrown is None else steps.throw(thrown)
        except StopIteration as end:
            self._steps = None
            self.finish(end.value)
            return
        except Interrupted:
            self._steps = None
            self.finish(128 + SIGNALS["SIGINT"])
            return
        except FAILURES as error:
            self._steps = None
            assert self._call is not None
            self.finish(_explain(error, self._call))
            return
        finally:
            self._stepping = False
        if self._steps is None:  # ended by itself meanwhile (kill 1, kill $$)
            steps.close()
        elif self._thrown is not None:
            self._timer = self.kernel.call_after(0, self._advance)
        elif wait is not None or self._woken:
            self._timer = self.kernel.call_after(wait or 0, self._advance)


def _explain(error: Exception, call: Call) -> int:
    """What a process that could not go on says, and its exit code."""
    if isinstance(error, BrokenPipe):
        return 141
    words = "nested too deeply to simulate" if isinstance(error, RecursionError) else str(error)
    call.err(f"{call.argv[0]}: {words}\n")
    return 1
