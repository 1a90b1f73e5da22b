"""What the shells say when something goes wrong, each in its own words. Source: dash, ash and bash."""

from __future__ import annotations

from k8s_magic.runtime.filesystem import FileError
from k8s_magic.runtime.shell.parser import ShellSyntaxError
from k8s_magic.runtime.shell.state import State


def cannot_open(state: State, error: FileError) -> str:
    reason = str(error)
    writing = error.writing
    verb = "create" if writing else "open"
    missing = reason == "No such file or directory"
    if state.flavour == "bash":
        return f"{error.path}: {reason}"
    if state.flavour == "dash":
        if missing:
            reason = "Directory nonexistent" if writing else "No such file"
        return f"cannot {verb} {error.path}: {reason}"
    if missing:
        reason = "nonexistent directory" if writing else "no such file"
    return f"can't {verb} {error.path}: {reason}"


def not_found(state: State, name: str) -> str:
    if state.flavour == "bash":
        words = f"{name}: No such file or directory" if "/" in name else f"{name}: command not found"
        return f"{state.prefix()}{words}\n"
    return f"{state.prefix()}{name}: not found\n"


def syntax_error(state: State, error: ShellSyntaxError) -> str:
    token = error.token
    if state.flavour == "bash":
        words = f"syntax error near unexpected token `{token}'" if token else "syntax error: unexpected end of file"
        if state.interactive:
            return f"{state.prefix()}{words}\n"
        return f"{state.name}: {state.origin + ': ' if state.origin else ''}line {error.line}: {words}\n"
    expecting = f" (expecting {error.wanted})" if error.wanted.startswith('"') else ""
    if error.wanted == "unterminated":
        found = "Unterminated quoted string" if state.flavour == "dash" else "unterminated quoted string"
    elif error.wanted and not expecting:
        found = f"{token}: {error.wanted}"
    elif state.flavour == "dash":
        found = f'"{token}" unexpected' if token else "end of file unexpected"
    else:
        found = f'unexpected "{token}"' if token else "unexpected end of file"
    if state.flavour == "dash":
        return f"{state.name}: {error.line}: Syntax error: {found}{expecting}\n"
    return f"{state.name}: syntax error: {found}{expecting}\n"
