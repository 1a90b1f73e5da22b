"""The traffic view's `mount` in a plain page without Jupyter: every state, Japanese, narrow pages, a clean end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jupyter_lab import SCREENSHOTS
from playwright.sync_api import Page

from k8s_magic.cluster import Cluster
from k8s_magic.widgets.hub import STATIC

pytestmark = pytest.mark.browser

HARNESS = """async ({ source, css, language, loads }) => {
    document.head.append(Object.assign(document.createElement('style'), { textContent: css }));
    const views = await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
    const el = document.body.appendChild(document.createElement('div'));
    const store = new views.Store();
    const count = { added: 0, removed: 0 };
    const add = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function (type, handler, options) {
        count.added += 1;
        options?.signal?.addEventListener && add.call(options.signal, 'abort', () => (count.removed += 1));
        return add.call(this, type, handler, options);
    };
    const remove = EventTarget.prototype.removeEventListener;
    EventTarget.prototype.removeEventListener = function (...words) {
        count.removed += 1;
        return remove.apply(this, words);
    };
    const unmount = views.mountTraffic(el, store, { language });
    const added = count.added;
    let seq = 0;
    window.feed = (loads) => store.accept({ seq: ++seq, key: seq === 1, time: seq * 1e6, speed: 1, paused: false,
        traffic: { all: seq === 1, loads } });
    window.down = () => {
        count.removed = 0;
        unmount();
        return { left: el.children.length, listeners: store.listeners.size, added, removed: count.removed };
    };
    window.feed(loads);
}"""


@pytest.fixture(scope="module")
def loads() -> list[list[dict[str, Any]]]:
    """The figures before, during and after Pods are lost in every way."""
    cluster = Cluster(nodes=3, seed=7)
    cluster.kubectl("create deployment web --image=nginx --replicas=4")
    cluster.kubectl("expose deployment web --port=80")
    cluster.run(20)
    cluster.traffic("svc/web", "12k/s", pattern="spike")
    cluster.run(25)
    pictures = [cluster.loads()]
    cluster.kubectl("set image deployment/web nginx=nginx:1.25")
    cluster.run(7)
    cluster.fail("node-2")
    cluster.run(6)
    pictures.append(cluster.loads())
    cluster.kubectl("scale deployment web --replicas=0")
    cluster.run(3)
    return [*pictures, cluster.loads()]


def mount(page: Page, loads: list[dict[str, Any]], language: str = "en") -> None:
    page.set_content("<!doctype html><html lang='en'><body style='margin: 12px'></body></html>")
    source, css = ((STATIC / name).read_text(encoding="utf-8") for name in ("views.js", "views.css"))
    page.evaluate(HARNESS, {"source": source, "css": css, "language": language, "loads": loads})


def test_every_row_is_drawn_and_nothing_is_left_behind(page: Page, loads: list[list[dict[str, Any]]]) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    mount(page, loads[0])
    for picture in loads:
        page.evaluate("loads => window.feed(loads)", picture)
        (report,) = picture
        rows = page.eval_on_selector_all(".k8sm-t-row", "rows => rows.map((row) => Number(row.dataset.sent))")
        assert sum(rows) == report["sent"]
        causes = page.eval_on_selector_all(".k8sm-t-cause", "all => all.map((one) => one.dataset.cause)")
        assert set(causes) == set(report["errors"])
    assert {"timeout", "refused"} <= set(loads[-1][0]["errors"])
    SCREENSHOTS.mkdir(exist_ok=True)
    page.evaluate("loads => window.feed(loads)", loads[1])
    page.wait_for_timeout(300)
    page.locator(".k8sm-traffic").screenshot(path=SCREENSHOTS / "traffic-lost.png")
    left = page.evaluate("() => window.down()")
    assert (left["left"], left["listeners"]) == (0, 0)
    assert left["added"] == left["removed"] > 0
    assert errors == []


def test_japanese_on_a_narrow_page(page: Page, loads: list[list[dict[str, Any]]]) -> None:
    page.set_viewport_size({"width": 420, "height": 900})
    mount(page, loads[1], "ja")
    text = page.inner_text(".k8sm-traffic")
    assert "Serviceのトラフィック" in text
    assert "まだ待ち受けていませんでした" in text
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    page.wait_for_timeout(300)
    page.locator(".k8sm-traffic").screenshot(path=SCREENSHOTS / "traffic-ja.png")


def test_an_empty_view_says_how_to_begin(page: Page) -> None:
    mount(page, [])
    assert "%traffic svc/web --rate 50/s" in page.inner_text(".k8sm-traffic")
    assert json.loads(page.evaluate("() => JSON.stringify(window.down())"))["left"] == 0
