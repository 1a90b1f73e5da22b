"""Shells that read what they run while they run it: a script on the standard input, and a person who types."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from k8s_magic.runtime.pipes import Source
from k8s_magic.runtime.process import SIGNALS, Interrupted, Steps
from k8s_magic.runtime.shell import messages, prompt
from k8s_magic.runtime.shell.parser import Incomplete, ShellSyntaxError, parse, parse_line
from k8s_magic.runtime.shell.state import TURN, LeaveLoop, ReturnFunction, ShellError, State
from k8s_magic.runtime.shell.syntax import Script
from k8s_magic.runtime.terminal import Terminal

if TYPE_CHECKING:
    from k8s_magic.runtime.shell.interpreter import Interpreter
    from k8s_magic.sim.time import SimTime

Line = Generator["SimTime | None", None, str]
# After so many commands a script lets others go on, whatever they took: it must not hold up the simulation. A guess.
FREE = 1_000
INTERRUPTED = 128 + SIGNALS["SIGINT"]
# Source: bash(1), HISTSIZE
_HISTORY = 500


def run_input(shell: Interpreter, state: State) -> Steps:
    """A script that comes on the standard input."""
    state.origin = ""
    source, number = _ScriptInput(state), 1
    done = 0
    while text := (yield from source.line()):
        has_ended, count = False, 1
        while True:
            try:
                script, used = parse_line(text, number, is_all=has_ended)
                break
            except Incomplete as error:
                if has_ended:
                    return _refused(state, error)
            except ShellSyntaxError as error:
                return _refused(state, error)
            for _ in range(1 + count // 8 if source.is_whole else 1):
                more = yield from source.line()
                has_ended = not more
                text, count = text + more, count + 1
        source.unread(text[used:])
        number += text.count("\n", 0, used)
        try:
            yield from shell.script(state, script, state.io)
        except (LeaveLoop, ReturnFunction):
            continue
        done += 1
        if done % FREE == 0:
            yield TURN
    return state.status


class _ScriptInput:
    """bash leaves its commands what follows them; dash and busybox have by then read all that there was.

    `is_whole`: a further line need not be waited for.
    """

    def __init__(self, state: State) -> None:
        self._stdin = state.io.stdin
        self._is_shared = state.flavour == "bash"
        self._read = Source()
        self.is_whole = isinstance(self._stdin, Source)

    def line(self) -> Line:
        if self._is_shared:
            return (yield from self._stdin.line())
        line = yield from self._read.line()
        while not line.endswith("\n"):
            more = yield from self._stdin.some()
            if not more:
                break
            self._read = Source(line + more)
            line = yield from self._read.line()
        return line

    def unread(self, text: str) -> None:
        (self._stdin if self._is_shared else self._read).unread(text)


def _refused(state: State, error: ShellSyntaxError) -> int:
    state.io.err.write(messages.syntax_error(state, error))
    state.status = 2
    return 2


class Dialogue:
    """A shell that a person types to, on a terminal or (`sh -i`) without one."""

    def __init__(self, shell: Interpreter, state: State) -> None:
        self._shell = shell
        self._state = state
        stdin = state.io.stdin
        self._terminal = stdin if isinstance(stdin, Terminal) else None
        self._number = 1
        state.interactive = True
        state.origin = ""
        for name, value in prompt.defaults(state).items():
            state.variables.setdefault(name, value)

    def run(self) -> Steps:
        """Until `exit` or the end of the input."""
        state, process = self._state, self._state.process
        before = process.signals
        process.signals = {**(before or {}), "SIGINT": self._signal, "SIGTERM": _ignore, "SIGQUIT": _ignore}
        listener: Callable[[str], None] | None = None
        if self._terminal is not None:
            listener, self._terminal.foreground = self._terminal.foreground, self._signal
        try:
            yield from self._start()
            while (script := (yield from self._command())) is not None:
                yield from self._run(script)
            if state.flavour == "bash":
                state.io.err.write("exit\n")
            elif state.flavour == "dash":
                state.io.out.write("\n")
            return state.status
        finally:
            process.signals = before
            if self._terminal is not None and listener is not None:
                self._terminal.foreground = listener

    def _start(self) -> Steps:
        """The files that set an interactive shell up."""
        state, fs = self._state, self._state.container.fs
        home = state.variables.get("HOME", "/")
        files = ("/etc/bash.bashrc", f"{home}/.bashrc") if state.flavour == "bash" else ()
        for path in files:
            if fs.is_file(path):
                yield from self._guarded(self._shell.evaluate(state, fs.read(path), state.io))
        state.status = 0
        return 0

    def _command(self) -> Generator[SimTime | None, None, Script | None]:
        """The next command, over as many lines as it has; None at the end of the input."""
        state = self._state
        while True:
            text, name, start = "", "PS1", self._number
            self._tell_of_jobs()
            try:
                while True:
                    line = yield from self._ask((yield from prompt.expanded(self._shell, state, name, state.io)))
                    if not line:
                        if not text:
                            return None
                        parse(text, start)
                        raise Incomplete("", start)
                    self._number += 1
                    text, name = text + line, "PS2"
                    try:
                        return parse_line(text if text.endswith("\n") else text + "\n", start)[0]
                    except Incomplete:
                        continue
            except ShellSyntaxError as error:
                _refused(state, error)
            except Interrupted:
                yield from self._given_up()

    def _ask(self, text: str) -> Line:
        state = self._state
        if self._terminal is None or state.flavour == "dash":
            state.io.err.write(text)
            return (yield from state.io.stdin.line())
        line = yield from self._terminal.ask(text, state.history)
        typed = line.rstrip("\n")
        if typed.strip() and (state.flavour == "bash" or state.history[-1:] != [typed]):
            state.history = [*state.history[1 - _HISTORY :], typed]
        return line

    def _run(self, script: Script) -> Steps:
        state = self._state
        if not script.items:
            return state.status
        return (yield from self._guarded(self._shell.script(state, script, state.io)))

    def _guarded(self, steps: Steps) -> Steps:
        """Steps after which the shell goes on, whatever happens in them but `exit`."""
        state, signals = self._state, self._state.process.signals
        try:
            yield from steps
        except (LeaveLoop, ReturnFunction):
            return state.status
        except ShellError as error:
            state.status = error.status
        except Interrupted:
            state.process.signals = signals
            yield from self._given_up()
        return state.status

    def _given_up(self) -> Steps:
        state = self._state
        state.io.err.write("\n")
        state.status = INTERRUPTED
        yield from self._shell.traps(state, state.io)
        return state.status

    def _signal(self, name: str) -> None:
        """Ctrl-C: what runs is given up, or the line that is being typed."""
        state = self._state
        action = state.traps.get(name)
        if name != "SIGINT" or action == "":
            return
        if action:
            state.pending.append(name)
        state.process.throw(Interrupted())

    def _tell_of_jobs(self) -> None:
        """bash says at its next prompt which jobs have ended."""
        state = self._state
        if state.flavour != "bash":
            return
        for number, job in enumerate(state.jobs, 1):
            if job.exit_code is not None:
                how = "Done" if job.exit_code == 0 else f"Exit {job.exit_code}"
                state.io.err.write(f"[{number}]+  {how:<24}{' '.join(job.argv)}\n")
        state.jobs = [job for job in state.jobs if job.exit_code is None]


def _ignore(name: str) -> None:
    """A shell that is typed to lives on."""
