"""What axe-core finds in a page that is a serious or critical obstacle to somebody."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"


def serious(page: Page, selector: str = ".k8sm") -> list[str]:
    """Shape: `rule: the element`, of what is in the elements of a selector."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("async selector => (await axe.run({ include: [selector] })).violations", selector)
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
