"""Which tools a base brings, and the programs behind their names."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k8s_magic.runtime.image import Image
    from k8s_magic.runtime.process import Program

_COREUTILS = frozenset({
    "[", "arch", "base64", "basename", "cat", "chgrp", "chmod", "chown", "cp", "cut", "date",
    "dd", "df", "dirname", "du",
    "echo", "env", "expr", "false", "head", "hostname", "id", "kill", "ln", "ls", "md5sum", "mkdir", "mktemp", "mv",
    "nohup", "nproc", "printenv", "printf", "pwd", "readlink", "realpath", "rev", "rm", "rmdir", "seq", "sha256sum",
    "sleep", "sort", "stat", "sync", "tac", "tail", "tar", "tee", "test", "timeout", "touch", "tr", "true", "tty",
    "uname", "uniq", "wc", "which", "whoami", "xargs", "yes", "grep", "egrep", "fgrep", "sed", "awk", "find", "sh",
    "nl",
})  # fmt: skip
_BUSYBOX = _COREUTILS | {
    "ash", "busybox", "clear", "free", "ifconfig", "ip", "killall", "nc", "netstat", "nslookup", "pgrep", "ping",
    "pkill", "ps", "top", "traceroute", "uptime", "vi", "watch", "wget", "httpd", "mount",
}  # fmt: skip
TOOLSETS: dict[str, frozenset[str]] = {
    "debian": (_COREUTILS - {"kill"}) | frozenset(["bash", "dash", "apt", "apt-get", "getent", "mount"]),
    "alpine": (_BUSYBOX - {"httpd"}) | frozenset(["apk", "getent"]),
    "busybox": _BUSYBOX,
    "none": frozenset(),
}
TOOLSETS["any"] = (TOOLSETS["debian"] | TOOLSETS["alpine"] | frozenset(["curl", "dig"])) - {"apk"}


@cache
def _programs() -> dict[str, Program]:
    """Every program that the files of `commands/` export, in order of file name."""
    package = importlib.import_module("k8s_magic.runtime.shell.commands")
    found: dict[str, Program] = {}
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        found.update(importlib.import_module(f"{package.__name__}.{module.name}").COMMANDS)
    return found


def tools_of(image: Image) -> frozenset[str]:
    tools = TOOLSETS[image.base]
    return tools | frozenset(image.tools) if image.tools else tools


def program(name: str) -> Program:
    return _programs()[name]


def script_runner(path: str) -> Program:
    """A program that runs a script file with the shell its first line asks for."""
    from k8s_magic.runtime.shell.commands import shells

    return shells.runner(path)
