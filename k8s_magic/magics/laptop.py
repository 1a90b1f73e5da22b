"""The shell that cells run in: a container that belongs to no cluster, on a clock of its own.

It has the simulated shell's pipes, variables and filters, and three programs more: kubectl, which talks to the current
cluster, curl, which stands outside of it, and as much of minikube as tells addresses. What sleeps here lets the
cluster's time pass. Nothing reaches the host's shell.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from functools import cache

from k8s_magic.cluster import Cluster, Result
from k8s_magic.kubectl import tree
from k8s_magic.kubectl.main import INTERRUPTED
from k8s_magic.kubectl.streams import Keyboard
from k8s_magic.machinery.meta import Object
from k8s_magic.magics import minikube
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import ContainerConfig, Mount, Sandbox, readable
from k8s_magic.runtime.image import Image
from k8s_magic.runtime.pipes import Sink, Source
from k8s_magic.runtime.process import Process, Program, Steps
from k8s_magic.runtime.shell import toolsets
from k8s_magic.runtime.shell.builtins import BUILTINS
from k8s_magic.runtime.shell.interpreter import Interpreter
from k8s_magic.runtime.shell.state import ExitShell, State
from k8s_magic.runtime.world import World
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import TimeFormatter

HOME = "/home/you"
IMAGE = "localhost/laptop:latest"
# What must follow a verb that is also a command of the shell.
_FOLLOWED = {"cp": r"\s.*\S:", "exec": r"\s+[^\s\d]", "wait": r"\s+[^\s\d%]"}

Write = Callable[[str, str], None]


@cache
def _verbs() -> re.Pattern[str]:
    """kubectl's verbs that a cell of %%kubectl may begin a line with.

    Where the shell has a command of the same name, the verb needs a sub-command or what `_FOLLOWED` says.
    """
    own = toolsets.TOOLSETS["any"] | BUILTINS.keys()
    listed = [name for _, group in tree.GROUPS for name in group]
    modules = tree.children(tree.ROOT)
    found = []
    for name in dict.fromkeys([*modules, *listed]):
        if name in _FOLLOWED:
            found.append(f"{name}(?={_FOLLOWED[name]})")
        elif name not in own:
            found.append(name)
        elif name in modules and tree.is_group(modules[name]):
            below = [word for command, _ in tree.below(modules[name]) for word in (command.name, *command.aliases)]
            found.append(rf"{name}\s+(?:{'|'.join(below)})")
    return re.compile(rf"^(?P<indent>\s*)(?=(?:{'|'.join(found)})(?:\s|$))")


def with_kubectl(cell: str) -> str:
    """A cell in which lines may leave `kubectl` out, as the shell is to read it."""
    lines, inside = [], False  # inside a here-document or behind a backslash
    end = ""
    for line in cell.splitlines(keepends=True):
        if inside:
            lines.append(line)
            inside = line.strip() != end if end else line.rstrip().endswith("\\")
            continue
        lines.append(_verbs().sub(r"\g<indent>kubectl ", line))
        here = re.search(r"<<-?\s*['\"]?(\w+)", line)
        end = here.group(1) if here else ""
        inside = bool(here) or line.rstrip().endswith("\\")
    return "".join(lines)


def _idle(call: Call) -> Steps:
    while True:
        yield None


class Laptop:
    """Shape: `files` are the notebook's own files, which make up the shell's folder; `variables` are the shell's."""

    def __init__(self, files: dict[str, str]) -> None:
        self._kernel = Kernel()
        self._cluster: Cluster | None = None
        self.was_interrupted = False
        self._state: State | None = None
        self._stdin = Source()
        # Who is asked for what a command reads that nothing is piped into.
        self.keyboard: Keyboard | None = None
        self.variables: dict[str, str] = {"HOME": HOME, "USER": "you", "PWD": HOME}
        self.objects: list[Object] = []
        self._programs: dict[str, Program] = {
            "idle": _idle,
            "kubectl": self._kubectl,
            "curl": self._curl,
            "minikube": lambda call: minikube.run(call, self.cluster),
            "alias": self._alias,
        }
        image = Image(
            repositories=("localhost/laptop",), size=0, entrypoint=("idle",), programs=self._programs, base="any"
        )
        world = World(self._kernel, Streams(0), TimeFormatter())
        world.catalog.add(image)
        node = world.node("laptop")
        node.preload(IMAGE)
        sandbox = Sandbox(uid="laptop", namespace="", name="laptop", node="laptop", ip="127.0.0.1", hostname="laptop")
        node.create_sandbox(sandbox, "")
        config = ContainerConfig(name="shell", image=IMAGE, working_dir=HOME, mounts=(Mount(HOME, files),))
        self._container = node.start(sandbox, config, lambda container: None)

    def run(self, script: str, cluster: Cluster, write: Write, stdin: str = "") -> int:
        """Run a script to its end and answer its exit code. An interrupt ends it with 130."""
        self._cluster, self.was_interrupted, self.objects = cluster, False, []
        ended: list[Process] = []
        kernel = self._kernel
        process = self._container.spawn(["bash"], ended.append, kernel)
        out, err = Sink(lambda text: write("stdout", readable(text))), Sink(lambda text: write("stderr", text))
        reader = self._stdin = Source(stdin)
        call = Call(self._container, process, ["bash"], reader, out, err, cwd=HOME, env=dict(self.variables))
        state = self._state = State(call, "bash", "bash")
        try:
            process.run(lambda _: Interpreter().run_text(state, script, state.io), call)
            while not ended and not self.was_interrupted:
                due = kernel.next_time()
                if due is None:
                    write("stderr", "bash: waiting for an input that nothing will ever write to; stopped\n")
                    break
                if due > kernel.now:
                    cluster.wait(lambda: False, due - kernel.now)
                kernel.step()
        except KeyboardInterrupt:
            self.was_interrupted = True
        finally:
            for job in [process, *state.jobs]:
                if job.exit_code is None:
                    job.signal("SIGKILL")
            self._cluster = None
        self.variables = dict(state.variables.values_)
        if self.was_interrupted:
            return INTERRUPTED
        return process.exit_code or 0

    @property
    def cluster(self) -> Cluster:
        assert self._cluster is not None, "programs run inside run()"
        return self._cluster

    def _kubectl(self, call: Call) -> Steps:
        words = call.argv[1:]
        yield 0  # whoever reads from this in a pipe is started first
        if self._state is not None and call.process in self._state.jobs and _waits(words):
            call.stderr.write("kubectl: a command that waits cannot run in the background here; give it its own cell\n")
            return 1
        stdin, keyboard = "", self.keyboard if call.stdin is self._stdin else None
        if _reads(words):
            stdin = yield from call.stdin.all()
        result = self.cluster.kubectl(
            words,
            stdin=stdin,
            keyboard=keyboard,
            env=call.env,
            on_output=lambda stream, text: self._pass_on(call, stream, text),
        )
        self.objects = result.objects
        self._stop_if(result)
        return result.exit_code

    def _curl(self, call: Call) -> Steps:
        files = dict[str, str]()
        for name in re.findall(r"[@<]([^;\s]+)", "\n".join(call.argv[1:])):
            if name == "-":
                files[name] = yield from call.stdin.all()
            elif call.fs.is_file(call.path(name)):
                files[name] = call.read(name)
        result = self.cluster.curl(
            call.argv[1:],
            files=files,
            save=call.write,
            on_output=lambda stream, text: self._pass_on(call, stream, text),
        )
        self._stop_if(result)
        return result.exit_code

    def _stop_if(self, result: Result) -> None:
        """Ctrl-C ends the whole script."""
        if result.was_interrupted:
            self.was_interrupted = True
            raise ExitShell(INTERRUPTED)

    def _alias(self, call: Call) -> int:
        """`alias k=kubectl`, with which so many tutorials begin."""
        for word in call.argv[1:]:
            name, _, value = word.partition("=")
            words = value.split()
            program = self._programs.get(words[0]) if words else None
            if program is None:
                call.stderr.write("alias: only kubectl and curl can be given other names here\n")
                return 1
            self._programs[name] = _renamed(program, words)
        return 0

    def _pass_on(self, call: Call, stream: str, text: str) -> None:
        """Write, and let the rest of a pipe read: `get pods -w | grep web` shows each line as it comes.

        Raises: BrokenPipe when nobody reads any more, which ends the command, as `| head -1` does.
        """
        (call.stdout if stream == "stdout" else call.stderr).write(text)
        self._kernel.run_until(self._kernel.now)


def _renamed(program: Program, words: list[str]) -> Program:
    def run(call: Call) -> Steps | int:
        called = copy.copy(call)
        called.argv = [*words, *call.argv[1:]]
        return program(called)

    return run


def _reads(words: list[str]) -> bool:
    """Whether a command takes what is piped into it."""
    own = words[: words.index("--")] if "--" in words else words
    if any(word in ("-", "-f-", "--filename=-") for word in own):
        return True
    return own[:1] != ["get"] and any(re.fullmatch(r"-[tq]*i[tq]*|--stdin(?:=true)?", word) for word in own)


def _waits(words: list[str]) -> bool:
    if words[:1] == ["wait"] or words[:2] == ["rollout", "status"]:
        return True
    return any(word in ("-w", "--watch", "--watch-only", "-f", "--follow") for word in words) and words[0] in (
        "get",
        "events",
        "logs",
    )
