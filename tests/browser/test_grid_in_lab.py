"""The node and Pod grid in a real JupyterLab: what a person sees while Pods come and go."""

from __future__ import annotations

import base64
import json
import time
import zlib

import pytest
from jupyter_lab import SCREENSHOTS, Notebook

pytestmark = pytest.mark.browser

READY = "[data-name^='web-'][data-state='ready']"


def wait_for_cells(page, count: int, selector: str = READY, seconds: float = 60) -> None:
    page.wait_for_function(
        "([selector, count]) => document.querySelectorAll(selector).length === count",
        arg=[selector, count],
        timeout=seconds * 1000,
    )


def test_pods_appear_change_and_vanish_while_the_kernel_is_idle_or_busy(open_notebook) -> None:
    notebook = open_notebook(
        [
            "%load_ext k8s_magic\n%cluster view",
            "%kubectl create deployment web --image=nginx --replicas=3",
            "import time\n%kubectl scale deployment web --replicas=5\ntime.sleep(6)",
            "%kubectl delete deployment web",
        ]
    )
    page = notebook.page
    states: list[str] = []
    page.expose_function("seen", lambda state: states.append(state))
    page.evaluate(
        """() => new MutationObserver((changes) => {
            for (const change of changes)
                if (change.target.dataset?.name?.startsWith('web-')) window.seen(change.target.dataset.state);
        }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-state'] })"""
    )
    cells = page.locator(".jp-CodeCell")

    def run(index: int) -> None:
        cells.nth(index).locator(".cm-content").click()
        notebook.command("notebook:run-cell")

    run(0)
    page.wait_for_selector(".k8sm-node[data-node='node-3']", timeout=60_000)
    run(1)
    wait_for_cells(page, 3)
    slots = page.eval_on_selector_all(READY, "cells => cells.map((cell) => [cell.dataset.uid, cell.dataset.slot])")
    run(2)  # busy: the cell sleeps while its Pods start
    wait_for_cells(page, 5, seconds=5.5)
    after = dict(
        page.eval_on_selector_all(READY, "cells => cells.map((cell) => [cell.dataset.uid, cell.dataset.slot])")
    )
    assert all(after[uid] == slot for uid, slot in slots), "a Pod keeps its slot for life"
    SCREENSHOTS.mkdir(exist_ok=True)
    page.locator(".k8sm-grid").screenshot(path=SCREENSHOTS / "grid.png")
    page.wait_for_function("() => document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')[2].textContent === '[3]:'")
    run(3)
    wait_for_cells(page, 0, "[data-name^='web-']")
    assert {"creating", "ready", "terminating"} <= set(states)
    assert notebook.errors == []


def test_an_interrupted_watch_is_clean(open_notebook) -> None:
    notebook = open_notebook(
        ["%load_ext k8s_magic", "answer = %kubectl get pods -A -w", "print(answer.exit_code)", "%kubectl get nodes"]
    )
    page = notebook.page
    notebook.run_all()
    page.wait_for_function("() => document.body.innerText.includes('kube-system')", timeout=60_000)
    notebook.interrupt()
    page.wait_for_function("() => document.body.innerText.includes('^C')", timeout=30_000)
    # The interrupt cancels the cells that waited; the rest of the notebook goes on as if nothing had been.
    for index in (2, 3):
        page.locator(".jp-CodeCell").nth(index).locator(".cm-content").click()
        notebook.command("notebook:run-cell")
    page.wait_for_function("() => document.body.innerText.includes('control-plane')", timeout=60_000)
    assert notebook.output(2).strip() == "130"
    assert "Traceback" not in page.inner_text(".jp-Notebook")
    assert notebook.errors == []


def test_keyboard_table_and_dark_theme(open_notebook) -> None:
    notebook = open_notebook(["%load_ext k8s_magic\n%cluster view"])
    page = notebook.page
    notebook.run_all()
    page.wait_for_selector(".k8sm-cell[data-uid]", timeout=60_000)
    page.locator(".k8sm-cell[data-uid]").first.focus()
    first = page.evaluate("() => document.activeElement.dataset.uid")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.dataset.uid") != first
    assert "kube-system/" in page.inner_text(".k8sm-tip")
    page.keyboard.press("Escape")
    assert page.locator(".k8sm-tip").is_hidden()
    page.keyboard.press("t")
    page.wait_for_selector(".k8sm-table tbody tr")
    assert "kube-apiserver" in page.inner_text(".k8sm-table")
    page.keyboard.press("t")
    # The command's promise may stay open: it is not waited for.
    page.evaluate(
        "() => { window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' }); }"
    )
    page.wait_for_selector(".k8sm.k8sm-dark", timeout=20_000)
    SCREENSHOTS.mkdir(exist_ok=True)
    page.locator(".k8sm-grid").screenshot(path=SCREENSHOTS / "grid-dark.png")
    counts = json.loads(page.get_attribute(".k8sm-grid", "data-counts"))
    assert counts["ready"] >= 9
    assert notebook.errors == []


def test_several_views_of_one_cluster_agree_and_speak_the_language_that_is_set(open_notebook) -> None:
    notebook = open_notebook(
        [
            "%load_ext k8s_magic\n%cluster view",
            "%cluster view --select deployment/web",
            "%config K8sMagic.language = 'ja'",
        ]
    )
    page = notebook.page
    notebook.run_all()
    page.wait_for_function("() => document.querySelectorAll(\".k8sm-grid[lang='ja']\").length === 2", timeout=60_000)
    page.wait_for_function("() => document.querySelector('.k8sm-summary').textContent.includes('ノード 4 台')")
    page.wait_for_function(
        """() => {
            const views = [...document.querySelectorAll('.k8sm-grid')].map((view) => view.dataset.counts);
            return views.length === 2 && views[0] && views[0] === views[1];
        }""",
        timeout=30_000,
    )
    assert notebook.errors == []


def test_a_saved_notebook_shows_its_last_picture_without_a_kernel(open_notebook, lab) -> None:
    notebook = open_notebook(["%load_ext k8s_magic\n%cluster view", "%kubectl create deployment web --image=nginx"])
    page = notebook.page
    notebook.run_all()
    wait_for_cells(page, 1)
    path = lab.folder / notebook.name
    deadline = time.monotonic() + 60
    while True:  # the snapshot is some seconds behind
        notebook.command("docmanager:save")
        page.wait_for_timeout(1000)
        saved = json.loads(path.read_text("utf-8"))
        states = (
            saved["metadata"].get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
        )
        packed = [each["data"] for state in states.values() for each in state.get("buffers", [])]
        pictures = [json.loads(zlib.decompress(base64.b64decode(each))) for each in packed]
        if any(pod[2].startswith("web-") and pod[5] == "ready" for picture in pictures for pod in picture["pods"]):
            break
        assert time.monotonic() < deadline
    output = saved["cells"][0]["outputs"][0]["data"]
    assert "".join(output["text/html"]).startswith("<img alt=")
    # Another page and a kernel that knows nothing of the cluster.
    page.evaluate("() => window.jupyterapp.serviceManager.sessions.shutdownAll()")
    page.goto("about:blank")
    again = Notebook(lab, page, notebook.name)
    page.wait_for_selector(READY, timeout=60_000)
    assert "last picture" in page.inner_text(".k8sm-clock")
    page.locator(READY).first.click()
    assert "Deployment/web" in page.inner_text(".k8sm-story")
    assert [error for error in again.errors if "k8sm" in error] == []


def test_a_rollout_of_many_pods_is_no_message_storm(open_notebook) -> None:
    notebook = open_notebook(
        ["%load_ext k8s_magic\n%cluster view", "%kubectl create deployment web --image=nginx --replicas=60"]
    )
    page = notebook.page
    heard: list[float] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: note(data)))

    def note(data: bytes | str) -> None:
        if b"comm_msg" in (data if isinstance(data, bytes) else data.encode()):
            heard.append(time.monotonic())

    page.reload()
    page.wait_for_function("window.jupyterapp && window.jupyterapp.restored", timeout=90_000)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
    page.wait_for_timeout(2000)
    notebook.run_all()
    wait_for_cells(page, 60)
    assert heard, "frames come as comm messages"
    seconds = [sum(1 for instant in heard if start <= instant < start + 1) for start in heard]
    assert max(seconds) <= 15
    assert notebook.errors == []
