"""The rollout view and the controls in a plain page, without Jupyter: fed with frames of the real thing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from k8s_magic.cluster import Cluster
from k8s_magic.widgets.hub import STATIC
from k8s_magic.widgets.rollout_scene import RolloutScene

pytestmark = pytest.mark.browser

SHELL = """<!doctype html><html lang="en"><head><title>views</title><style>%s</style></head>
<body style="margin:0"><main id="place" style="width:%dpx"></main></body></html>"""


class Stand:
    """A page with a store of its own; `show(scene)` hands it a key frame."""

    def __init__(self, page: Page, width: int) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.set_content(SHELL % ((STATIC / "views.css").read_text(encoding="utf-8"), width))
        source = json.dumps((STATIC / "views.js").read_text(encoding="utf-8"))
        page.evaluate(
            f"""async () => {{
                const heard = (window.heard = new Map());
                for (const target of [window, document, document.body]) {{
                    const [on, off] = [target.addEventListener, target.removeEventListener];
                    target.addEventListener = function (type, ...rest) {{
                        heard.set(type, (heard.get(type) ?? 0) + 1);
                        return on.call(this, type, ...rest);
                    }};
                    target.removeEventListener = function (type, ...rest) {{
                        heard.set(type, (heard.get(type) ?? 0) - 1);
                        return off.call(this, type, ...rest);
                    }};
                }}
                const url = URL.createObjectURL(new Blob([{source}], {{ type: "text/javascript" }}));
                window.views = await import(url);
                window.store = new window.views.Store();
                window.sent = [];
                window.store.send = (message) => window.sent.push(message);
            }}"""
        )
        self.seq = 0

    def frame(
        self, scene: RolloutScene, now: int, *, key: bool = True, speed: float = 1.0, paused: bool = True
    ) -> None:
        self.seq += 1
        frame: dict[str, Any] = {"seq": self.seq, "key": key, "time": now, "speed": speed, "paused": paused}
        frame |= {"nodes": [], "pods": []} if key else {}
        self.page.evaluate("frame => window.store.accept(frame)", frame | scene.frame(key))

    def mount(self, options: dict[str, Any] | None = None) -> None:
        self.page.evaluate(
            """options => {
                const place = document.getElementById('place');
                const { mountControls, mountRollout } = window.views;
                const down = [mountRollout(place, window.store, options), mountControls(place, window.store)];
                window.unmount = () => down.forEach((stop) => stop());
            }""",
            options or {},
        )


@pytest.fixture
def stand(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Stand]:
    options = getattr(request, "param", {})
    width = options.pop("width", 860)
    context = browser.new_context(viewport={"width": max(width, 320), "height": 900}, **options)
    yield Stand(context.new_page(), width)
    context.close()


@pytest.fixture(scope="module")
def half_way() -> tuple[Cluster, RolloutScene]:
    """web stands between two images, api waits for one that does not exist."""
    cluster = Cluster(nodes=2, seed=0)
    scene = RolloutScene(cluster.context)
    cluster.kubectl("create deployment web --image=nginx:1.25 --replicas=10")
    cluster.kubectl("create deployment api --image=redis:7.2 --replicas=3")
    cluster.run(60)
    cluster.kubectl("set image deployment/api redis=redis:nope")
    cluster.kubectl("set image deployment/web nginx=nginx:1.26")
    cluster.run(3.6)
    return cluster, scene


def numbers(stand: Stand, name: str) -> dict[str, int]:
    keys = stand.page.locator(f".k8sm-rollout[data-name='{name}'] .k8sm-key[data-key]")
    return {key.get_attribute("data-key") or "": int(key.locator("b").inner_text()) for key in keys.all()}


def test_the_picture_says_what_python_says(stand: Stand, half_way) -> None:
    cluster, scene = half_way
    stand.mount()
    stand.frame(scene, cluster.context.kernel.now)
    for bar in scene.bars():
        said = numbers(stand, bar.name)
        assert list(said.values()) == list(bar.counts[:4])
        card = stand.page.locator(f".k8sm-rollout[data-name='{bar.name}']")
        assert card.locator(".k8sm-sentence").inner_text() == bar.sentence
        assert card.locator(".k8sm-bar .k8sm-band").count() == 1
    assert "ImagePullBackOff" in stand.page.inner_text("[data-name='api'] .k8sm-trouble")
    assert stand.page.locator("[data-name='api'] .k8sm-bar .k8sm-shout").count() == 1
    assert stand.errors == []


def test_the_buttons_send_orders_and_say_what_came_of_them(stand: Stand, half_way) -> None:
    cluster, scene = half_way
    stand.mount({"names": ["web"]})
    stand.frame(scene, cluster.context.kernel.now)
    page = stand.page
    page.locator("[data-verb='undo']").click()
    order = page.evaluate("() => window.sent.at(-1)")
    assert {**order, "id": ""} == {
        "type": "order", "do": "rollout", "verb": "undo", "name": "web", "namespace": "default", "id": "",
    }  # fmt: skip
    page.evaluate("id => window.store.answer({ id, ok: false, text: 'error: <b>no</b>' })", order["id"])
    assert page.inner_text(".k8sm-answer") == "error: <b>no</b>"
    for selector, sent in (
        ("[data-do='toggle']", {"do": "play"}),
        ("[data-step='10']", {"do": "step", "seconds": 10}),
        ("[data-speed='0.5']", {"do": "speed", "factor": 0.5}),
    ):
        page.locator(f".k8sm-controls {selector}").click()
        assert page.evaluate("() => { const { type, id, ...rest } = window.sent.at(-1); return rest; }") == sent
    stand.frame(scene, cluster.context.kernel.now, speed=0.0)
    assert page.get_attribute(".k8sm-controls", "data-state") == "manual"
    count = page.evaluate("() => window.sent.length")
    page.locator(".k8sm-controls [data-do='toggle']").click(force=True)
    assert page.evaluate("() => window.sent.length") == count, "a cluster that moves by commands has no pace to stop"


def test_nothing_is_left_behind(stand: Stand, half_way) -> None:
    cluster, scene = half_way
    stand.mount()
    stand.frame(scene, cluster.context.kernel.now, paused=False)
    stand.page.evaluate("() => window.unmount()")
    assert stand.page.evaluate("() => document.getElementById('place').childElementCount") == 0
    assert stand.page.evaluate("() => window.store.listeners.size") == 0
    assert stand.page.evaluate("() => [...window.heard.values()].every((count) => count === 0)")
    stand.frame(scene, cluster.context.kernel.now)
    assert stand.errors == []


@pytest.mark.parametrize("stand", [{"reduced_motion": "reduce"}], indirect=True)
def test_reduced_motion_shows_the_same_instants_at_once(stand: Stand) -> None:
    cluster = Cluster(nodes=2, bare=True)
    scene = RolloutScene(cluster.context)
    cluster.kubectl("create deployment web --image=nginx --replicas=4")
    cluster.run(60)
    stand.mount()
    stand.frame(scene, cluster.context.kernel.now)
    cluster.kubectl("scale deployment web --replicas=2")
    cluster.run(0.1)
    stand.frame(scene, cluster.context.kernel.now, key=False)
    seams = stand.page.locator(".k8sm-bar [data-part='newReady'] .k8sm-seam").count()
    assert seams == 1


@pytest.mark.parametrize("stand", [{"locale": "ja-JP", "color_scheme": "dark", "width": 420}], indirect=True)
def test_japanese_dark_and_narrow(stand: Stand, half_way) -> None:
    cluster, scene = half_way
    stand.mount()
    stand.frame(scene, cluster.context.kernel.now)
    assert stand.page.locator(".k8sm-rollouts.k8sm-dark").count() == 1
    assert "ロールアウトの進行" in stand.page.inner_text(".k8sm-rollouts")
    assert "一時停止中" in stand.page.inner_text(".k8sm-controls")
    wide = stand.page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 420, "nothing is clipped or overflows"
