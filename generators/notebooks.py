"""Writes the lessons' notebooks from their sources in notebooks/sources; a test holds them fresh.

    python generators/notebooks.py [NAME…]      all lessons, or those whose path contains a NAME
    python generators/notebooks.py --check      say which are stale, by their cells alone, and write nothing

A source is Markdown. Its fenced blocks become cells by the word behind the fence:

    run      a code cell
    try      a code cell that is left for the learner to fill
    answer   what fills the `try` cell before it: shown folded away, and put in its place by the tests

Each notebook is executed on a cluster without a wall clock, so that what it prints is the same every time. The static
pictures of the views are kept, their widgets are not.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
SOURCES = NOTEBOOKS / "sources"
LANGUAGES = ("en", "ja")
WIDGET = "application/vnd.jupyter.widget-view+json"
WORDS = {
    "en": {"solution": "One way to do it", "next": "Next", "other": "日本語", "end": "All lessons"},
    "ja": {"solution": "解答例", "next": "次へ", "other": "English", "end": "レッスン一覧"},
}
_BLOCK = re.compile(r"^```(run|try|answer)\n(.*?)^```\n", re.M | re.S)
_JAPANESE_LINE_END = re.compile(r"(?:(?<=[^\x00-\xff])\n *(?=[^\x00-\xff])|(?<=[、。」])\n *(?!\n|- |#|\||```))")
_CLOCK = re.compile(r"^(%(?:lesson|cluster new)\b.*)$", re.M)


class Part(NamedTuple):
    """`kind` is text, run, try or answer."""

    kind: str
    text: str


def sources() -> list[Path]:
    return sorted(SOURCES.glob("*/*.md"))


def target(source: Path) -> Path:
    return NOTEBOOKS / source.parent.name / f"{source.stem}.ipynb"


def parts(source: Path) -> list[Part]:
    found, end = [], 0
    text = source.read_text(encoding="utf-8")
    for block in _BLOCK.finditer(text):
        found.append(Part("text", _prose(text[end : block.start()])))
        found.append(Part(block[1], block[2].rstrip()))
        end = block.end()
    found.append(Part("text", _prose(text[end:])))
    return [part for part in found if part.text]


def _prose(text: str) -> str:
    """Japanese has no spaces between words, and a page would show the end of a line as one."""
    return _JAPANESE_LINE_END.sub("", text).strip()


def title_of(source: Path) -> str:
    return parts(source)[0].text.splitlines()[0].removeprefix("# ")


def _cells(source: Path, answered: bool) -> Iterator[Part]:
    """The cells: text, run or try."""
    language = source.parent.name
    words = WORDS[language]
    other = LANGUAGES[1 - LANGUAGES.index(language)]
    found = parts(source)
    title, _, opening = found[0].text.partition("\n")
    yield Part("text", f"{title}\n\n[{words['other']}](../{other}/{source.stem}.ipynb)\n{opening}")
    answers = _answers(found)
    for number, part in enumerate(found[1:], 1):
        if part.kind == "try" and answered:
            yield Part("run", answers[number])
        elif part.kind == "answer":
            fold = f"<details><summary>{words['solution']}</summary>\n\n```\n{part.text}\n```\n\n</details>"
            yield Part("text", fold)
        else:
            yield part
    following = [each for each in sources() if each.parent == source.parent and each.name > source.name]
    if following:
        yield Part("text", f"{words['next']}: [{title_of(following[0])}]({following[0].stem}.ipynb)")
    else:
        yield Part("text", f"[{words['end']}](../kubernetes-basics.ipynb)")


def _answers(found: list[Part]) -> dict[int, str]:
    """What fills each `try`, by its place."""
    answers: dict[int, str] = {}
    waiting = None
    for number, part in enumerate(found):
        if part.kind == "try":
            assert waiting is None, f"no answer to: {found[waiting or 0].text}"
            waiting = number
        elif part.kind == "answer":
            assert waiting is not None, f"no question to: {part.text}"
            answers[waiting] = part.text
            waiting = None
    assert waiting is None, "the last question has no answer"
    return answers


def notebook(source: Path, *, answered: bool = False) -> Any:
    """The notebook of a source, not executed."""
    cells = []
    for number, part in enumerate(_cells(source, answered)):
        make = nbformat.v4.new_markdown_cell if part.kind == "text" else nbformat.v4.new_code_cell
        cell = make(part.text, id=f"cell-{number:02}")
        if part.kind == "try":
            cell.metadata["tags"] = ["question"]
        cells.append(cell)
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def execute(made: Any) -> Any:
    """Run it with time that moves by commands only, and keep what can be shown without a kernel."""
    texts = [cell.source for cell in made.cells]
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.source = _CLOCK.sub(r"\1 --manual", cell.source)
    # Two kernels that start at the same time may choose the same TCP ports; files have a folder of their own.
    with TemporaryDirectory() as folder:
        sockets = Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}})
        NotebookClient(made, timeout=120, kernel_name="python3", config=sockets).execute()
    made.metadata.pop("widgets", None)
    made.metadata.language_info = {"name": "python"}
    for cell, text in zip(made.cells, texts, strict=True):
        cell.source = text
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = list(_kept(cell.outputs))
    return made


def _kept(outputs: list[Any]) -> Iterator[Any]:
    for name, chunks in groupby(outputs, key=lambda output: output.get("name")):
        if name is not None:
            yield nbformat.v4.new_output("stream", name=name, text="".join(chunk.text for chunk in chunks))
        else:
            yield from _shown(chunks)


def _shown(outputs: Iterable[Any]) -> Iterator[Any]:
    for output in outputs:
        if output.output_type not in ("display_data", "execute_result"):
            yield output
        elif data := {kind: text for kind, text in output.data.items() if kind != WIDGET}:
            yield nbformat.v4.new_output("display_data", data=data)


def printed(cell: Any) -> str:
    """What a code cell printed."""
    return "".join(output.text for output in cell.get("outputs", []) if output.output_type == "stream")


def bare(made: Any) -> str:
    """A notebook as text, without what its cells put out."""
    return "".join(f"{cell.cell_type} {cell.id} {cell.get('metadata')}\n{cell.source}\n" for cell in made.cells)


def main(words: list[str]) -> int:
    stale = 0
    for source in sources():
        path = target(source)
        name = str(path.relative_to(NOTEBOOKS))
        if "--check" in words:
            if not path.exists() or bare(nbformat.read(path, as_version=4)) != bare(notebook(source)):
                print(f"stale: {name}")
                stale = 1
        elif not words or any(word in name for word in words):
            made = execute(notebook(source))
            path.parent.mkdir(exist_ok=True)
            nbformat.write(made, path)
            print(name)
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
