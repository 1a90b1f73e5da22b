"""All three views live on the kernels people have: ipykernel before 7, Binder's, the installed one; and Notebook 7."""

from __future__ import annotations

import importlib.metadata
import re
import secrets
from collections.abc import Iterator

import pytest
from jupyter_lab import SCREENSHOTS, Lab, Notebook
from kernels import register

pytestmark = pytest.mark.browser

INSTALLED = "installed"
READY = ".k8sm-grid [data-name^='web-'][data-state='ready']"
CARD = ".k8sm-rollout[data-name='web']"
BUSY = """import ipykernel, pathlib, time
print(ipykernel.__version__)
%kubectl scale deployment web --replicas={count}
until = time.monotonic() + 60
while not pathlib.Path("{flag}").exists() and time.monotonic() < until:
    sum(range(20_000))
print("seen" if pathlib.Path("{flag}").exists() else "not seen")"""
# Notebook 7 says this on many a start, of a notebook without a view too: its settings race. Our own
# code reads nothing called `schema`.
# Source: github.com/jupyter/notebook/issues/7862
NOTEBOOK_S_OWN = "Cannot read properties of undefined (reading 'schema')"
# Every frame that is drawn: what the bars add up to must be what was sent.
WATCH = """() => {
    window.bars = [];
    const card = document.querySelector('.k8sm-t-load');
    new MutationObserver(() => {
        const rows = [...card.querySelectorAll('.k8sm-t-row')];
        window.bars.push([Number(card.dataset.sent), rows.reduce((sum, row) => sum + Number(row.dataset.sent), 0)]);
    }).observe(card, { attributes: true, attributeFilter: ['data-sent'] });
}"""


def run(notebook: Notebook, index: int) -> None:
    notebook.page.locator(".jp-CodeCell").nth(index).locator(".cm-content").click()
    notebook.command("notebook:run-cell")


def wait_ready_while_busy(notebook: Notebook, count: int, index: int) -> None:
    """Until so many Pods are drawn ready, at an instant at which the cell of this index still runs."""
    notebook.page.wait_for_function(
        """([selector, count, index]) => document.querySelectorAll(selector).length === count
            && document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')[index].textContent === '[*]:'""",
        arg=[READY, count, index],
        timeout=50_000,
    )


def wait_done(notebook: Notebook, index: int, seconds: float = 60) -> None:
    notebook.page.wait_for_function(
        r"""index => /\[\d+\]/.test(
            document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')[index].textContent)""",
        arg=index,
        timeout=seconds * 1000,
    )


@pytest.mark.parametrize("version", ["6.31.0", "7.0.1", INSTALLED])
def test_grid_rollout_and_traffic_live_on(version: str, open_notebook, lab, page) -> None:
    kernel = "python3" if version == INSTALLED else register(lab.data, version)
    flag = f"seen-{secrets.token_hex(4)}"
    page.set_viewport_size({"width": 1280, "height": 2800})  # all views in sight at once
    notebook = open_notebook(
        [
            "%load_ext k8s_magic\n%kubectl create deployment web --image=nginx --replicas=3\n"
            "%kubectl expose deployment web --port=80\n%kubectl rollout status deployment/web",
            "%cluster view",
            "%cluster rollout web",
            "%traffic svc/web --rate 200/s --view",
            BUSY.format(count=5, flag=flag),
            "%traffic svc/web --stop",
        ],
        kernel=kernel,
    )
    for index in range(4):
        run(notebook, index)
    page.wait_for_function("s => document.querySelectorAll(s).length === 3", arg=READY, timeout=90_000)
    page.wait_for_selector(f"{CARD}[data-state='done']", timeout=60_000)
    page.wait_for_selector(".k8sm-t-row[data-state='ready']", timeout=60_000)
    page.evaluate(WATCH)

    run(notebook, 4)  # computes without a pause until its Pods were seen
    wait_ready_while_busy(notebook, 5, 4)
    (lab.folder / flag).touch()
    wait_done(notebook, 4)
    expected = importlib.metadata.version("ipykernel") if version == INSTALLED else version
    said = notebook.output(4).split()
    assert (said[0], said[-1]) == (expected, "seen")

    # The bar ends at the desired line: five of five.
    page.wait_for_function(
        """card => {
            const view = document.querySelector(card);
            return view.dataset.state === 'done' && JSON.parse(view.dataset.counts)[3] === 5;
        }""",
        arg=CARD,
        timeout=60_000,
    )
    desired = page.locator(f"{CARD} .k8sm-bar .k8sm-desired").get_attribute("d")
    assert desired is not None
    page.wait_for_function(
        """([bar, line]) => {
            const rect = document.querySelector(bar);
            return Math.abs(Number(rect.getAttribute('x')) + Number(rect.getAttribute('width')) - line) < 0.3;
        }""",
        arg=[f"{CARD} .k8sm-bar [data-part='newReady'] .k8sm-good", float(desired[1:].split()[0])],
        timeout=10_000,
    )

    run(notebook, 5)
    page.wait_for_function("() => document.querySelector('.k8sm-t-load').dataset.running === 'false'", timeout=60_000)
    wait_done(notebook, 5)
    told = re.search(r"([\d,]+) sent, ([\d,]+) answered, ([\d,]+) lost", notebook.output(5))
    assert told is not None
    sent, answered, lost = (int(text.replace(",", "")) for text in told.groups())
    bars = page.evaluate("() => window.bars")
    assert sent == answered + lost
    assert bars[-1] == [sent, sent]
    assert all(counted == total for counted, total in bars)
    SCREENSHOTS.mkdir(exist_ok=True)
    page.mouse.move(2, 2)
    page.screenshot(path=SCREENSHOTS / f"views-ipykernel-{version}.png")
    assert notebook.errors == []


@pytest.fixture
def notebook_7(tmp_path) -> Iterator[Lab]:
    server = Lab(tmp_path, app="notebook")
    yield server
    server.close()


def test_the_grid_lives_in_notebook_7(open_notebook, notebook_7, page) -> None:
    flag = f"seen-{secrets.token_hex(4)}"
    notebook = open_notebook(
        [
            "%load_ext k8s_magic\n%kubectl create deployment web --image=nginx\n%cluster view",
            BUSY.format(count=4, flag=flag),
            "%kubectl delete deployment web",
        ],
        server=notebook_7,
    )
    assert page.evaluate("() => window.jupyterapp.name") == "Jupyter Notebook"
    run(notebook, 0)
    page.wait_for_selector(".k8sm-node[data-node='node-3']", timeout=60_000)
    run(notebook, 1)
    wait_ready_while_busy(notebook, 4, 1)
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "grid-notebook-7.png")
    (notebook_7.folder / flag).touch()
    wait_done(notebook, 1)
    assert notebook.output(1).split()[-1] == "seen"
    run(notebook, 2)
    page.wait_for_function(
        "() => document.querySelectorAll(\".k8sm-grid [data-name^='web-']\").length === 0", timeout=60_000
    )
    assert [error for error in notebook.errors if error != NOTEBOOK_S_OWN] == []
