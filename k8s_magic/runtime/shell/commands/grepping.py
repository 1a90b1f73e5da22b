"""grep, egrep, fgrep, and the regular expressions that sed and awk share with them."""

from __future__ import annotations

import re

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.process import Program, Steps
from k8s_magic.runtime.shell.commands.text import inputs, lines_of, tool
from k8s_magic.runtime.shell.options import Options


def basic_regex(pattern: str) -> str:
    r"""A basic regular expression as an extended one: `\(`, `\{`, `\+`, `\?`, `\|` and their plain twins swap."""
    out: list[str] = []
    position = 0
    while position < len(pattern):
        char = pattern[position]
        if char == "\\" and position + 1 < len(pattern):
            follower = pattern[position + 1]
            out.append(follower if follower in "(){}+?|" else char + follower)
            position += 2
            continue
        if char == "[":
            end = pattern.find("]", position + 2)
            if end > 0:
                out.append(pattern[position : end + 1])
                position = end + 1
                continue
        out.append("\\" + char if char in "(){}+?|" or (char == "*" and not out) else char)
        position += 1
    return "".join(out)


def regex(pattern: str, extended: bool, flags: int = 0) -> re.Pattern[str]:
    """Raises: re.error."""
    text = pattern if extended else basic_regex(pattern)
    for name, characters in (
        ("alpha", "a-zA-Z"), ("digit", "0-9"), ("alnum", "a-zA-Z0-9"), ("space", r"\s"), ("upper", "A-Z"),
        ("lower", "a-z"), ("punct", r"!-/:-@\[-`{-~"), ("blank", r" \t"), ("xdigit", "0-9A-Fa-f"),
    ):  # fmt: skip
        text = text.replace(f"[:{name}:]", characters)
    text = text.replace(r"\<", r"\b").replace(r"\>", r"\b")
    return re.compile(text, flags)


def grep(call: Call, options: Options) -> Steps:
    operands = list(options.operands)
    if "e" in options:
        pattern = options.get("e")
    elif operands:
        pattern = operands.pop(0)
    else:
        call.err("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n")
        return 2
    extended = "E" in options or "P" in options or call.name == "egrep"
    choices = pattern.split("\n")
    if "F" in options or call.name == "fgrep":
        choices, extended = [re.escape(choice) for choice in choices], True
    if "w" in options:
        choices = [
            (r"\b(?:" if extended else r"\b\(") + choice + (r")\b" if extended else r"\)\b") for choice in choices
        ]
    if "x" in options:
        choices = [f"^{choice}$" for choice in choices]
    try:
        accept = [regex(choice, extended, re.IGNORECASE if "i" in options else 0) for choice in choices]
    except re.error:
        call.err("grep: Invalid regular expression\n")
        return 2
    status = 0
    if "r" in options or "R" in options:
        operands = [path for name in operands or ["."] for path in _below(call, name)]
    if operands:
        files, status = yield from inputs(call, operands)
    else:
        files = [("(standard input)", "")]
    named = "H" in options or (len(operands) > 1 and "h" not in options) or "r" in options
    found_any = False
    for name, text in files:
        hits = 0
        pending = lines_of(text) if operands else []
        number = 0
        while True:
            if operands:
                if number >= len(pending):
                    break
                line = pending[number]
            else:
                line = yield from call.stdin.line()
                if not line:
                    break
                line = line.removesuffix("\n")
            number += 1
            matched = [one for one in accept if one.search(line)]
            if bool(matched) == ("v" in options):
                continue
            hits += 1
            found_any = True
            if "q" in options:
                call.stdin.close()
                return 0
            if "c" not in options and "l" not in options:
                prefix = (f"{name}:" if named else "") + (f"{number}:" if "n" in options else "")
                if "o" in options:
                    call.out("".join(f"{prefix}{hit[0]}\n" for hit in matched[0].finditer(line) if hit[0]))
                else:
                    call.out(f"{prefix}{line}\n")
            if "m" in options and hits >= int(options.get("m") or 1):
                break
        if "c" in options:
            call.out((f"{name}:" if named else "") + f"{hits}\n")
        if "l" in options and hits:
            call.out(f"{name}\n")
    return 2 if status else int(not found_any)


def _below(call: Call, name: str) -> list[str]:
    """The files below a folder, as grep -r names them."""
    path = call.path(name)
    if not call.fs.is_dir(path):
        return [name]
    found = []
    for entry in call.fs.names(path):
        found += _below(call, f"{name.rstrip('/')}/{entry}")
    return found[:5000]


_GREP = tool("ivnclqwxoEFPHhrRsa", "emABC", grep, {"color": "a", "ignore-case": "i", "quiet": "q", "count": "c"})
COMMANDS: dict[str, Program] = {"grep": _GREP, "egrep": _GREP, "fgrep": _GREP}
