"""The traffic view in a real JupyterLab: bars that grow by the sent count exactly, losses named, light and dark."""

from __future__ import annotations

import re

import pytest
from jupyter_lab import SCREENSHOTS

pytestmark = pytest.mark.browser

# Every frame that is drawn: what the bars add up to must be what was sent.
WATCH = """() => {
    window.bars = [];
    const card = document.querySelector('.k8sm-t-load');
    new MutationObserver(() => {
        const rows = [...card.querySelectorAll('.k8sm-t-row')];
        window.bars.push([Number(card.dataset.sent), rows.reduce((sum, row) => sum + Number(row.dataset.sent), 0)]);
    }).observe(card, { attributes: true, attributeFilter: ['data-sent'] });
}"""


def test_the_histogram_grows_by_the_sent_count_and_losses_are_named(open_notebook) -> None:
    notebook = open_notebook(
        [
            "%load_ext k8s_magic\n%kubectl create deployment web --image=nginx --replicas=4\n"
            "%kubectl expose deployment web --port=80\n%kubectl rollout status deployment/web",
            "%traffic svc/web --rate 200/s --view",
            "%kubectl set image deployment/web nginx=nginx:1.25\n%kubectl rollout status deployment/web\n"
            "%cluster step 2s",
            "%traffic svc/web --stop",
        ]
    )
    page = notebook.page
    cells = page.locator(".jp-CodeCell")

    def run(index: int) -> None:
        cells.nth(index).locator(".cm-content").click()
        notebook.command("notebook:run-cell")

    def wait_for(condition: str, seconds: float = 60) -> None:
        page.wait_for_function(condition, timeout=seconds * 1000)

    page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
    run(0)
    wait_for("() => document.body.innerText.includes('successfully rolled out')", 90)
    run(1)
    page.wait_for_selector(".k8sm-t-row[data-state='ready']", timeout=60_000)
    page.evaluate(WATCH)
    first = page.evaluate("() => [performance.now(), Number(document.querySelector('.k8sm-traffic').dataset.frames)]")
    wait_for("() => window.bars.length > 30")
    last = page.evaluate("() => [performance.now(), Number(document.querySelector('.k8sm-traffic').dataset.frames)]")
    assert (last[1] - first[1]) / (last[0] - first[0]) * 1000 < 15, "messages a second"

    run(2)  # without readiness probes a rolling update loses some
    wait_for("() => Number(document.querySelector('.k8sm-t-load').dataset.failed) > 0")
    wait_for("() => document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')[2].textContent === '[3]:'")
    wait_for("() => document.querySelectorAll('.k8sm-t-list li').length > 0")
    assert "it was not listening yet" in page.inner_text(".k8sm-t-losses")
    page.mouse.move(2, 2)
    SCREENSHOTS.mkdir(exist_ok=True)
    page.locator(".k8sm-traffic").screenshot(path=SCREENSHOTS / "traffic.png")

    run(3)
    wait_for("() => document.querySelector('.k8sm-t-load').dataset.running === 'false'")
    said = re.search(r"([\d,]+) sent, ([\d,]+) answered, ([\d,]+) lost", notebook.output(3))
    assert said is not None
    sent, answered, lost = (int(text.replace(",", "")) for text in said.groups())
    shown = page.evaluate("() => ({...document.querySelector('.k8sm-t-load').dataset})")
    assert (int(shown["sent"]), int(shown["failed"])) == (sent, lost)
    assert sent == answered + lost
    bars = page.evaluate("() => window.bars")
    assert all(counted == total for counted, total in bars)
    assert [counted for counted, _ in bars] == sorted(counted for counted, _ in bars)
    assert bars[-1] == [sent, sent]
    assert notebook.errors == []


def test_keyboard_table_dark_theme_and_an_end_that_leaves_nothing(open_notebook) -> None:
    notebook = open_notebook(
        [
            "%load_ext k8s_magic\n%kubectl create deployment shop --image=nginx --replicas=3\n"
            "%kubectl expose deployment shop --port=80\n%kubectl rollout status deployment/shop\n"
            "%traffic svc/shop --rate 900/s --pattern wave --keep-alive\n%cluster step 65s",
            "%traffic svc/shop --view",
            "%kubectl delete deployment shop --grace-period=0 --force\n%cluster step 3s",
        ]
    )
    page = notebook.page
    notebook.run_all()
    page.wait_for_selector(".k8sm-t-row[data-state='nobody']", timeout=120_000)
    page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    page.wait_for_selector(".k8sm-traffic.k8sm-dark", timeout=20_000)
    page.wait_for_selector("#jupyterlab-splash", state="detached", timeout=20_000)
    page.mouse.move(2, 2)
    SCREENSHOTS.mkdir(exist_ok=True)
    page.locator(".k8sm-traffic").screenshot(path=SCREENSHOTS / "traffic-dark.png")
    page.locator(".k8sm-t-row[tabindex='0']").focus()
    before = page.evaluate("() => document.activeElement.dataset.pod")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("() => document.activeElement.dataset.pod") != before
    assert "even share" in page.inner_text(".k8sm-traffic .k8sm-tip")
    page.keyboard.press("n")
    assert page.locator(".k8sm-t-mode [aria-pressed='true']").inner_text() == "Per second"
    page.keyboard.press("t")
    page.wait_for_selector(".k8sm-traffic .k8sm-table tbody tr")
    assert "no endpoint" in page.inner_text(".k8sm-traffic .k8sm-table")
    page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
    page.wait_for_selector(".k8sm-traffic:not(.k8sm-dark)", timeout=20_000)
    assert notebook.errors == []
