"""Rollout progress and the controls in a real JupyterLab."""

from __future__ import annotations

import json

import pytest
from jupyter_lab import SCREENSHOTS

pytestmark = pytest.mark.browser

CARD = ".k8sm-rollout[data-name='web']"


def counts(page) -> list[int]:
    return json.loads(page.get_attribute(CARD, "data-counts"))


def wait_state(page, state: str, seconds: float = 60) -> None:
    page.wait_for_selector(f"{CARD}[data-state='{state}']", timeout=seconds * 1000)


def test_a_rollout_is_seen_paused_undone_and_stuck(open_notebook) -> None:
    notebook = open_notebook(
        [
            "%load_ext k8s_magic\n%kubectl create deployment web --image=nginx:1.25 --replicas=8\n"
            "%kubectl rollout status deployment/web\n%cluster rollout web",
            "%kubectl set image deployment/web nginx=nginx:1.26",
            '%kubectl patch deployment web -p \'{"spec":{"progressDeadlineSeconds":30}}\'\n'
            "%kubectl set image deployment/web nginx=nginx:no-such-tag\n%cluster step 60s",
        ]
    )
    page = notebook.page
    cells = page.locator(".jp-CodeCell")

    def run(index: int) -> None:
        cells.nth(index).locator(".cm-content").click()
        notebook.command("notebook:run-cell")

    run(0)
    wait_state(page, "done")
    assert counts(page) == [0, 0, 0, 8, 8, 8, 6, 10]
    desired = page.locator(f"{CARD} .k8sm-bar .k8sm-desired").get_attribute("d")
    assert desired is not None
    ends = page.locator(f"{CARD} .k8sm-bar [data-part='newReady'] .k8sm-good").evaluate(
        "rect => Number(rect.getAttribute('x')) + Number(rect.getAttribute('width'))"
    )
    assert ends == pytest.approx(float(desired[1:].split()[0]), abs=0.3), "the bar ends at the desired line"

    run(1)
    wait_state(page, "rolling")
    page.wait_for_function(
        "card => JSON.parse(document.querySelector(card).dataset.counts)[2] > 0", arg=CARD, timeout=30_000
    )
    page.locator(".k8sm-controls [data-do='toggle']").click()
    page.wait_for_selector(".k8sm-controls[data-state='paused']", timeout=20_000)
    stood = page.inner_text(".k8sm-controls .k8sm-state")
    page.wait_for_timeout(1200)
    assert page.inner_text(".k8sm-controls .k8sm-state") == stood, "paused time stands still"
    before = counts(page)
    assert sum(before[:4]) <= 10
    page.locator(".k8sm-controls [data-step='1']").click()
    page.wait_for_function("was => document.querySelector('.k8sm-state').textContent !== was", arg=stood)
    SCREENSHOTS.mkdir(exist_ok=True)
    page.locator(".jp-OutputArea-output:has(.k8sm-rollouts)").screenshot(path=SCREENSHOTS / "rollout.png")

    page.locator(f"{CARD} [data-verb='pause']").click()
    page.wait_for_selector(f"{CARD} [data-verb='resume']", timeout=20_000)
    assert "deployment.apps/web paused" in page.inner_text(f"{CARD} .k8sm-answer")
    page.locator(f"{CARD} [data-verb='undo']").click()
    page.wait_for_function(
        "card => document.querySelector(card).querySelector('.k8sm-answer').textContent.includes('paused deployment')",
        arg=CARD,
    )
    page.locator(f"{CARD} [data-verb='resume']").click()
    page.wait_for_selector(f"{CARD} [data-verb='pause']", timeout=20_000)
    page.locator(".k8sm-controls [data-do='toggle']").click()
    page.locator(".k8sm-controls [data-speed='10']").click()
    wait_state(page, "done")
    page.wait_for_selector(".k8sm-controls [data-speed='10'][aria-pressed='true']")
    assert counts(page)[:4] == [0, 0, 0, 8]
    assert page.locator(f"{CARD} [data-left]").count() == 0, "the band was never left"

    run(2)
    wait_state(page, "stuck", 90)
    assert "ProgressDeadlineExceeded" in page.inner_text(f"{CARD} .k8sm-trouble")
    assert "ImagePullBackOff" in page.inner_text(f"{CARD} .k8sm-trouble")
    page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    page.wait_for_selector(".k8sm-rollouts.k8sm-dark", timeout=20_000)
    page.wait_for_selector("#jupyterlab-splash", state="detached", timeout=20_000)
    page.locator(".jp-OutputArea-output:has(.k8sm-rollouts)").screenshot(path=SCREENSHOTS / "rollout-dark.png")
    assert notebook.errors == []


def test_the_controls_are_reached_by_keyboard_under_the_grid_too(open_notebook) -> None:
    notebook = open_notebook(["%load_ext k8s_magic\n%cluster view", "%cluster rollout"])
    page = notebook.page
    notebook.run_all()
    page.wait_for_selector(".k8sm-rollouts", timeout=60_000)
    page.wait_for_function("() => document.querySelectorAll('.k8sm-controls').length === 2")
    first = page.locator(".k8sm-controls").first
    assert first.locator("[tabindex='0']").count() == 1
    first.locator("[data-do='toggle']").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.dataset.step") == "1"
    page.keyboard.press("p")
    page.wait_for_function("() => document.querySelectorAll('.k8sm-controls[data-state=paused]').length === 2")
    page.keyboard.press("p")
    page.wait_for_function("() => document.querySelectorAll('.k8sm-controls[data-state=running]').length === 2")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => document.querySelectorAll('.k8sm-controls [data-speed=\"10\"][aria-pressed=true]').length === 2"
    )
    page.locator(".k8sm-rollouts .k8sm-toggle").focus()
    page.keyboard.press("t")
    page.wait_for_selector(".k8sm-rollouts .k8sm-table table", timeout=10_000)
    assert notebook.errors == []
