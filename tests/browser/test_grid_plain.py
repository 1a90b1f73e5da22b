"""The grid's view in a page without Jupyter: access, keyboard, motion, sizes, and that it leaves nothing behind."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from axe import serious
from plain_page import PlainPage

from k8s_magic.cluster import Cluster
from k8s_magic.widgets import frames
from k8s_magic.widgets.scene import Scene

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from browser import picture

pytestmark = pytest.mark.browser

SPLIT = """
apiVersion: v1
kind: Pod
metadata: {name: pair}
spec:
  nodeName: node-1
  containers: [{name: web, image: nginx}, {name: side, image: nginx}]
"""


@pytest.fixture(scope="module")
def scene() -> Scene:
    """Every state that a lesson meets: rolling, waiting, failing, split, cordoned, tainted, lost."""
    cluster = Cluster(nodes=4)
    scene = Scene(cluster.context)
    cluster.kubectl("create deployment web --image=nginx --replicas=6")
    cluster.kubectl("create deployment api --image=nginx --replicas=4")
    cluster.kubectl("expose deployment web --port=80")
    cluster.apply(SPLIT)
    cluster.run(40)
    cluster.kubectl("run lost --image=nginx:no-such-tag")
    cluster.kubectl("taint node node-2 team=blue:PreferNoSchedule")
    cluster.kubectl("cordon node-3")
    huge = '{"spec":{"containers":[{"name":"huge","image":"nginx","resources":{"requests":{"cpu":"64"}}}]}}'
    cluster.kubectl(["run", "huge", "--image=nginx", f"--overrides={huge}"])
    cluster.fail("node-4")
    cluster.run(60)
    cluster.kubectl("set image deployment/web nginx=nginx:1.25")
    # A moment at which an image is on its way.
    cluster.run_until(lambda: any(cell.pull for cell in (scene.update() or scene.cells.values())), timeout=30)
    return scene


@pytest.fixture
def plain(page) -> PlainPage:
    return PlainPage(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_axe_finds_nothing_serious(plain: PlainPage, scene: Scene, scheme: str, language: str) -> None:
    plain.page.emulate_media(color_scheme=scheme)
    plain.mount(language=language)
    plain.feed(scene, key=True, paused=True)
    assert serious(plain.page) == []
    plain.page.locator(".k8sm-error[data-uid]").first.click()
    plain.page.locator(".k8sm-toggle").first.click()
    assert serious(plain.page) == []
    assert plain.errors == []


def test_state_waiting_taint_and_countdown_are_said(plain: PlainPage, scene: Scene) -> None:
    plain.mount()
    plain.feed(scene, key=True, paused=True)
    page = plain.page
    assert "Insufficient cpu" in page.inner_text(".k8sm-why")
    assert "team=blue:PreferNoSchedule" in page.inner_text("[data-node='node-2']")
    assert "SchedulingDisabled" in page.inner_text("[data-node='node-3']")
    lost = page.inner_text("[data-node='node-4']")
    assert "NotReady" in lost
    assert "first Pod leaves in 4:" in lost
    assert page.locator("[data-name='pair'] .k8sm-part").count() == 2
    assert page.locator(".k8sm-pulling").count() >= 1, "an image on its way fills a ring"
    assert page.locator(".k8sm-old").count() >= 1


def test_a_service_an_owner_and_a_selector_ring_their_pods(plain: PlainPage, scene: Scene) -> None:
    plain.mount()
    plain.feed(scene, key=True, paused=True)
    page = plain.page
    web = page.locator("[data-uid][data-name^='web-']").count()
    filter_field, ring_field = page.locator(".k8sm-field input").all()
    for text in ("svc/web", "deployment/web", "app=web", "app in (web, shop)"):
        ring_field.fill(text)
        assert page.locator(".k8sm-ring").count() == web, text
    ring_field.fill("")
    assert page.locator(".k8sm-ring").count() == 0
    filter_field.fill("app=web")
    assert page.locator("[data-uid]:not(.k8sm-faint)").count() == web
    assert "shown" in page.inner_text(".k8sm-summary")
    page.locator(".k8sm-toggle").first.click()
    assert page.locator(".k8sm-grid > .k8sm-table tbody tr").count() == web


def test_the_keyboard_reaches_everything_and_a_story_opens_and_closes(plain: PlainPage, scene: Scene) -> None:
    plain.mount()
    plain.feed(scene, key=True, paused=True)
    page = plain.page
    page.locator("[data-nodename='control-plane']").focus()
    seen = ["control-plane"]
    for _ in range(6):
        page.keyboard.press("ArrowRight")
        seen.append(page.evaluate("document.activeElement.dataset.name ?? document.activeElement.dataset.nodename"))
    assert seen[-1] == "node-1"
    assert len(set(seen)) == 7
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.matches('.k8sm-cell')")
    assert page.locator(".k8sm-nodes [tabindex='0']").count() == 1, "one stop for the tab key"
    name = page.evaluate("document.activeElement.dataset.name")
    page.keyboard.press("Enter")
    assert name in page.inner_text(".k8sm-story-title")
    order = page.evaluate("sent.at(-1)")
    assert order["do"] == "story"
    story = {"title": "", "facts": [["ip", "10.0.0.9"]], "containers": [], "conditions": [], "events": []}
    page.evaluate("([id, story]) => store.answer({ id, ok: true, text: '', story })", [order["id"], story])
    page.wait_for_function("document.querySelector('.k8sm-story').textContent.includes('10.0.0.9')")
    page.keyboard.press("Escape")
    assert page.locator(".k8sm-story").is_hidden()
    assert page.evaluate("document.activeElement.dataset.name") == name


def test_births_travel_and_reduced_motion_is_obeyed(plain: PlainPage) -> None:
    cluster = Cluster(nodes=2)
    scene = Scene(cluster.context)
    plain.mount()
    plain.feed(scene, key=True, paused=True)
    travelling = "document.getAnimations().filter((a) => !(a instanceof CSSTransition)).length"
    for reduced, expected in ((False, 3), (True, 0)):
        plain.page.emulate_media(reduced_motion="reduce" if reduced else "no-preference")
        cluster.kubectl(f"create deployment d{expected} --image=nginx --replicas=3")
        cluster.run(1)
        plain.feed(scene, paused=True)
        assert plain.page.evaluate(travelling) == expected
        plain.feed(scene, speed=1.0)
        plain.page.wait_for_function(f"{travelling} === 0")
    # What is gone leaves a ghost for a second of simulated time.
    before = plain.page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('[data-uid]')].map((c) => [c.dataset.uid, c.dataset.slot]))"
    )
    cluster.kubectl("delete deployment d3 --cascade=foreground --now --wait=false")
    cluster.run_until(lambda: not any(cell.name.startswith("d3") for cell in (scene.update() or scene.cells.values())))
    plain.feed(scene, paused=True)
    assert plain.page.locator(".k8sm-ghost").count() >= 1
    cluster.run(2)
    plain.feed(scene, paused=True)
    plain.page.wait_for_function("document.querySelectorAll('.k8sm-ghost').length === 0")
    after = plain.page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('[data-uid]')].map((c) => [c.dataset.uid, c.dataset.slot]))"
    )
    assert after
    assert all(before[uid] == slot for uid, slot in after.items())


def feed_crowd(plain: PlainPage, pods: int) -> None:
    whole = picture(pods)
    uid, cell = next(iter(whole.pods.items()))
    whole.pods[uid] = replace(cell, state="error", reason="CrashLoopBackOff")
    frame = frames.encode(whole, seq=1, key=True, now=60_000_000, speed=1.0, paused=True)
    plain.page.evaluate("f => store.accept(f)", json.loads(frame))
    plain.page.wait_for_function("document.querySelector('.k8sm-nodes').dataset.size !== undefined")


def test_thousands_are_drawn_on_a_canvas_that_the_keyboard_and_the_pointer_reach(plain: PlainPage) -> None:
    plain.mount()
    feed_crowd(plain, 3000)
    page = plain.page
    assert page.get_attribute(".k8sm-grid", "data-mode") == "canvas"
    assert page.locator("[data-uid]").count() <= 1, "no element a Pod"
    page.locator(".k8sm-cursor").focus()
    page.keyboard.press("ArrowRight")
    assert "CrashLoopBackOff" in page.get_attribute(".k8sm-cursor", "aria-label")
    assert "CrashLoopBackOff" in page.inner_text(".k8sm-tip")
    box = page.locator(".k8sm-cursor").bounding_box()
    page.keyboard.press("Enter")
    assert "web-6d4cf56db6-00000" in page.inner_text(".k8sm-story-title")
    page.keyboard.press("Escape")
    page.mouse.move(5, 5)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert "web-6d4cf56db6-00000" in page.inner_text(".k8sm-tip")
    assert serious(plain.page) == []
    assert plain.errors == []


@pytest.mark.parametrize("pods", [100, 2000])
def test_unmounting_leaves_no_listener_timer_or_observer(plain: PlainPage, pods: int) -> None:
    before = plain.page.evaluate("({...opened, i: opened.setInterval(), t: opened.setTimeout()})")
    plain.mount()
    feed_crowd(plain, pods) if pods > 600 else plain.page.evaluate(
        "f => store.accept(f)",
        json.loads(frames.encode(picture(pods), seq=1, key=True, now=0, speed=1.0, paused=False)),
    )
    assert plain.page.evaluate("opened.setInterval()") > before["i"]
    plain.page.evaluate("unmount()")
    after = plain.page.evaluate("({...opened, i: opened.setInterval(), t: opened.setTimeout()})")
    assert after == before
    assert plain.page.evaluate("store.listeners.size") == 0
    assert plain.page.inner_html("#view") == ""


def test_two_views_of_one_store_agree_and_a_saved_picture_waits_for_a_live_one(plain: PlainPage, scene: Scene) -> None:
    page = plain.page
    last = json.loads(frames.encode(scene.whole(), seq=0, key=True, now=scene.now, speed=0, paused=True))
    plain.mount()
    page.evaluate("f => store.acceptLast(f)", last)
    assert "last picture" in page.inner_text(".k8sm-clock")
    page.evaluate(
        "() => { const el = document.createElement('div'); document.body.append(el); views.mountGrid(el, store, {}); }"
    )
    plain.feed(scene, key=True, speed=1.0)
    page.evaluate("f => store.acceptLast(f)", last)
    counts = page.eval_on_selector_all(".k8sm-grid", "views => views.map((view) => view.dataset.counts)")
    assert len(counts) == 2
    assert counts[0] == counts[1]
    assert "last picture" not in page.inner_text("#view .k8sm-clock")
