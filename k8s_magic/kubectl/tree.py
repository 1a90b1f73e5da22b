"""Which commands there are, found by their files; only the one that is run is imported.

`commands/get.py` is `kubectl get`, `commands/config/use_context.py` is `kubectl config use-context`, and
`commands/config/__init__.py` is the group. Source for how words lead to a command: github.com/spf13/cobra command.go
(Find, stripFlags, argsMinusFirstX, SuggestionsFor)
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from k8s_magic.kubectl.command import Command
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.persistent import PERSISTENT

ROOT = "k8s_magic.kubectl.commands"

# kubectl's own order and headings. Source: kubectl/pkg/cmd/cmd.go (NewKubectlCommand). Names without a file here are
# commands that the simulation does not have.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Basic Commands (Beginner)", ("create", "expose", "run", "set")),
    ("Basic Commands (Intermediate)", ("explain", "get", "edit", "delete")),
    ("Deploy Commands", ("rollout", "scale", "autoscale")),
    (
        "Cluster Management Commands",
        ("certificate", "cluster-info", "top", "cordon", "uncordon", "drain", "taint"),
    ),
    (
        "Troubleshooting and Debugging Commands",
        ("describe", "logs", "attach", "exec", "port-forward", "proxy", "cp", "auth", "debug", "events"),
    ),
    ("Advanced Commands", ("diff", "apply", "patch", "replace", "wait", "kustomize")),
    ("Settings Commands", ("label", "annotate", "completion")),
    ("Other Commands", ("api-resources", "api-versions", "config", "kuberc", "plugin", "version")),
)
# Source: cmd.go, the order in which what is in no group was added.
LATE = ("config", "plugin", "version", "api-versions", "api-resources", "options", "kuberc")


@lru_cache(maxsize=64)
def children(module: str) -> dict[str, str]:
    """Command name -> module of the commands below a group (or of the root)."""
    package = importlib.import_module(module)
    return {
        info.name.replace("_", "-"): f"{module}.{info.name}"
        for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name)
        if not info.name.startswith("_")
    }


def is_group(module: str) -> bool:
    return hasattr(importlib.import_module(module), "__path__")


def load(module: str) -> Command[Any]:
    command: Command[Any] = importlib.import_module(module).COMMAND
    return command


def below(module: str) -> Iterator[tuple[Command[Any], str]]:
    """Every command of a group with its module, in kubectl's order at the root and sorted below it."""
    found = children(module)
    names: Iterable[str] = found
    if module == ROOT:
        ordered = [name for title, group in GROUPS[:-1] for name in group] + list(LATE)
        names = [name for name in ordered if name in found] + [name for name in found if name not in ordered]
    for name in names:
        yield load(found[name]), found[name]


@dataclass(frozen=True, slots=True)
class Found:
    """Where words led: the command (None at the root), its path and what is left of the words."""

    command: Command[Any] | None
    module: str
    path: str
    words: list[str]

    @property
    def flags(self) -> tuple[Flag, ...]:
        return (*PERSISTENT, *(self.command.flags if self.command else ()))

    @property
    def is_group(self) -> bool:
        return self.module == ROOT or is_group(self.module)


def find(words: Sequence[str]) -> Found:
    here = Found(None, ROOT, "kubectl", list(words))
    while here.is_group:
        plain = without_flags(here.words, here.flags)
        if not plain:
            break
        module = _child(here.module, plain[0])
        if module is None:
            break
        command = load(module)
        here = Found(command, module, f"{here.path} {command.name}", _minus_first(here.words, plain[0], here.flags))
    return here


def _child(module: str, word: str) -> str | None:
    found = children(module)
    if word in found:
        return found[word]
    if module == ROOT:  # no command at the root has an alias
        return None
    for name in found:
        if word in load(found[name]).aliases:
            return found[name]
    return None


def _takes_next(word: str, flags: Iterable[Flag]) -> bool:
    """Whether a flag's value is the next word; a flag that is not known is taken to have one."""
    if "=" in word:
        return False
    if word.startswith("--"):
        named = [flag for flag in flags if flag.name == word[2:]]
        return word != "--help" and not any(flag.value_optional is not None for flag in named)
    if word.startswith("-") and len(word) == 2:
        named = [flag for flag in flags if flag.short == word[1:]]
        return word != "-h" and not any(flag.value_optional is not None for flag in named)
    return False


def without_flags(words: Sequence[str], flags: Sequence[Flag]) -> list[str]:
    plain: list[str] = []
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if word == "--":
            break
        if _takes_next(word, flags):
            if len(words) - position <= 1:
                break
            position += 1
        elif word and not word.startswith("-"):
            plain.append(word)
    return plain


def _minus_first(words: Sequence[str], name: str, flags: Sequence[Flag]) -> list[str]:
    position = 0
    while position < len(words):
        word = words[position]
        if word == "--":
            break
        if _takes_next(word, flags):
            position += 2
            continue
        if word == name:
            return [*words[:position], *words[position + 1 :]]
        position += 1
    return list(words)


def suggestions(module: str, word: str) -> list[str]:
    """What may have been meant. Source: cobra SuggestionsFor, distance 2."""
    close: list[str] = []
    known = {command.name: command for command, _ in below(module) if not command.hidden}
    names = list(known)
    if module == ROOT:
        names = [name for _, group in GROUPS[:-1] for name in group] + [*LATE]
    for name in names:
        near = _distance(word.lower(), name) <= 2 or name.startswith(word.lower())
        meant = name in known and word.lower() in known[name].suggest_for
        if (near or meant) and name != "options":
            close.append(name)
    return close


def _distance(one: str, other: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]
