"""`>`, `>>`, `<`, `2>&1`, here-documents: a command's streams from the shell's."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from k8s_magic.runtime.filesystem import FileError, normal
from k8s_magic.runtime.pipes import Reader, Sink, Source, Writer
from k8s_magic.runtime.shell.state import Io, State
from k8s_magic.runtime.shell.syntax import Redirect
from k8s_magic.sim.time import SimTime

if TYPE_CHECKING:
    from k8s_magic.runtime.shell.expansion import Expander


def redirected(
    expander: Expander, state: State, redirects: tuple[Redirect, ...], io: Io
) -> Generator[SimTime | None, None, Io]:
    """Raises: FileError; `writing` where a file could not be made."""
    stdin: Reader = io.stdin
    writers: dict[int, Writer] = {1: io.out, 2: io.err}
    for redirect in redirects:
        target = yield from expander.text(state, redirect.target, io)
        if redirect.operator == "<<":
            stdin = Source(target)
        elif redirect.operator == "<<<":
            stdin = Source(target + "\n")
        elif redirect.operator == "<":
            stdin = Source(_read(state, target)) if target not in ("/dev/stdin", "/proc/self/fd/0") else stdin
        elif redirect.operator in (">&", "<&") and (target.isdigit() or target == "-"):
            if redirect.fd in writers or redirect.fd > 2:
                writers[redirect.fd] = writers.get(int(target), io.out) if target != "-" else Sink(lambda _: None)
        else:
            writer = _open(state, target, writers, redirect.operator == ">>")
            if redirect.fd == -1 or redirect.operator == ">&":
                writers[1] = writers[2] = writer
            else:
                writers[redirect.fd] = writer
    return Io(stdin, writers[1], writers[2])


def _read(state: State, target: str) -> str:
    try:
        return state.container.fs.read(normal(target, state.cwd))
    except FileError as error:
        raise FileError(str(error), target) from None


def _open(state: State, target: str, writers: dict[int, Writer], append: bool) -> Writer:
    if target == "/dev/null":
        return Sink(lambda _: None)
    if target in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        return writers[1]
    if target in ("/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"):
        return writers[2]
    if target in ("/proc/1/fd/1", "/proc/1/fd/2"):
        return state.container.stream("stdout" if target.endswith("1") else "stderr")
    path = normal(target, state.cwd)
    fs = state.container.fs
    process = state.process
    try:
        fs.write(path, "", append=append, now=state.now)
    except FileError as error:
        raise FileError(str(error), target, writing=True) from None
    return Sink(lambda text: fs.write(path, text, append=True, now=process.kernel.now))
