"""%%manifest: applies the cell's YAML, and names it as a file for a later `-f NAME`.

%%manifest [NAME] [-n NAMESPACE] [--dry-run=client|server] [--diff] [--save]
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from k8s_magic.cluster import Result
from k8s_magic.magics.session import Session, show
from k8s_magic.text import yaml_in

USAGE = "usage: %%manifest [NAME] [-n NAMESPACE] [--dry-run=client|server] [--server-side] [--diff] [--save]\n"
DEFAULT_NAME = "manifest.yaml"


class UsageError(Exception):
    """What is wrong with the line, in one sentence."""


@dataclass(frozen=True, slots=True)
class Options:
    name: str = DEFAULT_NAME
    flags: tuple[str, ...] = ()
    diff: bool = False
    save: bool = False


def parse(line: str) -> Options:
    """Raises: UsageError."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(f"cannot read the line: {error}".lower()) from None
    name, flags, diff, save = "", [], False, False
    while words:
        word = words.pop(0)
        if word == "--diff":
            diff = True
        elif word == "--save":
            save = True
        elif word in ("-n", "--namespace"):
            if not words:
                raise UsageError(f"{word} needs a namespace")
            flags += ["-n", words.pop(0)]
        elif word.startswith(("--namespace=", "--dry-run", "--server-side", "--force-conflicts", "--validate", "-o")):
            flags.append(word)
        elif word.startswith("-"):
            raise UsageError(f"unknown option: {word}")
        elif name:
            raise UsageError(f"one name is enough: {name} or {word}")
        else:
            name = word
    return Options(name or DEFAULT_NAME, tuple(flags), diff, save)


def run(session: Session, line: str, cell: str) -> Result:
    try:
        options = parse(line)
    except UsageError as error:
        show("stderr", f"{error}\n{USAGE}")
        return Result([("stderr", f"{error}\n")], 1, was_shown=True)
    text = cell if cell.endswith("\n") else cell + "\n"
    try:
        yaml_in.documents(text)
    except yaml_in.YamlError as error:
        message = explain(options.name, text, error)
        show("stderr", message)
        return Result([("stderr", message)], 1, was_shown=True)
    session.files[options.name] = text
    if options.save:
        return Result(was_shown=True)
    verb = "diff" if options.diff else "apply"
    flags = [flag for flag in options.flags if not (options.diff and flag.startswith("--dry-run"))]
    result = session.cluster.kubectl([verb, "-f", options.name, *flags], on_output=show)
    result.was_shown = True
    return result


def explain(name: str, text: str, error: yaml_in.YamlError) -> str:
    """kubectl's message, and under it the line with a caret."""
    message = f"error: error parsing {name}: {error.message}\n"
    lines = text.splitlines()
    line, column = error.line, max(error.column, 1)
    if line > len(lines) > 0:  # what is missing is missed at the end
        line, column = len(lines), len(lines[-1]) + 1
    if 1 <= line <= len(lines):
        margin = f"{line} | "
        message += f"\n{margin}{lines[line - 1].replace(chr(9), '⇥')}\n"
        message += f"{' ' * (len(margin) + column - 1)}^ line {line}, column {column}\n"
    return message
