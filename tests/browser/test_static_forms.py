"""The views where no kernel is: a saved notebook opened again, one that is not trusted, and nbconvert's HTML."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_lab import Lab, Notebook
from nbconvert import HTMLExporter

pytestmark = pytest.mark.browser

STATE = "application/vnd.jupyter.widget-state+json"
CELLS = [
    "%load_ext k8s_magic\n%cluster speed 5\n%kubectl create deployment web --image=nginx --replicas=3\n"
    "%kubectl expose deployment web --port=80\n%kubectl rollout status deployment/web\n%traffic svc/web --rate 100/s",
    "%cluster step 5s\n%cluster view",
    "%cluster rollout web",
    "%traffic svc/web --view",
]
READY = ".k8sm-grid [data-name^='web-'][data-state='ready']"
# The pictures of the static forms, once they are drawn: what is said in their place, and how wide they are.
PICTURES = """() => [...document.querySelectorAll('img[alt]')]
    .filter((image) => image.src.startsWith('data:image/svg+xml') && image.complete)
    .map((image) => [image.alt, image.naturalWidth, image.naturalHeight, image.clientWidth])"""


def packed(saved: dict[str, Any]) -> list[dict[str, Any]]:
    """The pictures that a saved notebook carries for its views."""
    states = saved["metadata"].get("widgets", {}).get(STATE, {}).get("state", {})
    buffers = [each["data"] for state in states.values() for each in state.get("buffers", [])]
    return [json.loads(zlib.decompress(base64.b64decode(each))) for each in buffers]


def is_whole(picture: dict[str, Any]) -> bool:
    pods = [pod for pod in picture["pods"] if pod[2].startswith("web-") and pod[5] == "ready"]
    return len(pods) == 3 and bool(picture.get("rollouts")) and bool(picture["traffic"]["loads"])


@pytest.fixture(scope="module")
def saved(lab: Lab, opened) -> Iterator[str]:
    """The name of a notebook with all three views that was run and saved with its views' state."""
    with opened(lab, CELLS) as notebook:
        notebook.start(4)
        notebook.wait("s => document.querySelectorAll(s).length === 3", READY)
        notebook.page.wait_for_selector(".k8sm-t-row[data-state='ready']")
        path = lab.folder / notebook.name
        for _ in range(60):  # the snapshot is some seconds behind
            notebook.command("docmanager:save")
            notebook.page.wait_for_timeout(500)
            if any(is_whole(picture) for picture in packed(json.loads(path.read_text("utf-8")))):
                break
        else:
            pytest.fail("the saved notebook carries no whole picture")
        notebook.check(with_updates=False)
        notebook.page.evaluate("() => window.jupyterapp.serviceManager.sessions.shutdownAll()")
        yield notebook.name


def without_state(path: Path) -> nbformat.NotebookNode:
    """A notebook as it is committed."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.pop("widgets")
    return notebook


def assert_pictures(found: list[list[Any]]) -> None:
    for (alt, width, height, shown), words in zip(found, WORDS, strict=True):
        assert alt.startswith(words)
        assert width > 300, alt
        assert height > 60, alt
        assert shown > 300, alt


WORDS = ["Nodes and Pods of the cluster", "Rollout progress", "default/web from a pod"]


def test_opened_again_it_shows_the_last_picture_without_a_kernel(saved: str, lab: Lab, page) -> None:
    page.set_viewport_size({"width": 1280, "height": 2400})
    again = Notebook(lab, page, saved)
    again.wait("s => document.querySelectorAll(s).length === 3", READY)
    assert "last picture" in page.inner_text(".k8sm-grid .k8sm-clock")
    assert json.loads(page.get_attribute(".k8sm-rollout[data-name='web']", "data-counts"))[:4] == [0, 0, 0, 3]
    page.wait_for_selector(".k8sm-rollout .k8sm-bar [data-part='newReady']")
    sent = int(page.get_attribute(".k8sm-t-load", "data-sent"))
    rows = page.eval_on_selector_all(".k8sm-t-row", "rows => rows.map((row) => Number(row.dataset.sent))")
    assert sent == sum(rows) >= 500
    assert page.locator(".k8sm-controls[data-state='last']").count() == 3
    page.locator(READY).first.click()
    assert "Deployment/web" in page.inner_text(".k8sm-story")
    page.locator(".k8sm-grid .k8sm-head .k8sm-toggle").click()
    assert page.locator(".k8sm-grid > .k8sm-table tbody tr").count() >= 12
    again.wait("() => !('interval' in window.watched.open())", seconds=20)
    again.shoot(".jp-Notebook", "saved")
    assert [error for error in again.errors if "k8sm" in error] == []


def test_where_it_is_not_trusted_the_pictures_are_shown_and_nothing_runs(saved: str, lab: Lab, page) -> None:
    notebook = without_state(lab.folder / saved)
    evil = '<img alt="evil" src="data:," onerror="window.ran = true"><script>window.ran = true</script><svg></svg>'
    notebook.cells.append(
        nbformat.v4.new_code_cell("evil", outputs=[nbformat.v4.new_output("display_data", {"text/html": evil})])
    )
    nbformat.write(notebook, lab.folder / "untrusted.ipynb")  # nobody has signed it
    page.set_viewport_size({"width": 1280, "height": 2400})
    opened = Notebook(lab, page, "untrusted.ipynb")
    opened.wait(f"() => ({PICTURES})().length === 3", seconds=30)
    trust = "() => window.jupyterapp.shell.currentWidget.content.widgets.map(({ model }) => model.trusted)"
    assert page.evaluate(trust) == [False] * 5
    assert_pictures(page.evaluate(PICTURES))
    assert page.locator(".k8sm").count() == 0, "no view runs"
    assert page.evaluate("() => window.ran") is None
    assert page.locator(".jp-RenderedHTMLCommon :is(script, svg)").count() == 0
    assert "Error displaying widget" not in page.inner_text(".jp-Notebook")
    assert opened.open() == {}
    opened.shoot(".jp-Notebook", "untrusted")
    assert opened.errors == []


def test_nbconvert_shows_the_pictures_without_a_script_or_a_network(saved: str, lab: Lab, browser) -> None:
    html, _ = HTMLExporter().from_notebook_node(without_state(lab.folder / saved))
    context = browser.new_context(viewport={"width": 1280, "height": 1600}, java_script_enabled=False, offline=True)
    page = context.new_page()
    page.set_content(html, wait_until="domcontentloaded")
    images = page.locator("img[alt]").all()
    for image, words in zip(images, WORDS, strict=True):
        image.scroll_into_view_if_needed()
        assert (image.get_attribute("alt") or "").startswith(words)
        box = image.bounding_box()
        assert box is not None
        assert box["width"] > 300
        assert box["height"] > 60
    page.screenshot(path=Path(__file__).parent / "screenshots" / "nbconvert.png", full_page=True)
    context.close()
