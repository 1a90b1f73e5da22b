"""The README's pictures, made from the real views of a real simulated cluster.

    python docs/pictures/make.py        writes {grid,rollout,traffic}-{light,dark}.png and grid.gif beside this file

Needs Chromium, Playwright and Pillow. Simulated time makes every instant the same one each time.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tests" / "browser"))

from jupyter_lab import CHROMIUM, FLAGS
from PIL import Image
from plain_page import PlainPage
from playwright.sync_api import Browser, sync_playwright

from k8s_magic.cluster import Cluster
from k8s_magic.widgets.rollout_scene import RolloutScene
from k8s_magic.widgets.scene import Scene

WIDTH = 880
STEP = 0.2  # simulated seconds between two pictures of the animation
SCENES = 75


def rolling() -> tuple[Cluster, Scene]:
    """A cluster at rest with a Deployment that is about to change."""
    cluster = Cluster(nodes=3)
    scene = Scene(cluster.context)
    cluster.kubectl("create deployment web --image=nginx --replicas=8")
    cluster.kubectl("create deployment shop --image=redis --replicas=4")
    cluster.kubectl("expose deployment web --port=80")
    cluster.run(40)
    return cluster, scene


def update(cluster: Cluster) -> None:
    cluster.kubectl("set image deployment/web nginx=nginx:1.25")


def page_of(browser: Browser, scheme: str, scale: float) -> PlainPage:
    context = browser.new_context(
        viewport={"width": WIDTH + 32, "height": 800}, color_scheme=scheme, device_scale_factor=scale
    )
    return PlainPage(context.new_page())


def grid(browser: Browser) -> None:
    cluster, scene = rolling()
    update(cluster)
    cluster.run_until(
        lambda: (
            scene.update() is None
            and {"ready", "creating", "terminating"} <= {cell.state for cell in scene.cells.values()}
            and any(cell.state == "ready" and cell.is_old for cell in scene.cells.values())
        ),
        timeout=30,
    )
    for scheme in ("light", "dark"):
        page = page_of(browser, scheme, 2)
        page.mount(select="svc/web")
        page.feed(scene, key=True, paused=True)
        page.page.wait_for_timeout(400)
        page.shoot(HERE / f"grid-{scheme}.png")
        page.page.context.close()


def story(browser: Browser) -> None:
    """A rolling update under load: the rollout half way, and what its Service lost by the end."""
    cluster, _ = rolling()
    scene = RolloutScene(cluster.context)
    cluster.kubectl("set resources deployment/web --requests=cpu=100m")
    cluster.run(60)
    cluster.traffic("svc/web", "200/s")
    cluster.run(20)
    update(cluster)
    cluster.run(4.6)
    picture(browser, cluster, "rollout", "mountRollout", scene.frame(True), names=["web"])
    cluster.run(4.4)
    picture(browser, cluster, "traffic", "mountTraffic", {"traffic": {"all": True, "loads": cluster.loads()}})


def picture(
    browser: Browser, cluster: Cluster, name: str, mount: str, more: dict[str, Any], names: Sequence[str] = ()
) -> None:
    frame = {"seq": 1, "key": True, "time": cluster.context.kernel.now, "speed": 0.0, "paused": True}
    frame |= {"nodes": [], "pods": [], **more}
    for scheme in ("light", "dark"):
        page = page_of(browser, scheme, 2)
        page.page.evaluate(
            "([mount, names, frame]) => {"
            " views[mount](document.getElementById('view'), store, { names }); store.accept(frame); }",
            [mount, list(names), frame],
        )
        page.page.wait_for_timeout(400)
        page.shoot(HERE / f"{name}-{scheme}.png")
        page.page.context.close()


def animation(browser: Browser) -> None:
    cluster, scene = rolling()
    page = page_of(browser, "light", 1)
    page.mount()
    page.feed(scene, key=True, speed=1.0)
    pictures: list[Image.Image] = []
    height = 0
    for number in range(SCENES):
        if number == 5:
            update(cluster)
        cluster.run(STEP)
        page.feed(scene, speed=1.0)
        page.page.wait_for_timeout(40)
        shot = Image.open(io.BytesIO(page.page.locator(".k8sm-grid").screenshot()))
        height = max(height, shot.height)
        pictures.append(shot.convert("RGB"))
    even = []
    for shot in pictures:
        canvas = Image.new("RGB", (shot.width, height), "white")
        canvas.paste(shot, (0, 0))
        even.append(canvas)
    # One palette, of an instant that has all colours in it: frames then differ only where something moves.
    palette = even[len(even) // 3].quantize(colors=64, dither=Image.Dither.NONE)
    first, *rest = [shot.quantize(palette=palette, dither=Image.Dither.NONE) for shot in even]
    first.save(
        HERE / "grid.gif", save_all=True, append_images=rest, duration=round(STEP * 1000 * 0.8), loop=0, optimize=True
    )
    page.page.context.close()


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium") or CHROMIUM, args=FLAGS)
        grid(browser)
        story(browser)
        animation(browser)
        browser.close()


if __name__ == "__main__":
    main()
