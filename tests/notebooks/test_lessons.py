"""Each lesson runs as a learner meets it and with its questions answered, and is what its source makes of it."""

from __future__ import annotations

import base64
import importlib.util
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
_spec = importlib.util.spec_from_file_location("generator", ROOT / "generators" / "notebooks.py")
assert _spec is not None
assert _spec.loader is not None
generator = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generator)

SOURCES = generator.sources()
RIGHT = {"en": "✓ Right: ", "ja": "✓ 正解です。"}
MISSING = {"en": "Not yet: ", "ja": "まだです。"}
STALE = "run: python generators/notebooks.py"

pytestmark = pytest.mark.notebook
each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: f"{source.parent.name}/{source.stem}")


def checks(notebook) -> list[str]:
    return [generator.printed(cell) for cell in notebook.cells if "%check" in cell.source and cell.cell_type == "code"]


def everything(notebook) -> str:
    assert not [o for c in notebook.cells for o in c.get("outputs", []) if o.output_type == "error"]
    return "".join(generator.printed(cell) for cell in notebook.cells if cell.cell_type == "code")


def assert_nothing_strange(notebook) -> None:
    for word in ("Traceback", "command not found", "not part of this simulation", "unknown flag", "usage:", "%check:"):
        assert word not in everything(notebook)


def test_seven_lessons_in_two_languages() -> None:
    names = {language: [each.name for each in SOURCES if each.parent.name == language] for language in ("en", "ja")}
    assert len(names["en"]) == 7
    assert names["en"] == names["ja"]


@each_source
def test_as_committed_it_says_what_is_missing(source: Path) -> None:
    committed = nbformat.read(generator.target(source), as_version=4)
    nbformat.validate(committed)
    assert "widgets" not in committed.metadata
    assert generator.bare(committed) == generator.bare(generator.notebook(source)), STALE
    run = generator.execute(generator.notebook(source))
    assert_nothing_strange(run)
    said = checks(run)
    assert len(said) >= 3
    assert all(text.startswith(MISSING[source.parent.name]) for text in said), said
    for old, new in zip(committed.cells, run.cells, strict=True):
        if new.cell_type == "code":
            assert generator.printed(old) == generator.printed(new), STALE


@each_source
def test_with_its_questions_answered_every_check_is_right(source: Path) -> None:
    run = generator.execute(generator.notebook(source, answered=True))
    assert_nothing_strange(run)
    said = checks(run)
    assert len(said) >= 3
    assert all(text.startswith(RIGHT[source.parent.name]) for text in said), said


@pytest.mark.parametrize("name", [each.name for each in SOURCES if each.parent.name == "en"])
def test_both_languages_type_the_same(name: str) -> None:
    english, japanese = (_typed(generator.SOURCES / language / name) for language in ("en", "ja"))
    assert english == japanese


def _typed(source: Path) -> list[tuple[str, str]]:
    """What is typed, without comments and the language's name."""
    return [
        (part.kind, re.sub(r"^#.*$|(?<=^%lesson \d) ja$", "", part.text, flags=re.M))
        for part in generator.parts(source)
        if part.kind != "text"
    ]


def test_every_question_of_a_lesson_is_asked_in_it_and_no_other() -> None:
    from k8s_magic.magics import lessons

    found = lessons.discover()
    assert sorted(found) == [1, 2, 3, 4, 5, 6, 7]
    for source in SOURCES:
        text = "".join(part.text + "\n" for part in generator.parts(source) if part.kind in ("run", "try"))
        lesson = found[int(source.name[0])]
        assert list(dict.fromkeys(re.findall(r"^%check (\S+)", text, re.M))) == list(lesson.checks)
        assert f"{lesson.number}. {lesson.titles[source.parent.name]}" == generator.title_of(source)


@each_source
def test_the_committed_pictures_speak_the_lessons_language(source: Path) -> None:
    committed = nbformat.read(generator.target(source), as_version=4)
    shown = [
        output.data["text/html"] for cell in committed.cells for output in cell.get("outputs", []) if "data" in output
    ]
    pictures = [base64.b64decode(html.partition("base64,")[2].partition('"')[0]).decode() for html in shown]
    if any("%cluster rollout" in cell.source or "--view" in cell.source for cell in committed.cells):
        assert pictures
    for picture in pictures:
        assert bool(re.search("[ぁ-んァ-ヶ]", picture)) is (source.parent.name == "ja")


@each_source
def test_links_lead_somewhere(source: Path) -> None:
    made = generator.notebook(source)
    links = [link for cell in made.cells for link in re.findall(r"\]\(([^)]+\.ipynb)\)", cell.source)]
    assert len(links) >= 2
    for link in links:
        assert (generator.target(source).parent / link).resolve().exists(), link
