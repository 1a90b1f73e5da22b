"""The committed static pictures in a browser: no text stands on another or leaves its picture, in either language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "widgets").glob("*.svg"))
# Glyphs that stand on a bar on purpose are no texts.
READ = """() => {
    const svg = document.querySelector("svg").getBoundingClientRect();
    return [...document.querySelectorAll("svg text:not(.shout):not(.on)")].map((text) => {
        const box = text.getBoundingClientRect();
        return [text.textContent, box.left - svg.left, box.top - svg.top, box.right - svg.left, box.bottom - svg.top];
    }).concat([["", 0, 0, svg.width, svg.height]]);
}"""
# Letters have room above and below them that boxes count.
LEADING = 3


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_no_text_stands_on_another_or_outside(page: Page, path: Path) -> None:
    page.set_content(f'<body style="margin:0">{path.read_text("utf-8")}')
    *texts, (_, _, _, width, height) = page.evaluate(READ)
    assert texts
    outside = [text for text in texts if text[1] < 8 or text[3] > width - 8 or text[2] < 0 or text[4] > height]
    assert outside == []
    over = [(one[0], other[0]) for place, one in enumerate(texts) for other in texts[:place] if _touch(one, other)]
    assert over == []


def _touch(one: list[Any], other: list[Any]) -> bool:
    across = min(one[3], other[3]) - max(one[1], other[1])
    down = min(one[4], other[4]) - max(one[2], other[2])
    return across > 0.5 and down > LEADING
