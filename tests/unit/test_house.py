"""Habits of the house that no linter knows."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import k8s_magic

ROOT = Path(k8s_magic.__file__).parent
SOURCES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_small_and_say_what_they_promise(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 500
    assert text.startswith(('"""', "# Generated"))


def test_no_wall_clock_and_no_chance_of_its_own_outside_their_rooms() -> None:
    allowed = {"sim/pace.py", "sim/streams.py", "cluster/door.py", "widgets/hub.py"}
    forbidden = re.compile(
        r"^\s*(?:import|from) (?:random|time|uuid|secrets)\b|uuid4\(|datetime\.now|(?<!return )\bhash\(", re.M
    )
    found = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if str(path.relative_to(ROOT)) not in allowed
        and path.parent.name != "httpapi"
        and forbidden.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("package", "record"),
    [("controllers", "CONTROLLER"), ("kubectl.commands", "COMMAND"), ("runtime.images", "IMAGE")],
)
def test_every_file_exports_its_record(package: str, record: str) -> None:
    room = importlib.import_module(f"k8s_magic.{package}")
    names = [found.name for found in pkgutil.iter_modules(room.__path__) if not found.name.startswith("_")]
    assert names
    for name in names:
        module = importlib.import_module(f"k8s_magic.{package}.{name}")
        assert hasattr(module, record) or hasattr(module, f"{record}S"), name
