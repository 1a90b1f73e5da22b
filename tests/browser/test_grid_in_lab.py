"""The node and Pod grid in a real JupyterLab, on each kernel: what a person sees, points at and types."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe import serious
from jupyter_lab import Notebook

pytestmark = pytest.mark.browser

VIEW = ".k8sm-grid"
WEB = ".k8sm-grid [data-uid][data-name^='web-']"
READY = f"{WEB}[data-state='ready']"
COUNT = "([selector, count]) => document.querySelectorAll(selector).length === count"
# Every state in which a Pod was drawn, and every place at which it stood.
WATCH = """() => {
    window.seen = { states: new Set(), places: new Map() };
    const look = (cell) => {
        const { uid, name, state } = cell.dataset;
        const node = cell.closest('.k8sm-node')?.dataset.node;
        if (!name?.startsWith('web-')) return;
        window.seen.states.add(state);
        if (!node) return;
        const places = window.seen.places.get(uid) ?? new Set();
        places.add(`${node}/${[...cell.parentNode.children].indexOf(cell)}`);
        window.seen.places.set(uid, places);
    };
    const all = () => document.querySelectorAll('.k8sm-grid [data-uid]').forEach(look);
    window.watching = new MutationObserver(all);
    window.watching.observe(document.querySelector('.k8sm-grid'),
        { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] });
    all();
}"""
CREATE = "%kubectl create deployment web --image=nginx --replicas={count}\n%kubectl rollout status deployment/web"


@pytest.fixture(scope="module")
def notebook(kernel: str, lab, opened) -> Iterator[Notebook]:
    with opened(lab, ["%load_ext k8s_magic\n%cluster view", "", ""], kernel) as notebook:
        notebook.start(1)
        notebook.page.wait_for_selector(".k8sm-node[data-node='node-3']")
        yield notebook


@pytest.fixture
def grid(notebook: Notebook) -> Iterator[Notebook]:
    """The notebook with a fresh cluster in its view; its last cell is for what a test types."""
    since = notebook.now()
    notebook.fresh("%cluster speed 5")
    yield notebook
    notebook.check(since, with_updates=False)


def test_pods_are_born_keep_their_slots_and_go(grid: Notebook) -> None:
    grid.page.evaluate(WATCH)
    grid.do(CREATE.format(count=3))
    grid.wait(COUNT, [READY, 3])
    grid.do("%kubectl set image deployment/web nginx=nginx:1.25\n%kubectl scale deployment web --replicas=6")
    grid.do("%kubectl rollout status deployment/web\n%kubectl scale deployment web --replicas=4")
    grid.wait(COUNT, [WEB, 4])
    grid.shoot(VIEW, "grid")
    grid.do("%kubectl delete deployment web")
    grid.wait(COUNT, [WEB, 0])
    states, places = grid.page.evaluate(
        """() => {
            window.watching.disconnect();
            return [[...window.seen.states], [...window.seen.places.values()].map((places) => [...places])];
        }"""
    )
    assert {"creating", "ready", "terminating"} <= set(states)
    assert len(places) >= 9, "three, and six of the new template"
    assert [stood for stood in places if len(stood) != 1] == [], "a Pod keeps its slot for life"


def test_what_fails_and_who_waits_is_seen(grid: Notebook) -> None:
    page = grid.page
    huge = '{"spec":{"containers":[{"name":"huge","image":"nginx","resources":{"requests":{"cpu":"64"}}}]}}'
    grid.do(f"%kubectl run huge --image=nginx --overrides='{huge}'\n%kubectl run lost --image=nginx:no-such-tag")
    grid.do("%cluster step 30s")
    page.wait_for_selector("[data-name='lost'][data-state='error']")
    page.wait_for_selector(".k8sm-waiting [data-name='huge'][data-state='pending']")
    grid.do("%kubectl cordon node-2\n%cluster fail node-3\n%cluster step 90s")
    page.wait_for_selector(".k8sm-cell[data-uid][data-state='unknown']")
    assert "Insufficient cpu" in page.inner_text(".k8sm-why")
    page.wait_for_selector(".k8sm-lost[data-node='node-3']")
    assert "SchedulingDisabled" in page.inner_text("[data-node='node-2']")
    assert "first Pod leaves in" in page.inner_text("[data-node='node-3']")
    grid.shoot(VIEW, "grid-failing")
    grid.do("%cluster heal node-3\n%cluster step 30s")
    page.wait_for_selector("[data-node='node-3']:not(.k8sm-lost)")


def test_filter_ring_table_and_story(grid: Notebook) -> None:
    page = grid.page
    grid.do(CREATE.format(count=3) + "\n%kubectl expose deployment web --port=80")
    filter_field, ring_field = page.locator(f"{VIEW} .k8sm-field input").all()
    ring_field.fill("svc/web")
    grid.wait(COUNT, [".k8sm-grid [data-uid].k8sm-ring", 3])
    filter_field.fill("app=web")
    assert "shown" in page.inner_text(".k8sm-summary")
    assert page.locator("[data-uid]:not(.k8sm-faint)").count() == 3
    page.locator(f"{VIEW} .k8sm-head .k8sm-toggle").click()
    assert page.locator(".k8sm-grid > .k8sm-table tbody tr").count() == 3
    grid.do("%kubectl scale deployment web --replicas=4")
    grid.wait(COUNT, [".k8sm-grid > .k8sm-table tbody tr", 4])
    page.locator(f"{VIEW} .k8sm-head .k8sm-toggle").click()
    for field in (filter_field, ring_field):
        field.fill("")
    assert page.locator(".k8sm-ring, .k8sm-faint").count() == 0
    name = page.locator(WEB).first.get_attribute("data-name")
    page.locator(WEB).first.click()
    # What only the kernel knows: the Pod's address.
    grid.wait("() => /10\\.\\d+\\.\\d+\\.\\d+/.test(document.querySelector('.k8sm-story').textContent)")
    assert f"default/{name}" in page.inner_text(".k8sm-story-title")
    page.locator(".k8sm-story .k8sm-toggle").click()
    assert page.locator(".k8sm-story").is_hidden()


def test_the_keyboard_reaches_everything(grid: Notebook) -> None:
    page = grid.page
    page.locator(f"{VIEW} [data-nodename='control-plane']").focus()
    assert page.locator(f"{VIEW} .k8sm-nodes [tabindex='0']").count() == 1, "one stop for the tab key"
    page.keyboard.press("ArrowRight")
    first = page.evaluate("() => document.activeElement.dataset.uid")
    assert first
    assert "kube-system/" in page.inner_text(".k8sm-tip")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.dataset.uid") not in (None, first)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.locator(".k8sm-tip").is_hidden()
    page.keyboard.press("Enter")
    grid.wait("() => document.querySelector('.k8sm-story .k8sm-table') !== null")
    page.keyboard.press("Escape")
    assert page.locator(".k8sm-story").is_hidden()
    page.keyboard.press("t")
    page.wait_for_selector(".k8sm-grid > .k8sm-table tbody tr")
    assert "kube-apiserver" in page.inner_text(".k8sm-grid > .k8sm-table")
    page.keyboard.press("t")
    page.locator(f"{VIEW} .k8sm-field input").first.focus()
    for stop in ("input", "button.k8sm-toggle", "button.k8sm-nodename, button.k8sm-cell"):
        page.keyboard.press("Tab")
        assert page.evaluate("stop => document.activeElement.matches(stop)", stop), stop


def test_light_and_dark_with_a_story_open(grid: Notebook) -> None:
    grid.do("%kubectl run lost --image=nginx:no-such-tag\n%cluster step 30s")
    grid.page.locator("[data-name='lost'][data-state='error']").click()
    grid.wait("() => document.querySelector('.k8sm-story .k8sm-table') !== null")
    for is_dark in (True, False):
        grid.theme(is_dark)
        assert serious(grid.page, VIEW) == []
        if is_dark:
            grid.shoot(VIEW, "grid-dark")
    grid.page.keyboard.press("Escape")


def test_births_travel_unless_motion_is_unwanted(grid: Notebook) -> None:
    travelled = "() => window.watched.travelled()"
    for motion, isSeen in (("no-preference", True), ("reduce", False)):
        grid.page.emulate_media(reduced_motion=motion)
        before = grid.page.evaluate(travelled)
        grid.do(f"%kubectl create deployment {motion} --image=nginx --replicas=2\n%cluster step 10s")
        grid.wait(COUNT, [f".k8sm-grid [data-name^='{motion}-'][data-state='ready']", 2])
        assert (grid.page.evaluate(travelled) > before) == isSeen, motion
    moves = grid.page.eval_on_selector(".k8sm-cell[data-uid]", "cell => getComputedStyle(cell).transitionDuration")
    assert set(moves.split(", ")) == {"0s"}
    grid.page.emulate_media(reduced_motion="no-preference")


def test_two_views_agree_speak_as_they_are_told_and_a_closed_one_leaves_nothing(grid: Notebook) -> None:
    before = grid.steady()
    grid.run(1, "%cluster view --select deployment/web")
    grid.do("%config K8sMagic.language = 'ja'")
    grid.wait(COUNT, [".k8sm-grid[lang='ja']", 2])
    grid.wait("() => document.querySelector('.k8sm-summary').textContent.includes('ノード 4 台')")
    grid.do(CREATE.format(count=3))
    grid.wait(COUNT, [".k8sm-ring", 3])
    grid.wait(
        """() => {
            const [one, other] = [...document.querySelectorAll('.k8sm-grid')].map((view) => view.dataset);
            return JSON.parse(one.counts).ready >= 12 && one.counts === other.counts && one.frames === other.frames;
        }"""
    )
    assert sum(grid.steady().values()) > sum(before.values())
    grid.shoot(VIEW, "grid-ja")
    grid.run(1, "%config K8sMagic.language = 'en'")  # takes the second view's place
    grid.wait(COUNT, [".k8sm-grid[lang='en']", 1])
    grid.wait_steady(before)
