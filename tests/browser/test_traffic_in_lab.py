"""The traffic view in a real JupyterLab, on each kernel: bars that grow by the sent count exactly, losses named."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe import serious
from jupyter_lab import Notebook

pytestmark = pytest.mark.browser

VIEW = ".k8sm-traffic"
LOAD = ".k8sm-t-load"
SERVE = "%cluster speed 5\n%kubectl create deployment web --image=nginx --replicas={count}\n\
%kubectl expose deployment web --port=80\n%kubectl rollout status deployment/web"
# Every frame that is drawn: what the bars add up to must be what was sent.
WATCH = """() => {
    window.bars = [];
    const card = document.querySelector('.k8sm-t-load');
    const look = () => {
        const rows = [...card.querySelectorAll('.k8sm-t-row')];
        const shown = Number(card.querySelector('.k8sm-t-count-sent b').textContent.replaceAll(/\\D/g, ''));
        const sum = rows.reduce((all, row) => all + Number(row.dataset.sent), 0);
        window.bars.push([Number(card.dataset.sent), shown, sum]);
    };
    new MutationObserver(look).observe(card, { attributes: true, attributeFilter: ['data-sent'] });
    look();
}"""


@pytest.fixture(scope="module")
def notebook(kernel: str, lab, opened) -> Iterator[Notebook]:
    with opened(lab, ["%load_ext k8s_magic", "", ""], kernel) as notebook:
        notebook.start(1)
        yield notebook


@pytest.fixture
def traffic(notebook: Notebook) -> Iterator[Notebook]:
    """The notebook with a fresh cluster; its second cell is for the view, the last for what a test types."""
    since = notebook.now()
    notebook.fresh()
    yield notebook
    notebook.check(since, with_updates=False)


def view(notebook: Notebook, words: str) -> None:
    """Send load, and look at it."""
    notebook.run(1, f"%traffic svc/web {words} --view")
    notebook.wait_done(1)
    notebook.page.wait_for_selector(f"{LOAD}[data-running='true']")


def test_the_histogram_grows_by_the_sent_count_and_losses_are_named(traffic: Notebook) -> None:
    page = traffic.page
    traffic.do(SERVE.format(count=4))
    view(traffic, "--rate 200/s")
    page.evaluate(WATCH)
    # Without readiness probes a rolling update loses some.
    traffic.do("%kubectl set image deployment/web nginx=nginx:1.25\n%kubectl rollout status deployment/web")
    traffic.wait("() => Number(document.querySelector('.k8sm-t-load').dataset.failed) > 0", seconds=20)
    page.wait_for_selector(".k8sm-t-list li")
    assert "it was not listening yet" in page.inner_text(".k8sm-t-losses")
    traffic.shoot(VIEW, "traffic")
    told = traffic.do("%traffic svc/web --stop")
    page.wait_for_selector(f"{LOAD}[data-running='false']")
    said = re.search(r"([\d,]+) sent, ([\d,]+) answered, ([\d,]+) lost", told)
    assert said is not None
    sent, answered, lost = (int(text.replace(",", "")) for text in said.groups())
    shown = page.evaluate("() => ({...document.querySelector('.k8sm-t-load').dataset})")
    assert (int(shown["sent"]), int(shown["failed"])) == (sent, lost)
    assert sent == answered + lost
    bars = page.evaluate("() => window.bars")
    assert len(bars) > 10
    assert [bar for bar in bars if len(set(bar)) > 1] == [], "data, number and bars are one"
    assert [counted for counted, _, _ in bars] == sorted(counted for counted, _, _ in bars)
    assert bars[-1] == [sent, sent, sent]


def test_the_bars_grow_by_what_a_step_sends(traffic: Notebook) -> None:
    page = traffic.page
    traffic.do(SERVE.format(count=2))
    view(traffic, "--rate 100/s")
    page.locator(f"{VIEW} + .k8sm-controls [data-do='toggle']").click()
    page.wait_for_selector(".k8sm-controls[data-state='paused']")
    sums = "() => [...document.querySelectorAll('.k8sm-t-row')].reduce((sum, row) => sum + Number(row.dataset.sent), 0)"
    before = page.evaluate(sums)
    for step, more in (("1", 100), ("10", 1000)):
        page.locator(f".k8sm-controls [data-step='{step}']").click()
        traffic.wait(f"sent => ({sums})() === sent", before + more, 20)
        before += more
    # And the bars are as long as their numbers.
    parts = page.eval_on_selector_all(
        ".k8sm-t-row",
        """rows => {
            const width = (row) => parseFloat(row.querySelector('.k8sm-t-ok').style.width);
            return rows.map((row) => [Number(row.dataset.sent), width(row)]);
        }""",
    )
    ratios = [width / sent for sent, width in parts]
    assert ratios == pytest.approx([ratios[0]] * len(ratios), rel=0.001)


def test_keyboard_modes_table_and_nobody_who_answers_in_light_and_dark(traffic: Notebook) -> None:
    page = traffic.page
    traffic.do(SERVE.format(count=3))
    view(traffic, "--rate 900/s --pattern wave --keep-alive")
    traffic.do("%cluster step 65s\n%kubectl delete deployment web --grace-period=0 --force\n%cluster step 3s")
    page.wait_for_selector(".k8sm-t-row[data-state='nobody']")
    for is_dark in (True, False):
        traffic.theme(is_dark)
        assert serious(page, VIEW) == []
        if is_dark:
            traffic.shoot(VIEW, "traffic-dark")
    page.locator(".k8sm-t-row[tabindex='0']").focus()
    assert page.locator(".k8sm-t-row[tabindex='0']").count() == 1, "one stop for the tab key"
    before = page.evaluate("() => document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") != before
    assert "even share" in page.inner_text(f"{VIEW} .k8sm-tip")
    page.keyboard.press("Escape")
    assert page.locator(f"{VIEW} .k8sm-tip").is_hidden()
    page.keyboard.press("n")
    assert page.locator(".k8sm-t-mode [aria-pressed='true']").inner_text() == "Per second"
    page.locator(".k8sm-t-mode button").first.click()
    assert page.locator(".k8sm-t-mode [aria-pressed='true']").inner_text() == "Total"
    page.keyboard.press("t")
    page.wait_for_selector(f"{VIEW} .k8sm-table tbody tr")
    assert "no endpoint" in page.inner_text(f"{VIEW} .k8sm-table")
    assert serious(page, VIEW) == []
    page.keyboard.press("t")
    page.wait_for_selector(LOAD)


def test_bars_stand_at_once_where_motion_is_unwanted(traffic: Notebook) -> None:
    traffic.do(SERVE.format(count=2))
    view(traffic, "--rate 50/s")
    for motion, seconds in (("no-preference", "0.13s"), ("reduce", "0s")):
        traffic.page.emulate_media(reduced_motion=motion)
        took = traffic.page.eval_on_selector(".k8sm-t-ok", "bar => getComputedStyle(bar).transitionDuration")
        assert took == seconds
    traffic.page.emulate_media(reduced_motion="no-preference")


def test_two_views_agree_and_closed_ones_leave_nothing_and_are_sent_nothing(traffic: Notebook) -> None:
    page = traffic.page
    traffic.run(1, "1")
    page.wait_for_selector(VIEW, state="detached")
    before = traffic.steady()
    traffic.do(SERVE.format(count=2) + "\n%config K8sMagic.language = 'ja'")
    view(traffic, "--rate 100/s")
    traffic.do("%cluster traffic")
    traffic.wait("() => document.querySelectorAll(\".k8sm-traffic[lang='ja']\").length === 2", seconds=20)
    traffic.wait(
        """() => {
            const [one, other] = [...document.querySelectorAll('.k8sm-t-load')].map(({ dataset }) => dataset);
            return Number(one.sent) > 100 && one.sent === other?.sent;
        }"""
    )
    assert "Serviceのトラフィック" in page.inner_text(VIEW)
    traffic.shoot(VIEW, "traffic-ja-lab")
    traffic.do("%config K8sMagic.language = 'en'")  # takes the second view's place
    traffic.wait("() => document.querySelectorAll(\".k8sm-traffic[lang='en']\").length === 1", seconds=20)
    traffic.run(1, "%cluster view")
    page.wait_for_selector(VIEW, state="detached")
    page.wait_for_selector(".k8sm-grid [data-uid]")
    # While only the grid is on show its frames carry no figures of traffic.
    page.evaluate(
        """() => {
            const [store] = [...globalThis[Symbol.for('k8s-magic.stores')].stores.values()];
            window.carried = [];
            window.unheard = store.subscribe((change) => window.carried.push('traffic' in change.frame));
        }"""
    )
    traffic.do("%kubectl scale deployment web --replicas=6")
    traffic.wait("() => window.carried.length >= 4", seconds=20)
    assert page.evaluate("() => { window.unheard(); return window.carried.slice(1); }").count(True) == 0
    traffic.run(1, "1")
    page.wait_for_selector(".k8sm-grid", state="detached")
    traffic.wait_steady(before)
