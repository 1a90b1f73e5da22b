"""What a shell that is typed to shows before a line: PS1 and PS2.

Source: bash(1), PROMPTING; busybox libbb/lineedit.c
"""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import TYPE_CHECKING

from k8s_magic.runtime.shell.parser import ShellSyntaxError, quoted_word
from k8s_magic.runtime.shell.state import ExpansionFailure, Io, State

if TYPE_CHECKING:
    from k8s_magic.runtime.shell.interpreter import Interpreter
    from k8s_magic.sim.time import SimTime

BASH_VERSION = "5.2"
# What each shell has before any file or variable says otherwise. busybox is built with fancy prompts.
_FIRST = {"bash": r"\s-\v\$ ", "ash": r"\w \$ "}
_CONTINUED = "> "
_ESCAPE = re.compile(r"\\([uhHwWsvV$nrae\\\[\]]|[0-7]{3})")


def defaults(state: State) -> dict[str, str]:
    """PS1 and PS2 of a shell that has just started."""
    is_root = state.container.version.image.user == "root"
    return {"PS1": _FIRST.get(state.flavour, "# " if is_root else "$ "), "PS2": _CONTINUED}


def expanded(shell: Interpreter, state: State, name: str, io: Io) -> Generator[SimTime | None, None, str]:
    text = state.variables.get(name, "")
    if state.flavour != "dash":
        text = _ESCAPE.sub(lambda found: _escape(state, found[1]), text)
    if not re.search(r"\$[A-Za-z_{(]|`", text):
        return text
    try:
        return (yield from shell.expander.text(state, quoted_word(text), io))
    except (ShellSyntaxError, ExpansionFailure):
        return text


def _escape(state: State, letter: str) -> str:
    user = state.container.version.image.user
    host = state.container.sandbox.hostname or state.container.sandbox.name
    place, home = state.cwd, state.variables.get("HOME", "")
    if len(home) > 1 and (place == home or place.startswith(home + "/")):
        place = "~" + place[len(home) :]
    if letter.isdigit():
        return chr(int(letter, 8))
    return {
        "u": user, "h": host.partition(".")[0], "H": host, "w": place,
        "W": place if place in ("/", "~") else place.rpartition("/")[2],
        "s": state.name.rpartition("/")[2], "v": BASH_VERSION, "V": BASH_VERSION + ".0",
        "$": "#" if user == "root" else "$", "n": "\n", "r": "\r", "a": "\a", "e": "\x1b", "\\": "\\",
    }.get(letter, "")  # fmt: skip
