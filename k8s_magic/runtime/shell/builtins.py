"""The commands that a shell runs itself, since they change the shell."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.filesystem import FileError, normal
from k8s_magic.runtime.process import SIGNALS, Steps
from k8s_magic.runtime.shell import lookup, messages
from k8s_magic.runtime.shell.commands import printing, signals, testing
from k8s_magic.runtime.shell.state import ExitShell, Io, LeaveLoop, ReturnFunction, ShellError, State
from k8s_magic.runtime.terminal import Terminal

if TYPE_CHECKING:
    from k8s_magic.runtime.shell.interpreter import Interpreter

Builtin = Callable[["Interpreter", State, list[str], Io], Steps | int]


def _number(state: State, argv: list[str], io: Io, default: int) -> int:
    if len(argv) < 2:
        return default
    if not re.fullmatch(r"-?\d{1,9}", argv[1]):
        io.err.write(f"{state.prefix()}{argv[0]}: Illegal number: {argv[1]}\n")
        raise ShellError(2)
    return int(argv[1])


def nothing(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    return 0


def leave(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    if state.interactive and state.flavour == "bash" and not state.is_subshell:
        io.err.write("exit\n")
    raise ExitShell(_number(state, argv, io, state.status))


def return_(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    raise ReturnFunction(_number(state, argv, io, state.status))


def loop(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    raise LeaveLoop(max(_number(state, argv, io, 1), 1), argv[0] == "continue")


def cd(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    operands = [word for word in argv[1:] if word not in ("-P", "-L", "--")]
    target = operands[0] if operands else state.variables.get("HOME", "/")
    if target == "-":
        target = state.variables.get("OLDPWD", state.cwd)
        io.out.write(target + "\n")
    path = normal(target, state.cwd)
    if not state.container.fs.is_dir(path):
        words = "Not a directory" if state.container.fs.is_file(path) else "No such file or directory"
        text = f"cd: can't cd to {target}" if state.flavour != "bash" else f"cd: {target}: {words}"
        if state.flavour == "ash":
            text += f": {words}"
        io.err.write(f"{state.prefix()}{text}\n")
        return 1 if state.flavour == "bash" else 2
    state.variables["OLDPWD"] = state.cwd
    state.cwd = path
    state.variables["PWD"] = path
    return 0


def pwd(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    io.out.write(state.cwd + "\n")
    return 0


def export(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    words = [word for word in argv[1:] if word != "-p"]
    if not words:
        for name in sorted(state.variables.exported):
            if name in state.variables:
                value = state.variables[name].replace("'", "'\\''")
                io.out.write(
                    f'declare -x {name}="{value}"\n' if state.flavour == "bash" else f"export {name}='{value}'\n"
                )
        return 0
    for word in words:
        name, equals, value = word.partition("=")
        if not re.fullmatch(r"[A-Za-z_]\w*", name):
            io.err.write(f"{state.prefix()}export: {name}: bad variable name\n")
            return 2
        if equals:
            state.variables[name] = value
        if argv[0] != "readonly":
            state.variables.exported[name] = None
    return 0


def local(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    for word in argv[1:]:
        if word.startswith("-"):
            continue
        name, equals, value = word.partition("=")
        if state.locals:
            state.locals[-1].setdefault(name, state.variables.get(name))
        if equals:
            state.variables[name] = value
        elif state.locals:
            state.variables[name] = ""
    return 0


def unset(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    for name in argv[1:]:
        if name not in ("-v", "-f"):
            state.unset(name)
    return 0


_LONG = {"errexit": "e", "nounset": "u", "xtrace": "x", "noglob": "f", "pipefail": "pipefail"}


def set_(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    words = argv[1:]
    if not words:
        for name in sorted(state.variables):
            io.out.write(f"{name}='{state.variables[name]}'\n")
    while words:
        word = words[0]
        if word == "--" or word[:1] not in ("-", "+"):
            state.positional = words[1:] if word == "--" else words
            return 0
        words = words[1:]
        on = word[0] == "-"
        letters = list(word[1:])
        if "o" in letters:
            letters.remove("o")
            if words:
                letters.append(_LONG.get(words[0], ""))
                words = words[1:]
        for letter in letters:
            if on and letter:
                state.options[letter] = None
            else:
                state.options.pop(letter, None)
    return 0


def shift(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    count = _number(state, argv, io, 1)
    if count > len(state.positional):
        io.err.write(f"{state.prefix()}shift: can't shift that many\n")
        return 2 if state.flavour != "bash" else 1
    state.positional = state.positional[count:]
    return 0


def read(shell: Interpreter, state: State, argv: list[str], io: Io) -> Steps:
    words, raw, is_silent = argv[1:], False, False
    while words and words[0].startswith("-"):
        raw, is_silent = raw or "r" in words[0], is_silent or "s" in words[0]
        if words[0][-1] in "ptndu" and len(words) > 1:
            if words[0][-1] == "p":
                io.err.write(words[1])
            words = words[1:]
        words = words[1:]
    terminal = io.stdin if isinstance(io.stdin, Terminal) else None
    if terminal is not None:
        terminal.echoes = not is_silent
    try:
        line = yield from io.stdin.line()
    finally:
        if terminal is not None:
            terminal.echoes = True
    text = line.removesuffix("\n")
    if not raw:
        text = re.sub(r"\\(.)", r"\1", text)
    separators = state.variables.get("IFS", " \t\n")
    if separators:
        text = text.strip("".join(char for char in separators if char.isspace()))
    names = words or ["REPLY"]
    blank = all(char.isspace() for char in separators)
    split = re.compile(f"[{re.escape(separators)}]+" if blank else f"[{re.escape(separators)}]") if separators else None
    for position, name in enumerate(names):
        if position == len(names) - 1 or split is None:
            state.variables[name], text = text, ""
        else:
            parts = split.split(text, maxsplit=1)
            state.variables[name], text = parts[0], parts[1] if len(parts) > 1 else ""
    return 0 if line.endswith("\n") else 1


def trap(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    words = [word for word in argv[1:] if word != "--"]
    if not words or words == ["-p"]:
        for name, action in state.traps.items():
            io.out.write(f"trap -- '{action}' {name.removeprefix('SIG') if state.flavour == 'dash' else name}\n")
        return 0
    action, names = (words[0], words[1:]) if len(words) > 1 else ("-", words)
    for word in names:
        known = signals.signal_name(word)
        if known is None:
            io.err.write(f"{state.prefix()}trap: {word}: bad trap\n")
            return 1
        name = known
        if action == "-":
            state.traps.pop(name, None)
        else:
            state.traps[name] = action
        if name == "EXIT" or name not in SIGNALS:
            continue
        table = dict(state.process.signals or {})
        state.process.signals = table
        if action == "-":
            table.pop(name, None)
        else:
            table[name] = _ignore if action == "" else _noting(state)
    return 0


def _ignore(name: str) -> None:
    """`trap '' NAME`"""


def _noting(state: State) -> Callable[[str], None]:
    def note(name: str) -> None:
        state.pending.append(name)
        state.process.wake()

    return note


def wait(shell: Interpreter, state: State, argv: list[str], io: Io) -> Steps:
    """Ends early, with 128 and the signal's number, when a trapped signal comes."""
    wanted = state.jobs
    if len(argv) > 1 and argv[1] != "-n":
        wanted = [job for job in state.jobs if str(job.pid) in argv[1:] or f"%{state.jobs.index(job) + 1}" in argv[1:]]
        if not wanted:
            return 127
    while any(job.exit_code is None for job in wanted):
        if state.pending:
            return 128 + SIGNALS[state.pending[0]]
        yield None
    return (wanted[-1].exit_code or 0) if len(argv) > 1 and wanted else 0


def eval_(shell: Interpreter, state: State, argv: list[str], io: Io) -> Steps:
    return (yield from shell.evaluate(state, " ".join(argv[1:]), io))


def source(shell: Interpreter, state: State, argv: list[str], io: Io) -> Steps:
    if len(argv) < 2:
        return 2
    try:
        text = state.container.fs.read(normal(argv[1], state.cwd))
    except FileError as error:
        words = f"{argv[1]}: {error}" if state.flavour == "bash" else f".: cannot open {argv[1]}: {error}"
        io.err.write(f"{state.prefix()}{words}\n")
        if state.flavour == "bash":
            return 1
        raise ShellError(2) from None
    outer = state.positional
    state.positional = argv[2:] or outer
    try:
        return (yield from shell.evaluate(state, text, io))
    except ReturnFunction as leave:
        return leave.status
    finally:
        state.positional = outer


def exec_(shell: Interpreter, state: State, argv: list[str], io: Io) -> Steps:
    """Our simplification: the shell runs the program and ends with it."""
    if len(argv) < 2:
        return 0
    program = lookup.find(state.container, argv[1], cwd=state.cwd)
    if program is None:
        io.err.write(f"{state.prefix()}exec: {argv[1]}: not found\n")
        raise ShellError(127)
    state.process.signals = None if not any(action == "" for action in state.traps.values()) else state.process.signals
    state.traps.clear()
    state.process.argv = argv[1:]
    env = state.variables.environment()
    call = Call(state.container, state.process, argv[1:], io.stdin, io.out, io.err, cwd=state.cwd, env=env)
    outcome = program(call)
    raise ExitShell(outcome if isinstance(outcome, int) else (yield from outcome))


def command(shell: Interpreter, state: State, argv: list[str], io: Io) -> Steps:
    words = argv[1:]
    if words and words[0] in ("-v", "-V"):
        return describe(shell, state, ["type" if words[0] == "-V" else "command -v", *words[1:]], io)
    if words and words[0] == "-p":
        words = words[1:]
    if not words:
        return 0
    return (yield from shell.invoke(state, words, io, {}, skip_functions=True))


def describe(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    """`command -v` and `type`."""
    terse = argv[0] != "type"
    status = 0
    for name in argv[1:]:
        path = lookup.path_of(state.container, name)
        if name in state.functions:
            io.out.write(f"{name}\n" if terse else f"{name} is a function\n")
        elif name in BUILTINS:
            io.out.write(f"{name}\n" if terse else f"{name} is a shell builtin\n")
        elif path:
            io.out.write(f"{path}\n" if terse else f"{name} is {path}\n")
        else:
            if not terse:
                io.err.write(
                    f"{state.prefix()}type: {name}: not found\n" if state.flavour == "bash" else f"{name}: not found\n"
                )
            status = 127 if state.flavour == "dash" else 1
    return status


def jobs(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    for index, job in enumerate(state.jobs, 1):
        if job.exit_code is None:
            io.out.write(f"[{index}]+  Running                 {' '.join(job.argv)} &\n")
    return 0


def history(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    if state.flavour == "dash":
        io.err.write(messages.not_found(state, argv[0]))
        return 127
    width = 5 if state.flavour == "bash" else 4
    first = 1 if state.flavour == "bash" else 0
    for number, line in enumerate(state.history, first):
        io.out.write(f"{number:{width}d}{'  ' if first else ' '}{line}\n")
    return 0


def kill(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    words = []
    for word in argv:
        if re.fullmatch(r"%\d+", word) and 0 < int(word[1:]) <= len(state.jobs):
            word = str(state.jobs[int(word[1:]) - 1].pid)
        words.append(word)
    return signals.kill(_call(state, words, io))


def _call(state: State, argv: list[str], io: Io) -> Call:
    env: dict[str, str] = {}
    return Call(state.container, state.process, argv, io.stdin, io.out, io.err, cwd=state.cwd, env=env, line=state.line)


def _program(function: Callable[[Call], int]) -> Builtin:
    def run(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
        return function(_call(state, argv, io))

    return run


def _test(shell: Interpreter, state: State, argv: list[str], io: Io) -> int:
    return testing.check(_call(state, argv, io), state.prefix())


BUILTINS: dict[str, Builtin] = {
    ":": nothing, "umask": nothing, "ulimit": nothing, "hash": nothing, "shopt": nothing, "disown": nothing,
    "exit": leave, "return": return_, "break": loop, "continue": loop, "cd": cd, "pwd": pwd, "export": export,
    "readonly": export, "declare": local, "typeset": local, "local": local, "unset": unset, "set": set_, "shift": shift,
    "read": read, "trap": trap, "wait": wait, "eval": eval_, ".": source, "source": source, "exec": exec_,
    "command": command, "type": describe, "jobs": jobs, "history": history, "kill": kill, "test": _test, "[": _test,
    "echo": _program(printing.echo), "printf": _program(printing.printf), "true": nothing,
    "false": lambda shell, state, argv, io: 1,
}  # fmt: skip
