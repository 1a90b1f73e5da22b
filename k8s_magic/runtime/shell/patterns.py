"""Shell patterns (`*`, `?`, `[…]`) on texts and on paths."""

from __future__ import annotations

import re
from collections.abc import Callable

from k8s_magic.runtime.filesystem import FileSystem, normal

MAX_MATCHES = 10_000


def escape(text: str) -> str:
    """A text that matches only itself."""
    return re.sub(r"([*?\[\]\\])", r"\\\1", text)


def has_magic(pattern: str) -> bool:
    return re.search(r"(?<!\\)(?:\\\\)*[*?\[]", pattern) is not None


def compiled(pattern: str) -> re.Pattern[str]:
    out: list[str] = []
    position = 0
    while position < len(pattern):
        char = pattern[position]
        position += 1
        if char == "\\" and position < len(pattern):
            out.append(re.escape(pattern[position]))
            position += 1
        elif char == "*":
            if not out or out[-1] != ".*":
                out.append(".*")
        elif char == "?":
            out.append(".")
        elif char == "[":
            end = pattern.find("]", position + 1 + (pattern[position : position + 1] in ("!", "^")))
            if end < 0:
                out.append(r"\[")
                continue
            body = pattern[position:end].replace("\\", "\\\\")
            position = end + 1
            body = "^" + body[1:] if body[:1] in ("!", "^") else body
            for name, characters in (("alpha", "a-zA-Z"), ("digit", "0-9"), ("alnum", "a-zA-Z0-9"), ("space", r"\s")):
                body = body.replace(f"[:{name}:]", characters)
            out.append(f"[{body}]")
        else:
            out.append(re.escape(char))
    try:
        return re.compile("".join(out), re.DOTALL)
    except re.error:
        return re.compile(re.escape(pattern))


def matches(pattern: str, text: str) -> bool:
    return compiled(pattern).fullmatch(text) is not None


def trim(text: str, pattern: str, operator: str) -> str:
    """`${name#pattern}`, `##`, `%` and `%%`."""
    accept = compiled(pattern).fullmatch
    lengths: range | list[int] = range(len(text) + 1)
    if operator in ("##", "%%"):
        lengths = list(reversed(lengths))
    for length in lengths:
        if operator[0] == "#" and accept(text[:length]):
            return text[length:]
        if operator[0] == "%" and accept(text[len(text) - length :]):
            return text[: len(text) - length]
    return text


def paths(fs: FileSystem, cwd: str, pattern: str) -> list[str]:
    """The paths that match, sorted; [] when none does."""
    absolute = pattern.startswith("/")
    found = ["/" if absolute else ""]
    for part in [part for part in pattern.split("/") if part]:
        found = _step(fs, cwd, found, part, has_magic(part))[:MAX_MATCHES]
    return found


def _step(fs: FileSystem, cwd: str, bases: list[str], part: str, magic: bool) -> list[str]:
    found = []
    join: Callable[[str, str], str] = lambda base, name: base + name if base in ("", "/") else f"{base}/{name}"  # noqa: E731
    for base in bases:
        folder = normal(base or ".", cwd)
        if not magic:
            name = re.sub(r"\\(.)", r"\1", part)
            if fs.exists(normal(join(base, name), cwd)):
                found.append(join(base, name))
            continue
        if not fs.is_dir(folder):
            continue
        accept = compiled(part).fullmatch
        names = fs.names(folder)
        names += [".", ".."] if part.startswith(".") else []
        found += [join(base, name) for name in sorted(names) if (name[0] != "." or part[0] == ".") and accept(name)]
    return found
