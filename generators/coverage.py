"""Writes docs/COVERAGE.md from the records: what is done, what is simplified, what is absent.

    python generators/coverage.py [--check]

A command, controller or room is simplified where it may answer that something is not modelled; the sentences are its
own. A command is absent where it answers nothing else, or has no file.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import k8s_magic
from k8s_magic import controllers, kinds
from k8s_magic.kubectl import tree
from k8s_magic.runtime import images

PACKAGE = Path(k8s_magic.__file__).parent
PAGE = PACKAGE.parent / "docs" / "COVERAGE.md"
DONE, SIMPLIFIED, ABSENT = "done", "simplified", "absent"


@cache
def sentences(path: Path) -> tuple[str, ...]:
    """What a file raises Unsupported with; `{…}` stands for what is filled in."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _name(node.func) == "Unsupported" and node.args:
            text = _text(node.args[0])
            if text and text != "{…}":
                found.append(text)
    return tuple(dict.fromkeys(found))


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "{…}" for part in node.values)
    return ""


def only_refuses(path: Path) -> bool:
    """Whether `run` or `complete` is nothing but a refusal."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name in ("run", "complete"):
            body = [
                each for each in node.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
            ]
            if len(body) == 1 and isinstance(body[0], ast.Raise) and "Unsupported" in ast.dump(body[0]):
                return True
    return False


def files_of(module: Any) -> list[Path]:
    """A module's file, or all files of a package but those of its sub-commands."""
    path = Path(module.__file__)
    if path.name != "__init__.py":
        return [path]
    return sorted(each for each in path.parent.glob("*.py") if each == path or "COMMAND" not in each.read_text("utf-8"))


def said_in(paths: list[Path]) -> str:
    return "; ".join(sentence.rstrip(".") for path in paths for sentence in sentences(path))


def table(*rows: tuple[str, ...]) -> Iterator[str]:
    head, *rest = rows
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rest:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
    yield ""


def commands() -> Iterator[str]:
    rows: list[tuple[str, ...]] = [("command", "", "flags of its own", "what it says it does not model")]

    def walk(module: str, prefix: str) -> None:
        for command, path in tree.below(module):
            name = f"{prefix}{command.name}"
            here = files_of(importlib.import_module(path))
            refusals = said_in(here)
            state = ABSENT if any(map(only_refuses, here)) else SIMPLIFIED if refusals else DONE
            flags = " ".join(f"`--{flag.name}`" for flag in command.flags if not flag.hidden)
            if command.run is not None:
                rows.append((f"`{name}`", state, flags, refusals))
            if tree.is_group(path):
                walk(path, f"{name} ")

    walk(tree.ROOT, "")
    known = tree.children(tree.ROOT)
    for _, names in tree.GROUPS:
        rows.extend((f"`{name}`", ABSENT, "", "") for name in names if name not in known)
    yield f"## kubectl\n\n{count(rows)}\n"
    yield from table(*rows)


def count(rows: list[tuple[str, ...]]) -> str:
    states = [row[1] for row in rows[1:]]
    return ", ".join(f"{states.count(state)} {state}" for state in (DONE, SIMPLIFIED, ABSENT))


def kinds_table() -> Iterator[str]:
    loops = {record.name for record in controllers.discover()}
    yield "## Kinds\n"
    yield "Every kind is stored, watched, defaulted, patched and explained. What more there is:\n"
    rows: list[tuple[str, ...]] = [("kind", "version", "columns", "describe", "validation", "controller")]
    for kind in sorted(kinds.all_kinds(), key=lambda kind: (kind.gvk.kind, kind.gvr)):
        folder = PACKAGE / "kinds" / kind.gvk.kind.lower()
        names = [column.name for column in kind.columns]
        rows.append(
            (
                kind.gvk.kind,
                "/".join(filter(None, (kind.gvk.group, kind.gvk.version))),
                "" if names == ["Name", "Created At"] else ", ".join(names),
                "own" if kinds.describer(kind.gvk) is not None else "generic",
                "own" if (folder / "validation.py").exists() else "metadata",
                "yes" if kind.singular in loops else "",
            )
        )
    yield from table(*rows)


def controllers_table() -> Iterator[str]:
    yield "## Controllers\n"
    rows: list[tuple[str, ...]] = [("controller", "", "what it does", "what it says it does not model")]
    for found in sorted(pkgutil.iter_modules(controllers.__path__), key=lambda each: each.name):
        if not found.name.startswith("_"):
            module = importlib.import_module(f"{controllers.__name__}.{found.name}")
            paths = sorted(Path(module.__file__ or "").parent.glob("*.py")) if found.ispkg else files_of(module)
            refusals = said_in(paths)
            first = (module.__doc__ or "").strip().splitlines()[0]
            rows.append((module.CONTROLLER.name, SIMPLIFIED if refusals else DONE, first, refusals))
    yield from table(*rows)


def images_table() -> Iterator[str]:
    yield "## Images\n"
    yield "These behave as the real ones do where tutorials look; any other runs as a plain process that stays up.\n"
    rows: list[tuple[str, ...]] = [("image", "programs", "shell")]
    for found in sorted(pkgutil.iter_modules(images.__path__), key=lambda each: each.name):
        module = importlib.import_module(f"{images.__name__}.{found.name}")
        several = getattr(module, "IMAGES", None) or (module.IMAGE,)
        for image in several:
            rows.append(
                (
                    ", ".join(image.repositories),
                    ", ".join(sorted(image.programs)),
                    str(image.base) if image.base else "none",
                )
            )
    yield from table(*rows)


def rooms() -> Iterator[str]:
    yield "## What the rest says it does not model\n"
    for room in ("apiserver", "client", "cluster", "kubelet", "network", "runtime", "scheduler", "kinds", "machinery"):
        said = list(dict.fromkeys(each for path in sorted((PACKAGE / room).rglob("*.py")) for each in sentences(path)))
        if said:
            yield f"**{room}**\n"
            yield from (f"- {sentence.rstrip('.')}" for sentence in said)
            yield ""


def page() -> str:
    lines = [
        "<!-- Generated by generators/coverage.py; do not edit. -->",
        "# What is covered\n",
        "Out of the records of commands, kinds, controllers and images. *Simplified* is what may answer in a plain "
        "sentence that something is not modelled; *absent* is what answers nothing else. Nothing invents output.\n",
        *commands(),
        *kinds_table(),
        *controllers_table(),
        *images_table(),
        *rooms(),
    ]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    text = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
            print("docs/COVERAGE.md is not what the records say: run `make coverage`", file=sys.stderr)
            return 1
        return 0
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
