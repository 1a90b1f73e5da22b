"""Runs syntax trees over simulated time."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.filesystem import FileError
from k8s_magic.runtime.pipes import Pipe, PipeEnd, Source
from k8s_magic.runtime.process import BrokenPipe, Process, Steps
from k8s_magic.runtime.shell import builtins, conditions, lookup, messages, patterns
from k8s_magic.runtime.shell.expansion import Expander
from k8s_magic.runtime.shell.parser import ShellSyntaxError, parse
from k8s_magic.runtime.shell.redirection import redirected
from k8s_magic.runtime.shell.state import (
    MAX_CALLS,
    ExitShell,
    ExpansionFailure,
    Io,
    LeaveLoop,
    ReturnFunction,
    ShellError,
    State,
    Turns,
)
from k8s_magic.runtime.shell.syntax import (
    Calculation,
    Case,
    Command,
    Condition,
    For,
    ForArithmetic,
    Function,
    Group,
    If,
    Item,
    Pipeline,
    Redirected,
    Script,
    Simple,
    Text,
    While,
)

if TYPE_CHECKING:
    from k8s_magic.sim.time import SimTime


class Interpreter:
    """Stateless but for its way to expand words; every method takes the shell's state and streams.

    `tested`: the status is looked at (`if`, `&&`, `!`), so `set -e` does not end the shell.
    """

    def __init__(self) -> None:
        self.expander = Expander(self.substitute)

    # -- whole scripts

    def run_text(self, state: State, text: str, io: Io) -> Steps:
        """A script to its end, its EXIT trap included: the exit code of a shell."""
        try:
            script = parse(text)
        except ShellSyntaxError as error:
            io.err.write(messages.syntax_error(state, error))
            return 2
        return (yield from self.to_end(state, self.script(state, script, io), io))

    def to_end(self, state: State, steps: Steps, io: Io) -> Steps:
        """A shell's steps and its EXIT trap."""
        try:
            status = yield from steps
        except (ReturnFunction, LeaveLoop) as leave:
            status = leave.status if isinstance(leave, ReturnFunction) else 0
        except ExitShell as leave:
            status = leave.status
        trap = state.traps.pop("EXIT", "")
        if trap:
            state.status = status
            try:
                yield from self.evaluate(state, trap, io)
            except ExitShell as leave:
                status = leave.status
        return status

    def evaluate(self, state: State, text: str, io: Io, tested: bool = False) -> Steps:
        """`eval`, traps, sourced files."""
        try:
            script = parse(text, state.line)
        except ShellSyntaxError as error:
            io.err.write(messages.syntax_error(state, error))
            return 2
        return (yield from self.script(state, script, io, tested))

    def script(self, state: State, script: Script, io: Io, tested: bool = False) -> Steps:
        status = state.status if not script.items else 0
        for item in script.items:
            status = yield from self.item(state, item, io, tested)
            state.status = status
            if state.pending:
                yield from self.traps(state, io)
            if state.process.exit_code is not None:  # it has killed itself
                raise ExitShell(state.process.exit_code)
        return status

    def traps(self, state: State, io: Io) -> Steps:
        while state.pending:
            name = state.pending.pop(0)
            status = state.status
            yield from self.evaluate(state, state.traps.get(name, ""), io)
            state.status = status
        return 0

    def substitute(self, state: State, script: Script, io: Io) -> Steps:
        """`$(…)`: a subshell; its status becomes the shell's."""
        state.status = yield from self.subshell(state, script, io)
        return state.status

    def item(self, state: State, item: Item, io: Io, tested: bool) -> Steps:
        if item.background:
            self.background(state, item, io)
            return 0
        status = yield from self.pipeline(state, item.first, io, tested or bool(item.rest))
        for position, (joint, pipeline) in enumerate(item.rest):
            state.status = status
            if (status == 0) == (joint == "&&"):
                last = position == len(item.rest) - 1
                status = yield from self.pipeline(state, pipeline, io, tested or not last)
        return status

    # -- pipelines, subshells, jobs

    def pipeline(self, state: State, pipeline: Pipeline, io: Io, tested: bool) -> Steps:
        if len(pipeline.commands) == 1:
            status = yield from self.command(state, pipeline.commands[0], io, tested or pipeline.negated)
        else:
            status = yield from self._joined(state, pipeline, io)
            if status and "e" in state.options and not (tested or pipeline.negated):
                raise ExitShell(status)
        return int(not status) if pipeline.negated else status

    def _joined(self, state: State, pipeline: Pipeline, io: Io) -> Steps:
        processes: list[Process] = []
        stdin = io.stdin
        last = len(pipeline.commands) - 1
        try:
            for index, command in enumerate(pipeline.commands):
                pipe = None if index == last else Pipe()
                stage = Io(stdin, io.out if pipe is None else pipe, io.err)
                process = self.child(state, command, stage, reads_pipe=index > 0)
                processes.append(process)
                if pipe is not None:
                    stdin = PipeEnd(pipe)
            while any(process.exit_code is None for process in processes):
                yield None
        finally:
            for process in processes:
                if process.exit_code is None:
                    process.signal("SIGKILL")
        codes = [process.exit_code or 0 for process in processes]
        return next((code for code in reversed(codes) if code), 0) if "pipefail" in state.options else codes[-1]

    def child(self, state: State, command: Command | Item, io: Io, reads_pipe: bool = False) -> Process:
        """A process that runs a part of the script beside the shell."""
        waiter = state.process

        def ended(process: Process) -> None:
            if reads_pipe:
                io.stdin.close()
            if io.out is not state.io.out and isinstance(io.out, Pipe):
                io.out.close()
            waiter.wake()

        process = state.container.spawn(_title(state, command), ended, state.process.kernel)
        io.stdin.read_by(process)
        call = Call(state.container, process, process.argv, io.stdin, io.out, io.err, cwd=state.cwd)
        own = self.copy(state, call)

        def program(_: Call) -> Steps:
            try:
                if isinstance(command, Item):
                    return (yield from self.item(own, command, io, False))
                return (yield from self.command(own, command, io, False))
            except ExitShell as leave:
                return leave.status
            except (ReturnFunction, LeaveLoop):
                return 0

        process.run(program, call)
        return process

    def background(self, state: State, item: Item, io: Io) -> None:
        job = self.child(state, Item(item.first, item.rest), Io(Source(), io.out, io.err))
        state.jobs = [other for other in state.jobs if other.exit_code is None][-100:]
        state.jobs.append(job)
        state.last_job = job.pid
        if state.interactive and state.flavour == "bash" and not state.is_subshell:
            io.err.write(f"[{len(state.jobs)}] {job.pid}\n")

    def copy(self, state: State, call: Call) -> State:
        """What a subshell starts with."""
        own = State.__new__(State)
        own.__dict__.update(state.__dict__)
        own.call, own.process, own.is_subshell = call, call.process, True
        own.variables = state.variables.copy()
        own.functions = dict(state.functions)
        own.positional = list(state.positional)
        own.options = dict(state.options)
        own.traps, own.pending, own.jobs, own.locals = {}, [], [], []
        return own

    def subshell(self, state: State, script: Script, io: Io) -> Steps:
        own = self.copy(state, state.call)
        own.calls += 1
        if own.calls > MAX_CALLS:
            raise ExpansionFailure("maximum recursion depth exceeded")
        try:
            return (yield from self.script(own, script, io))
        except ExitShell as leave:
            return leave.status
        except ReturnFunction as leave:
            return leave.status

    # -- commands

    def command(self, state: State, command: Command, io: Io, tested: bool) -> Steps:
        try:
            status = yield from self._COMMANDS[type(command)](self, state, command, io, tested)
        except ExpansionFailure as failure:
            io.err.write(f"{state.prefix()}{failure}\n")
            if state.flavour != "bash" or "u" in state.options:
                raise ShellError(2 if state.flavour == "dash" else 1) from None
            return 1
        if (
            status
            and not tested
            and "e" in state.options
            and isinstance(command, Simple | Group | Condition | Calculation)
        ):
            raise ExitShell(status)
        return status

    def simple(self, state: State, command: Simple, io: Io, tested: bool) -> Steps:
        state.line = command.line
        state.status, before = 0, state.status
        if command.words:
            state.status = before
        argv = yield from self._arguments(state, command, io)
        if command.redirects:
            try:
                io = yield from redirected(self.expander, state, command.redirects, io)
            except FileError as error:
                io.err.write(f"{state.prefix()}{messages.cannot_open(state, error)}\n")
                return 1 if state.flavour != "dash" else 2
        assigned: dict[str, str] = {}
        for name, word in command.assignments:
            assigned[name] = yield from self.expander.text(state, word, io)
            if not argv:
                state.variables[name] = assigned[name]
        if not argv:
            return state.status
        if "x" in state.options:
            io.err.write(f"+ {' '.join(argv)}\n")
        return (yield from self.invoke(state, argv, io, assigned))

    def _arguments(self, state: State, command: Simple, io: Io) -> Generator[SimTime | None, None, list[str]]:
        """The words of a command; what export and local assign is not split."""
        words = command.words
        if not words or words[0] not in _DECLARING:
            return (yield from self.expander.fields(state, words, io))
        argv = []
        for word in words:
            if isinstance(word[0], Text) and "=" in word[0].text:
                argv.append((yield from self.expander.text(state, word, io)))
            else:
                argv += yield from self.expander.fields(state, (word,), io)
        return argv

    def invoke(
        self, state: State, argv: list[str], io: Io, assigned: dict[str, str], skip_functions: bool = False
    ) -> Steps:
        """A function, a builtin or a program, in this order."""
        name = argv[0]
        function = None if skip_functions else state.functions.get(name)
        if function is not None:
            return (yield from self.call_function(state, function, argv, io))
        builtin = builtins.BUILTINS.get(name)
        if builtin is not None:
            for variable, value in assigned.items():
                state.variables[variable] = value
            result = builtin(self, state, argv, io)
            return result if isinstance(result, int) else (yield from result)
        program = lookup.find(state.container, name, unknown=False, cwd=state.cwd)
        if program is None:
            io.err.write(messages.not_found(state, name))
            return 127
        env = {**state.variables.environment(), **assigned}
        call = Call(
            state.container, state.process, argv, io.stdin, io.out, io.err, cwd=state.cwd, env=env, line=state.line
        )
        try:
            outcome = program(call)
            return outcome if isinstance(outcome, int) else (yield from outcome)
        except FileError as error:
            call.err(f"{call.name}: {error.path}: {error}\n")
            return 1
        except BrokenPipe:
            return 141
        except Unsupported as unsupported:
            call.err(f"{call.name}: {unsupported}\n")
            return 1

    def call_function(self, state: State, body: Command, argv: list[str], io: Io) -> Steps:
        if state.calls >= MAX_CALLS:
            raise ExpansionFailure(f"{argv[0]}: maximum function nesting level exceeded")
        outer, state.positional = state.positional, argv[1:]
        state.calls += 1
        state.locals.append({})
        try:
            return (yield from self.command(state, body, io, True))
        except ReturnFunction as leave:
            return leave.status
        finally:
            state.calls -= 1
            state.positional = outer
            for name, value in state.locals.pop().items():
                if value is None:
                    state.variables.pop(name, None)
                else:
                    state.variables[name] = value

    def if_(self, state: State, command: If, io: Io, tested: bool) -> Steps:
        for condition, body in command.branches:
            if (yield from self.script(state, condition, io, True)) == 0:
                return (yield from self.script(state, body, io, tested))
        state.status = 0
        return (yield from self.script(state, command.otherwise, io, tested))

    def while_(self, state: State, command: While, io: Io, tested: bool) -> Steps:
        status = 0
        turns = Turns(state)
        while ((yield from self.script(state, command.condition, io, True)) == 0) != command.until:
            try:
                status = yield from self.script(state, command.body, io, tested)
            except LeaveLoop as leave:
                if leave.count > 1:
                    raise LeaveLoop(leave.count - 1, leave.again) from None
                status = 0
                if not leave.again:
                    break
            if (pause := turns.pause()) is not None:
                yield pause
        return status

    def for_(self, state: State, command: For, io: Io, tested: bool) -> Steps:
        if command.words is None:
            values = list(state.positional)
        else:
            values = yield from self.expander.fields(state, command.words, io)
        status = 0
        turns = Turns(state)
        for value in values:
            state.variables[command.name] = value
            try:
                status = yield from self.script(state, command.body, io, tested)
            except LeaveLoop as leave:
                if leave.count > 1:
                    raise LeaveLoop(leave.count - 1, leave.again) from None
                status = 0
                if not leave.again:
                    break
            if (pause := turns.pause(100)) is not None:
                yield pause
        return status

    def for_arithmetic(self, state: State, command: ForArithmetic, io: Io, tested: bool) -> Steps:
        texts = []
        for word in command.parts:
            texts.append((yield from self.expander.text(state, word, io)))
        status = 0
        turns = Turns(state)
        self.expander.calculate(state, texts[0])
        while not texts[1].strip() or self.expander.calculate(state, texts[1]):
            try:
                status = yield from self.script(state, command.body, io, tested)
            except LeaveLoop as leave:
                if leave.count > 1:
                    raise LeaveLoop(leave.count - 1, leave.again) from None
                status = 0
                if not leave.again:
                    break
            self.expander.calculate(state, texts[2])
            if (pause := turns.pause(100)) is not None:
                yield pause
        return status

    def case(self, state: State, command: Case, io: Io, tested: bool) -> Steps:
        text = yield from self.expander.text(state, command.word, io)
        for choices, body in command.branches:
            for choice in choices:
                if patterns.matches((yield from self.expander.pattern(state, choice, io)), text):
                    state.status = 0
                    return (yield from self.script(state, body, io, tested))
        return 0

    def group(self, state: State, command: Group, io: Io, tested: bool) -> Steps:
        if command.subshell:
            return (yield from self.subshell(state, command.body, io))
        return (yield from self.script(state, command.body, io, tested))

    def function(self, state: State, command: Function, io: Io, tested: bool) -> Steps:
        state.functions[command.name] = command.body
        return 0
        yield None

    def condition(self, state: State, command: Condition, io: Io, tested: bool) -> Steps:
        return (yield from conditions.evaluate(self.expander, state, command.words, io))

    def calculation(self, state: State, command: Calculation, io: Io, tested: bool) -> Steps:
        text = yield from self.expander.text(state, command.word, io)
        return int(self.expander.calculate(state, text) == 0)

    def redirected(self, state: State, command: Redirected, io: Io, tested: bool) -> Steps:
        try:
            inner = yield from redirected(self.expander, state, command.redirects, io)
        except FileError as error:
            io.err.write(f"{state.prefix()}{messages.cannot_open(state, error)}\n")
            return 1
        return (yield from self.command(state, command.command, inner, tested))

    _COMMANDS: dict[type, Callable[..., Steps]] = {  # noqa: RUF012 - a table of methods, never changed
        Simple: simple, If: if_, While: while_, For: for_, ForArithmetic: for_arithmetic, Case: case, Group: group,
        Function: function, Condition: condition, Calculation: calculation, Redirected: redirected,
    }  # fmt: skip


_DECLARING = tuple((Text(name),) for name in ("export", "local", "readonly", "declare", "typeset"))


def _title(state: State, command: Command | Item) -> list[str]:
    """What `ps` shows of a part of a script: its words as far as they are plain."""
    if isinstance(command, Item) and not command.rest and len(command.first.commands) == 1:
        command = command.first.commands[0]
    if isinstance(command, Simple) and command.words:
        return ["".join(getattr(part, "text", "$") for part in word) for word in command.words]
    return [state.name]
