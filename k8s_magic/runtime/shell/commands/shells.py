"""sh, ash, dash, bash, busybox, and scripts that are files. The interpreter is loaded when the first one runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.filesystem import FileError
from k8s_magic.runtime.process import Program, Steps
from k8s_magic.runtime.shell import toolsets

if TYPE_CHECKING:
    from k8s_magic.runtime.shell.state import State

_FLAVOURS = {"bash": "bash", "dash": "dash", "ash": "ash"}


def flavour_of(call: Call, name: str) -> str:
    return _FLAVOURS.get(name) or ("ash" if call.container.version.image.base in ("busybox", "alpine") else "dash")


def _state(call: Call, flavour: str, name: str) -> State:
    from k8s_magic.runtime.shell.state import State

    return State(call, flavour, name)


def _run(state: State, script: str) -> Steps:
    from k8s_magic.runtime.shell.interpreter import Interpreter

    return (yield from Interpreter().run_text(state, script, state.io))


def _read(state: State, is_interactive: bool) -> Steps:
    """A shell without a script: it reads what it is to do."""
    from k8s_magic.runtime.shell import dialogue
    from k8s_magic.runtime.shell.interpreter import Interpreter

    shell = Interpreter()
    steps = dialogue.Dialogue(shell, state).run() if is_interactive else dialogue.run_input(shell, state)
    return (yield from shell.to_end(state, steps, state.io))


def shell(call: Call) -> Steps:
    """`sh`, `sh -c SCRIPT [NAME [ARGUMENTS]]`, `sh FILE [ARGUMENTS]`, a script on the standard input."""
    words = call.argv[1:]
    state = _state(call, flavour_of(call, call.name), call.argv[0] if call.name != "sh" else "sh")
    script: str | None = None
    is_interactive = call.stdin.is_terminal and call.stderr.is_terminal
    reads = False  # `-s`: whatever words there are
    while words and words[0][:1] in ("-", "+") and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            break
        if word.startswith("--"):
            continue
        is_interactive = is_interactive or "i" in word
        reads = reads or "s" in word
        letters = word[1:].replace("l", "").replace("i", "")
        if "o" in letters and words:
            state.options[
                words.pop(0) if words[0] == "pipefail" else {"errexit": "e", "nounset": "u"}.get(words[0], "")
            ] = None
        for letter in letters.replace("c", "").replace("o", "").replace("s", ""):
            state.options[letter] = None
        if "c" in letters:
            if not words:
                missing = "-c: option requires an argument" if state.flavour == "bash" else "0: -c requires an argument"
                call.err(f"{call.argv[0]}: {missing}\n")
                return 2
            script = words.pop(0)
            if words:
                state.name = words.pop(0)
            break
    if script is None and words and not reads:
        state.name = words.pop(0)
        state.origin = ""
        try:
            script = call.read(state.name)
        except FileError as error:
            if state.flavour == "bash":
                call.err(f"bash: {state.name}: {error}\n")
                return 127
            closed = f"0: cannot open {state.name}: No such file"
            if state.flavour == "ash":
                closed = f"can't open '{state.name}': {error}"
            call.err(f"{call.argv[0]}: {closed}\n")
            return 2
    state.positional = words
    if script is None:
        return (yield from _read(state, is_interactive))
    return (yield from _run(state, script))


def runner(path: str) -> Program:
    """Runs a script file by the shell that its first line names."""

    def run(call: Call) -> Steps:
        text = call.fs.read(path)
        first = text.partition("\n")[0]
        name = first[2:].split()[-1].rpartition("/")[2] if first.startswith("#!") and first[2:].strip() else "sh"
        if name not in ("sh", "bash", "ash", "dash"):
            call.err(f"{call.argv[0]}: k8s-magic does not run {name} scripts\n")
            return 126
        state = _state(call, flavour_of(call, name), call.argv[0])
        state.positional = call.argv[1:]
        if first.startswith("#!") and " -e" in first:
            state.options["e"] = None
        return (yield from _run(state, text))

    return run


def busybox(call: Call) -> Steps:
    """`busybox APPLET …`."""
    if len(call.argv) < 2 or call.argv[1].startswith("-"):
        call.out("BusyBox v1.37.0 (2024-09-26 21:31:42 UTC) multi-call binary.\n")
        return 0
    name = call.argv[1]
    if name not in toolsets.TOOLSETS["busybox"]:
        call.err(f"{name}: applet not found\n")
        return 127
    call.argv = call.argv[1:]
    outcome = toolsets.program(name)(call)
    return outcome if isinstance(outcome, int) else (yield from outcome)


COMMANDS: dict[str, Program] = {"sh": shell, "ash": shell, "dash": shell, "bash": shell, "busybox": busybox}
