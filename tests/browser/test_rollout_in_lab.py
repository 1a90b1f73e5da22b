"""Rollout progress in a real JupyterLab, on each kernel: the bar, its buttons, the words, the table."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from axe import serious
from jupyter_lab import Notebook

pytestmark = pytest.mark.browser

VIEW = ".k8sm-rollouts"
CARD = ".k8sm-rollout[data-name='web']"
CREATE = "%kubectl create deployment web --image=nginx:1.25 --replicas={count}\n%kubectl rollout status deployment/web"
# Where the parts of a bar that is still end, and where the desired line is, in Pods.
ENDS = """card => {
    const bar = document.querySelector(card).querySelector('.k8sm-bar');
    const line = bar.querySelector('.k8sm-desired').getAttribute('d').slice(1).split(' ')[0];
    const rects = [...bar.querySelectorAll('[data-part] rect')];
    const ends = rects.map((rect) => Number(rect.getAttribute('x')) + Number(rect.getAttribute('width')));
    return [Math.max(...ends), Number(line)];
}"""
# Every width in which new, ready Pods were drawn, in Pods.
WATCH = """card => {
    window.widths = new Set();
    const bar = document.querySelector(card).querySelector('.k8sm-bar');
    const look = () => {
        const rect = bar.querySelector("[data-part='newReady'] .k8sm-good");
        const unit = (Number(bar.getAttribute('width')) - 28) / window.axisEnd;
        if (rect) window.widths.add(Math.round((Number(rect.getAttribute('width')) / unit) * 100) / 100);
    };
    window.watching = new MutationObserver(look);
    window.watching.observe(bar, { childList: true });
    look();
}"""


@pytest.fixture(scope="module")
def notebook(kernel: str, lab, opened) -> Iterator[Notebook]:
    with opened(lab, ["%load_ext k8s_magic\n%cluster rollout web", "", ""], kernel) as notebook:
        notebook.start(1)
        notebook.page.wait_for_selector(VIEW)
        yield notebook


@pytest.fixture
def rollout(notebook: Notebook) -> Iterator[Notebook]:
    """The notebook with a fresh cluster in its view; its last cell is for what a test types."""
    since = notebook.now()
    notebook.fresh("%cluster speed 5")
    yield notebook
    notebook.check(since, with_updates=False)


def counts(notebook: Notebook) -> list[int]:
    return json.loads(notebook.page.get_attribute(CARD, "data-counts"))


def wait_state(notebook: Notebook, state: str) -> None:
    notebook.page.wait_for_selector(f"{CARD}[data-state='{state}']", timeout=60_000)


def press(notebook: Notebook, verb: str, answer: str) -> None:
    """A button of the card, until what its command printed is said."""
    notebook.page.locator(f"{CARD} [data-verb='{verb}']").click()
    notebook.wait(
        "([card, text]) => document.querySelector(card).querySelector('.k8sm-answer').textContent.includes(text)",
        [CARD, answer],
        20,
    )


def test_a_rollout_is_paused_resumed_undone_and_ends_at_the_desired_line(rollout: Notebook) -> None:
    page = rollout.page
    rollout.do(CREATE.format(count=8))
    wait_state(rollout, "done")
    assert counts(rollout) == [0, 0, 0, 8, 8, 8, 6, 10]
    rollout.do("%cluster speed 1\n%kubectl set image deployment/web nginx=nginx:1.26")
    wait_state(rollout, "rolling")
    rollout.wait("card => JSON.parse(document.querySelector(card).dataset.counts)[2] > 0", CARD, 30)
    press(rollout, "pause", "deployment.apps/web paused")
    wait_state(rollout, "paused")
    assert sum(counts(rollout)[:4]) <= 10
    rollout.shoot(VIEW, "rollout")
    press(rollout, "undo", "paused deployment")  # kubectl's own refusal
    assert "k8sm-refused" in (page.get_attribute(f"{CARD} .k8sm-answer", "class") or "")
    press(rollout, "resume", "deployment.apps/web resumed")
    page.locator(".k8sm-controls [data-speed='10']").click()
    wait_state(rollout, "done")
    assert counts(rollout) == [0, 0, 0, 8, 8, 8, 6, 10]
    assert 'deployment "web" successfully rolled out' in page.inner_text(f"{CARD} .k8sm-sentence")
    press(rollout, "undo", "deployment.apps/web rolled back")
    rollout.wait(
        "card => document.querySelector(card).querySelector('.k8sm-end-new').innerText.includes('nginx:1.25')", CARD
    )
    wait_state(rollout, "done")
    assert counts(rollout)[:4] == [0, 0, 0, 8]
    assert page.locator(f"{CARD} [data-left]").count() == 0, "the band was never left"
    rollout.wait(f"card => {{ const [end, line] = ({ENDS})(card); return Math.abs(end - line) < 0.3; }}", CARD, 10)


def test_why_it_is_stuck_is_named_in_light_and_dark(rollout: Notebook) -> None:
    page = rollout.page
    rollout.do(CREATE.format(count=4))
    rollout.do(
        '%kubectl patch deployment web -p \'{"spec":{"progressDeadlineSeconds":30}}\'\n'
        "%kubectl set image deployment/web nginx=nginx:no-such-tag\n%cluster step 60s"
    )
    wait_state(rollout, "stuck")
    trouble = page.inner_text(f"{CARD} .k8sm-trouble")
    assert "ProgressDeadlineExceeded" in trouble
    assert "ImagePullBackOff" in trouble
    for is_dark in (True, False):
        rollout.theme(is_dark)
        assert serious(page, VIEW) == []
        if is_dark:
            rollout.shoot(".jp-OutputArea-output:has(.k8sm-rollouts)", "rollout-dark")
    page.locator(f"{VIEW} .k8sm-toggle").click()
    assert serious(page, VIEW) == []
    page.locator(f"{VIEW} .k8sm-toggle").click()


def test_the_keyboard_reaches_all_and_the_table_says_the_same(rollout: Notebook) -> None:
    page = rollout.page
    rollout.do(CREATE.format(count=4))
    wait_state(rollout, "done")
    page.locator(f"{VIEW} .k8sm-toggle").focus()
    for verb in ("pause", "undo"):
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.dataset.verb") == verb
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    wait_state(rollout, "paused")
    page.keyboard.press("t")
    page.wait_for_selector(f"{VIEW} .k8sm-table tbody tr")
    cells = page.locator(f"{VIEW} tbody td").all_inner_texts()
    assert cells[:9] == ["default/web", *map(str, counts(rollout))]
    rollout.do("%kubectl scale deployment web --replicas=5\n%cluster step 20s")
    rollout.wait(f"() => document.querySelectorAll('{VIEW} tbody td')[4].textContent === '5'", seconds=20)
    page.locator(f"{VIEW} .k8sm-toggle").focus()
    page.keyboard.press("t")
    page.wait_for_selector(f"{VIEW} .k8sm-table", state="hidden")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.matches('.k8sm-controls button')"), "the controls follow"


def test_the_bar_walks_unless_motion_is_unwanted(rollout: Notebook) -> None:
    page = rollout.page
    rollout.do(CREATE.format(count=4) + "\n%cluster speed 2")
    for motion, is_walking in (("no-preference", True), ("reduce", False)):
        page.emulate_media(reduced_motion=motion)
        page.evaluate("card => { window.axisEnd = JSON.parse(document.querySelector(card).dataset.counts)[7]; }", CARD)
        page.evaluate(WATCH, CARD)
        image = "nginx:1.26" if is_walking else "nginx:1.27"
        rollout.do(f"%kubectl set image deployment/web nginx={image}\n%kubectl rollout status deployment/web")
        wait_state(rollout, "done")
        page.wait_for_timeout(400)
        widths = page.evaluate("() => { window.watching.disconnect(); return [...window.widths]; }")
        assert 4 in widths
        assert any(width % 1 for width in widths) == is_walking, (motion, widths)
    page.emulate_media(reduced_motion="no-preference")


def test_two_views_agree_speak_as_they_are_told_and_a_closed_one_leaves_nothing(rollout: Notebook) -> None:
    page = rollout.page
    before = rollout.steady()
    rollout.do("%config K8sMagic.language = 'ja'")
    rollout.run(1, "%cluster rollout")
    rollout.wait("() => document.querySelectorAll(\".k8sm-rollouts[lang='ja']\").length === 2", seconds=20)
    rollout.do(CREATE.format(count=3) + "\n%kubectl set image deployment/web nginx=nginx:1.26")
    rollout.wait(
        """card => {
            const [one, other] = [...document.querySelectorAll(card)];
            return other?.dataset.state === 'done' && one.dataset.counts === other.dataset.counts
                && one.querySelector('.k8sm-bar').innerHTML.replaceAll(/-\\d+"|#[^)]*/g, '')
                    === other.querySelector('.k8sm-bar').innerHTML.replaceAll(/-\\d+"|#[^)]*/g, '');
        }""",
        CARD,
    )
    assert "ロールアウトの進行" in page.inner_text(VIEW)
    rollout.shoot(VIEW, "rollout-ja")
    rollout.run(1, "%config K8sMagic.language = 'en'")  # takes the second view's place
    rollout.wait("() => document.querySelectorAll(\".k8sm-rollouts[lang='en']\").length === 1", seconds=20)
    rollout.wait_steady(before)
