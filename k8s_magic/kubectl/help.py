"""`--help`, `kubectl help` and `kubectl options`: kubectl's layout, our own words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from k8s_magic.kubectl import tree
from k8s_magic.kubectl.command import Command
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.persistent import PERSISTENT

GLOBAL_OPTIONS = 'Use "kubectl options" for a list of global command-line options (applies to all commands).\n'


def root() -> str:
    """What `kubectl` alone prints: every command of the simulation under kubectl's headings."""
    known = {command.name: command for command, _ in tree.below(tree.ROOT) if not command.hidden}
    listed = {name for _, group in tree.GROUPS for name in group}
    text = "kubectl controls the Kubernetes cluster manager.\n\n"
    text += " Find more information at: https://kubernetes.io/docs/reference/kubectl/\n"
    for title, group in tree.GROUPS:
        names = [name for name in group if name in known]
        if title == "Other Commands":
            names += [name for name in known if name not in listed and name != "options"]
        if names:
            text += f"\n{title}:\n" + "".join(f"  {name:<15} {known[name].short}\n" for name in names)
    text += "\nUsage:\n  kubectl [flags] [options]\n\n"
    text += 'Use "kubectl <command> --help" for more information about a given command.\n'
    return text + GLOBAL_OPTIONS


def command(found: tree.Found) -> str:
    """The help of one command or group."""
    if found.command is None:
        return root()
    record: Command[Any] = found.command
    parts = [f"{record.short}.\n"]
    if record.aliases:
        parts.append(f"Aliases:\n{', '.join((record.name, *record.aliases))}\n")
    if record.examples:
        parts.append("Examples:\n" + "".join(f"  {line}\n" for line in record.examples))
    is_group = found.is_group
    if is_group:
        below = [(child.name, child.short) for child, _ in tree.below(found.module) if not child.hidden]
        width = max((len(name) for name, _ in below), default=0) + 2
        parts.append("Available Commands:\n" + "".join(f"  {name:<{width}} {short}\n" for name, short in below))
    visible = [flag for flag in record.flags if not (flag.hidden or flag.deprecated)]
    if visible:
        parts.append("Options:\n" + options(visible))
    parent = found.path.rpartition(" ")[0]
    parts.append(f"Usage:\n  {parent} {record.usage} [options]\n")
    tail = GLOBAL_OPTIONS
    if is_group:
        tail = f'Use "{found.path} <command> --help" for more information about a given command.\n' + tail
    parts.append(tail)
    return "\n".join(parts)


def global_options() -> str:
    return "The following options can be passed to any command:\n\n" + options(PERSISTENT) + "\n"


def options(flags: Iterable[Flag]) -> str:
    return "\n".join(
        f"    {flag.display}={_default(flag)}:\n\t{flag.help}\n" for flag in sorted(flags, key=lambda flag: flag.name)
    )


def _default(flag: Flag) -> str:
    value = flag.initial
    match flag.kind:
        case "bool":
            return "true" if value else "false"
        case "string":
            return f"'{value}'"
        case "slice" | "array" | "map":
            return f"[{','.join(value)}]"
        case "duration":
            return f"{value:g}s"
    return str(value)
